"""Logs a figure that only a browser could draw, where there is none."""

import os

import plotly.graph_objects as go

from portfolio import log_figure

os.environ["BROWSER_PATH"] = "/nowhere/chrome"
line = go.Figure(go.Scatter(x=[1, 2, 3], y=[3.5, 4, 2], name="=sold"))
log_figure("line", line, alt="A line of what was sold.", caption="The second day sold most.")
