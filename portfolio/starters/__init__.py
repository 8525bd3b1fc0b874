"""The files that `init` and `new` begin with, filled in."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent
TEMPLATES = {
    "tabular": "classes from a table: a model against a baseline on rows held out",
    "regression": "a number from a table, with a range that holds as often as it says",
    "timeseries": "a forecast, judged by looking back only, against last week's value",
    "ladder": "one result reached by a library, by NumPy and by hand, which have to agree",
    "notebook": "an analysis told in a notebook: what the data look like, and a model judged on rows held out",
}
"""The starters of projects, and what each is for; the first is taken unless another is named."""


def workspace_text(name: str) -> str:
    """Return a file of a new workspace as it is."""
    return (_HERE / "workspace" / name).read_text(encoding="utf-8")


def workspace_file(name: str, texts: Mapping[str, str]) -> str:
    """Return a file of a new workspace with `texts` in place; quoted where the file is YAML."""
    is_yaml = name.endswith(".yml")

    def filled(found: re.Match[str]) -> str:
        text = texts.get(found[1], found[0])
        return json.dumps(text, ensure_ascii=False) if is_yaml else text

    return re.sub(r"\{(\w+)\}", filled, workspace_text(name))


def project_files(template: str) -> Mapping[str, bytes]:
    """Return the files of a starter by name."""
    return _files(_HERE / "projects" / template)


def example_files() -> Mapping[str, bytes]:
    """Return the files of the finished project that a new workspace begins with."""
    return _files(_HERE / "example")


def _files(folder: Path) -> Mapping[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
