"""Files of a project are offered as what they claim to be, or as text; no browser and no spreadsheet obeys them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads.carriers import ALL, PAYLOADS, SVG
from stage import Stage

from portfolio import cells, svg
from portfolio.errors import SiteError
from portfolio.publishing.offered import offered
from portfolio.publishing.policy import protect
from portfolio.rendering.files import published_name

CELLS = st.text(alphabet="=+-@'\"a1. ;,\t\n\r|%\uff1d", max_size=6) | st.sampled_from(ALL) | st.floats().map(str)
ROWS = st.lists(st.lists(CELLS.filter(lambda cell: "\0" not in cell), min_size=2, max_size=3), min_size=1, max_size=4)


@given(CELLS | st.text())
def test_a_cell_can_be_told_from_its_neutral_form(cell: str) -> None:
    assert cells.written(cells.neutral(cell)) == cell


@given(ROWS)
def test_no_cell_of_a_neutral_file_is_calculated_whatever_separates_them(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["head", "head"], *rows])

    made = cells.neutral_csv(text.getvalue().encode("utf-8", "surrogatepass"))

    assert cells.is_neutral(made)


@pytest.mark.parametrize(
    "number", ["-1", "+1", "-1.5e-3", "-.5", "-inf", "-12%", "-", "--", "-1,234.5", " -2", "7", "-nan"]
)
def test_a_number_stays_a_number(number: str) -> None:
    assert cells.neutral(number) == number


@pytest.mark.parametrize("formula", PAYLOADS["cells"])
def test_a_formula_becomes_text(formula: str) -> None:
    raw = f'"{formula.replace(chr(34), chr(34) * 2)}",-1\n'.encode()

    for cell in next(csv.reader(io.StringIO(cells.neutral_csv(raw).decode(), newline=""))):
        assert cell == "-1" or not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))


def test_a_file_without_formulas_is_left_as_it_is() -> None:
    raw = '\ufeffa;b\r\n\'x\';-1,5\r\n"q""q";caf\xe9\r\n'.encode("latin-1", "replace")

    assert cells.neutral_csv(raw) == raw


def test_an_svg_keeps_what_is_drawn_and_nothing_that_acts() -> None:
    made, _ = svg.rebuilt(SVG.encode())

    assert b"<rect" in made
    assert not [word for word in (b"evil", b"owned", b"script", b"foreign", b"<a", b"<set", b"on") if word in made[60:]]
    assert svg.is_passive(made)
    assert not svg.is_passive(SVG.encode())


BOMB = "".join(
    f'<g id="a{number}"><use href="#a{number + 1}"/><use href="#a{number + 1}"/></g>' for number in range(40)
)
HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'


@pytest.mark.parametrize(
    "content",
    [
        HEAD + BOMB + '<g id="a40"><rect/></g></svg>',
        HEAD + "<g>" * 200 + "</g>" * 200 + "</svg>",
        HEAD + "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(20_000)) + "</svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + "</svg>",
        "<?xml version='1.0' encoding='utf-16'?>" + HEAD + "</svg>",
        "<?xml version='1.0' encoding='cp037'?>" + HEAD + "</svg>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "not XML",
        "",
    ],
)
def test_an_svg_that_would_take_too_much_is_refused(content: str) -> None:
    with pytest.raises(svg.SvgError):
        svg.rebuilt(content.encode())


@pytest.mark.parametrize(
    "inner",
    [
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>@\\69mport 'https://evil.example/x.css';</style>",
        "<rect style='fill:u\\72l(https://evil.example/x)'/>",
        "<rect fill='url(https://evil.example/x#y)'/>",
        "<image href='data:image/svg+xml,x'/>",
        "<use href='other.svg#x'/>",
        "<rect xml:base='https://evil.example/'/>",
        "<rect xmlns:x='http://www.w3.org/1999/xhtml' x:onclick='owned(1)'/>",
        "<script xmlns='http://www.w3.org/1999/xhtml'>owned(1)</script>",
        "<title><script>owned(1)</script></title>",
        "<animate attributeName='href' to='javascript:owned(1)'/>",
        "<?xml-stylesheet href='https://evil.example/x.css'?>",
    ],
)
def test_what_acts_is_taken_out_of_an_svg(inner: str) -> None:
    made, _ = svg.rebuilt(f"{HEAD}{inner}</svg>".encode())

    assert not [word for word in (b"evil", b"owned", b"\\", b"other", b"svg+xml") if word in made]
    assert not svg.is_passive(f"{HEAD}{inner}</svg>".encode())


def test_a_figure_changed_after_its_run_is_offered_without_what_was_added(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    (tmp_path / "b.svg").write_text("<script/>", encoding="utf-8")

    assert b"owned" not in offered(tmp_path / "a.svg")
    assert offered(tmp_path / "b.svg") == b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("name", "content", "published"),
    [
        ("a.kml", "<?xml version='1.0'?><kml/>", "a.kml.txt"),
        ("a", "\ufeff <html>", "a.txt"),
        ("a.bin", "binary", "a.bin"),
        ("a.csv", "<x>", "a.csv"),
        ("a.svg", "<svg/>", "a.svg.txt"),
    ],
)
def test_a_file_that_a_browser_would_run_is_offered_as_text(
    tmp_path: Path, name: str, content: str, published: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")

    assert published_name(name, tmp_path / name) == published


LOST = '<html><head></head><body><script>x=new URL("/a/",location)</script><script type="application/json">1</script>'


def site(folder: Path, page: str) -> Path:
    (folder / "404.html").write_text(LOST, encoding="utf-8")
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


def test_a_page_may_hold_the_scripts_of_the_lost_page_and_says_which(tmp_path: Path) -> None:
    protect(site(tmp_path, LOST.replace("/a/", "../..")))

    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.startswith('<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"')
    assert page.count("'sha256-") == 1


@pytest.mark.parametrize(
    "page",
    [
        LOST + "<script>owned(1)</script>",
        LOST + "<SCRIPT type=module>owned(1)</SCRIPT >",
        LOST.replace("/a/", "//evil.example/"),
        LOST + '<script type="text/javascript">owned(1)</script>',
        "no head",
    ],
)
def test_a_site_with_a_script_of_a_page_s_own_is_refused(tmp_path: Path, page: str) -> None:
    with pytest.raises(SiteError, match=r"index\.html"):
        protect(site(tmp_path, page))


MANY = """
from portfolio import log_metric, log_table
for number in range({metrics}):
    log_metric(f"m{{number}}", number)
log_table("rows", {{"a": range({rows}), "b": ["=1+1"] * {rows}}})
"""


def test_a_page_of_many_numbers_and_rows_stays_readable(workspace: Callable[..., Stage]) -> None:
    stage = workspace()
    stage.write("projects/many/spec.toml", 'title = "Many"\nsummary = "x"\n')
    stage.write("projects/many/script.py", MANY.format(metrics=1_000, rows=20_000))

    built = stage.portfolio("build", "--json")

    page = stage.page("many")
    assert built.statuses == {"many": "ran"}
    assert len(page) < 1_000_000
    assert "The first 500 of 1000 numbers are shown here" in page
    assert "20\u202f000 rows are shown here" in page
