"""Uses code and data that several projects share."""

from pathlib import Path

from shared_weights import WEIGHT

from portfolio import log_metric

log_metric("weight", WEIGHT)
log_metric("lines", len(Path("../_shared/x.csv").read_text(encoding="utf-8").splitlines()))
