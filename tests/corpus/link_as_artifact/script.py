"""Leaves a link in the run's folder that leads out of it."""

import json
import os
from pathlib import Path

run = Path(os.environ["PORTFOLIO_RUN"])
(run / "artifacts").mkdir()
(run / "artifacts" / "passwords").symlink_to("/etc/passwd")
event = {"event": "artifact", "name": "passwords", "file": "artifacts/passwords"}
(run / "log.jsonl").write_text(json.dumps(event) + "\n", encoding="utf-8")
