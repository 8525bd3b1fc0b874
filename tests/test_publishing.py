"""The live site is whole at every moment: a new one takes its place once it is known to be good, in one step."""

import threading
from pathlib import Path, PurePosixPath

import pytest
from stage import Stage, tree

from portfolio import files, folders
from portfolio.errors import SiteError
from portfolio.publishing.docs_tree import write_docs
from portfolio.publishing.validate import validate_site
from portfolio.values.page import Asset, Page
from portfolio.values.untrusted import PageText

PUBLISHES = 200


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("mkdocs.yml", "site_name: Mine\nplugins:\n  - no-such-plugin\n", "no-such-plugin"),
        ("site_templates/about.html", '<div><h1>About</h1><a href="../nowhere/">x</a></div>\n', "nowhere"),
        ("site_templates/home.html", "<div>{{ nothing.of.the.kind }}</div>\n", "home.html"),
        ("site_templates/theme/main.html", "{% extends 'nowhere.html' %}\n", "nowhere.html"),
    ],
    ids=["a plugin", "a link", "a template", "the theme"],
)
def test_a_site_that_cannot_be_built_leaves_the_last_good_one(built: Stage, file: str, text: str, words: str) -> None:
    before = tree(built.site)
    built.write(file, text)

    ran = built.portfolio("build")

    assert ran.code == 3
    assert words in ran.err
    assert "hint:" in ran.err
    assert "Traceback" not in ran.err
    assert tree(built.site) == before
    assert list((built.root / "build").glob(".staged-site-*")) == []


def test_what_a_killed_build_left_is_deleted(built: Stage) -> None:
    for name in (".staged-site-abc", "scratch/succeeds-abc"):
        built.write(f"build/{name}/{folders.MARKER}", "")
        built.write(f"build/{name}/half", "half")

    built.portfolio("build")

    assert list((built.root / "build").glob(".staged-site-*")) == []
    assert list((built.root / "build" / "scratch").iterdir()) == []


@pytest.mark.parametrize("how", ["folder", "link"])
def test_a_folder_that_is_not_ours_is_not_replaced(built: Stage, tmp_path: Path, how: str) -> None:
    built.site.rename(tmp_path / "aside")
    mine = tmp_path / "mine" if how == "link" else built.site
    mine.mkdir()
    (mine / "mine.txt").write_text("somebody else's", encoding="utf-8")
    if how == "link":
        built.site.symlink_to(mine)

    ran = built.portfolio("build")

    assert ran.code == 3
    assert "was not made by portfolio" in ran.err
    assert tree(mine) == {"mine.txt": b"somebody else's"}


def test_a_page_changed_by_hand_is_made_anew(built: Stage) -> None:
    before = tree(built.site)
    (built.site / "index.html").write_text("changed", encoding="utf-8")

    built.portfolio("build")

    assert tree(built.site)["index.html"] == before["index.html"]


def test_no_file_of_a_site_loads_something_from_another_host(built: Stage) -> None:
    styles = {name: content for name, content in tree(built.site).items() if name.endswith(".css")}

    foreign = [name for name, content in styles.items() if b"url(http" in content or b"@import" in content]

    validate_site(built.site, "/")
    assert foreign == []


def test_a_reader_never_misses_the_live_site(tmp_path: Path) -> None:
    live = _site(tmp_path / "live")
    ended, misses = threading.Event(), []

    def read() -> None:
        while not ended.is_set():
            try:
                (live / "index.html").read_bytes()
            except OSError as error:
                misses.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(PUBLISHES):
        files.exchange(_site(tmp_path / f"staged-{number}"), live)
    ended.set()
    reader.join()

    assert misses == []


def test_an_exchange_keeps_the_old_site_where_the_new_one_was(tmp_path: Path) -> None:
    live, staged = _site(tmp_path / "live", "old"), _site(tmp_path / "staged", "new")

    files.exchange(staged, live)

    assert [(path / "index.html").read_text(encoding="utf-8") for path in (live, staged)] == ["new", "old"]


def test_the_first_site_takes_an_empty_place(tmp_path: Path) -> None:
    files.exchange(_site(tmp_path / "staged", "new"), tmp_path / "live")

    assert (tmp_path / "live" / "index.html").read_text(encoding="utf-8") == "new"


