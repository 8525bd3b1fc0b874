"""The files that `init` and `new` begin with, filled in."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent


def workspace_file(name: str, texts: Mapping[str, str]) -> str:
    """Return a file of a new workspace with `texts` in place; quoted where the file is YAML."""
    content = (_HERE / "workspace" / name).read_text(encoding="utf-8")
    is_yaml = name.endswith(".yml")

    def filled(found: re.Match[str]) -> str:
        text = texts.get(found[1], found[0])
        return json.dumps(text, ensure_ascii=False) if is_yaml else text

    return re.sub(r"\{(\w+)\}", filled, content)


def project_file(name: str, title: str) -> str:
    """Return a file of a new project with its title in place."""
    content = (_HERE / "project" / name).read_text(encoding="utf-8")
    return content.replace('"{title}"', json.dumps(title, ensure_ascii=False))
