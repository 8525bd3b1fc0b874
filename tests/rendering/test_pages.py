import json
from pathlib import Path
from typing import Any

import pytest

from portfolio.errors import SiteError
from portfolio.rendering.trust import mark
from portfolio.values.entry import Provenance
from portfolio.values.record import Artifact, Commit, Failure, FailureKind, Metric, Result, Warned
from portfolio.values.site import Author, Site

SHARED = ["index.md", "tags.md", "about.md", "projects.json", "robots.txt", "assets/demo/page.js"]
TIMED_OUT = Failure(kind=FailureKind.TIMED_OUT, message="took too long", detail="Traceback (most recent call last)")


def paths(page: Any) -> list[str]:
    return [asset.path.as_posix() for asset in page.assets]


def test_two_keys_make_a_page_without_an_empty_section(bench: Any, tags: Any) -> None:
    bench.add()

    page = bench.page()

    ids = [attributes["id"] for name, attributes in tags(page.text) if name == "h2"]
    assert ids == ["reproduce", "downloads", "code", "cite"]
    assert page.text.count("<h1") == 1


def test_every_kind_of_page_is_there(bench: Any) -> None:
    bench.add()

    rendered = bench.render()

    found = {page.path.as_posix() for page in rendered.pages}
    assert found == {*SHARED, "projects/one/index.md"}
    assert "assets/portfolio.css" in paths(rendered.pages[0])


def test_no_project_at_all_is_a_home_page(bench: Any, find: Any) -> None:
    home = find(bench.render(), "index.md")

    assert "Ada Example" in home.text
    assert "on its way" in home.text


def test_a_wrong_name_costs_its_own_page_only(bench: Any, find: Any) -> None:
    bench.add(
        "bad", files={"writeup.md": "x\n\n{{ metrics.foo }}"}, result=Result(metrics=(Metric(name="fog", value=1),))
    )
    bench.add("good")

    rendered = bench.render()

    assert rendered.failures["bad"].kind is FailureKind.PAGE
    message = "projects/bad/writeup.md:3: unknown name 'metrics.foo'; did you mean 'metrics.fog'?"
    assert rendered.failures["bad"].message == message
    assert "projects/good/" in find(rendered, "index.md").text
    assert "projects/bad/" not in find(rendered, "index.md").text


def test_a_figure_has_two_images_and_the_first_is_eager(bench: Any, a_figure: Any, pixel: bytes, tags: Any) -> None:
    files = {f"figures/{name}{end}.png": pixel for name in ("a", "b") for end in ("", "-dark")}
    bench.add(result=Result(figures=(a_figure("a"), a_figure("b"))), recorded=files, hero="b")

    page = bench.page()

    images = [attributes for name, attributes in tags(page.text) if name == "img"]
    assert [image["src"] for image in images] == [
        "figures/b.png#only-light",
        "figures/b-dark.png#only-dark",
        "figures/a.png#only-light",
        "figures/a-dark.png#only-dark",
    ]
    assert [image.get("loading") for image in images] == [None, "lazy", "lazy", "lazy"]  # the hidden one stays away
    assert all(image["width"] == "700" and image["height"] == "420" and image["alt"] for image in images)
    assert {f"projects/one/{name}" for name in files} <= set(paths(page))


def test_what_the_writeup_embeds_is_not_shown_again(bench: Any, a_figure: Any, a_table: Any, pixel: bytes) -> None:
    files: dict[str, str | bytes] = {f"figures/{name}{end}.png": pixel for name in ("a", "b") for end in ("", "-dark")}
    bench.add(
        result=Result(figures=(a_figure("a"), a_figure("b")), tables=(a_table("t"),)),
        recorded=files | {"tables/t.csv": "name,score\nx,0.95831\n"},
        files={"writeup.md": "{{ figures.a }}\n\n{{ figures.b }}\n\n{{ tables.t }}"},
    )

    text = bench.page().text

    assert text.count('id="figure-a"') == 1
    assert '<a href="#figure-a">' in text
    assert text.count('src="figures/b.png#only-light"') == 1
    assert '<td class="pf-num"><data value="0.95831">0.9583</data></td>' in text
    assert 'id="evidence"' not in text


