"""The tools, each with the same projects in the form it wants: its files, its command, where its site lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from projects import DRAW, FIT, IMPORTS, SAY, opening, prose

_SAVE = 'by_fold.savefig("{folder}{slug}-by-fold.png")\ntwo_features.savefig("{folder}{slug}-two-features.png")\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One tool. Paths are relative to its workspace; `{slug}` in them is the project's name."""

    name: str
    requires: tuple[str, ...]
    """What pip installs for it, the tool itself first; nothing for what this environment holds already."""
    command: tuple[str, ...]
    setup: tuple[tuple[str, ...], ...] = ()
    """Commands that are run once in a workspace when it is written; they are not measured."""
    script: str
    data: str | None
    """The rows a project reads, if it reads any."""
    prose: str | None
    """The file in which the sentence above the result stands; nowhere for a tool without pages."""
    site: str | None
    files: Callable[[Sequence[str]], Mapping[str, str]]
    """Every other file, by path."""
    source: Callable[[str, Path], str]
    """The script of a project that says in a log that it runs."""


def _portfolio_source(slug: str, log: Path) -> str:
    keep = """\
log_metric("linear", linear_scores.mean())
log_metric("forest", forest_scores.mean(), goal="maximize")
log_figure("by_fold", by_fold, alt="Accuracy of both pipelines in each fold")
log_figure("two_features", two_features, alt="The rows in two of their features")
"""
    return IMPORTS + "\nfrom portfolio import log_figure, log_metric\n\n" + opening(slug, log) + FIT + DRAW + keep + SAY


def _portfolio_files(names: Sequence[str]) -> Mapping[str, str]:
    spec = 'title = "Project {slug}"\nsummary = "The same work as its neighbours."\ntags = ["benchmark"]\n'
    spec += '[headline]\nmetric = "forest"\nbaseline = "linear"\ngoal = "maximize"\n'
    text = "{prose}\n\n{{{{ figures.by_fold }}}}\n\n{{{{ figures.two_features }}}}\n"
    specs = {f"projects/{slug}/spec.toml": spec.format(slug=slug) for slug in names}
    return specs | {f"projects/{slug}/writeup.md": text.format(prose=prose(slug)) for slug in names}


_AUTHOR = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org")
PORTFOLIO = Peer(
    name="portfolio",
    requires=(),
    command=("portfolio", "build"),
    setup=(
        ("portfolio", "-q", "init"),
        ("git", "init", "-q"),
        ("git", "add", "-A"),
        ("git", *_AUTHOR, "commit", "-q", "-m", "All projects"),
    ),
    script="projects/{slug}/script.py",
    data="projects/{slug}/data/{slug}.csv",
    prose="projects/{slug}/writeup.md",
    site="build/site",
    files=_portfolio_files,
    source=_portfolio_source,
)


def _gallery_source(slug: str, log: Path) -> str:
    title = f"Project {slug}"
    head = f'"""\n{title}\n{"=" * len(title)}\n\n{prose(slug)}\n"""\n\n'
    return head + IMPORTS + "\n" + opening(slug, log) + FIT + DRAW + SAY


def _sphinx_files(workers: int) -> Callable[[Sequence[str]], Mapping[str, str]]:
    parallel = f', "parallel": {workers}' if workers > 1 else ""
    conf = f"""\
project = "Benchmark"
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["_build", "examples"]
sphinx_gallery_conf = {{"examples_dirs": "examples", "gallery_dirs": "auto_examples"{parallel}}}
"""
    index = "Benchmark\n=========\n\n.. toctree::\n\n   auto_examples/index\n"
    head = "Projects\n========\n\nAll of them.\n"
    return lambda _names: {"conf.py": conf, "index.rst": index, "examples/README.rst": head}


def _sphinx_gallery(workers: int) -> Peer:
    return Peer(
        name="sphinx-gallery" + (f", {workers} workers" if workers > 1 else ""),
        requires=("sphinx-gallery", "sphinx"),
        command=("python", "-m", "sphinx", "-q", "-b", "html", ".", "_build/html"),
        script="examples/plot_{slug}.py",
        data="examples/data/{slug}.csv",
        prose="examples/plot_{slug}.py",
        site="_build/html",
        files=_sphinx_files(workers),
        source=_gallery_source,
    )


def _mkdocs_gallery_files(_names: Sequence[str]) -> Mapping[str, str]:
    config = """\
site_name: Benchmark
theme:
  name: material
  font: false
nav:
  - Home: index.md
  - generated
plugins:
  - search
  - gallery:
      examples_dirs: docs/examples
      gallery_dirs: docs/generated
"""
    return {"mkdocs.yml": config, "docs/index.md": "# Benchmark\n", "docs/examples/README.md": "# Projects\n"}


