"""The files that `init` and `new` begin with, filled in."""

import json
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent


def workspace_file(name: str, texts: Mapping[str, str]) -> str:
    """Return a file of a new workspace with `texts` in place; quoted where the file is YAML."""
    content = (_HERE / "workspace" / name).read_text(encoding="utf-8")
    for key, text in texts.items():
        shown = json.dumps(text, ensure_ascii=False) if name.endswith(".yml") else text
        content = content.replace(f"{{{key}}}", shown)
    return content


def project_file(name: str, title: str) -> str:
    """Return a file of a new project with its title in place."""
    content = (_HERE / "project" / name).read_text(encoding="utf-8")
    return content.replace('"{title}"', json.dumps(title, ensure_ascii=False))
