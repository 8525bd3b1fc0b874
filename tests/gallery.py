"""Run scripts nobody here wrote, matplotlib's own gallery, and see whether every figure they show is captured.

`python tests/gallery.py [--limit N] [--keep DIR] [NAME…]`. A command, not a test: it downloads the source archive of
the installed matplotlib, as pip is configured to, and takes minutes. Each script is run twice: in a plain process that
counts the figures it shows or leaves open, and unchanged as a project's script by `portfolio build`, whose page then is
looked at. Fewer figures are never right; more are so only in a script in cells, up to those that are new or changed at
the ends of its cells. Printed are each script with its figures, failures with their reasons, and how many are right.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

ENOUGH = 0.98
"""The share of the runnable scripts that must have as many figures as their plain run."""
_SECONDS = 90
_SHOWN = re.compile(r'<figure class="pf-figure[ "]')
_COUNTING = """
import runpy, sys
from pathlib import Path
import matplotlib.pyplot as plt
shown = 0
def count():
    global shown
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
        shown += 1
    plt.close("all")
plt.show = lambda *args, block=None, **keywords: None if block is False or plt.isinteractive() else count()
answer = Path(sys.argv[1])
sys.argv = sys.argv[2:]
sys.path[0] = str(Path(sys.argv[0]).parent)
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    if end.code not in (None, 0):
        raise
count()
answer.write_text(str(shown))
"""
"""Runs a script as Python would and writes how many figures it showed; `show` draws all and waits for their closing."""


_BY_CELLS = """
import ast, re, sys
from pathlib import Path
from weakref import WeakSet
import matplotlib.pyplot as plt
shown, drawn = 0, WeakSet()
def count():
    global shown
    current = plt.gcf().number if plt.get_fignums() else None
    for number in plt.get_fignums():
        figure = plt.figure(number)
        if figure.get_children()[1:] and (figure not in drawn or figure.stale):
            drawn.add(figure)
            figure.canvas.draw()
            shown += 1
    if current is not None:
        plt.figure(current)
def show(*args, block=None, **keywords):
    if block is not False and not plt.isinteractive():
        count()
        plt.close("all")
plt.show = show
answer, file = Path(sys.argv[1]), sys.argv[2]
sys.argv = sys.argv[2:]
sys.path[0] = str(Path(file).parent)
text = Path(file).read_text(encoding="utf-8")
marks = [number for number, line in enumerate(text.splitlines(), 1) if re.match("# ?%%", line)]
names, last = {"__name__": "__main__", "__file__": file}, 0
for node in ast.parse(text).body:
    cell = sum(mark < node.lineno for mark in marks)
    if cell != last:
        count()
    last = cell
    exec(compile(ast.Module([node], []), file, "exec"), names)
count()
answer.write_text(str(shown))
"""
"""Runs a script in cells as a gallery does and writes how many figures were new or stale at the end of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A script of the gallery and the project made of it."""

    name: str
    source: Path
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """What a plain run showed, or why it failed."""

    figures: int
    files: int
    """Images it wrote, which may stand for figures it did not show."""
    failure: str
    most: int
    """Figures by the ends of its cells: one that is closed or changed later on is shown there too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """What the build said of a project, and what its page shows."""

    captured: int
    on_page: int | None
    """Figures on the page; None where there is no page."""
    failure: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the plain runs with the captured ones; return 1 when too many differ."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gallery-") as temporary:
        top = options.keep.resolve() if options.keep else Path(temporary)
        top.mkdir(parents=True, exist_ok=True)
        galleries = _unpacked(top)
        scripts = _choose(galleries, options.limit, options.names)
        _make_workspace(top / "workspace", scripts)
        with ThreadPoolExecutor(max_workers=options.jobs) as pool:
            plain = dict(zip(scripts, pool.map(lambda chosen: _run_plain(chosen, top), scripts), strict=True))
        runnable = [chosen for chosen in scripts if not plain[chosen].failure]
        paged = _build(top / "workspace", runnable, options.jobs)
        more = [each for each, found in paged.items() if found.captured > plain[each].figures and _has_cells(each)]
        plain |= {each: replace(plain[each], most=_count(each, top, _BY_CELLS)[0] or 0) for each in more}
        return _report(plain, paged)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="run the scripts whose path holds one of these")
    parser.add_argument("--limit", type=int, default=40, metavar="N", help="how many scripts, spread evenly; 0 is all")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="use this folder and leave everything in it")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="scripts run at once")
    return parser


