"""YAML files, read as hostile input: small, shallow, and with what anchors unfold to counted before they do."""

import os
from pathlib import Path
from typing import Any

import yaml

from portfolio.workspace import toml

if yaml.__with_libyaml__:
    from yaml import CSafeLoader as _Loader
else:  # several times slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_MOST_WRITTEN, _MOST_MEANT = 5_000, 100_000
"""Values that may stand in a file, and those they stand for once anchors are followed."""


class TooMuchError(yaml.YAMLError):
    """A file says more than anything a person writes."""


class _Lenient(_Loader):
    """MkDocs' own tags (`!ENV`, `!!python/name:`) are its business; here they read as nothing."""


_Lenient.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def read_yaml(path: Path) -> tuple[Any, str, str, str]:
    """Return the document of a file, or what is wrong, on which line, and what to type."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - a link to itself is no file, and no exception
            return None, "is not a file", "", f"ls -l {path.name}"
        if path.stat().st_size > toml.MAX_BYTES:
            return None, f"is larger than {toml.MAX_BYTES // 1024} KiB", "", "keep parts of it in files of their own"
        text = path.read_text(encoding="utf-8-sig")
        return parsed(text), "", "", ""
    except TooMuchError as error:
        return None, str(error), "", "keep parts of it in files of their own"
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "cannot be parsed"
        line = str(min(mark.line, text.rstrip().count("\n")) + 1) if mark else ""  # the end stands behind the last line
        return None, f"is not YAML: {what}", line, "yaml.org shows how it is written"
    except UnicodeDecodeError:
        return None, "is not UTF-8 text", "", "save it as UTF-8"
    except (ValueError, TypeError) as error:
        return None, f"is not YAML: {str(error)[:100]}", "", "yaml.org shows how it is written"
    except OSError as error:
        return None, f"cannot be read: {os.strerror(error.errno or 0)}", "", f"ls -l {path.name}"
    except RecursionError:
        return None, "is nested too deeply", "", f"at most {toml.DEEPEST} levels are read"


def parsed(text: str) -> Any:
    """Return the document of a YAML text; what is in it, and what its anchors unfold to, is counted before.

    Raises:
        yaml.YAMLError: it is none, or says too much (`TooMuchError`).
        RecursionError: it is nested too deeply.
    """
    _refuse_much(text)
    loader = _Lenient(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _weight(node, {}) > _MOST_MEANT:
            raise TooMuchError("holds anchors that unfold to too much")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_much(text: str) -> None:
    """Refuse what is deep before it is composed, which libyaml does by the stack of the process."""
    depth = values = 0
    for event in yaml.parse(text, Loader=_Lenient):
        values += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > toml.DEEPEST:
            raise RecursionError
        if values > _MOST_WRITTEN:
            raise TooMuchError(f"holds more than {_MOST_WRITTEN:,} values")


def _weight(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values `node` stands for; one that holds itself stands for too many."""
    if id(node) not in known:
        known[id(node)] = _MOST_MEANT + 1
        inner = node.value if isinstance(node, yaml.CollectionNode) else []
        parts = [part for each in inner for part in (each if isinstance(each, tuple) else (each,))]
        known[id(node)] = 1 + sum(_weight(part, known) for part in parts)
    return known[id(node)]
