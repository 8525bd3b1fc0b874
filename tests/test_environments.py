"""A project's own environment holds what it asks for and nothing else, is made once, and stands for nothing else."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import venv
from pathlib import Path

import pytest
from notebooks import code, notebook, prose
from stage import SECONDS, MakeStage, Once, Stage
from wheels import offline, tiny

from portfolio import files
from portfolio.environments import uv
from portfolio.environments.making import Maker
from portfolio.environments.resolving import UnmadeError, python_for, resolution
from portfolio.errors import Problem
from portfolio.values.environment import Interpreter, Needs
from portfolio.values.spec import Spec
from portfolio.workspace.needs import read_needs

BLOCK = """# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "greeting{versions}",
# ]
# ///
"""
SCRIPT = """
import importlib.util
import os
import sys
from importlib.metadata import distributions
from pathlib import Path

import greeting

from portfolio import log_metric, log_table, log_text, params, step

with step("look"):
    log_metric("version", greeting.VERSION * params.get("times", 1))
log_table("rows", [{"a": 1}])
log_text("installed", ", ".join(sorted(found.name for found in distributions())))
log_text("importable", ", ".join(name for name in ("pydantic", "sklearn", "click") if importlib.util.find_spec(name)))
log_text("started", os.environ.get("GREETING_STARTED", ""))
log_text("secrets", ", ".join(name for name in os.environ if "SECRET" in name))
try:
    Path("../../../../outside.txt").resolve().write_text("here")
except OSError as error:
    log_text("outside", type(error).__name__)
"""
STARTS = """
import os
from pathlib import Path

try:
    with Path(__file__).parents[4].joinpath("started.txt").open("a") as stream:
        stream.write("unguarded")
except OSError:
    os.environ["GREETING_STARTED"] = "guarded"