def _unpacked(top: Path) -> Path:
    """Return the folder of the gallery, downloaded and unpacked unless it is there."""
    release = version("matplotlib")
    folder = top / f"matplotlib-{release}"
    if not (folder / "galleries").is_dir():
        archive = top / "matplotlib.tar.gz"
        archive.write_bytes(source_archive("matplotlib", release))
        with tarfile.open(archive) as opened:
            wanted = [member for member in opened if member.name.startswith(f"{folder.name}/galleries/")]
            opened.extractall(top, members=wanted, filter="data")
    return folder / "galleries"


def source_archive(name: str, release: str) -> bytes:
    """Return the source archive of a release, found and fetched by pip's own finder and session.

    `pip download --no-binary` would prepare a build to learn dependencies nobody needs here. What is used of pip is
    internal, but it alone knows all of pip's settings: indexes, certificates, proxies, folders of files.
    """
    from pip._internal.commands.download import DownloadCommand  # noqa: PLC0415 - only where something is fetched
    from pip._vendor.packaging.specifiers import SpecifierSet  # noqa: PLC0415

    command = DownloadCommand("download", "")
    options, _ = command.parse_args(["--no-deps", "--no-binary", name, name])
    with command.main_context():
        session = command._build_session(options)
        finder = command._build_package_finder(options=options, session=session)
        found = finder.find_best_candidate(name, SpecifierSet(f"=={release}")).best_candidate
        if found is None:
            raise SystemExit(f"no source archive of {name} {release} where pip looks")
        answer = session.get(found.link.url_without_fragment, headers={"Accept-Encoding": "identity"})
        answer.raise_for_status()
        content: bytes = answer.content
    if found.link.hash_name == "sha256" and sha256(content).hexdigest() != found.link.hash:
        raise SystemExit(f"{found.link.filename} is not what the index says it is")
    return content


