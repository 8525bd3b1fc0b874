"""Figures of other libraries are images like all others, and nothing is lost where one cannot be drawn."""

from importlib import import_module
from pathlib import Path

import pytest
from browsing import needs_chromium
from others import needs_others
from stage import MakeStage, Stage

from portfolio import log_figure
from portfolio.log import Log, begin
from portfolio.log.traces import of_plotly, of_vega
from portfolio.running.traced_plots import looks_of
from portfolio.values.record import Record


@pytest.fixture(scope="module")
def drawn(stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, list[Record]]:
    """Return a workspace, and the records of two runs of a script that draws with Altair and Plotly."""
    stage = stage_in(tmp_path_factory.mktemp("others") / "workspace", "draws_with_other_libraries")
    return stage, [_record(stage, force=True) for _ in range(2)]


@needs_others
@needs_chromium
def test_charts_of_altair_and_plotly_are_kept_light_and_dark_with_their_numbers(
    drawn: tuple[Stage, list[Record]],
) -> None:
    stage, (_, record) = drawn

    bars, line = record.result.figures[:2]

    for figure in (bars, line):
        assert figure.dark is not None
        assert _content(stage, record, figure.light) != _content(stage, record, figure.dark)
    assert (line.alt, line.caption) == ("Sold as a line", "Sold as a line")
    assert _content(stage, record, bars.data) == b"day,sold\n1,3\n2,4\n3,2\n"
    assert (
        _content(stage, record, line.data) == b"trace,type,x,y\nsold,scatter,1,3\nsold,scatter,2,4\nsold,scatter,3,2\n"
    )


@needs_others
@needs_chromium
def test_a_figure_with_a_background_of_its_own_keeps_it(drawn: tuple[Stage, list[Record]]) -> None:
    stage, (_, record) = drawn

    (chart,) = record.result.figures[2:]
    plotly = import_module("plotly.graph_objects")
    usual, own = (plotly.Figure(layout=layout) for layout in ({}, {"paper_bgcolor": "#fff8e7"}))

    assert chart.dark is None
    assert b"#fff8e7" in _content(stage, record, chart.light)
    assert (list(looks_of(usual)), list(looks_of(own))) == (["light", "dark"], ["light"])


@needs_others
@needs_chromium
def test_a_chart_drawn_again_is_the_same_file(drawn: tuple[Stage, list[Record]]) -> None:
    first, again = drawn[1]

    assert first.files == again.files


@needs_others
def test_a_figure_that_needs_a_browser_leaves_its_numbers_where_there_is_none(
    stage_in: MakeStage, tmp_path: Path
) -> None:
    stage = stage_in(tmp_path / "workspace", "finds_no_browser")

    record = _record(stage)

    (table,) = record.result.tables
    assert record.result.figures == ()
    assert table.caption == (
        "The second day sold most. A line of what was sold. The figure was not drawn: its numbers."
    )
    assert _content(stage, record, table.file).splitlines()[1:] == [
        b"'=sold,scatter,1,3.5",
        b"'=sold,scatter,2,4",
        b"'=sold,scatter,3,2",
    ]
    assert "log_figure('line'): not drawn, No browser found at BROWSER_PATH='/nowhere/chrome'" in record.result.output
    assert "pip install kaleido" in record.result.output


def test_whatever_draws_itself_is_a_figure_and_brings_no_script(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "workspace", "offers_its_own_image")

    record = _record(stage)

    kinds = {figure.name: Path(figure.light).suffix for figure in record.result.figures}
    svgs = [_content(stage, record, figure.light) for figure in record.result.figures if figure.light.endswith(".svg")]
    assert kinds == {
        "saves": ".png",
        "is_text": ".svg",
        "writes": ".svg",
        "shows_in_notebooks": ".svg",
        "is_pixels": ".png",
        "is_too_deep": ".png",
    }
    assert not [
        content for content in svgs if b"alert" in content or b"elsewhere" in content or b"<rect" not in content
    ]


def test_by_hand_a_figure_is_saved_by_its_own_means(tmp_path: Path) -> None:
    class Drawing:
        def to_svg(self) -> str:
            return "<svg/>"

    begin(Log(tmp_path, inputs={}, echo=False))

    log_figure("own", Drawing(), alt="Nothing")

    assert (tmp_path / "figures" / "own.svg").read_text(encoding="utf-8") == "<svg/>"


def test_what_cannot_draw_itself_is_refused(tmp_path: Path) -> None:
    begin(Log(tmp_path, inputs={}, echo=False))

    with pytest.raises(TypeError, match=r"log_figure\('one'\): dict has none of savefig, to_svg, write_image"):
        log_figure("one", {}, alt="Nothing")


def test_packed_and_nested_numbers_of_plotly_are_read() -> None:
    packed = {"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAAAQAAAAAAAAAhA"}
    heat = {"type": "heatmap", "z": {"dtype": "i1", "shape": "2, 2", "bdata": "AQIDBA=="}, "x": ["a", "b"]}

    assert (
        of_plotly({"data": [{"x": packed, "name": "s"}]})
        == "trace,type,x\ns,scatter,1.5\ns,scatter,2.0\ns,scatter,3.0\n"
    )
    assert of_plotly({"data": [heat]}) == (
        "trace,type,x,y,z\n1,heatmap,a,0,1\n1,heatmap,b,0,2\n1,heatmap,a,1,3\n1,heatmap,b,1,4\n"
    )
    assert of_plotly({"data": [{"x": {"dtype": "f8", "bdata": "!"}}, {"type": "sankey"}, 3]}) is None


def test_data_of_every_layer_of_a_chart_are_read() -> None:
    spec = {"layer": [{"data": {"values": [{"a": 1}]}}, {"data": {"name": "n"}}], "datasets": {"n": [{"b": "x\ny"}]}}

    assert of_vega(spec) == "dataset,a,b\n1,1,\n2,,x y\n"
    assert of_vega({"data": {"url": "https://elsewhere.example/cars.json"}}) is None


def _record(stage: Stage, **options: bool) -> Record:
    (outcome,) = stage.run(**options).values()
    assert outcome.failure is None, outcome.failure
    assert outcome.record is not None
    return outcome.record


def _content(stage: Stage, record: Record, name: str | None) -> bytes:
    assert name is not None
    (folder,) = (stage.root / "build" / "records" / record.slug).glob("*-*")
    return (folder / name).read_bytes()
