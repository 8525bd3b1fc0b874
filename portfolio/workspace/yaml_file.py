"""YAML files, read as hostile input: small, shallow, and with what anchors unfold to counted before they do."""

import os
import re
from pathlib import Path
from typing import Any

import yaml

from portfolio.workspace import toml

_MOST_NODES = 100_000
_DEEP = re.compile(r"(?:[\[{][ \t]*+){64}|(?:- ){64}")


class _Lenient(yaml.SafeLoader):
    """MkDocs' own tags (`!ENV`, `!!python/name:`) are its business; here they read as nothing."""


_Lenient.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def read_yaml(path: Path) -> tuple[Any, str, str, str]:
    """Return the document of a file, or what is wrong, on which line, and what to type."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - a link to itself is no file, and no exception
            return None, "is not a file", "", f"ls -l {path.name}"
        if path.stat().st_size > toml.MAX_BYTES:
            return None, f"is larger than {toml.MAX_BYTES // 1024} KiB", "", "keep data in files of its own"
        text = path.read_text(encoding="utf-8-sig")
        if _DEEP.search(text):
            return None, "is nested too deeply", "", f"at most {toml.DEEPEST} levels are read"
        return parsed(text), "", "", ""
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "cannot be parsed"
        return None, f"is not YAML: {what}", str(mark.line + 1) if mark else "", "yaml.org shows how it is written"
    except UnicodeDecodeError:
        return None, "is not UTF-8 text", "", "save it as UTF-8"
    except (ValueError, TypeError) as error:
        return None, f"is not YAML: {str(error)[:100]}", "", "yaml.org shows how it is written"
    except OSError as error:
        return None, f"cannot be read: {os.strerror(error.errno or 0)}", "", f"ls -l {path.name}"
    except RecursionError:
        return None, "is nested too deeply", "", f"at most {toml.DEEPEST} levels are read"


def parsed(text: str) -> Any:
    """Return the document of a YAML text; what its anchors would unfold to is counted before they do."""
    loader = _Lenient(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _weight(node, {}) > _MOST_NODES:
            raise yaml.MarkedYAMLError(problem="its anchors unfold to too much")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _weight(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values `node` stands for; one that holds itself stands for too many."""
    if id(node) not in known:
        known[id(node)] = _MOST_NODES + 1
        inner = node.value if isinstance(node, yaml.CollectionNode) else []
        parts = [part for each in inner for part in (each if isinstance(each, tuple) else (each,))]
        known[id(node)] = 1 + sum(_weight(part, known) for part in parts)
    return known[id(node)]
