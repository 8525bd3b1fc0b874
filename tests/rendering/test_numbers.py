import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rendering.numbers import (
    behind,
    column_decimals,
    data,
    duration,
    recorded,
    rounded,
    rounded_together,
    size,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.958, "0.958"),
        (0.95831, "0.9583"),
        (16.5, "16.5"),
        (16.4971, "16.5"),
        (62.613, "62.61"),
        (1797, "1797"),
        (12500, "12\u202f500"),
        (12345.678, "12\u202f346"),
        (0.0, "0"),
        (-0.25, "\u22120.25"),
        (-1e-300, "\u22121\u202f\u00d7\u202f10⁻³⁰⁰"),
        (3e-14, "3\u202f\u00d7\u202f10⁻¹⁴"),
        (0.99996, "1"),
        (2.5e20, "2.5\u202f\u00d7\u202f10²⁰"),
    ],
)
def test_a_number_without_interval_has_about_four_digits(value: float, shown: str) -> None:
    assert rounded(value) == shown


@pytest.mark.parametrize(
    ("triple", "shown"),
    [
        ((16.4971, 15.2031, 17.7912), ("16.5", "15.2", "17.8")),
        ((90.0, 88.0, 92.3), ("90.0", "88.0", "92.3")),
        ((0.95800, 0.92311, 0.98602), ("0.958", "0.923", "0.986")),
        ((12000.4, 11000.2, 13000.9), ("12\u202f000", "11\u202f000", "13\u202f001")),
        ((0.5, 0.4004, 0.5996), ("0.50", "0.40", "0.60")),
        ((0.5, 0.5, 0.5), ("0.5", "0.5", "0.5")),
    ],
)
def test_the_half_width_decides_the_decimals(triple: tuple[float, float, float], shown: tuple[str, ...]) -> None:
    assert rounded_together(*triple) == shown


@given(FINITE)
def test_the_recorded_number_survives_beside_the_shown_one(value: float) -> None:
    assert json.loads(recorded(value)) == value
    assert rounded(value)


@given(FINITE, FINITE, FINITE)
def test_any_interval_can_be_shown(value: float, low: float, high: float) -> None:
    assert all(rounded_together(value, min(low, high), max(low, high)))


def test_a_whole_number_is_recorded_without_a_point() -> None:
    assert data(50, rounded(50)) == '<data value="50">50</data>'


def test_a_unit_is_escaped_and_per_cent_keeps_to_its_number() -> None:
    assert data(3, "3") + behind("<b>") == '<data value="3">3</data>\u00a0&lt;b&gt;'
    assert behind("%") == "\u202f%"
    assert behind("per 100 patients") == " per 100 patients"
    assert behind(None) == ""


def test_a_column_shares_its_decimals_unless_its_cells_differ_too_much() -> None:
    assert column_decimals([16.4971, 70.03], 4) == 2
    assert column_decimals([0.5, 0.25], 2) == 2
    assert column_decimals([1234.5, 0.0012], 4) is None
    assert column_decimals([0.0], 1) is None


def test_time_and_size_are_words() -> None:
    assert [duration(seconds) for seconds in (0.01, 4.23, 12, 200, 7500)] == [
        "under 0.1\u00a0s",
        "4.2\u00a0s",
        "12\u00a0s",
        "3\u00a0min 20\u00a0s",
        "2\u00a0h 5\u00a0min",
    ]
    assert [size(count) for count in (12, 2048, 312_000_000)] == ["12\u00a0B", "2.0\u00a0kB", "312\u00a0MB"]
