"""Changes the original of its data while it runs, as an editor left open does."""

import os
from pathlib import Path

from portfolio import log_metric

original = Path(os.environ["ORIGINALS"]) / "data.csv"
original.write_text(original.read_text(encoding="utf-8") + "9\n", encoding="utf-8")
log_metric("done", 1)
