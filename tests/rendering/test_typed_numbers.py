"""Results typed into prose are found, and other numbers are left alone."""

import pytest
from number_lint import counted

from portfolio.rendering.typed_numbers import typed_numbers
from portfolio.values.record import Metric

ACCURACY = Metric(name="accuracy", value=0.8763, interval=(0.8411, 0.9042))


def test_of_200_sentences_most_results_are_found_and_few_others() -> None:
    found = counted()

    assert (found.planted, found.innocent) == (100, 100)
    assert found.caught >= 87
    assert found.numbers_caught >= 140
    assert len(found.false) <= 1, found.false


@pytest.mark.parametrize(
    "written", ["87.6 %", "87.6%", "0.876", ".8763", "87.6 percent", "88 per cent", "nearly nine in ten", "0.87"]
)
def test_a_result_is_found_however_it_is_written(written: str) -> None:
    (found,) = typed_numbers(f"One line.\n\nIt is right in {written} of all cases.", [ACCURACY])

    assert (found.line, found.name, found.certain) == (3, "metrics.accuracy.value", True)


@pytest.mark.parametrize(
    "text",
    [
        "{{ metrics.accuracy }} of them",
        "{{ typed('0.8763') }} is what the paper says",
        "{% if metrics.accuracy.number > 0.8763 %}good{% endif %}",
        "```python\nassert accuracy > 0.8763\n```",
        "`accuracy=0.8763`",
        "[there](https://example.org/0.8763)",
        "<!-- 0.8763 -->",
        "a 95 % interval from 10 folds and 2,000 draws in 2026",
    ],
)
def test_what_jinja_prints_and_what_is_no_prose_is_left_alone(text: str) -> None:
    assert typed_numbers(text, [ACCURACY]) == ()


def test_a_number_of_an_earlier_run_went_stale() -> None:
    earlier = Metric(name="accuracy", value=0.8512)

    (found,) = typed_numbers("The accuracy is 85.1 %.", [ACCURACY], [earlier])

    assert (found.name, found.certain, found.earlier) == ("metrics.accuracy.value", True, True)


def test_another_number_beside_the_name_of_a_metric_is_doubtful() -> None:
    (found,) = typed_numbers("An accuracy of 0.79 is usual.", [ACCURACY])

    assert (found.text, found.name, found.certain) == ("0.79", "metrics.accuracy", False)


def test_the_metric_whose_name_stands_beside_is_the_one_named() -> None:
    other = Metric(name="recall", value=0.8763)

    (found,) = typed_numbers("The recall is 0.8763.", [ACCURACY, other])

    assert found.name == "metrics.recall.value"
