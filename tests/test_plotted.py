"""The numbers behind a figure, as a table."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from portfolio.running.plotted import MOST_ROWS, save_plotted

mpl.use("agg")
from matplotlib import pyplot as plt


def _lines(axes: Any) -> None:
    axes.plot([0, 1], [2, 1 / 3], label="one")
    axes.axhline(9)


def _two_lines(axes: Any) -> None:
    axes.plot([0], [1])
    axes.plot([0], [2])
    axes.set(xlabel="day", ylabel="error, mm")


def _bars(axes: Any) -> None:
    axes.bar(["a", "b"], [1, 2], label="count")


def _points(axes: Any) -> None:
    axes.scatter([1, 2], [3, 4], c=[0.5, 0.25])


def _image(axes: Any) -> None:
    axes.imshow(np.array([[1, 2], [3, 4]]))


@pytest.mark.parametrize(
    ("draw", "rows"),
    [
        (_lines, ["kind,series,x,y", "line,one,0,2", "line,one,1,0.333333"]),
        (_two_lines, ['kind,series,day,"error, mm"', "line,1,0,1", "line,2,0,2"]),
        (_bars, ["kind,series,x,y", "bar,count,a,1", "bar,count,b,2"]),
        (_points, ["kind,x,y,value", "points,1,3,0.5", "points,2,4,0.25"]),
        (_image, ["kind,x,y,value", "cell,0,0,1", "cell,1,0,2", "cell,0,1,3", "cell,1,1,4"]),
    ],
)
def test_the_numbers_of_a_figure_are_a_table(tmp_path: Path, draw: Callable[[Any], None], rows: list[str]) -> None:
    figure, axes = plt.subplots()
    draw(axes)
    figure.canvas.draw()

    assert save_plotted(figure, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text().splitlines() == rows
    plt.close(figure)


def test_panels_are_told_apart_and_a_colour_bar_is_none(tmp_path: Path) -> None:
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([1], [1])
    left.set_title("Left")
    figure.colorbar(right.imshow([[1.0]]), ax=right)

    save_plotted(figure, tmp_path / "x.csv")

    with (tmp_path / "x.csv").open(newline="") as stream:
        assert [row["panel"] for row in csv.DictReader(stream)] == ["Left", "2"]
    plt.close(figure)


def test_a_figure_without_numbers_or_with_too_many_has_no_table(tmp_path: Path) -> None:
    figure, axes = plt.subplots()

    assert not save_plotted(figure, tmp_path / "x.csv")
    axes.plot(range(MOST_ROWS + 1))
    assert not save_plotted(figure, tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()
    plt.close(figure)
