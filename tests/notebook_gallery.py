"""Run notebooks nobody here wrote, those in the source archives of installed packages, and see what becomes of them.

`python tests/notebook_gallery.py [--limit N] [--keep DIR] [PACKAGE…]`. A command, not a test: it downloads source
archives of those packages that are installed, as pip is configured to, and takes minutes. Each notebook is executed
twice: by nbclient alone, and unchanged as a project's script by `portfolio build`. Right is one whose page shows, cell
by cell, as many figures, tables and errors as nbclient left in it.
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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gallery import source_archive
from packaging.utils import canonicalize_name

from portfolio.literate import NotebookError, notebook_cells
from portfolio.store import Store

PACKAGES = ("corner", "emcee", "lmfit", "nbclient", "nbconvert", "nbsphinx", "seaborn", "statsmodels", "tqdm")
"""Those whose source archives hold notebooks; of most, many run without a network."""
_SECONDS = 120
_AT_ONCE = 2
_EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(book, timeout=None, kernel_name="python3").execute()
nbformat.write(book, sys.argv[2])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A notebook of an archive and the project made of it."""

    name: str
    slug: str
    path: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare what nbclient makes of each notebook with what its page shows; return 1 when one differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=PACKAGES, metavar="PACKAGE")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="of each package, spread evenly; 0 is all")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="use this folder and leave everything in it")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="notebooks-") as temporary:
        top = options.keep.resolve() if options.keep else Path(temporary)
        top.mkdir(parents=True, exist_ok=True)
        books = [book for package in options.packages for book in _books(package, top, options.limit)]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            plain = dict(zip(books, pool.map(lambda book: _executed(book, top), books), strict=True))
        runnable = [book for book, found in plain.items() if isinstance(found, Counter)]
        shown = _shown(top / "workspace", runnable)
    return _report(plain, shown)


def _books(package: str, top: Path, limit: int) -> Iterator[Book]:
    """Unpack the notebooks of a package's source archive, unless they are there, with the files beside them."""
    try:
        release = version(package)
    except PackageNotFoundError:
        print(f"{package} is not installed: pip install {package}")
        return
    folder = top / f"{canonicalize_name(package)}-{release}"
    if not folder.is_dir():
        archive = top / f"{folder.name}.tar.gz"
        archive.write_bytes(source_archive(package, release))
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        archive.unlink()
    found = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    chosen = [found[index * len(found) // limit] for index in range(min(limit, len(found)))] if limit else found
    for path in chosen:
        name = path.relative_to(folder).as_posix()
        slug = re.sub(r"[^a-z0-9]+", "-", f"{package}-{name.partition('/')[2]}".lower().removesuffix(".ipynb"))
        yield Book(name=name, slug=slug[-64:].strip("-"), path=path)


def _executed(book: Book, top: Path) -> Counter[str] | str:
    """Return what nbclient left in the notebook, or why it does not run by itself."""
    try:
        if not any(cell.number for cell in notebook_cells(book.path.read_bytes())):
            return "has no code"
    except NotebookError as error:
        return str(error)
    folder = Path(tempfile.mkdtemp(dir=top, prefix="plain-"))
    shutil.copytree(book.path.parent, folder / "beside", ignore_dangling_symlinks=True)
    answer = folder / "answer.ipynb"
    command = [sys.executable, "-c", _EXECUTE, str(folder / "beside" / book.path.name), str(answer)]
    environment = {**os.environ, "MPLCONFIGDIR": str(top / "config")}
    try:
        ended = subprocess.run(
            command,
            cwd=folder / "beside",
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if ended.returncode:
            return (ended.stderr.strip().splitlines() or ["it failed"])[-1][:200]
        return _left(json.loads(answer.read_text(encoding="utf-8")))
    except subprocess.TimeoutExpired:
        return f"still running after {_SECONDS} s"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _left(document: Mapping[str, Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in document["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if output["output_type"] == "error":
                found["errors"] += 1
            elif any(kind.startswith("image/") for kind in data):
                found["figures"] += 1
            elif "<table" in "".join(data.get("text/html", "")):
                found["tables"] += 1
    return found


def _shown(root: Path, books: Sequence[Book]) -> Mapping[Book, Counter[str] | str]:
    """Build all of them as projects; return what the record of each shows in its cells, or how it failed."""
    shutil.rmtree(root, ignore_errors=True)
    for book in books:
        folder = root / "projects" / book.slug
        shutil.copytree(
            book.path.parent, folder, ignore=shutil.ignore_patterns("*.ipynb", "requirements.txt")
        )  # nbclient reads none
        shutil.copyfile(book.path, folder / book.path.name)
        spec = f'title = "{book.slug}"\nsummary = "{book.slug}"\nscript = "{book.path.name}"\n'
        (folder / "spec.toml").write_text(spec, encoding="utf-8")
    (root / "mkdocs.yml").write_text("site_name: Notebooks\n", encoding="utf-8")
    (root / "pyproject.toml").write_text(f"[tool.portfolio]\ntimeout = {2 * _SECONDS}\n", encoding="utf-8")
    portfolio = [sys.executable, "-c", "import sys; from portfolio.cli.main import main; sys.exit(main())"]
    ended = subprocess.run([*portfolio, "-C", str(root), "build", "--json"], stdout=subprocess.PIPE, check=False)
    said = {project["slug"]: project for project in json.loads(ended.stdout)["projects"]}
    store = Store(root / "build" / "records")
    found: dict[Book, Counter[str] | str] = {}
    for book in books:
        failure, stored = said[book.slug]["failure"], store.last_good(book.slug)
        if failure or stored is None:
            found[book] = f"{failure['kind']}: {failure['message']}" if failure else "no record"
            continue
        outputs = [output for cell in stored.record.result.cells for output in cell]
        kinds = Counter(output.kind for output in outputs)
        tables = sum(output.kind == "html" and "<table" in output.text for output in outputs)
        found[book] = Counter(figures=kinds["figure"], tables=tables, errors=kinds["error"])
    return found


def _report(plain: Mapping[Book, Counter[str] | str], shown: Mapping[Book, Counter[str] | str]) -> int:
    misses = []
    for book, found in shown.items():
        wanted = plain[book]
        is_right = isinstance(found, Counter) and found == wanted
        line = f"{book.name}: {dict(wanted) if isinstance(wanted, Counter) else wanted}"
        print(line if is_right else f"{line}, shown: {found}")
        misses += [] if is_right else [book.name]
    print("\nNot counted, because they do not run by themselves here:")
    for book, why in plain.items():
        if isinstance(why, str):
            print(f"  {book.name}: {why}")
    print(f"\n{len(shown)} notebooks, {len(shown) - len(misses)} as nbclient leaves them")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
