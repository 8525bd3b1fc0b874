from typing import Any

import pytest

from portfolio.rendering.headline import headline, headline_view
from portfolio.rendering.problems import PageError
from portfolio.rendering.ruler import ruler
from portfolio.rendering.verdict import verdict
from portfolio.values.record import Goal, Metric, Result

LOW, HIGH = Goal.MINIMIZE, Goal.MAXIMIZE


@pytest.mark.parametrize(
    ("value", "baseline", "interval", "goal", "words"),
    [
        (16.5, 62.6, (15.2, 17.8), LOW, "Lower is better: the whole interval lies below the baseline."),
        (90, 58, (88, 92), HIGH, "Higher is better: the whole interval lies above the baseline."),
        (90, 58, (88, 92), LOW, "Worse: lower is better, and the whole interval lies above"),
        (90, 58, (88, 92), None, "The whole interval lies above the baseline."),
        (90, 89, (88, 92), HIGH, "No clear difference, where higher is better: the interval includes the baseline."),
        (90, 88, (88, 92), HIGH, "No clear difference, where higher is better: the interval includes the baseline."),
        (7, 14, None, LOW, "Measured lower than the baseline, where lower is better; no interval was computed"),
        (7, 7, None, LOW, "The same as the baseline; no interval was computed"),
        (7, None, None, LOW, "There is no baseline to compare it with; no interval was computed."),
        (7, None, (6, 8), LOW, "There is no baseline to compare it with."),
    ],
)
def test_a_verdict_never_says_more_than_the_interval(
    value: float, baseline: float | None, interval: tuple[float, float] | None, goal: Goal | None, words: str
) -> None:
    assert verdict(value, baseline, interval, goal).startswith(words)


def test_the_spec_fills_in_what_the_script_did_not_say(bench: Any) -> None:
    result = Result(
        metrics=(Metric(name="cost", value=16.4971, interval=(15.2, 17.8)), Metric(name="all_in", value=62.6))
    )
    entry = bench.add(headline={"metric": "cost", "baseline": "all_in", "goal": "minimize", "unit": "per 100"})

    found = headline(entry.project, result)

    assert found is not None
    view = headline_view(found)
    assert view.sentence == (
        "16.5 per 100 (15.2 to 17.8), against 62.6 per 100 for all in: "
        "lower is better: the whole interval lies below the value for all in."
    )
    assert view.value == '<data value="16.4971">16.5</data>'


@pytest.mark.parametrize(
    ("method", "level"),
    [
        ("50 splits, 95 % interval by the corrected t", "95\u202f%\u00a0"),
        ("bootstrap (90%)", "90\u202f%\u00a0"),
        ("bootstrap", ""),
        ("a 90 % range, its 95 % interval", ""),
    ],
)
def test_the_level_of_an_interval_is_shown_where_its_method_names_one(bench: Any, method: str, level: str) -> None:
    metric = Metric(name="mae", value=7.4, interval=(7, 8), method=method)

    found = headline(bench.add().project, Result(metrics=(metric,)))

    assert found is not None
    assert headline_view(found).level == level


@pytest.mark.parametrize(
    ("method", "n", "over"),
    [
        ("mean over 14 held-out blocks, taken for writers", 14, "over 14 held-out blocks"),
        ("mean of 50 random splits, 171 patients held out", 50, "over 50 random splits"),
        ("bootstrap, 1000 resamples", 14, "n = 14"),
        ("mean of 114 forms", 14, "n = 14"),
        ("mean of 14 things that take very many words to be told apart", 14, "n = 14"),
        ("mean of 14 forms", None, ""),
    ],
)
def test_an_interval_says_over_how_many_of_what_where_the_record_knows(
    bench: Any, method: str, n: int | None, over: str
) -> None:
    metric = Metric(name="mae", value=7.4, interval=(7, 8), method=method, n=n)

    found = headline(bench.add().project, Result(metrics=(metric,)))

    assert found is not None
    assert headline_view(found).over.striptags() == over


@pytest.mark.parametrize(
    ("unit", "short"),
    [
        ("%", "\u202f%"),
        ("% of patients", "\u202f%"),
        ("dB", "\u00a0dB"),
        ("units a day, simulated", " units a day"),
        ("", ""),
    ],
)
def test_the_baseline_carries_the_unit_without_its_remarks(bench: Any, unit: str, short: str) -> None:
    found = headline(bench.add().project, Result(metrics=(Metric(name="mae", value=7.4, baseline=9, unit=unit),)))

    assert found is not None
    assert headline_view(found).short_unit == short


def test_a_lone_metric_is_the_headline_and_several_are_none(bench: Any) -> None:
    project = bench.add().project
    one, two = Metric(name="mae", value=7.4), Metric(name="r2", value=0.3)

    assert headline(project, Result(metrics=(one,))) is not None
    assert headline(project, Result(metrics=(one, two))) is None
    assert headline(project, Result()) is None


def test_a_headline_that_was_not_recorded_names_the_nearest(bench: Any) -> None:
    project = bench.add(headline={"metric": "acuracy"}).project

    with pytest.raises(PageError, match=r"projects/one/spec.toml:headline.metric: .* did you mean 'accuracy'\?"):
        headline(project, Result(metrics=(Metric(name="accuracy", value=1),)))


def test_the_ruler_keeps_everything_inside_its_drawing() -> None:
    drawn = ruler(16.5, 62.6, (15.2, 17.8), baseline_name="a very long name of a baseline indeed", alt="")

    assert drawn is not None
    assert drawn.baseline is not None
    assert (drawn.bar_start, drawn.baseline.at) == ("8.00%", "92.00%")
    assert drawn.baseline.anchor == "end"
    assert drawn.baseline.label.endswith("…")


def test_nothing_is_drawn_where_there_is_nothing_to_compare() -> None:
    assert ruler(1.0, None, None, baseline_name="", alt="") is None
    assert ruler(1e308, -1e308, None, baseline_name="", alt="") is None
