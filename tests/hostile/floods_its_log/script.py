"""Logs more than anybody would read."""

import os

with open(os.path.join(os.environ["PORTFOLIO_RUN"], "log.jsonl"), "w") as log:
    log.write('{"event": "warning", "name": "a", "message": ""}\n' * 100_001)
