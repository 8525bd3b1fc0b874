"""Hostile text through a real MkDocs build: nothing becomes markup, everything is shown as it was written."""

import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from markupsafe import Markup

from portfolio.rendering.escape import block, document
from portfolio.templates import shipped_templates
from portfolio.values.record import Artifact, Metric, Result, Text, Warned
from portfolio.values.site import Author, Site

REPOSITORY = Path(__file__).parents[2]
PAYLOADS = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--pf-notice--><script>alert(1)</script><!--/pf-notice-->",
    "</div></div><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "```html <script>alert(1)</script> ```",
    "~~~ <svg onload=alert(1)> ~~~",
    "</code></pre><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x](javascript:alert(1)) <javascript:alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]> <?php ?>",
    '--8<-- "mkdocs.yml" !!! note *x* # h',
    "<textarea><style><title><script>alert(1)",
]


class Seen(HTMLParser):
    """What a browser would make of a page: tags, and the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag if tag in ("script", "style") else None

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the base class's signature
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is None:
            self.text += data


def seen(path: Path) -> Seen:
    parser = Seen()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def build(bench: Any, site: Site, folder: Path) -> Path:
    for page in bench.render(site).pages:
        target = folder / "docs" / page.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page.text, encoding="utf-8")
        for asset in page.assets:
            (folder / "docs" / asset.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asset.source, folder / "docs" / asset.path)
    shutil.copytree(shipped_templates() / "theme", folder / "theme")
    shutil.copyfile(REPOSITORY / "mkdocs.yml", folder / "author.yml")
    settings = {
        "INHERIT": "author.yml",
        "theme": {"custom_dir": "theme"},
        "not_in_nav": "/projects/\n",
        "markdown_extensions": ["attr_list", "md_in_html", "admonition", "pymdownx.superfences", "pymdownx.snippets"],
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings))
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", str(folder / "mkdocs.yml")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, new_bench: Any, a_figure: Any, a_table: Any) -> Path:
    """Return a site in which every sink holds every payload, one project a payload."""
    folder = tmp_path_factory.mktemp("hostile")
    bench = new_bench(folder)
    for number, bad in enumerate(PAYLOADS):
        cell = bad.replace('"', '""')
        bench.add(
            f"p{number}",
            title=bad,
            summary=bad,
            question=bad,
            decision=bad,
            problem=bad,
            role=bad,
            limits=[bad, bad],
            rejected=bad,
            tags=[bad[:40]],
            resources=bad,
            data=[{"name": bad, "source": bad, "licence": bad, "period": bad}],
            headline={"metric": "m", "unit": bad[:40]},
            process=[bad[:40]],
            result=Result(
                metrics=(Metric(name="m", value=1.5, unit=bad, method=bad, baseline=2, interval=(1, 2)),),
                figures=(a_figure("f", alt=bad, caption=bad),),
                tables=(a_table("t"),),
                texts=(Text(name="t", text=bad),),
                artifacts=(Artifact(name="a.txt", file="artifacts/a.txt", size=1),),
                warnings=(Warned(category=bad, message=bad, statement=0),),
                output=f"\x02start\x03\n\n\n{bad}\n\t{bad}\n\n    {bad}\x1b[0m",
                params={"p": bad, "q": [bad]},
            ),
            recorded={
                "figures/f.png": b"x",
                "figures/f-dark.png": b"x",
                "tables/t.csv": f'"{cell}",b\n"{cell}",1\n',
                "artifacts/a.txt": bad,
            },
            files={
                "script.py": f"# {bad}\n\n\nx = {bad!r}\n",
                "helper.py": bad,
                "writeup.md": "{{ params.p }}\n\n{{ figures.f }}\n\n{{ tables.t }}\n\n{{ metrics.m }}\n",
            },
        )
    person = Author(name=PAYLOADS[0], role=PAYLOADS[1], tagline=PAYLOADS[3], links={PAYLOADS[1]: PAYLOADS[9]})
    return build(bench, Site(name=PAYLOADS[0], url=None, description=PAYLOADS[1], author=person), folder)


def test_nothing_of_a_project_becomes_markup(hostile: Path) -> None:
    pages = sorted(hostile.rglob("*.html"))
    assert len(pages) == len(PAYLOADS) + 5

    for path in pages:
        for tag, attributes in seen(path).tags:
            assert not any(name.startswith("on") for name in attributes), (path, tag, attributes)
            assert tag not in {"iframe", "object", "textarea", "style"}, (path, tag)
            assert "alert(" not in (attributes.get("href") or ""), (path, attributes)
        assert "<script>alert" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_everything_is_shown_as_it_was_written(hostile: Path, number: int) -> None:
    page = seen(hostile / "projects" / f"p{number}" / "index.html")

    bad = PAYLOADS[number]
    titles = [tag for tag, _ in page.tags if tag == "title"]
    assert titles == ["title"]
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert page.text.count(bad) >= 20
    described = next(found for tag, found in page.tags if tag == "meta" and found.get("name") == "description")
    assert described["content"] == " ".join(bad.split())


def test_search_holds_text_and_no_markup_of_a_project(hostile: Path) -> None:
    index = (hostile / "search" / "search_index.json").read_text(encoding="utf-8")

    assert "<script" not in index
    assert "<img" not in index


def test_no_preprocessor_finds_anything_in_a_block() -> None:
    made = block(Markup("<div>\n```\n~~~\n\tx\x02\x03\r\n</div>"))

    assert made == "<div>\n&#96;&#96;&#96;\n&#126;&#126;&#126;\n&#9;x\n</div>"


def test_no_text_breaks_out_of_the_front_matter() -> None:
    text = document(title='a: "b"\n---\nevil: 1 \U0001f600\u2028', description="'x' # y", html=Markup("<div></div>"))

    front = yaml.safe_load(text.split("---\n")[1])
    assert front == {
        "title": "a: &#34;b&#34; --- evil: 1 \U0001f600",
        "description": "&#39;x&#39; # y",
        "hide": ["navigation", "toc"],
    }