def test_a_site_set_aside_by_a_crash_is_put_back(tmp_path: Path) -> None:
    _site(tmp_path / ".site.aside", "old")

    files.recover_exchange(tmp_path / "site")

    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "old"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    files.write_text(target, "old")

    with pytest.raises(TypeError):
        files.write_bytes(target, "not bytes")  # type: ignore[arg-type]

    assert tree(tmp_path) == {"file.txt": b"old"}


def test_a_file_that_is_the_same_is_not_written(tmp_path: Path) -> None:
    first = files.write_text(tmp_path / "file.txt", "same")
    before = (tmp_path / "file.txt").stat()

    second = files.write_text(tmp_path / "file.txt", "same")

    assert (first, second) == (True, False)
    assert (tmp_path / "file.txt").stat().st_ino == before.st_ino


def test_the_docs_tree_holds_the_pages_and_nothing_else(tmp_path: Path) -> None:
    asset = tmp_path / "figure.svg"
    asset.write_text("<svg/>", encoding="utf-8")
    with_asset = _page("projects/one/index.md", Asset(path=PurePosixPath("projects/one/figure.svg"), source=asset))
    write_docs(tmp_path / "docs", [_page("index.md"), with_asset, _page("projects/two/index.md")])

    write_docs(tmp_path / "docs", [_page("index.md"), with_asset])

    found = set(tree(tmp_path / "docs")) - {folders.MARKER}
    assert found == {"index.md", "projects/one/index.md", "projects/one/figure.svg"}


def test_the_docs_tree_keeps_a_page_that_could_not_be_made_anew(tmp_path: Path) -> None:
    write_docs(tmp_path / "docs", [_page("index.md"), _page("projects/one/index.md")])

    changed = write_docs(tmp_path / "docs", [_page("index.md")], [PurePosixPath("projects/one")])

    assert "projects/one/index.md" in tree(tmp_path / "docs")
    assert changed is False


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<a href="nowhere/">x</a>', "links to nowhere/"),
        ('<a href="../outside.html">x</a>', "links to ../outside.html"),
        ('<a href="/elsewhere/">x</a>', "links to /elsewhere/"),
        ('<img src="gone.png">', "loads gone.png"),
        ('<img srcset="gone.png 2x">', "loads gone.png"),
        ('<script src="https://elsewhere.example/x.js"></script>', "from another host"),
        ('<link rel="stylesheet" href="//elsewhere.example/x.css">', "from another host"),
        ('<iframe src="javascript:alert(1)"></iframe>', "from another host"),
        ("<A HREF='nowhere/' TITLE='a > b'>x</A>", "links to nowhere/"),
        ('<!-- "a > b --><a title="<a>" href=nowhere/>x</a>', "links to nowhere/"),
        ('<p srcset="gone.png 2x">', "loads gone.png"),
    ],
)
def test_a_page_that_leads_or_loads_astray_is_refused(site: Path, html: str, words: str) -> None:
    (site / "index.html").write_text(html, encoding="utf-8")

    with pytest.raises(SiteError) as refused:
        validate_site(site, "/base/")

    assert words in str(refused.value)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="#here">x</a><a href="?q=1">x</a><a href="">x</a>',
        '<a href="about/">x</a><a href="about/index.html">x</a><a href="./about/#top">x</a>',
        '<a href="/base/about/">x</a>',
        '<a href="https://elsewhere.example/">x</a><a href="mailto:a@example.org">x</a>',
        '<img src="data:image/png;base64,AA==">',
        '<link rel="canonical" href="https://elsewhere.example/">',
        '<a href="with%20space.txt">x</a>',
        '<!-- <a href="nowhere/"> --><script>"<img src=\\"gone.png\\">"</script>',
    ],
)
def test_a_page_that_leads_somewhere_is_accepted(site: Path, html: str) -> None:
    (site / "index.html").write_text(html, encoding="utf-8")

    validate_site(site, "/base/")


def test_a_link_on_disk_is_refused(site: Path, tmp_path: Path) -> None:
    (site / "secret.txt").symlink_to(tmp_path / "secret")

    with pytest.raises(SiteError, match="symbolic link"):
        validate_site(site, "/")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a staged site of two pages and a file."""
    staged = _site(tmp_path / "staged")
    files.write_text(staged / "about" / "index.html", "about")
    files.write_text(staged / "with space.txt", "text")
    return staged


def _site(folder: Path, text: str = "text") -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(text, encoding="utf-8")
    return folder


def _page(path: str, *assets: Asset) -> Page:
    return Page(path=PurePosixPath(path), text=PageText("text"), assets=assets)
