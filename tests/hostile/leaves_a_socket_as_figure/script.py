"""Leaves a socket as a figure."""

import json
import os
import socket

os.chdir(os.environ["PORTFOLIO_RUN"])
os.makedirs("figures", exist_ok=True)
socket.socket(socket.AF_UNIX).bind("figures/a.png")
event = {"event": "figure", "name": "a", "alt": "", "caption": "", "files": {"light": "figures/a.png"}}
with open("log.jsonl", "a") as log:
    log.write(json.dumps(event) + "\n")
