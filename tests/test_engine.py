"""The site engine may be ready before there is anything to build; the site is the same, and nothing of it stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from jinja2 import Environment
from stage import SECONDS, Stage, environment, tree

from portfolio.compiled import Compiled
from portfolio.errors import SiteError
from portfolio.publishing.engine import Order, Standby, build_site, warm_engine
from portfolio.publishing.publish import publish
from portfolio.publishing.site_inputs import files_of, site_inputs
from portfolio.values.page import Page
from portfolio.values.site import Author, Site
from portfolio.values.untrusted import PageText
from portfolio.workspace.root import Workspace

PARENT = """
import sys, time
from pathlib import Path
from portfolio.publishing.engine import Engine, Order
engine = Engine()
if sys.argv[1:]:
    paths = [Path(name) for name in sys.argv[1:]]
    engine.accept(Order(configuration=paths[0], staged=paths[1], folder=paths[2], templates=paths[3]))
print(engine._process.pid, flush=True)
time.sleep(600)
"""
HOOK = "import pathlib, time\ndef on_pre_build(**_):\n    pathlib.Path('started').touch()\n    time.sleep(600)\n"
MARK = 'def on_post_page(output, **_):\n    return output.replace("</body>", "<!--{}--></body>")\n'


def test_a_site_is_the_same_warm_or_cold_and_as_mkdocs_itself_builds_it(built: Stage, tmp_path: Path) -> None:
    cold, warm, plain = (tmp_path / name for name in ("cold", "warm", "plain"))
    configuration = built.root / "build" / "mkdocs.yml"

    build_site(_order(built, cold), tmp_path / "log")
    with warm_engine() as engine:
        build_site(_order(built, warm), tmp_path / "log", engine)
        assert not engine.waits
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "-f", str(configuration), "-d", str(plain)]
    subprocess.run(command, cwd=tmp_path, env=environment({"SOURCE_DATE_EPOCH": "0"}), capture_output=True, check=True)

    assert tree(warm) == tree(cold) == tree(plain)
    assert tree(warm)["projects/succeeds/index.html"]


@pytest.mark.parametrize("is_warm", [True, False], ids=["warm", "cold"])
def test_an_engine_that_fails_says_why(built: Stage, tmp_path: Path, *, is_warm: bool) -> None:
    built.write("mkdocs.yml", "site_name: Mine\nplugins:\n  - no-such-plugin\n")

    with warm_engine() as engine, pytest.raises(SiteError, match="no-such-plugin"):
        build_site(_order(built, tmp_path / "site"), tmp_path / "log", engine if is_warm else None)

    assert "Aborted" in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_warning_refuses_the_site(built: Stage, tmp_path: Path) -> None:
    built.write("build/docs/about.md", "[nowhere](nowhere.md)\n")

    with pytest.raises(SiteError, match=r"nowhere\.md"):
        build_site(_order(built, tmp_path / "site"), tmp_path / "log")


def test_an_engine_that_was_killed_is_replaced(built: Stage, tmp_path: Path) -> None:
    with warm_engine() as engine:
        os.killpg(engine._process.pid, signal.SIGKILL)
        build_site(_order(built, tmp_path / "site"), tmp_path / "log", engine)

    assert (tmp_path / "site" / "index.html").is_file()


def test_an_engine_that_is_not_used_ends_with_its_block() -> None:
    with warm_engine() as engine:
        assert _is_alive(engine._process.pid)

    assert not _is_alive(engine._process.pid)


def test_standby_gives_a_ready_engine_again_and_again(built: Stage, tmp_path: Path) -> None:
    standby = Standby()
    with standby.take() as first:
        pass
    with standby.take() as second:
        build_site(_order(built, tmp_path / "site"), tmp_path / "log", second)
    with standby.take() as third:
        waits = third.waits
    standby.close()

    assert first is second
    assert third is not second
    assert waits
    assert not _is_alive(third._process.pid)


@pytest.mark.parametrize("when", ["waiting", "building"])
def test_an_engine_ends_with_the_process_that_started_it(built: Stage, tmp_path: Path, when: str) -> None:
    built.write("mkdocs.yml", "site_name: Mine\nhooks: [../slow.py]\n")
    built.write("slow.py", HOOK)
    order = _order(built, tmp_path / "site")
    paths = [order.configuration, order.staged, order.folder, order.templates] if when == "building" else []
    command = [sys.executable, "-P", "-c", PARENT, *map(str, paths)]
    parent = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    engine = int(parent.stdout.readline())
    _wait_until(lambda: when == "waiting" or (built.root / "started").exists())

    parent.kill()
    parent.communicate()

    _wait_until(lambda: not _is_alive(engine))


def test_where_and_when_an_engine_was_started_does_not_matter(
    built: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_site(_order(built, tmp_path / "here"), tmp_path / "log")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "LC_ALL": "C",
        "TZ": "Asia/Tokyo",
        "PYTHONHASHSEED": "7",
        "NO_COLOR": "",
        "COLUMNS": "20",
    }.items():
        monkeypatch.setenv(name, value)

    build_site(_order(built, tmp_path / "there"), tmp_path / "log")

    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_a_hook_that_was_edited_builds_the_site_anew(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.write("mkdocs.yml", "site_name: Mine\nhooks: [../hooks/mark.py]\n")
    stage.write("hooks/mark.py", MARK.format("one"))
    first, again = _publish(stage), _publish(stage)
    before = (stage.site / "index.html").read_text(encoding="utf-8")
    stage.write("hooks/mark.py", MARK.format("two"))

    edited = _publish(stage)

    assert (first, again, edited) == (True, False, True)
    assert "<!--one-->" in before
    assert "<!--two-->" in (stage.site / "index.html").read_text(encoding="utf-8")


def test_a_file_of_the_site_that_did_not_change_stays_the_file_it_was(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    _publish(stage, about="one")
    before = {name: (stage.site / name).stat() for name in tree(stage.site)}

    _publish(stage, about="two")

    after = {name: (stage.site / name).stat() for name in tree(stage.site)}
    changed = {name for name, stat in after.items() if stat.st_mtime_ns != before[name].st_mtime_ns}
    assert changed == {"about/index.html", "search/search_index.json"}
    assert {stat.st_nlink for stat in after.values()} == {1}


def test_what_the_configuration_names_is_an_input_of_the_site(built: Stage) -> None:
    built.write(
        "mkdocs.yml", "INHERIT: base.yml\n# notes.txt\nextra: {a: data.yml, b: 'https://example.org/x'}\nx: .\n"
    )
    built.write("base.yml", 'hooks:\n  - "my hooks/mark.py"\ncopy: over/\ny: [build/docs, projects]\nz: missing.py\n')
    for name in ("data.yml", "notes.txt", "my hooks/mark.py", "my hooks/more.py", "over/a/b.html", "over/.hidden"):
        built.write(name, "")

    found = [path.relative_to(built.root).as_posix() for path in site_inputs(Workspace(built.root))]

    assert found == ["base.yml", "data.yml", "my hooks/mark.py", "my hooks/more.py", "over"]
    assert [path.name for path in files_of([built.root / "over"])] == ["b.html"]


@pytest.mark.parametrize(
    "damage", [lambda content: content[:90], lambda content: content[:-1] + b"x"], ids=["cut", "bit"]
)
def test_a_compiled_template_that_was_damaged_is_compiled_anew(
    built: Stage, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    first, again = _order(built, tmp_path / "first"), _order(built, tmp_path / "again")
    build_site(first, tmp_path / "log")
    for path in first.templates.iterdir():
        path.write_bytes(damage(path.read_bytes()))

    build_site(again, tmp_path / "log")

    assert tree(again.staged) == tree(first.staged)


def test_a_template_is_taken_as_compiled_only_where_nothing_it_depends_on_changed(tmp_path: Path) -> None:
    compiled = Compiled(tmp_path, ["1"])
    plain, trimming, filtering = (Environment(autoescape=True, trim_blocks=trims) for trims in (False, True, False))
    filtering.filters["mine"] = lambda text: f"<{text}>"
    bucket = compiled.get_bucket(plain, "a.html", "/a.html", "{{ 1 }}")
    bucket.code = compile("1", "a", "eval")
    compiled.set_bucket(bucket)

    found = [
        compiled.get_bucket(plain, "a.html", "/a.html", "{{ 1 }}").code,
        compiled.get_bucket(plain, "a.html", "/a.html", "{{ 2 }}").code,
        compiled.get_bucket(trimming, "a.html", "/a.html", "{{ 1 }}").code,
        compiled.get_bucket(filtering, "a.html", "/a.html", "{{ 1 }}").code,
        Compiled(tmp_path, ["2"]).get_bucket(plain, "a.html", "/a.html", "{{ 1 }}").code,
    ]

    assert found == [bucket.code, None, None, None, None]


def _order(stage: Stage, staged: Path) -> Order:
    workspace = Workspace(stage.root)
    staged.mkdir()
    return Order(
        configuration=workspace.build / "mkdocs.yml",
        staged=staged,
        folder=workspace.root,
        templates=workspace.cache / "templates",
    )


def _publish(stage: Stage, about: str = "about") -> bool:
    texts = {"index.md": "home", "tags.md": "tags", "about.md": about, "assets/favicon.svg": "icon"}
    pages = [Page(path=PurePosixPath(name), text=PageText(f"<div>{text}</div>")) for name, text in texts.items()]
    site = Site(name="Mine", url=None, description="", author=Author())
    return publish(Workspace(stage.root), site, pages, [], ())


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
