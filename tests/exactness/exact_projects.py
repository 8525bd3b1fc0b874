"""The workspace the sequences begin with: eight small projects, each depending on something in its own way."""

from dataclasses import replace

from exact_state import Described, File, Link, Source, State, Text, project

COUNTS, CHOOSES, SHARES, LINKED = "counts", "chooses", "shares", "linked"
DECLARED, PACKAGED, MIRRORS, COMMANDED = "declared", "packaged", "mirrors", "commanded"
DRAWS = "draws"
KINDS = (COUNTS, CHOOSES, SHARES, LINKED, DECLARED, PACKAGED, MIRRORS, COMMANDED)
SHARED = "workspace/projects/_shared"
DECLARED_DATA = "workspace/material/declared.csv"
LEVEL, UNDECLARED = "PF_LEVEL", "PF_NOBODY_ASKED"


def first_state(*, drawing: bool = False) -> State:
    """Return the first state; `drawing` adds the one project that needs matplotlib, which is slow to import."""
    files: dict[str, File] = {
        "workspace/mkdocs.yml": Text("site_name: Ada Example\ntheme:\n  name: material\n"),
        "workspace/pyproject.toml": Text("[tool.portfolio]\njobs = 2\n"),
        "workspace/.gitignore": Text("build/\n"),
        "workspace/material/rows.csv": Text("3\n4\n"),
        "workspace/material/other.csv": Text("5\n6\n"),
        DECLARED_DATA: Text("7\n"),
    }
    kinds = (*KINDS, DRAWS) if drawing else KINDS
    for kind in kinds:
        files |= {project(kind, name): file for name, file in files_of(kind).items()}
    files |= {f"{SHARED}/{name}": file for name, file in _shared().items()}
    files |= {f"elsewhere/{name}": file for name, file in _elsewhere().items()}
    return State(files=files, variables={LEVEL: "1", UNDECLARED: "1"}, kinds={kind: kind for kind in kinds})


def files_of(kind: str) -> dict[str, File]:
    """Return the files of that project's folder."""
    found: dict[str, File] = dict(_PROJECTS[kind])
    found.setdefault("spec.toml", described(kind))
    return found


def described(kind: str, params: dict[str, object] | None = None, run: dict[str, object] | None = None) -> Described:
    """Return a spec."""
    words = {"title": f"It {kind}", "summary": "A small project.", "tags": ["small", kind]}
    return Described(words=words, params=params or {}, run={"timeout": 60, **(run or {})})


def constant(name: str, number: int, remark: str = "as measured") -> Source:
    """Return a module that holds one number."""
    return Source((f"{name} = {number}",), (remark,))


