"""Logs and shows figures of Altair and Plotly; the last has a look of its own."""

import altair as alt
import plotly.graph_objects as go

from portfolio import log_figure

days = [{"day": day, "sold": sold} for day, sold in ((1, 3), (2, 4), (3, 2))]
bars = alt.Chart(alt.Data(values=days), title="Sold by day").mark_bar().encode(x="day:O", y="sold:Q")
log_figure("bars", bars, alt="Bars of what was sold on three days", caption="The second day sold most.")

line = go.Figure(go.Scatter(x=[1, 2, 3], y=[3, 4, 2], name="sold"), layout={"title": "Sold as a line"})
line.write_html("a-line.html")

log_figure("on_paper", bars.configure(background="#fff8e7"), alt="The same bars on paper of their own")