"""
_TOOLS = Path(os.environ.get("RUNNER_TOOL_CACHE", "/opt/hostedtoolcache"), "Python")
"""Where the machines of GitHub keep theirs."""
SPEC = 'title = "{slug}"\nsummary = "Says which version it runs with."\n'


@pytest.fixture(scope="session")
def shelf(once: Once) -> Path:
    """Return a folder with two versions of a package, the newer of which needs another."""

    def fill(folder: Path) -> None:
        (folder / "wheels").mkdir()
        starts = {"greeting_starts.pth": "import greeting_starts\n", "greeting_starts.py": STARTS}
        tiny(folder / "wheels", "greeting", "1.0", modules={"greeting.py": "VERSION = 1\n", **starts})
        tiny(folder / "wheels", "greeting", "2.0", needs="manners", modules={"greeting.py": "VERSION = 2\n"})
        tiny(folder / "wheels", "manners", "1.0", modules={"manners.py": ""})

    return once("shelf", fill) / "wheels"


@pytest.fixture(autouse=True)
def _from_the_shelf(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in offline(shelf).items():
        monkeypatch.setenv(name, value)


def _add(stage: Stage, slug: str, script: str = SCRIPT, **files: str) -> Path:
    folder = stage.projects / slug
    for name, text in {"spec.toml": SPEC.format(slug=slug), "script.py": script, **files}.items():
        stage.write(f"projects/{slug}/{name}", text)
    return folder


@pytest.fixture(scope="module")
def pair_once(once: Once, stage_in: MakeStage, shelf: Path) -> Path:
    def make(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        _add(stage, "older", BLOCK.format(versions="<2") + SCRIPT)
        _add(stage, "newer", **{"requirements.txt": "greeting >= 1  # the newest\n"})
        ran = stage.portfolio("build", "--json", variables={**offline(shelf), "MY_SECRET": "x"})
        (folder / "first.json").write_text(ran.out, encoding="utf-8")

    return once("pair", make)


@pytest.fixture
def pair(pair_once: Path, tmp_path: Path) -> Stage:
    """Return a workspace with two projects on two versions of a package, built."""
    shutil.copytree(pair_once / "workspace", tmp_path / "workspace", symlinks=True)
    return Stage(tmp_path / "workspace")


def test_two_versions_of_a_package_run_in_one_build(pair_once: Path) -> None:
    rows = {row["slug"]: row for row in json.loads((pair_once / "first.json").read_text(encoding="utf-8"))["projects"]}
    stage = Stage(pair_once / "workspace")

    assert [(rows[slug]["status"], rows[slug]["metrics"]) for slug in ("older", "newer")] == [
        ("ran", {"version": 1}),
        ("ran", {"version": 2}),
    ]
    for slug, version in (("older", "1.0"), ("newer", "2.0")):
        page = re.sub(r"\s+", " ", stage.page(slug))
        assert f"<div><dt>greeting</dt><dd>{version}</dd></div>" in page
        assert "<dd>inline, made for this project from what it asks for</dd>" in page


def test_what_runs_there_sees_its_own_packages_and_is_guarded_as_any_run(pair: Stage) -> None:
    assert _texts(pair, "newer") == {
        "installed": "greeting, manners",
        "importable": "",
        "started": "",
        "secrets": "",
        "outside": "PermissionError",
    }


def test_what_a_package_starts_with_python_is_not_run_before_the_guards_are_on(pair: Stage) -> None:
    assert _texts(pair, "older")["started"] == "guarded"
    assert not (pair.root / "build" / "cache" / "environments" / "started.txt").exists()


def _texts(stage: Stage, slug: str) -> dict[str, str]:
    record = next((stage.root / "build" / "records" / slug).glob("*-*/record.json"))
    return {text["name"]: text["text"] for text in json.loads(record.read_text(encoding="utf-8"))["result"]["texts"]}


def test_a_second_build_runs_nothing_and_one_that_has_to_needs_no_network(pair: Stage, tmp_path: Path) -> None:
    pair.write("site_templates/figures.mplstyle", "lines.linewidth: 5\n")  # for those who draw
    second = pair.portfolio("build", "--json")
    pair.append("projects/older/spec.toml", "[params]\ntimes = 3\n")

    third = pair.portfolio("build", "--json", variables=offline(tmp_path / "nothing"))

    assert second.statuses == {"newer": "fresh", "older": "fresh"}
    assert third.statuses == {"newer": "fresh", "older": "ran"}
    assert third.projects["older"]["metrics"] == {"version": 3}
    assert "makes" not in third.err


def test_without_uv_a_project_fails_and_is_not_run_with_what_is_installed(pair: Stage, tmp_path: Path) -> None:
    python = _python_with_all_but(folder=tmp_path / "bare")
    pair.edit("projects/older/script.py", "greeting<2", "greeting<3")

    ended = pair.portfolio("run", "--json", python=python, variables={"PATH": str(tmp_path / "bare" / "bin")})

    rows = ended.projects
    assert (ended.code, rows["newer"]["status"]) == (1, "fresh")
    assert rows["older"]["failure"]["kind"] == "environment"
    assert "uv is not installed" in rows["older"]["failure"]["message"]
    assert "pip install uv" in rows["older"]["failure"]["message"]


def _python_with_all_but(*missing: str, folder: Path) -> str:
    """Return a Python with all that is installed for this one but these modules, beside which there is no uv."""
    venv.create(folder, symlinks=True, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    lines = [f"import site; site.addsitedir({path!r})" for path in sys.path if "site-packages" in path]
    lines += [f"import sys; sys.modules[{name!r}] = None" for name in missing]
    (site / "theirs.pth").write_text("\n".join(lines), encoding="utf-8")
    return str(folder / "bin" / "python")


def test_a_lock_has_no_address_and_one_that_answers_something_else_is_an_error(pair: Stage) -> None:
    locked = pair.portfolio("lock", "older", "newer")
    text = (pair.projects / "newer" / "requirements.txt.lock").read_text(encoding="utf-8")
    explained = pair.portfolio("explain", "newer")
    built = pair.portfolio("build", "--json")

    assert (locked.code, built.statuses) == (0, {"newer": "ran", "older": "ran"})
    assert [line.split()[0] for line in text.splitlines() if not line.startswith(("#", " "))] == [
        "greeting==2.0",
        "manners==1.0",
    ]
    assert all(word not in text for word in ("://", "/", "index"))
    assert explained.out == "newer: would run: environment inline → locked\n"
    assert "<dd>locked, made for this project from its lock, every file known by its hash</dd>" in pair.page("newer")

    pair.edit("projects/newer/requirements.txt", ">= 1", ">= 1.5")
    stale, checked = pair.portfolio("build"), pair.portfolio("lock", "--check", "newer")

    said = (
        "projects/newer/requirements.txt.lock: is not of what requirements.txt asks for now\nhint: portfolio lock newer"
    )
    assert (stale.code, checked.code) == (2, 1)
    assert said in stale.err
    assert said in checked.err


def test_what_does_not_fit_together_fails_its_project_alone(pair: Stage) -> None:
    pair.edit("projects/older/script.py", "greeting<2", "greeting<2,>=7")

    ran = pair.portfolio("run", "--json")

    assert ran.statuses == {"newer": "fresh", "older": "failed"}
    failure = ran.projects["older"]["failure"]
    assert (ran.code, failure["kind"]) == (1, "environment")
    assert failure["message"].startswith("no versions fit together of what script.py asks for")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("--index-url https://me:hunter2@example.org/simple", "'--index-url' is an option"),
        ("--extra-index-url=https://me:hunter2@example.org", "'--extra-index-url' is an option"),
        ("-r /etc/passwd", "'-r' is an option"),
        ("-e .", "'-e' is an option"),
        ("greeting @ file:///tmp/hunter2.whl", "greeting is fetched from an address"),
        ("greeting@https://example.org/hunter2.whl", "greeting is fetched from an address"),
        ("file:///tmp/hunter2.whl", "a package is fetched from an address"),
        ("git+https://example.org/hunter2", "a package is fetched from an address"),
        ("./hunter2", "is a path"),
        ("/etc/passwd", "is a path"),
        ("greeting --no-binary :all:", "is not a requirement"),
        ("greeting; python_version > '3' --pre", "is not a requirement"),
        ("greeting ==", "is not a requirement"),
        ("portfolio", "is here in every run"),
        ("Finished_Portfolio>=0.1", "is here in every run"),
    ],
)
def test_only_names_with_versions_may_be_asked_for(tmp_path: Path, text: str, said: str) -> None:
    spec = Spec(title="A", summary="B")
    listed, inline = tmp_path / "listed", tmp_path / "inline"
    listed.mkdir()
    inline.mkdir()
    (listed / "requirements.txt").write_text(f"# first\n{text}\n", encoding="utf-8")
    (inline / "script.py").write_text(f"# /// script\n# dependencies = [{json.dumps(text)}]\n# ///\n", encoding="utf-8")

    found = [read_needs(folder, spec, "projects/a") for folder in (listed, inline)]

    for problem in found:
        assert isinstance(problem, Problem)
        assert (problem.key, bool(problem.hint)) == ("2", True)
        assert said in problem.message
        assert "hunter2" not in str(problem) or text.startswith(("./", "git"))


@pytest.mark.parametrize(
    ("block", "line", "said"),
    [
        ('# /// script\n# dependencies = ["a"]\n', 1, "has no end"),
        ("# /// script\n# dependencies = [\n# ///\n", 2, "is not TOML"),
        ('# /// script\n# dependency = ["a"]\n# ///\n', 2, "unknown key 'dependency'"),
        ("# /// script\n# dependencies = [1]\n# ///\n", 2, "not a list of strings"),
        ('# /// script\n# requires-python = "3.11; rm"\n# ///\n', 2, "'requires-python'"),
        ('# /// script\n# [tool.uv]\n# index-url = "https://x"\n# ///\n', 3, "'index-url' of [tool.uv]"),
        ("# /// script\n# ///\n# /// script\n# ///\n", 3, "second block"),
    ],
)
def test_a_malformed_block_is_said_with_its_line(tmp_path: Path, block: str, line: int, said: str) -> None:
    (tmp_path / "script.py").write_text(block, encoding="utf-8")

    found = read_needs(tmp_path, Spec(title="A", summary="B"), "projects/a")

    assert isinstance(found, Problem)
    assert said in found.message
    assert found.key == str(line) or "TOML" in said


def test_the_block_of_a_notebook_is_read_as_that_of_a_script(tmp_path: Path) -> None:
    spec = Spec(title="A", summary="B", script="a.ipynb")
    for name, block in {
        "good": BLOCK.format(versions="<2"),
        "bad": "# /// script\n# dependencies = [1]\n# ///",
    }.items():
        (tmp_path / name).mkdir()
        written = notebook(prose("Words."), code("# a remark"), code(block), code("%time import greeting"))
        (tmp_path / name / "a.ipynb").write_text(written, encoding="utf-8")

    good, bad = (read_needs(tmp_path / name, spec, f"projects/{name}") for name in ("good", "bad"))

    assert good == Needs(file="a.ipynb", requirements=("greeting<2",), python=">=3.11")
    assert not good.owns("a.ipynb")
    assert isinstance(bad, Problem)
    assert (bad.file, bad.key, bad.message) == ("projects/bad/a.ipynb", "", "'dependencies' is not a list of strings")


def _needs(folder: Path, versions: str = "") -> Needs:
    (folder / "requirements.txt").write_text(f"greeting{versions}\n", encoding="utf-8")
    found = read_needs(folder, Spec(title="A", summary="B"), "projects/a")
    assert isinstance(found, Needs)
    return found


def test_builds_at_once_make_an_environment_once_and_a_half_made_one_is_made_anew(tmp_path: Path) -> None:
    needs, told, made = _needs(tmp_path), list[str](), list[Interpreter]()

    def make() -> None:
        made.append(Maker(cache=tmp_path / "cache", told=told.append).interpreter(needs, threading.Event()))

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    home = made[0].program.parent.parent
    (home / "made-by-portfolio.json").unlink()
    (module,) = home.glob("lib/python*/site-packages/greeting.py")
    module.unlink()
    make()

    assert [interpreter.packages for interpreter in made] == [{"greeting": "2.0", "manners": "1.0"}] * 4
    assert len({interpreter.program for interpreter in made}) == 1
    assert [word.split()[0] for word in told] == ["finds", "makes", "makes"]
    assert module.is_file()


def test_a_build_that_is_stopped_stops_uv_and_leaves_nothing_that_counts(tmp_path: Path) -> None:
    needs, stopped = _needs(tmp_path), threading.Event()
    stopped.set()

    with pytest.raises(uv.StoppedError):
        Maker(cache=tmp_path / "cache", told=lambda _: None).interpreter(needs, stopped)

    assert not resolution(tmp_path / "cache", needs).exists()


def test_a_lock_of_uvs_own_is_honoured_and_its_age_is_seen(tmp_path: Path, shelf: Path) -> None:
    script, spec = tmp_path / "script.py", Spec(title="A", summary="B")
    script.write_text(BLOCK.format(versions="<2"), encoding="utf-8")
    program = uv.program()
    assert program
    lock = [program, "lock", "--quiet", "--no-index", "--find-links", str(shelf), "--script", str(script)]
    subprocess.run(lock, check=True, timeout=SECONDS)
    wheel = shelf / "greeting-1.0-py3-none-any.whl"
    at_an_index = f'{{ url = "https://example.org/{wheel.name}", hash = "sha256:{files.digest(wheel)}" }}'
    written = (tmp_path / "script.py.lock").read_text(encoding="utf-8")
    written = re.sub(r'registry = "[^"]+"', 'registry = "https://example.org/simple"', written)
    (tmp_path / "script.py.lock").write_text(re.sub(r"\{ path = .* \}", at_an_index, written), encoding="utf-8")

    needs = read_needs(tmp_path, spec, "projects/a")
    assert isinstance(needs, Needs)
    made = Maker(cache=tmp_path / "cache", told=lambda _: None).interpreter(needs, threading.Event())
    script.write_text(BLOCK.format(versions="<3"), encoding="utf-8")
    stale = read_needs(tmp_path, spec, "projects/a")

    assert needs.lock is not None
    assert (needs.kind, needs.lock.packages, made.packages) == ("locked", {"greeting": "1.0"}, {"greeting": "1.0"})
    assert isinstance(stale, Problem)
    assert stale.hint == "uv lock --script projects/a/script.py"


def test_a_lock_that_names_more_than_packages_is_refused(tmp_path: Path) -> None:
    _needs(tmp_path)
    (tmp_path / "requirements.txt.lock").write_text(
        "# asked for: sha256:00\n--index-url https://me:hunter2@example.org\n", encoding="utf-8"
    )

    found = read_needs(tmp_path, Spec(title="A", summary="B"), "projects/a")

    assert isinstance(found, Problem)
    assert (found.file, found.key, found.hint) == (
        "projects/a/requirements.txt.lock",
        "2",
        f"portfolio lock {tmp_path.name}",
    )
    assert "hunter2" not in str(found)


def test_a_notebook_is_told_where_to_ask_for_what_runs_it(workspace: MakeStage, tmp_path: Path) -> None:
    stage = workspace()
    for slug in ("ambient", "block", "listed", "locked"):
        block = BLOCK.format(versions="<2") if slug == "block" else ""
        stage.write(f"projects/{slug}/spec.toml", f'{SPEC.format(slug=slug)}script = "a.ipynb"\n')
        stage.write(f"projects/{slug}/a.ipynb", notebook(prose("Greetings."), code(block), code("import greeting")))
    for slug in ("listed", "locked"):
        stage.write(f"projects/{slug}/requirements.txt", "greeting<2\n")
    locked = stage.portfolio("lock", "locked")
    python = _python_with_all_but("nbclient", folder=tmp_path / "bare")

    beside = Path(uv.program() or pytest.fail("uv is not installed")).parent
    variables = {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}

    ran = stage.portfolio("run", "--json", python=python, variables=variables)

    failures = {slug: (row["failure"]["kind"], row["failure"]["message"]) for slug, row in ran.projects.items()}
    own = "a.ipynb needs nbclient and ipykernel to be run: name nbclient and ipykernel in"
    assert (locked.code, ran.code) == (0, 1)
    assert failures == {
        "ambient": ("environment", "a.ipynb needs nbclient to be run: pip install nbclient"),
        "block": ("environment", f"{own} a.ipynb"),
        "listed": ("environment", f"{own} requirements.txt"),
        "locked": ("environment", f"{own} requirements.txt, then portfolio lock locked"),
    }


def test_a_run_in_an_environment_of_its_own_ends_at_its_limits(workspace: MakeStage) -> None:
    stage = workspace("hangs", "raises")
    for slug in ("hangs", "raises"):
        stage.write(f"projects/{slug}/requirements.txt", "greeting\n")

    outcomes = stage.run()

    kinds = {slug: outcome.failure.kind.value for slug, outcome in outcomes.items() if outcome.failure}
    assert kinds == {"hangs": "timed_out", "raises": "raised"}
    assert stage.survivors() == []


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ("", True),
        (">=3.11", True),
        (">=3.8,<4", True),
        ("~=3.11", True),
        ("!=3.10.*", True),
        ("<3", False),
        ("==3.99.*", False),
    ],
)
def test_a_python_that_does_not_fit_is_not_used(wanted: str, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    needs = Needs(file="script.py", requirements=(), python=wanted)

    if fits:
        assert python_for(needs, threading.Event()) == sys.executable
    else:
        with pytest.raises(UnmadeError) as refused:
            python_for(needs, threading.Event())
        said = f"script.py wants Python {wanted}, this is {platform.python_version()}, and no other here fits: "
        assert str(refused.value) == f"{said}uv python install '{wanted}', or change requires-python"
        assert not refused.value.detail


def test_a_python_of_pyenvs_is_found_behind_its_shims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, version = _another_python()
    short = ".".join(version.split(".")[:2])
    shim, link = tmp_path / "shims" / f"python{short}", tmp_path / "root" / "versions" / version / "bin" / "python"
    for path in (shim, link):
        path.parent.mkdir(parents=True)
    shim.write_text("#!/bin/sh\necho not chosen >&2\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    link.symlink_to(other)
    monkeypatch.setenv("PATH", str(shim.parent))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "root"))

    found = python_for(Needs(file="script.py", requirements=(), python=f"=={version}"), threading.Event())

    assert found == str(link)


def _another_python() -> tuple[Path, str]:
    """Return a Python of another version than this one, and that version."""
    places = [Path("/usr/bin"), *Path("~/.pyenv/versions").expanduser().glob("3.*/bin"), *_TOOLS.glob("3.*/x64/bin")]
    for path in (path for place in places for path in place.glob("python3.[0-9]*[0-9]")):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=SECONDS, check=False).stdout
        version = said.removeprefix("Python ").strip()
        if re.fullmatch(r"3\.\d+\.\d+", version) and version != platform.python_version():
            return path, version
    pytest.skip("there is no other Python here")
