"""Gives files names with line breaks, control sequences and commands."""

import os
from pathlib import Path

run = Path(os.environ["PORTFOLIO_RUN"])
for name in ("a\nb.csv", "\x1b[31mred.csv", "::error::broken.csv", "..csv", "-rf.csv", "\u202egnp.csv", "a" * 250 + ".csv"):
    Path(name).write_text("x,y\n1,2\n")
    (run / name).write_text("x")
os.mkdir(b"\xff\xfe")
