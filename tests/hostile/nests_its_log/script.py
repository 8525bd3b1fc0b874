"""Logs a value nested deeper than a parser goes."""

import os

with open(os.path.join(os.environ["PORTFOLIO_RUN"], "log.jsonl"), "w") as log:
    log.write("[" * 200_000 + "\n")
