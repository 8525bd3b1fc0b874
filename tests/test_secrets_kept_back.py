"""A secret in a run's results keeps back that project; elsewhere it keeps the last good site; none is ever told."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from secret_samples import secrets
from stage import MakeStage, Once, Ran, Stage, git, tree

from portfolio.errors import SiteError
from portfolio.publishing.searched import refuse_secrets
from portfolio.workspace.root import Workspace

PLANTED = secrets()
TOKEN = PLANTED["GitHub, classic"]
OWN = "Xq7-" + "vT2mK9pLw4"
VARIABLES = {"MY_API_TOKEN": OWN}
_HEAD = "from pathlib import Path\nfrom portfolio import *\n\nSECRET = ''.join({parts!r})\n"
SCRIPTS = {
    "prints": "print('a' * 10 + '\\n\\n', SECRET)",
    "prints-markup": "print(f'<a href=\"/x?key={SECRET}\">x</a>')",
    "text": "log_text('said', f'it is {SECRET}')",
    "unit": "log_metric('m', 1.0, unit=SECRET[:40])",
    "method": "log_metric('m', 1.0, method=f'with {SECRET}')",
    "caption": "import matplotlib.pyplot as plt\nplt.plot([1])\nlog_figure('f', alt='x', caption=SECRET)",
    "table": "log_table('t', [{'a': SECRET}])",
    "artifact": "Path('a.txt').write_text(SECRET)\nlog_artifact('a.txt')",
    "packed": "import gzip\nPath('a.gz').write_bytes(gzip.compress(SECRET.encode()))\nlog_artifact('a.gz')",
    "picture": "Path('p.svg').write_text(f'<svg xmlns=\"http://www.w3.org/2000/svg\"><desc>{SECRET}</desc></svg>')",
    "csv": "Path('t.csv').write_text(f'a,b\\n1,{SECRET}\\n')",
    "warning": "import warnings\nwarnings.warn(SECRET)",
    "own-value": "import base64\nprint(base64.b64encode(b'ada:' + __import__('os').environ['MY_API_TOKEN'].encode()))",
}
GOOD = 'title = "T"\nsummary = "S"\n'


@pytest.fixture(scope="module")
def leaking(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace built once, in which each project but `minimal` leaves a secret, or fails with one."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "minimal")
        scripts = SCRIPTS | {"raises": "raise ValueError(f'no access with {SECRET}')"}
        for slug, body in scripts.items():
            parts = [TOKEN[:7], TOKEN[7:]]
            env = '[run]\nenv = ["MY_API_TOKEN"]\n' if slug == "own-value" else ""
            stage.write(f"projects/{slug}/spec.toml", GOOD + env)
            stage.write(f"projects/{slug}/script.py", _HEAD.format(parts=parts) + body + "\n")
        ran = stage.portfolio("build", "--json", variables=VARIABLES)
        (folder / "ran.json").write_text(json.dumps([ran.code, ran.out, ran.err]), encoding="utf-8")

    return Stage(once("leaking", build) / "workspace")


@pytest.fixture(scope="module")
def ran(leaking: Stage) -> Ran:
    """Return how that build ended."""
    code, out, err = json.loads((leaking.root.parent / "ran.json").read_text(encoding="utf-8"))
    return Ran(code=code, out=out, err=err)


@pytest.mark.parametrize("slug", SCRIPTS)
def test_a_secret_in_a_result_keeps_back_that_project_alone(ran: Ran, leaking: Stage, slug: str) -> None:
    failure = ran.projects[slug]["failure"]

    assert failure is not None
    assert failure["kind"] == "secret"
    assert "what looks like a secret" in failure["message"]
    assert not (leaking.site / "projects" / slug).exists()


def test_the_others_are_published(ran: Ran, leaking: Stage) -> None:
    assert (ran.code, ran.statuses["minimal"]) == (1, "ran")
    assert leaking.page("minimal")


def test_nothing_of_a_secret_is_said_stored_or_published(ran: Ran, leaking: Stage) -> None:
    kept = {name: content for name, content in tree(leaking.root).items() if not name.endswith("script.py")}

    holding = [name for name, content in kept.items() if TOKEN.encode() in content or OWN.encode() in content]

    assert holding == []
    assert TOKEN not in ran.out + ran.err
    assert OWN not in ran.out + ran.err
    assert ran.projects["raises"]["failure"]["message"] == "ValueError: no access with [GitHub token]"


@pytest.fixture
def published(built: Stage) -> Iterator[tuple[Stage, dict[str, bytes]]]:
    """Return a workspace with a site, and that site, which must be the same afterwards."""
    before = tree(built.site)
    yield built, before
    assert tree(built.site) == before


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("projects/succeeds/helper.py", f"PASSWORD = '{PLANTED['OpenAI']}'"),
        ("mkdocs.yml", f"copyright: '{TOKEN}'"),
    ],
)
def test_a_secret_in_a_source_keeps_the_last_good_site(
    published: tuple[Stage, dict[str, bytes]], file: str, line: str
) -> None:
    stage, _ = published
    path = stage.root / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    stage.write(file, f"{before}\n{line}\n")

    ran, check = stage.portfolio("build"), stage.portfolio("check", "--secrets", "--json")

    assert ran.code == 3
    assert "what looks like a secret" in ran.err
    assert "portfolio check --secrets" in ran.err
    assert check.code == 1
    (problem,) = [found for found in check.document["problems"] if found["level"] == "error"]
    assert (problem["file"], problem["key"]) == (file, str(before.count("\n") + 2))
    assert all(secret not in ran.out + ran.err + check.out + check.err for secret in PLANTED.values())


def test_a_recorded_run_that_holds_a_secret_is_kept_back(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "recorded", "minimal")
    stage.write("projects/dear/spec.toml", GOOD + '[run]\nci = "recorded"\nenv = ["SHOWN"]\n')
    stage.write("projects/dear/script.py", "import os\nprint(os.environ['SHOWN'])\n")
    made = stage.portfolio("run", "--record", "dear", variables={"SHOWN": "of-no-use-4-anybody"})
    assert made.code == 0, made.err

    ran = stage.portfolio("build", "--json", variables={"CI": "true", "THEIR_TOKEN": "of-no-use-4-anybody"})

    assert ran.projects["dear"]["failure"]["kind"] == "secret"
    assert (ran.code, ran.statuses["minimal"]) == (1, "ran")
    assert not (stage.site / "projects" / "dear").exists()


def test_a_site_is_searched_again_when_something_else_is_secret(built: Stage) -> None:
    word = "always-guessing-7"
    stage_page = built.write("projects/minimal/notes.md", f"As in {word}.")
    assert stage_page
    assert built.portfolio("build").code == 0

    built.append("projects/succeeds/spec.toml", "# another look\n")
    ran = built.portfolio("build", variables={"NEW_SECRET": word})

    assert ran.code == 3
    assert "the value of NEW_SECRET" in ran.err


def test_a_live_site_that_is_not_the_one_searched_last_vouches_for_nothing(built: Stage, tmp_path: Path) -> None:
    workspace, staged = Workspace(built.root), tmp_path / "staged"
    built.append("projects/succeeds/spec.toml", "# another look\n")
    built.portfolio("build")
    shutil.copytree(built.site, staged)
    for site in (built.site, staged):
        (site / "index.html").write_text(f"as if put there by a build that was killed: {TOKEN}", encoding="utf-8")

    with pytest.raises(SiteError, match=r"index\.html:1: what looks like a secret"):
        refuse_secrets(workspace, staged, new=[])


def test_what_git_ignores_is_not_searched(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "ignoring", "minimal")
    stage.write(".gitignore", ".env\nbuild/\n")
    stage.write("projects/minimal/.env", f"TOKEN={TOKEN}\n")
    stage.write("projects/minimal/.committed", "nothing\n")
    git(stage.root, "init", "-q")

    ignored = stage.portfolio("check", "--secrets")
    stage.write("projects/minimal/.committed", f"\n\nTOKEN={TOKEN}\n")
    seen = stage.portfolio("check", "--secrets")

    assert (ignored.code, "secret" in ignored.err) == (0, False)
    assert seen.code == 1
    assert seen.err.startswith("projects/minimal/.committed:3: looks like a secret (GitHub token)\nhint: ")


def test_check_tells_problems_of_specs_and_runs_nothing(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "checked", "minimal", "unknown_key")

    ran = stage.portfolio("check")

    assert ran.code == 2
    assert "unknown key" in ran.err
    assert not (stage.root / "build" / "records").exists()
