"""Logs every payload by every verb; copied into a workspace as the script of a project, and really run there."""

import json
import sys
import warnings
from pathlib import Path

from portfolio import log_artifact, log_metric, log_table, log_text, step

TEXTS = [
    text.encode("utf-8", "replace").decode()
    for texts in json.loads(Path("payloads.json").read_text(encoding="utf-8")).values()
    for text in texts
]
figure = Path("own.svg")
figure.write_text(Path("drawn.svg.txt").read_text(encoding="utf-8"), encoding="utf-8")
for number, text in enumerate(TEXTS):
    log_metric(f"m{number}", -0.5, unit=text, method=text)
    log_text(f"x{number}", text)
    warnings.warn(text, stacklevel=1)
    with step(text[:100] or "x"):
        print(text)  # noqa: T201 - what a script prints is a payload too
log_table(
    "cells", [{"text": text, "number": -number, "again": text} for number, text in enumerate(TEXTS)], caption=TEXTS[0]
)
log_table("headed", {text: [text, -1] for text in TEXTS[:90]})
named = Path("artifact.csv")
named.write_text("".join(f'"{text.replace(chr(34), chr(34) * 2)}",-1\n' for text in TEXTS), encoding="utf-8")
log_artifact(named)
page = Path("page.html")
page.write_text("<script>owned(1)</script>", encoding="utf-8")
log_artifact(page)
feed = Path("feed.unknown")
feed.write_text("<?xml version='1.0'?><x/>", encoding="utf-8")
log_artifact(feed)
sys.stderr.write("::error::on standard error\n")