def test_code_false_publishes_figures_and_numbers_alone(bench: Any, a_table: Any) -> None:
    bench.add(
        result=Result(
            metrics=(Metric(name="mae", value=7.4),),
            tables=(a_table("t"),),
            artifacts=(Artifact(name="model.bin", file="artifacts/model.bin", size=1),),
            output="secret output",
            warnings=(Warned(category="UserWarning", message="secret warning", statement=0),),
        ),
        recorded={"tables/t.csv": "a\n1\n", "artifacts/model.bin": "x"},
        files={"script.py": "secret_code = 1\n", "data/a.csv": "secret"},
        code=False,
        data=[{"name": "A", "path": "data/a.csv", "publish": True, "licence": "CC0"}],
        commit=Commit(sha="a" * 40, date=bench.add("other").record.circumstances.started, dirty=False),
        provenance=Provenance(source="https://example.org/secret-source"),
    )

    page = bench.page()

    assert "secret" not in page.text
    assert "python script.py" not in page.text
    assert "aaaaaaa" not in page.text
    assert paths(page) == ["projects/one/tables/t.csv"]
    assert 'value="7.4"' in page.text


def test_files_a_browser_would_run_are_offered_as_text(bench: Any, tmp_path: Path) -> None:
    names = ["page.html", "more.md", "x.svg", "fine.csv", ".hidden"]
    artifacts = tuple(Artifact(name=name, file=f"artifacts/{name}", size=1) for name in names)
    link = tmp_path / "records" / "one" / "artifacts" / "link.csv"
    bench.add(
        result=Result(artifacts=(*artifacts, Artifact(name="link.csv", file="artifacts/link.csv", size=1))),
        recorded={f"artifacts/{name}": "x" for name in names},
    )
    link.symlink_to("/etc/passwd")

    found = [path.removeprefix("projects/one/") for path in paths(bench.page())]

    assert found == [
        "artifacts/fine.csv",
        "artifacts/more.md.txt",
        "artifacts/page.html.txt",
        "artifacts/x.svg.txt",
        "script.py",
    ]


def test_images_of_the_prose_are_copied_and_others_are_refused(bench: Any, pixel: bytes) -> None:
    bench.add("good", files={"writeup.md": "![a](assets/a.png)", "assets/a.png": pixel, "assets/b.png": pixel})
    bench.add("gone", files={"writeup.md": "x\n![a](assets/gone.png)"})
    bench.add("afar", files={"notes.md": "![a](https://example.org/a.png)"})
    bench.add("told", files={"writeup.md": "Write `![a](b.png)`.\n\n    ![a](c.png)\n"})

    rendered = bench.render()

    good = next(page for page in rendered.pages if page.path.as_posix() == "projects/good/index.md")
    assert paths(good) == ["projects/good/assets/a.png", "projects/good/script.py"]
    assert rendered.failures["gone"].message.startswith("projects/gone/writeup.md:2: no image to show for 'assets/")
    assert rendered.failures["afar"].message.startswith("projects/afar/notes.md:1: no image to show for '![a]'")
    assert set(rendered.failures) == {"gone", "afar"}


def test_a_failed_project_says_so_without_its_traceback(bench: Any) -> None:
    bench.add(failure=TIMED_OUT)

    text = bench.page().text

    assert "This page shows the last good result." in text
    assert "the script ran longer than it may" in text
    assert "Traceback" not in text


def test_marking_a_rendered_page_adds_the_notice_once(bench: Any) -> None:
    bench.add()
    text = bench.page().text

    once = mark(text, TIMED_OUT)

    assert once.count('class="pf-notice"') == 1
    assert mark(once, TIMED_OUT) == once
    assert mark("no place for one", TIMED_OUT) == "no place for one"


def test_a_warning_points_to_where_its_statement_is_now(bench: Any) -> None:
    source = "# comment\n\nx = 1\nfor i in range(2):\n    print(i)\n"
    warned = Warned(category="UserWarning", message="careful", statement=2, count=3)
    bench.add(files={"script.py": source}, result=Result(warnings=(warned,)))

    text = bench.page().text

    assert '<a href="#code-script-py-5">line 5</a>: UserWarning: careful (3 times)' in text
    assert 'id="code-script-py-5"' in text


def test_helper_modules_are_shown_beside_the_script(bench: Any) -> None:
    bench.add(files={"helper.py": "y = 2\n", "assets/not.py": "z = 3\n", ".hidden.py": "w = 4\n"})

    text = bench.page().text

    assert text.index("<summary>script.py") < text.index("<summary>helper.py")
    assert "not.py" not in text
    assert ".hidden" not in text


