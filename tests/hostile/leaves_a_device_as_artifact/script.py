"""Leaves a device, where it may make one, as an artifact; else a pipe."""

import json
import os
import stat

os.chdir(os.environ["PORTFOLIO_RUN"])
os.makedirs("artifacts", exist_ok=True)
try:
    os.mknod("artifacts/a", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
except PermissionError:
    os.mkfifo("artifacts/a")
with open("log.jsonl", "a") as log:
    log.write(json.dumps({"event": "artifact", "name": "a", "file": "artifacts/a"}) + "\n")
