"""Both engines make the same pages of one docs tree; where Zensical is not installed, that is said and not shown."""

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin

import pytest
from stage import Stage

HERE = find_spec("zensical") is not None
needs_zensical = pytest.mark.skipif(
    not HERE, reason="zensical is not installed: whether both engines make the same pages is NOT tested here"
)
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "line", "circle", "path"))


@dataclass
class _Block(HTMLParser):
    """What the block that we wrote into a page holds."""

    place: str
    depth: int = 0
    ids: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if not self.depth and "pf" not in given.get("class", "").split():
            return
        self.depth += tag not in _VOID
        self.ids += [given["id"]] if "id" in given else []
        self.links |= {urljoin(self.place, given[name]) for name in ("href", "src") if name in given}

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth) and tag not in _VOID

    def handle_data(self, data: str) -> None:
        self.words += data.split() if self.depth else []


@needs_zensical
def test_both_engines_make_the_same_pages(built: Stage) -> None:
    address = ("--site-url", "https://ada.example/work/")
    ran = built.portfolio("build", *address)
    assert ran.code == 0, ran.err
    by_mkdocs = _pages(built.site)

    ran = built.portfolio("build", *address, "--engine", "zensical")

    assert ran.code == 0, ran.err
    by_zensical = _pages(built.site)
    assert set(by_zensical) == set(by_mkdocs)
    assert {"index.html", "tags/index.html", "about/index.html", "404.html"} < set(by_mkdocs)
    for name, page in by_mkdocs.items():
        assert by_zensical[name].ids == page.ids, name
        assert by_zensical[name].links == page.links, name
        assert by_zensical[name].words == page.words, name
    for name in ("projects.json", "feed.xml", "robots.txt", "card.png", "projects/succeeds/card.png"):
        assert (built.site / name).is_file(), name
    site_map = (built.site / "sitemap.xml").read_text(encoding="utf-8")
    assert site_map.count("<loc>") == len(by_mkdocs) - 1


@needs_zensical
def test_going_back_to_mkdocs_builds_its_site_again(built: Stage) -> None:
    before = (built.site / "index.html").read_bytes()
    ran = built.portfolio("build", "--engine", "zensical")
    assert ran.code == 0, ran.err
    other = (built.site / "index.html").read_bytes()

    ran = built.portfolio("build")

    assert ran.code == 0, ran.err
    assert other != before
    assert (built.site / "index.html").read_bytes() == before


def test_an_engine_that_is_not_there_is_told_before_anything_is_built(built: Stage) -> None:
    built.write("without/sitecustomize.py", "import sys\nsys.modules['zensical'] = None\n")
    without = {"PYTHONPATH": str(built.root / "without")}

    ran = built.portfolio("build", "--engine", "zensical", variables=without)

    assert ran.code == 2
    assert "zensical is not installed" in ran.err
    assert "pip install" in ran.err


def _pages(site: Path) -> dict[str, _Block]:
    found = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        block = _Block(place=f"https://ada.example/work/{os.path.dirname(name)}/")  # noqa: PTH120 - an address
        block.feed(path.read_text(encoding="utf-8"))
        found[name] = block
    return found
