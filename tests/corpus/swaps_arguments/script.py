"""Calls in MLflow's order."""

import matplotlib.pyplot as plt

from portfolio import log_figure

figure = plt.figure()
log_figure(figure, "roc", alt="A curve")