_COUNTS: dict[str, File] = {
    "spec.toml": described(COUNTS, params={"scale": 2}),
    "script.py": Source(
        (
            "from pathlib import Path",
            "from helper import doubled",
            "from inner.deep.value import VALUE",
            "from portfolio import log_metric, log_table, params",
            "rows = [int(line) for line in Path('data/rows.csv').read_text().split()]",
            "print('files', sorted(path.name for path in Path('data').iterdir()))",
            "log_table('rows', [{'row': row, 'twice': doubled(row)} for row in rows])",
            "log_metric('total', params['scale'] * doubled(sum(rows)) + VALUE)",
        ),
        ("counts rows",),
    ),
    "other.py": Source(("from portfolio import log_metric", "log_metric('other', 1)")),
    "helper.py": Source(
        ("from inner import FACTOR", "OFFSET = 0", "def doubled(number):\n    return FACTOR * number + OFFSET"),
        ("helps",),
    ),
    "inner/__init__.py": constant("FACTOR", 2),
    "inner/deep/__init__.py": Source(('"""Deep inside."""',)),
    "inner/deep/value.py": constant("VALUE", 7),
    "data/rows.csv": Text("1\n2\n"),
    "writeup.md": Text("Rows are counted.\n"),
}
_CHOOSES: dict[str, File] = {
    "spec.toml": described(CHOOSES, params={"module": "alpha", "plugin": "plugin_alpha"}),
    "script.py": Source(
        (
            "import importlib",
            "from portfolio import log_metric, log_text, params",
            "module = importlib.import_module(params['module'])",
            "plugin = importlib.import_module(params['plugin'])",
            "log_metric('chosen', module.NUMBER)",
            "log_metric('plugged', plugin.NUMBER)",
            "log_text('remark', open('../_shared/' + params['plugin'] + '.txt').read())",
        ),
    ),
    "alpha.py": constant("NUMBER", 1),
    "beta.py": constant("NUMBER", 2),
}
_SHARES: dict[str, File] = {
    "script.py": Source(
        (
            "from pathlib import Path",
            "from common import summed",
            "from portfolio import log_metric",
            "values = Path('../_shared') / 'values.csv'",
            "print('pieces', sorted(path.name for path in Path('../_shared/pieces').iterdir()))",
            "log_metric('summed', summed(values.read_text().split()))",
        ),
    ),
}
_LINKED: dict[str, File] = {
    "spec.toml": replace(described(LINKED), data=("../../material/declared.csv",)),
    "script.py": Source(
        (
            "from pathlib import Path",
            "from portfolio import log_metric",
            "rows = [int(line) for line in Path('data/rows.csv').read_text().split()]",
            "log_metric('total', sum(rows))",
            "log_metric('declared', int(Path('../../material/declared.csv').read_text().split()[0]))",
        ),
    ),
    "data/rows.csv": Link("../../../material/rows.csv"),
}
_DECLARED: dict[str, File] = {
    "spec.toml": described(DECLARED, run={"env": [LEVEL], "seed": 1, "threads": 1, "network": True}),
    "script.py": Source(
        (
            "import os, random, socket",
            "from portfolio import log_metric, log_text",
            "log_metric('level', int(os.environ['PF_LEVEL']))",
            "log_metric('drawn', random.random())",
            "log_metric('threads', int(os.environ['OMP_NUM_THREADS']))",
            "log_metric('nobody', len(os.environ.get('PF_NOBODY_ASKED', '')))",
            "log_text('interfaces', ' '.join(name for _, name in socket.if_nameindex()))",
        ),
    ),
}
_PACKAGED: dict[str, File] = {
    "script.py": Source(
        (
            "import gauge, plainly, scales",
            "from portfolio import log_metric, log_text",
            "log_metric('gauged', gauge.measure(2))",
            "log_metric('plain', plainly.NUMBER)",
            "log_text('version', scales.__version__)",
            "log_metric('minor', int(scales.__version__.split('.')[1]))",
        ),
    ),
}
_MIRRORS: dict[str, File] = {
    "script.py": Source(
        (
            "import inspect",
            "from pathlib import Path",
            "import shown, stumbles",
            "from portfolio import log_metric, log_text",
            "log_metric('length', len(Path(__file__).read_text()))",
            "log_text('shown', inspect.getsource(shown))",
            "print(stumbles.told())",
        ),
        ("read by itself",),
        read_as_text=True,
    ),
    "shown.py": Source(("def shown():\n    return 1",), ("read by inspect",), read_as_text=True),
    "stumbles.py": Source(
        (
            "import traceback",
            "def told():\n try:\n  return 1 / 0\n except ArithmeticError:\n  return traceback.format_exc()",
        ),
        ("moves the line that a traceback names", "and again"),
        read_as_text=True,
    ),
}
_COMMANDED: dict[str, File] = {
    "spec.toml": described(COMMANDED, run={"command": ["python", "tool.py", "1"]}),
    "tool.py": Source(
        (
            "import sys",
            "from portfolio import log_metric, log_text",
            "log_metric('told', int(sys.argv[1]))",
            "log_metric('read', len(open('input.txt').read()))",
            "log_text('values', open('../_shared/values.csv').read())",
        ),
    ),
    "input.txt": Text("some input\n"),
}
_DRAWS: dict[str, File] = {
    "script.py": Source(
        (
            "import matplotlib.pyplot as plt",
            "from portfolio import log_figure, log_metric",
            "figure, axes = plt.subplots(figsize=(2, 2))",
            "axes.plot([1, 2, 3])",
            "log_figure('line', figure, alt='A line that rises')",
            "log_metric('width', plt.rcParams['lines.linewidth'])",
        ),
    ),
}
_PROJECTS = {
    COUNTS: _COUNTS,
    CHOOSES: _CHOOSES,
    SHARES: _SHARES,
    LINKED: _LINKED,
    DECLARED: _DECLARED,
    PACKAGED: _PACKAGED,
    MIRRORS: _MIRRORS,
    COMMANDED: _COMMANDED,
    DRAWS: _DRAWS,
}


def _shared() -> dict[str, File]:
    return {
        "common.py": Source(
            (
                "from deeper import START",
                "MORE = 1",
                "def summed(words):\n    return MORE + START + sum(map(int, words))",
            )
        ),
        "deeper.py": constant("START", 10),
        "values.csv": Text("1\n2\n"),
        "plugin_alpha.py": constant("NUMBER", 1),
        "plugin_beta.py": constant("NUMBER", 2),
        "plugin_alpha.txt": Text("Alpha.\n"),
        "plugin_beta.txt": Text("Beta.\n"),
        "pieces/first.txt": Text("A piece.\n"),
        "unused.py": constant("UNUSED", 1),
        "unused.csv": Text("9\n"),
    }


def _elsewhere() -> dict[str, File]:
    """Return a package installed editable, a module that is only on the import path, and an installed package."""
    return {
        "source/gauge/__init__.py": Source(
            ("from gauge.inner import FACTOR", "def measure(x):\n    return FACTOR * x")
        ),
        "source/gauge/inner.py": constant("FACTOR", 3),
        "source/plainly.py": constant("NUMBER", 4),
        **distribution("gauge", "0.1", editable=True),
        **installed("1.0"),
    }


def installed(version: str) -> dict[str, File]:
    """Return the package `scales` as an installer leaves it."""
    return {"site-packages/scales.py": Source((f"__version__ = {version!r}",)), **distribution("scales", version)}


def distribution(name: str, version: str, *, editable: bool = False) -> dict[str, File]:
    """Return the metadata of a distribution that holds the module of the same name."""
    folder = f"site-packages/{name}-{version}.dist-info"
    found: dict[str, File] = {
        f"{folder}/METADATA": Text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
        f"{folder}/top_level.txt": Text(f"{name}\n"),
        f"{folder}/RECORD": Text("" if editable else f"{name}.py,,\n"),
    }
    if editable:
        found[f"{folder}/direct_url.json"] = Text('{"dir_info": {"editable": true}, "url": "file:///x"}')
    return found
