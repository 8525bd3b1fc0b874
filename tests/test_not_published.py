"""Data that may not be published, and whatever a script's odd files point at, is in no file of the site."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import MakeStage, Once, Stage, tree

from portfolio.gate.opened import texts

SPEC = 'title = "T"\nsummary = "S"\n'
CANARY = "canary-{}-{}"
"""A word for each place; read by a script without a trace in what it prints."""

READS = "from pathlib import Path\nlen(Path({!r}).read_text())\nimport portfolio\nportfolio.log_metric('m', 1.0)\n"
ODD = """
import os
from pathlib import Path

outside = Path({outside!r})
Path("figure.png").symlink_to(outside)
Path("table.csv").symlink_to(outside)
try:
    os.link(outside, "hard.csv")
except OSError:
    pass  # where the kernel keeps runs in their folders
os.mkfifo("pipe.csv")
os.mkfifo("pipe.png")
Path("device.csv").symlink_to("/dev/zero")
Path("itself.csv").symlink_to("itself.csv")
Path("nowhere.png").symlink_to("nowhere")
Path("folder.csv").mkdir()
Path("linked").symlink_to(outside.parent)
names = ("a\\nb.csv", "a\\x1b[31m.csv", "con.csv", "NUL.csv", "Rows.csv", "rows.csv", "a" * 251 + ".csv", "-rf.csv")
for name in names:
    Path(name).write_text("a,b\\n1,2\\n")
Path(os.fsdecode(b"\\xff.csv")).write_text("a,b\\n1,2\\n")
Path("a b&c<d>.csv").write_text("a,b\\n1,2\\n")
"""


@pytest.fixture(scope="module")
def stage(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace built once whose projects hold canaries that no page may show."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "minimal")
        _data(stage)
        outside = stage.root / "outside"
        stage.write("outside/secret.csv", f"a,b\n1,{CANARY.format('outside', 'x')}\n")
        stage.write("projects/odd-outputs/spec.toml", SPEC)
        stage.write("projects/odd-outputs/script.py", ODD.format(outside=str(outside / "secret.csv")))
        ran = stage.portfolio("build", "--json")
        stage.write("ran.json", ran.out)
        (stage.root / "ran.err").write_text(ran.err, encoding="utf-8")

    return Stage(once("canaries", build) / "workspace")


def _data(stage: Stage) -> None:
    """Write projects whose data is undeclared, declared and not published, or whose code is not published."""
    for slug, declared in {
        "undeclared": "",
        "unpublished": '[[data]]\nname = "D"\nlicence = "MIT"\npath = "data/d.csv"\n',
        "shared": '[[data]]\nname = "D"\npath = "../_shared/d.csv"\n',
    }.items():
        place = "../_shared/d.csv" if slug == "shared" else "data/d.csv"
        stage.write(f"projects/{slug}/spec.toml", SPEC + declared)
        stage.write(f"projects/{slug}/script.py", READS.format(place))
        stage.write(f"projects/{slug}/{place}", f"a,b\n1,{CANARY.format(slug, 'data')}\n")
    stage.write("projects/closed/spec.toml", SPEC + 'code = false\n[[data]]\nname = "D"\npath = "d.csv"\n')
    stage.write(
        "projects/closed/script.py",
        f"'''{CANARY.format('closed', 'code')}'''\nimport warnings\nfrom pathlib import Path\nimport portfolio\n"
        f"print('{CANARY.format('closed', 'output')}')\nwarnings.warn('{CANARY.format('closed', 'warning')}')\n"
        "import helper\nPath('kept.txt').write_text(Path('d.csv').read_text())\nportfolio.log_artifact('kept.txt')\n"
        f"portfolio.log_metric('m', 1.0)\nportfolio.log_text('t', '{CANARY.format('closed', 'text')}')\n",
    )
    stage.write("projects/closed/helper.py", f"X = '{CANARY.format('closed', 'helper')}'\n")
    stage.write("projects/closed/d.csv", f"a\n{CANARY.format('closed', 'data')}\n")
    stage.write("projects/hidden/spec.toml", SPEC + "draft = true\n")
    stage.write("projects/hidden/script.py", f"print('{CANARY.format('hidden', 'output')}')\n")
    stage.write("projects/beside/spec.toml", SPEC)
    stage.write("projects/beside/script.py", "print(1)\n")
    for name in (".env", "notes.txt", "model.bin", ".git/config", "x.ipynb"):
        stage.write(f"projects/beside/{name}", CANARY.format("beside", name))


def test_every_project_but_the_draft_has_a_page(stage: Stage) -> None:
    pages = {path.parent.name for path in stage.site.glob("projects/*/index.html")}

    assert pages == {"minimal", "undeclared", "unpublished", "shared", "closed", "beside", "odd-outputs"}, (
        stage.root / "ran.err"
    ).read_text(encoding="utf-8")


def test_no_byte_of_what_may_not_be_published_is_in_the_site(stage: Stage) -> None:
    found = [
        (name, text[text.index("canary-") :][:40])
        for name in tree(stage.site)
        for text in _texts(stage.site / name)
        if "canary-" in text
    ]

    assert found == []


def test_the_search_would_find_one(tmp_path: Path) -> None:
    (tmp_path / "index.json.gz").write_bytes(gzip.compress(b"... canary-x ..."))

    assert any("canary-" in text for text in _texts(tmp_path / "index.json.gz"))


def test_the_site_holds_regular_files_alone_under_plain_names(stage: Stage) -> None:
    for folder, folders, names in os.walk(stage.site):
        for name in (*folders, *names):
            path = Path(folder, name)
            assert path.is_dir() or path.is_file()
            assert not path.is_symlink()
            assert name.isprintable()
            assert len(os.fsencode(name)) < 250
    projects = [path.relative_to(stage.site).as_posix() for path in (stage.site / "projects/odd-outputs").rglob("*")]
    assert len({name.casefold() for name in projects}) == len(projects)


def _texts(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        yield from (text for text, _ in texts(stream))
