"""Logs two figures with alt text; what they show never changes."""

import matplotlib.pyplot as plt

from portfolio import log_figure

figure, axes = plt.subplots(figsize=(4, 3), layout="constrained")
axes.plot([0, 1, 2], [0, 1, 4])
log_figure("rising", figure, alt="A line that rises", caption="It rises.")

figure, axes = plt.subplots(figsize=(4, 3), layout="constrained")
axes.imshow([[1, 2], [3, 4]], cmap="Blues")
log_figure("matrix", figure, alt="A matrix of four cells")
