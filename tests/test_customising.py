"""The page on customising is carried out, step by step, and the site shows what it promised."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from stage import REPOSITORY, MakeStage, Once, Stage, environment

PAGE = (REPOSITORY / "docs" / "customising.md").read_text(encoding="utf-8")
STEPS: list[tuple[str, str]] = re.findall(
    r"^<!-- step: ([^\n]+) -->\n```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    inner = {key: merged(old[key], value) for key, value in new.items() if isinstance(old.get(key), dict)}
    return {**old, **new, **inner}


def carry_out(stage: Stage) -> dict[str, str]:
    """Do what the page says in the order it says it; return what its commands printed."""
    said: dict[str, str] = {}
    for name, text in STEPS:
        step, _, place = name.partition(", ")
        if place == "into mkdocs.yml":
            before = yaml.safe_load((stage.root / "mkdocs.yml").read_text(encoding="utf-8"))
            document = merged(before, yaml.safe_load(text))
            stage.write("mkdocs.yml", yaml.safe_dump(document, sort_keys=False))
        elif place.startswith("as "):
            stage.write(place.removeprefix("as "), text)
        elif place.startswith("onto "):
            stage.append(place.removeprefix("onto "), text)
        elif not place:
            said[step] = _run(text, stage.root)
        else:
            _move_up(stage, text)
    return said


def _run(command: str, folder: Path) -> str:
    python = str(Path(sys.executable).parent)
    variables = environment({"PATH": f"{python}:{environment()['PATH']}"})
    ended = subprocess.run(
        ["bash", "-euc", command], cwd=folder, env=variables, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


def _move_up(stage: Stage, block: str) -> None:
    """Move a section of the copied template to the top of all sections."""
    text = (stage.root / "site_templates" / "project.html").read_text(encoding="utf-8")
    assert text.count(block) == 1, "the block on the page stands in project.html as it is shown"
    text = text.replace(block, "")
    first = re.search(r"^{% if [^\n]*%}\n  {% call section", text, re.MULTILINE)
    assert first
    stage.write("site_templates/project.html", text[: first.start()] + block + text[first.start() :])


@pytest.fixture(scope="module")
def plain(once: Once, stage_in: MakeStage) -> Stage:
    def make(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "draws_two_figures")
        stage.write("mkdocs.yml", "site_name: Ada Example\n")
        stage.edit("projects/draws-two-figures/spec.toml", "title =", 'limits = ["One region only."]\ntitle =')
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("customised-before", make) / "workspace")


@pytest.fixture(scope="module")
def own(once: Once, stage_in: MakeStage) -> Stage:
    def make(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "draws_two_figures")
        stage.write("mkdocs.yml", "site_name: Ada Example\n")
        stage.edit("projects/draws-two-figures/spec.toml", "title =", 'limits = ["One region only."]\ntitle =')
        said = carry_out(stage)
        (stage.root / "site_templates/assets/fonts").mkdir()
        (stage.root / "site_templates/assets/fonts/mine.woff2").write_bytes(b"wOF2")
        stage.write("where", said["where"])
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("customised", make) / "workspace")


def sections(page: str) -> list[str]:
    return re.findall(r'<h2 id="([^"]+)"', page)


def test_the_page_says_where_the_shipped_files_are(own: Stage) -> None:
    folder = Path((own.root / "where").read_text(encoding="utf-8"))

    assert (folder / "project.html").is_file()
    assert (folder / "figures.mplstyle").is_file()


def test_words_and_navigation_are_the_author_s(own: Stage) -> None:
    page = (own.site / "index.html").read_text(encoding="utf-8")

    assert "<title>Grace Example</title>" in page
    assert "Statistician" in page
    assert re.search(r'href="[^"]*tags/">By topic</a>', page)
    assert ">About</a>" not in page


def test_colours_and_fonts_come_last_so_that_they_win(own: Stage) -> None:
    page = own.page("draws-two-figures")

    sheets = [sheet for sheet in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) if "print" not in sheet]
    assert sheets[-1] == "../../assets/own.css"
    css = (own.site / "assets" / "own.css").read_text(encoding="utf-8")
    assert "--pf-accent: #7a2e6b" in css
    assert "--pf-sans" in css
    assert (own.site / "assets" / "fonts" / "mine.woff2").is_file()


def test_every_variable_the_page_names_is_one_that_pages_use() -> None:
    css = (REPOSITORY / "site_templates" / "assets" / "portfolio.css").read_text(encoding="utf-8")

    named = set(re.findall(r"--pf-[a-z-]+", PAGE))

    assert named
    assert {name for name in named if f"var({name})" not in css} == set()


def test_logo_and_icon_are_the_author_s(own: Stage) -> None:
    page = own.page("draws-two-figures")

    assert re.search(r'<img class="pf-header__logo" src="\.\./\.\./assets/logo\.svg" alt=""', page)
    assert '<link rel="icon" href="../../assets/logo.svg">' in page


def test_a_section_stands_where_the_author_moved_it(plain: Stage, own: Stage) -> None:
    before, after = sections(plain.page("draws-two-figures")), sections(own.page("draws-two-figures"))

    assert sorted(before) == sorted(after)
    assert before[0] != "limits"
    assert after[0] == "limits"


def test_figures_are_drawn_in_the_author_s_colours(plain: Stage, own: Stage) -> None:
    images = sorted(path.name for path in (plain.site / "projects/draws-two-figures").rglob("*.svg"))

    drawn = [
        path.read_text(encoding="utf-8") for path in sorted((own.site / "projects/draws-two-figures").rglob("*.svg"))
    ]

    assert images
    assert any("#7a2e6b" in text for text in drawn)
