"""Overwrites its own data: the original must not notice."""

from pathlib import Path

from portfolio import log_metric

Path("data.csv").write_text("x\n999\n1000\n", encoding="utf-8")
Path("script.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
Path("../../from_a_script").write_text("outside the project's folder", encoding="utf-8")
log_metric("done", 1)
