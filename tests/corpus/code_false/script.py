"""HIDDEN-IN-SOURCE stands here."""

from pathlib import Path

import matplotlib.pyplot as plt

from portfolio import log_figure, log_metric, log_text

print("HIDDEN-IN-OUTPUT", Path("data/rows.csv").read_text(encoding="utf-8"))
figure, axes = plt.subplots(figsize=(4, 3))
axes.plot([1, 2, 3])
log_figure("line", figure, alt="A published line")
log_metric("published_number", 0.8125)
log_text("remark", "HIDDEN-IN-TEXT")
