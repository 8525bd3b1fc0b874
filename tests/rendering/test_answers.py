"""The three questions are answered from what was recorded, and never with more than the interval allows."""

from typing import Any

import pytest

from portfolio.values.record import Goal, Metric, Result, Table

QUESTIONS = ("Are we done?", "Is it any good?", "Is it reliable?")


def test_nothing_is_answered_where_there_is_nothing_to_say(bench: Any) -> None:
    bench.add(result=Result(metrics=(Metric(name="skill", value=0.5),)))

    text = bench.page().text

    assert [question for question in QUESTIONS if question in text] == []
    assert 'id="answers"' not in text


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ({"min": 0.5}, "<strong>Yes.</strong> Skill is <data"),
        ({"min": 0.51}, "<strong>Not yet.</strong> Skill is <data"),
        ({"max": 0.4}, "wanted was at most 0.4."),
    ],
)
def test_done_is_told_with_its_numbers(bench: Any, bound: dict[str, float], words: str) -> None:
    bench.add(result=Result(metrics=(Metric(name="skill", value=0.5),)), done_when={"metric": "skill", **bound})

    assert words in bench.page().text


@pytest.mark.parametrize(
    ("interval", "goal", "short"),
    [
        ((0.4, 0.6), Goal.MAXIMIZE, "<strong>Yes.</strong>"),
        ((0.4, 0.6), Goal.MINIMIZE, "<strong>No.</strong>"),
        ((0.2, 0.6), Goal.MAXIMIZE, "<strong>Not clear.</strong>"),
        ((0.4, 0.6), None, ""),
        (None, Goal.MAXIMIZE, ""),
    ],
)
def test_good_needs_the_whole_interval_on_the_good_side(
    bench: Any, interval: tuple[float, float] | None, goal: Goal | None, short: str
) -> None:
    bench.add(result=Result(metrics=(Metric(name="skill", value=0.5, baseline=0.3, interval=interval, goal=goal),)))

    answer = _answer(bench.page().text, "Is it any good?")

    assert answer.startswith(f"{short} " if short else ("The whole" if interval else "Measured higher"))


def test_reliable_is_told_by_interval_folds_and_checks(bench: Any) -> None:
    skill = Metric(name="skill", value=0.5, interval=(0.4, 0.6))
    folds = Metric(name="cross_validated", value=0.55, scores=(0.5, 0.6, 0.55))
    checks = Table(name="checks", caption="These 7 checks found <none>.", file="tables/checks.csv", rows=1, columns=3)
    bench.add(result=Result(metrics=(skill, folds), tables=(checks,)), headline={"metric": "skill"})

    answer = _answer(bench.page().text, "Is it reliable?")

    assert '<data value="0.4">0.40</data> to <data value="0.6">0.60</data>' in answer
    assert 'Over 3 folds cross validated goes from <data value="0.5">0.5</data>' in answer.replace("0.50<", "0.5<")
    assert answer.endswith("These 7 checks found &lt;none&gt;.")


def test_time_spent_is_told_where_it_is_given(bench: Any) -> None:
    bench.add("one", minutes=95)
    bench.add("other")

    rendered = [bench.page("one").text, bench.page("other").text]

    assert ["Time spent" in text for text in rendered] == [True, False]
    assert "1\u00a0h 35\u00a0min by its author" in rendered[0]


def _answer(text: str, question: str) -> str:
    return text.partition(f"<dt>{question}</dt><dd>")[2].partition("</dd>")[0]
