"""Runs of others, made by their own libraries in a process of their own, and a notebook as Jupyter saves one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from stage import SECONDS, environment

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
_QUIET = {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "DVC_NO_ANALYTICS": "true"}
_LIVE = """
from dvclive import Live
from PIL import Image
with Live(save_dvc_exp=False, report=None) as live:
    live.log_params({"lr": 0.01, "model": {"depth": 3, "name": "small"}, "layers": [8, 4]})
    for step in range(5):
        live.log_metric("train/loss", 1 / (step + 1))
        live.log_metric("acc", step / 5)
        live.next_step()
    live.log_metric("final", 3.5, plot=False)
    live.log_metric("broken", float("nan"))
    live.log_image("samples/first.png", Image.new("RGB", (40, 30), "teal"))
    live.log_sklearn_plot("roc", [0, 1, 1, 0], [0.1, 0.9, 0.6, 0.4])
    live.log_sklearn_plot("confusion_matrix", [0, 1, 1, 0], [0, 1, 0, 0], name="confused")
"""
_RUN = """
from pathlib import Path
import mlflow
from PIL import Image
mlflow.set_tracking_uri((Path.cwd() / "mlruns").as_uri())
mlflow.set_experiment("churn")
tags = {"team": "growth", "why": "a reason that is far too long to be a topic of a page"}
with mlflow.start_run(run_name="boosted", description="Trees, **boosted**, {{ 6 * 7 }}.", tags=tags):
    mlflow.log_params({"lr": 0.01, "depth": 3, "customer": "007"})
    for step in range(5):
        mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
    mlflow.log_metric("f1", 0.75)
    mlflow.log_image(Image.new("RGB", (40, 30), "teal"), "plots/curve.png")
    mlflow.log_table({"name": ["a", "b"], "sold": [1, 2]}, "sold.json")
    mlflow.log_text("a,b\\n=1+1,2\\n", "scores.csv")
    mlflow.log_text("kept as it is", "notes.txt")
    mlflow.log_text("<script>alert(1)</script>", "page.html")
    mlflow.log_text("scikit-learn==1.5.0\\n", "model/requirements.txt")
"""


def live_folder(top: Path) -> Path:
    """Return the folder that DVCLive itself wrote below `top`."""
    _python(_LIVE, top)
    return top / "dvclive"


def mlflow_run(top: Path) -> Path:
    """Return the folder of the run that MLflow itself wrote below `top`, in its file store."""
    _python(_RUN, top)
    (found,) = (top / "mlruns").glob("*/*/tags")
    return found.parent


def notebook(path: Path) -> Path:
    """Write a notebook with outputs of every kind, some of them hostile."""
    frame = (
        '<div><style scoped>x</style><table border="1" class="dataframe"><thead><tr><th></th><th>sold</th></tr>'
        "<tr><th>day</th><th></th></tr></thead><tbody><tr><th>1</th><td>3</td></tr><tr><th>2</th>"
        "<td>=cmd()</td></tr></tbody></table><script>alert('frame')</script></div>"
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9"><script>alert(1)</script><rect width="9"/></svg>'
    plotly = {"data": [{"x": [1, 2], "y": [3, 4]}]}
    failed = {"ename": "ZeroDivisionError", "evalue": "by zero", "traceback": ["Traceback: \x1b[1mby zero"]}
    vega = {"data": {"values": [{"day": 1, "sold": 3}]}, "mark": "point", "encoding": {"x": {"field": "day"}}}
    pictured = "![A picture](attachment:shot.png) and ![lost](https://elsewhere.example/x.png)"
    cells: list[Any] = [
        _prose("# What was sold\n\nProse with $x^2$, {{ 6 * 7 }} and <script>alert('prose')</script>.\n"),
        _code("rate = 0.5\nname = 'small'", metadata={"tags": ["parameters"]}),
        _code("frame", _result({"text/html": frame, "text/plain": "frame"})),
        _prose(pictured, {"shot.png": {"image/png": PNG}}),
        _code("plot()", _result({"image/png": PNG, "text/plain": ["<Figure size 640x480 ", "with 1 Axes>"]})),
        _code("draw()", _result({"image/svg+xml": [svg]})),
        _code("print('```')", {"output_type": "stream", "name": "stdout", "text": ["\x1b[31mred\x1b[0m ```\n"]}),
        _code("widget", _result({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "A widget"})),
        _code("chart", _result({"application/vnd.vegalite.v5+json": vega, "text/plain": "<VegaLite 5 object>"})),
        _code("hidden_code()", metadata={"tags": ["hide-cell"]}),
        _code("1 / 0", {"output_type": "error", **failed}),
        _code("show", _result({"application/vnd.plotly.v1+json": plotly, "text/html": "<script>Plotly()</script>"})),
    ]
    meta = {"language_info": {"name": "python", "version": "3.9.1"}, "widgets": {"state": "x"}}
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": meta, "cells": cells}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _prose(text: str, attached: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": [text], "attachments": attached or {}}


def _code(text: str, *outputs: dict[str, Any], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    told = {"execution_count": 1, "metadata": metadata or {}, "source": text, "outputs": list(outputs)}
    return {"cell_type": "code", **told}


def _result(data: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def _python(code: str, folder: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", code]
    ended = subprocess.run(
        command, cwd=folder, env=environment(_QUIET), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr
