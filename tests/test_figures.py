"""Figures are kept in order, light and dark, and look the same whenever they are drawn again."""

from pathlib import Path

import pytest
from stage import MakeStage, Stage

from portfolio.values.record import Record


@pytest.fixture(scope="module")
def runs(stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, list[Record]]:
    """Return a workspace, and the records of two runs of the same script."""
    stage = stage_in(tmp_path_factory.mktemp("figures") / "workspace", "draws_two_figures")
    found = [stage.run(force=True)["draws-two-figures"].record for _ in range(2)]
    return stage, [record for record in found if record]


def test_figures_are_kept_in_the_order_they_were_logged(runs: tuple[Stage, list[Record]]) -> None:
    figures = runs[1][0].result.figures

    assert [figure.name for figure in figures] == ["rising", "matrix"]


def test_a_figure_has_alt_text_and_caption(runs: tuple[Stage, list[Record]]) -> None:
    rising, matrix = runs[1][0].result.figures

    assert (rising.alt, rising.caption) == ("A line that rises", "It rises.")
    assert (matrix.alt, matrix.caption) == ("A matrix of four cells", "")


def test_a_figure_has_a_light_and_a_dark_file(runs: tuple[Stage, list[Record]]) -> None:
    stage, (_, record) = runs
    (folder,) = (stage.root / "build" / "records" / record.slug).glob("*-*")

    for figure in record.result.figures:
        assert figure.dark is not None
        assert (folder / figure.light).read_bytes() != (folder / figure.dark).read_bytes()


def test_a_figure_drawn_again_is_the_same_file(runs: tuple[Stage, list[Record]]) -> None:
    first, again = runs[1]

    assert first.files == again.files


def test_a_figure_knows_its_size(runs: tuple[Stage, list[Record]]) -> None:
    rising, _ = runs[1][0].result.figures

    assert 300 < rising.width < 500
    assert 200 < rising.height < 400


def test_a_figure_that_matplotlib_cannot_cut_out_is_kept_whole(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "workspace", "cannot_be_cut")

    outcome = stage.run()["cannot-be-cut"]

    assert outcome.record is not None, outcome.failure
    (figure,) = outcome.record.result.figures
    assert (figure.width, figure.height, figure.dark is not None) == (400, 300, True)
