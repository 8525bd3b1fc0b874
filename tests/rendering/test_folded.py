"""Readers first: a comparison opens with its verdicts, and a step says what came of it."""

from dataclasses import replace
from typing import Any

from portfolio.values.record import Record, Result, Step, Table

COLUMNS = ["model", "verdict", "mean", "low", "high", "difference", "p_value", "mark", "p_worse", "p_same", "p_better"]


def comparison(columns: list[str]) -> tuple[Table, dict[str, str | bytes]]:
    row = ["ridge", "better", "0.9", "0.8", "0.95", "0.3", "0.001", "v", "0.0", "0.1", "0.9", "0.91", "0.89"]
    table = Table(name="comparison", caption="", file="tables/comparison.csv", rows=1, columns=len(columns))
    return table, {table.file: f"{','.join(columns)}\n{','.join(row[: len(columns)])}\n"}


def header(text: str) -> list[str]:
    return [cell.partition("<")[0] for cell in text.replace(' class="pf-num"', "").split('<th scope="col">')[1:]]


def test_tests_and_folds_of_a_comparison_are_folded(bench: Any) -> None:
    table, files = comparison([*COLUMNS, "fold 1", "fold 2"])
    bench.add(result=Result(tables=(table,)), recorded=files)

    shown, _, folded = bench.page().text.partition("<summary>Tests and folds</summary>")

    assert header(shown) == ["model", "verdict", "mean", "low", "high", "difference"]
    assert header(folded) == [name.replace("_", " ") for name in (*COLUMNS, "fold 1", "fold 2")]
    assert '<data value="0.001">' in folded
    assert '<data value="0.001">' not in shown


def test_another_table_is_shown_whole(bench: Any) -> None:
    table, files = comparison(COLUMNS[:7])
    bench.add(result=Result(tables=(table,)), recorded=files)

    text = bench.page().text

    assert header(text) == [name.replace("_", " ") for name in COLUMNS[:7]]
    assert "Tests and folds" not in text


def test_a_step_says_what_came_of_it(bench: Any, a_figure: Any, a_table: Any) -> None:
    figures = (a_figure("a", step="improve"), a_figure("b", step="improve"), a_figure("c", step="present"))
    result = Result(figures=figures, tables=(replace(a_table("t"), step="improve"),))
    entry = bench.add(result=result)
    steps = tuple(Step(name=name, seconds=2.0, cpu_seconds=2.0) for name in ("define", "improve"))
    record: Record = replace(entry.record, circumstances=replace(entry.record.circumstances, steps=steps))
    bench.entries[:] = [replace(entry, record=record)]

    text = bench.page().text

    improve = text.partition('<span class="pf-pipe__name">Improve</span>')[2].partition("<svg")[0]
    assert improve.endswith(", 2 figures, 1 table</span>")
    assert "figure" not in text.partition('<span class="pf-pipe__name">Define</span>')[2].partition("</li>")[0]
