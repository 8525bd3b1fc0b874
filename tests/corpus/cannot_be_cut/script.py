"""Leaves a figure open whose axes find their place only while they are drawn."""

import matplotlib.pyplot as plt
from mpl_toolkits.axes_grid1.axes_divider import make_axes_area_auto_adjustable

figure, axes = plt.subplots(figsize=(4, 3))
axes.set_yticks([0.5], labels=["a label that needs much room"])
make_axes_area_auto_adjustable(axes)