def test_the_listing_has_the_promised_shape(bench: Any, find: Any) -> None:
    bench.add(
        result=Result(metrics=(Metric(name="mae", value=7.4, interval=(7, 8)),)), tags=["a"], date=None, summary="S."
    )

    listed = json.loads(find(bench.render(), "projects.json").text)

    assert listed == {
        "projects": [
            {
                "slug": "one",
                "title": "A title",
                "summary": "S.",
                "url": "projects/one/",
                "tags": ["a"],
                "date": None,
                "trust": "recomputed",
                "headline": {"metric": "mae", "value": 7.4, "baseline": None, "interval": [7, 8]},
            }
        ]
    }


def test_the_newest_comes_first_and_three_are_featured(bench: Any, find: Any) -> None:
    from datetime import date  # noqa: PLC0415

    for slug, year, featured in (("a", 2021, True), ("b", 2022, True), ("c", 2023, True), ("d", 2024, True)):
        bench.add(slug, date=date(year, 1, 1), featured=featured)
    bench.add("undated")

    home = find(bench.render(), "index.md").text

    order = [part.partition('"')[0] for part in home.split('id="project-')[1:]]
    assert order == ["d", "c", "b", "a", "undated"]
    assert home.index('id="project-b"') < home.index("More work") < home.index('id="project-a"')


def test_tags_that_look_alike_have_anchors_of_their_own(bench: Any, tags: Any, find: Any) -> None:
    bench.add(tags=["C", "C++", "日本"])

    rendered = bench.render()

    ids = [attributes["id"] for name, attributes in tags(find(rendered, "tags.md").text) if name == "h2"]
    assert ids == ["tag-c", "tag-c-2", "tag"]
    assert 'href="../../tags/#tag-c-2"' in find(rendered, "projects/one/index.md").text


def test_an_author_may_replace_one_template(bench: Any, find: Any, tmp_path: Path) -> None:
    own = tmp_path / "site_templates"
    (own / "assets").mkdir(parents=True)
    (own / "about.html").write_text('<div class="pf"><h1 id="top">Me: {{ site.name }}</h1></div>')
    (own / "assets" / "portfolio.css").write_text("/* mine */")

    rendered = bench.render(own=[own])

    assert "Me: Ada Example" in find(rendered, "about.md").text
    assets = {asset.path.as_posix(): asset.source for asset in rendered.pages[0].assets}
    assert assets["assets/portfolio.css"] == own / "assets" / "portfolio.css"


@pytest.mark.parametrize("text", ["{% if %}", "{{ nothing_of_that_name }}"])
def test_a_broken_template_is_named(bench: Any, tmp_path: Path, text: str) -> None:
    own = tmp_path / "site_templates"
    own.mkdir()
    (own / "about.html").write_text(text)

    with pytest.raises(SiteError, match=r"site_templates/about.html:"):
        bench.render(own=[own])


def test_a_broken_project_template_fails_the_projects_alone(bench: Any, tmp_path: Path) -> None:
    own = tmp_path / "site_templates"
    own.mkdir()
    (own / "project.html").write_text("{{ nothing_of_that_name }}")
    bench.add()

    rendered = bench.render(own=[own])

    assert rendered.failures["one"].message.startswith("site_templates/project.html: ")
    assert [page.path.as_posix() for page in rendered.pages] == SHARED


def test_an_author_without_a_name_is_called_as_the_site(bench: Any, find: Any) -> None:
    links = {"Code": "https://example.org/me", "CV": "cv.pdf", "Bad": "javascript:alert(1)"}
    site = Site(name="A site", url=None, description="", author=Author(links=links))

    rendered = bench.render(site)

    home = find(rendered, "index.md").text
    assert '<h1 id="top">A site</h1>' in home
    assert 'href="./cv.pdf"' in home
    assert 'href="../cv.pdf"' in find(rendered, "about.md").text
    assert "javascript" not in home


def test_rendering_twice_gives_the_same_bytes_without_a_path_of_this_machine(bench: Any, tmp_path: Path) -> None:
    bench.add(files={"writeup.md": "# Hello\n"}, tags=["b", "a"])

    first, second = bench.render(), bench.render()

    assert first == second
    assert not any(str(tmp_path) in page.text for page in first.pages)