MKDOCS_GALLERY = Peer(
    name="mkdocs-gallery",
    requires=("mkdocs-gallery", "mkdocs-material"),
    command=("mkdocs", "build", "-q"),
    script="docs/examples/plot_{slug}.py",
    data="docs/examples/data/{slug}.csv",
    prose="docs/examples/plot_{slug}.py",
    site="site",
    files=_mkdocs_gallery_files,
    source=_gallery_source,
)


def _loop_files(names: Sequence[str]) -> Mapping[str, str]:
    config = """\
site_name: Benchmark
theme:
  name: material
  font: false
markdown_extensions:
  - pymdownx.superfences
  - pymdownx.snippets
"""
    script = """\
set -e
for folder in projects/*/; do
  (cd "$folder" && python script.py > output.txt)
done
mkdocs build -q
"""
    page = """\
# Project {slug}

{prose}

![By fold](figures/{slug}-by-fold.png)
![Two features](figures/{slug}-two-features.png)

```
--8<-- "projects/{slug}/output.txt"
```

```python
--8<-- "projects/{slug}/script.py"
```
"""
    pages = {f"docs/{slug}.md": page.format(slug=slug, prose=prose(slug)) for slug in names}
    always = {"mkdocs.yml": config, "build.sh": script, "docs/index.md": "# Benchmark\n", "docs/figures/.keep": ""}
    return always | pages


def _saving_source(folder: str) -> Callable[[str, Path], str]:
    """Return scripts that save their figures in `folder`, relative to where the script is run."""

    def source(slug: str, log: Path) -> str:
        return IMPORTS + "\n" + opening(slug, log) + FIT + DRAW + _SAVE.format(folder=folder, slug=slug) + SAY

    return source


SCRIPT_LOOP = Peer(
    name="script loop + mkdocs",
    requires=("mkdocs", "mkdocs-material"),
    command=("bash", "build.sh"),
    script="projects/{slug}/script.py",
    data="projects/{slug}/data/{slug}.csv",
    prose="docs/{slug}.md",
    site="site",
    files=_loop_files,
    source=_saving_source("../../docs/figures/"),
)


def _notebook_source(slug: str, log: Path) -> str:
    head = "---\njupytext:\n  text_representation:\n    format_name: myst\nkernelspec:\n  name: python3\n---\n"
    cells = [IMPORTS + opening(slug, log), FIT, DRAW, SAY]
    text = "".join(f"\n```{{code-cell}}\n{cell}```\n" for cell in cells)
    return f"{head}\n# Project {slug}\n\n{prose(slug)}\n{text}"


def _book_files(names: Sequence[str]) -> Mapping[str, str]:
    config = "title: Benchmark\nexecute:\n  execute_notebooks: cache\n  timeout: 300\nonly_build_toc_files: true\n"
    contents = "format: jb-book\nroot: index\nchapters:\n" + "".join(f"- file: {slug}\n" for slug in names)
    return {"_config.yml": config, "_toc.yml": contents, "index.md": "# Benchmark\n"}


JUPYTER_BOOK = Peer(
    name="Jupyter Book 1",
    requires=("jupyter-book<2",),
    command=("jupyter-book", "build", "-q", "."),
    script="{slug}.md",
    data="data/{slug}.csv",
    prose="{slug}.md",
    site="_build/html",
    files=_book_files,
    source=_notebook_source,
)


def _stages(names: Sequence[str]) -> Mapping[str, str]:
    stage = """\
  {slug}:
    wdir: projects/{slug}
    cmd: python script.py
    deps: [script.py, data/{slug}.csv]
    outs: [{slug}-by-fold.png, {slug}-two-features.png]
"""
    return {"dvc.yaml": "stages:\n" + "".join(stage.format(slug=slug) for slug in names)}


DVC = Peer(
    name="DVC (no site)",
    requires=("dvc",),
    command=("dvc", "repro", "-q"),
    setup=(("dvc", "init", "-q", "--no-scm"), ("dvc", "config", "core.check_update", "false")),
    script="projects/{slug}/script.py",
    data="projects/{slug}/data/{slug}.csv",
    prose=None,
    site=None,
    files=_stages,
    source=_saving_source(""),
)

ALL = (PORTFOLIO, _sphinx_gallery(2), _sphinx_gallery(1), MKDOCS_GALLERY, SCRIPT_LOOP, JUPYTER_BOOK, DVC)