def _choose(galleries: Path, limit: int, names: Sequence[str]) -> list[Chosen]:
    """Return every k-th of the sorted scripts, so that each section is there and two runs choose the same."""
    found = sorted(path.relative_to(galleries).as_posix() for path in galleries.rglob("*.py"))
    if names:
        found = [name for name in found if any(wanted in name for wanted in names)]
    elif limit:
        found = [found[index * len(found) // limit] for index in range(min(limit, len(found)))]
    return [Chosen(name=name, source=galleries / name, slug=_slug(name)) for name in found]


def _slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.removeprefix("examples/").removesuffix(".py").lower())
    return words[-64:].strip("-")


def _make_workspace(root: Path, scripts: Sequence[Chosen]) -> None:
    """Write one project for each script: the script itself, the files beside it that it names, a spec of two lines."""
    shutil.rmtree(root, ignore_errors=True)
    for chosen in scripts:
        folder = root / "projects" / chosen.slug
        folder.mkdir(parents=True)
        shutil.copyfile(chosen.source, folder / "script.py")
        text = chosen.source.read_text(encoding="utf-8")
        for beside in chosen.source.parent.iterdir():
            if beside.is_file() and beside != chosen.source and beside.name in text:
                shutil.copyfile(beside, folder / beside.name)
        spec = f'title = "{chosen.slug}"\nsummary = "{chosen.slug}, from the gallery"\n'
        (folder / "spec.toml").write_text(spec, encoding="utf-8")


def _has_cells(chosen: Chosen) -> bool:
    return re.search("^# ?%%", chosen.source.read_text(encoding="utf-8"), re.MULTILINE) is not None


def _run_plain(chosen: Chosen, top: Path) -> Plain:
    """Run the script in a copy of its folder and return what it showed."""
    figures, files, failure = _count(chosen, top, _COUNTING)
    return Plain(figures=figures or 0, files=files, failure=failure, most=figures or 0)


def _count(chosen: Chosen, top: Path, counting: str) -> tuple[int | None, int, str]:
    """Run the script so that it is counted; return its figures, the images it wrote, and why it failed, if it did."""
    folder = Path(tempfile.mkdtemp(dir=top, prefix="plain-"))
    shutil.copytree(top / "workspace" / "projects" / chosen.slug, folder / chosen.slug)
    answer, before = folder / "answer", _images(folder)
    environment = {**os.environ, "MPLBACKEND": "Agg", "MPLCONFIGDIR": str(top / "config")}
    command = [sys.executable, "-c", counting, str(answer), "script.py"]
    try:
        ended = subprocess.run(
            command,
            cwd=folder / chosen.slug,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, 0, f"still running after {_SECONDS} s"
    finally:
        figures = int(answer.read_text(encoding="utf-8")) if answer.exists() else None
        files = len(_images(folder) - before)
        shutil.rmtree(folder, ignore_errors=True)
    if figures is None:
        last = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
        return None, 0, last[-1]
    return figures, files, ""


def _images(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.suffix in (".gif", ".pdf", ".png", ".svg", ".webp")}


def _build(root: Path, scripts: Sequence[Chosen], jobs: int) -> Mapping[Chosen, Paged]:
    """Build a site of these projects alone, by the command, and return what came of each."""
    for folder in (root / "projects").iterdir():
        if folder.is_dir() and folder.name not in {chosen.slug for chosen in scripts}:
            shutil.rmtree(folder)
    if not scripts:
        return {}
    (root / "pyproject.toml").write_text(f"[tool.portfolio]\ntimeout = {2 * _SECONDS}\n", encoding="utf-8")
    portfolio = [sys.executable, "-c", "import sys; from portfolio.cli.main import main; sys.exit(main())"]
    command = [*portfolio, "-C", str(root), "-q", "build", "--json", "--jobs", str(jobs)]
    document = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout)
    said = {project["slug"]: project for project in document["projects"]}
    if document["problems"]:
        raise SystemExit(f"the workspace is not as it should be: {document['problems']}")
    return {chosen: _paged(root, said[chosen.slug]) for chosen in scripts}


def _paged(root: Path, said: Mapping[str, Any]) -> Paged:
    failure = f"{said['failure']['kind']}: {said['failure']['message']}" if said["failure"] else ""
    page = root / "build" / "site" / "projects" / said["slug"] / "index.html"
    shown = len(_SHOWN.findall(page.read_text(encoding="utf-8"))) if page.is_file() else None
    return Paged(captured=said["figures"], on_page=shown, failure=failure)


def _expected(run: Plain) -> str:
    return f"{run.figures} to {run.most} by its cells" if run.most > run.figures else str(run.figures)


def _report(plain: Mapping[Chosen, Plain], paged: Mapping[Chosen, Paged]) -> int:
    misses = []
    for chosen, found in paged.items():
        expected = plain[chosen]
        shown = "no page" if found.on_page is None else f"{found.on_page} on its page"
        wanted = f"{chosen.name}: {_expected(expected)} expected"
        line = f"{wanted}, {found.captured} captured, {shown} {found.failure}".rstrip()
        print(line)
        is_right = found.on_page == found.captured and not found.failure
        most = max(expected.figures, expected.most) + expected.files
        if not is_right or not expected.figures <= found.captured <= most:
            misses.append(line)
    print("\nNot counted, because they fail on their own:")
    for chosen, run in plain.items():
        if run.failure:
            print(f"  {chosen.name}: {run.failure}")
    print("\nMisses:", *(misses or ["none"]), sep="\n  ")
    pages = sum(found.on_page is not None for found in paged.values())
    least = sum(plain[chosen].figures for chosen in paged)
    kept = sum(found.on_page or 0 for found in paged.values())
    share = 1 - len(misses) / max(len(paged), 1)
    print(
        f"\n{len(paged)} scripts, {pages} pages, {least} figures expected at least, {kept} on pages, {share:.1%} right"
    )
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
