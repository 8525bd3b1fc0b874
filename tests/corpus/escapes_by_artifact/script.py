"""Writes the run's log by hand and names a file outside the run's folder."""

import json
import os
from pathlib import Path

run = Path(os.environ["PORTFOLIO_RUN"])
event = {"event": "artifact", "name": "secret", "file": "artifacts/../../output.txt"}
(run / "log.jsonl").write_text(json.dumps(event) + "\n", encoding="utf-8")
