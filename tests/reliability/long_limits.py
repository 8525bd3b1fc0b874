"""What is very large: data, numbers, output, images, Python, texts; each within its bound, with the memory it took."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from figure import Figure
from ground import fonts
from peak import Built, built
from stage import CORPUS, Stage

_DATA = 5 << 30
_METRICS = 10_000
_OUTPUT = 100 << 20
_PYTHON = 200 << 20
_TEXT = 1 << 30
_SPEC = 'title = "Large"\nsummary = "A project of an uncommon size."\n'
_LEFT = 20 << 20
"""Bytes that a build may leave of any of these."""
_MEGABYTES = 200.0
"""What no process of a build may hold, the libraries of the script included, whatever the size."""


def run() -> Iterator[Figure]:
    """Build each in a workspace of its own."""
    for large in (_data, _metrics, _output, _image, _python, _text, _notebook):
        with tempfile.TemporaryDirectory(prefix="limits-") as folder:
            stage = Stage(Path(folder) / "workspace")
            stage.projects.mkdir(parents=True)
            shutil.copytree(fonts(Path(folder) / "fonts"), stage.root / "build" / "cache")
            stage.write("mkdocs.yml", "site_name: Ada Example\n")
            yield large(stage, partial(_more, stage, _bytes(stage)))


def _data(stage: Stage, left: Callable[[], int]) -> Figure:
    """Read the end of a file that is larger than the memory a run may hold."""
    _project(
        stage,
        "import portfolio\nwith open('data.bin', 'rb') as data:\n    portfolio.log_metric('end', data.seek(0, 2))",
    )
    with (stage.projects / "large" / "data.bin").open("wb") as data:
        data.truncate(_DATA)
    first, second = built(stage), built(stage)
    ran = first.ran.projects["large"]
    return _figure(
        "a data file of 5 GB",
        first,
        seconds=60,
        kept=ran["metrics"]["end"] == _DATA and second.ran.statuses["large"] == "fresh" and second.seconds < 1,
        left=left(),
        note=f"again, with nothing to do: {second}",
    )


def _metrics(stage: Stage, left: Callable[[], int]) -> Figure:
    _project(stage, f"for n in range({_METRICS}):\n    portfolio.log_metric(f'metric_{{n}}', n / 7)")
    found = built(stage)
    page = (stage.site / "projects" / "large" / "index.html").stat().st_size
    kept = len(found.ran.projects["large"]["metrics"]) == _METRICS
    return _figure("10,000 metrics", found, seconds=60, kept=kept, left=left(), note=f"a page of {page / 1e6:.1f} MB")


def _output(stage: Stage, left: Callable[[], int]) -> Figure:
    _project(
        stage,
        f"for _ in range({_OUTPUT >> 10}):\n    print('x' * 1023)\nimport portfolio\nportfolio.log_metric('a', 1)",
    )
    found = built(stage)
    kept = found.ran.projects["large"]["status"] == "ran"
    return _figure("100 MB of output", found, seconds=30, kept=kept, left=left(), note="it is allowed to: output_limit")


def _image(stage: Stage, left: Callable[[], int]) -> Figure:
    shutil.copytree(CORPUS / "huge_png_header", stage.projects / "large")
    found = built(stage)
    row = found.ran.projects["large"]
    said = " ".join([str(row.get("failure")), *map(str, row.get("warnings", ())), found.ran.err])
    return _figure("a PNG that claims 200 megapixels", found, seconds=10, kept="pixel" in said, left=left(), note=said)


def _python(stage: Stage, left: Callable[[], int]) -> Figure:
    _project(stage, "portfolio.log_metric('a', 1)")
    with (stage.projects / "large" / "helper.py").open("wb") as helper:
        helper.write(b"x = [")
        for _ in range(_PYTHON >> 20):
            helper.write(b"1," * (1 << 19))
        helper.write(b"]\n")
    found = built(stage)
    kept = found.ran.projects["large"]["status"] == "ran"
    return _figure("200 MB of Python beside a script", found, seconds=60, kept=kept, left=left(), note="not parsed")


def _text(stage: Stage, left: Callable[[], int]) -> Figure:
    _project(stage, "portfolio.log_metric('a', 1)")
    with (stage.projects / "large" / "writeup.md").open("wb") as text:
        text.truncate(_TEXT)
    found = built(stage)
    said = str(found.ran.projects["large"].get("failure"))
    return _figure("a write-up of 1 GB", found, seconds=60, kept="200 kB" in said, left=left(), note=said)


def _notebook(stage: Stage, left: Callable[[], int]) -> Figure:
    stage.write("projects/large/spec.toml", f'{_SPEC}script = "large.ipynb"\n')
    with (stage.projects / "large" / "large.ipynb").open("wb") as notebook:
        notebook.truncate(_TEXT)
    found = built(stage)
    said = found.ran.err
    kept = found.ran.code == 2 and "50 MiB" in said
    return _figure("a notebook of 1 GB", found, seconds=10, kept=kept, left=left(), note=said)


def _project(stage: Stage, script: str) -> None:
    stage.write("projects/large/spec.toml", _SPEC)
    stage.write("projects/large/script.py", f"import portfolio\n{script}\n")


def _figure(what: str, found: Built, *, seconds: float, kept: bool, left: int, note: str) -> Figure:
    return Figure(
        what=what,
        promised=f"under {seconds:.0f} s, {_MEGABYTES:.0f} MB; less than {_LEFT >> 20} MiB left in build/",
        measured=f"{found}; {left / 1e6:.1f} MB left",
        ok=kept and found.seconds < seconds and found.megabytes < _MEGABYTES and left < _LEFT,
        notes=(note,),
    )


def _more(stage: Stage, before: int) -> int:
    return _bytes(stage) - before


def _bytes(stage: Stage) -> int:
    found = (path.lstat() for path in (stage.root / "build").rglob("*"))
    return sum(each.st_blocks * 512 for each in found)
