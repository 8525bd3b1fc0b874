"""Why a project is stale, in words."""

from collections.abc import Mapping

from portfolio.values.environment import AMBIENT

_SHOWN = 3
_DIGEST = 64
UNPARSED = "unparsed"
"""The kind of part that says of a source that it is no Python, so that nothing is known of what it imports."""
_OF_IMPORTS = ("package", "version", "loaded", "local", "tool", "style", "shared")
_FILES = ("file", "shared", "data", "read", "module", "listing")


_SAID = {
    "tool": "portfolio.{name} {happened}",
    "variable": "variable {name} changed",
    "style": "figure style changed",
    "capture": "portfolio captures more now",
}
_COMES_OR_GOES = {
    UNPARSED: ("cannot be parsed", "can be parsed again"),
    "requirement": ("is needed now", "is not needed any more"),
}
"""What is said of parts that are there or not: when they come, and when they go."""


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Return every difference between two keys' parts in words, each once."""
    old, new = _with_packages(old), _with_packages(new)
    parts = sorted({*old, *new})
    if any(part.partition(" ")[0] == UNPARSED for part in parts):
        parts = [part for part in parts if part.partition(" ")[0] not in _OF_IMPORTS]
    said = [_change(part, old.get(part), new.get(part)) for part in parts]
    return tuple(dict.fromkeys(change for change in said if change))


def reason(old: Mapping[str, str] | None, new: Mapping[str, str]) -> str:
    """Return what differs between two keys' parts, the first few in full."""
    if old is None:
        return "never run"
    said = changes(old, new)
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return ", ".join(said[:_SHOWN]) + more or "record is missing or damaged"


def _with_packages(parts: Mapping[str, str]) -> dict[str, str]:
    """Return the parts with versions called alike, whether a lock holds them or they were found."""
    return {f"package {part[9:]}" if part.startswith("resolved ") else part: parts[part] for part in parts}


def _change(part: str, old: str | None, new: str | None) -> str:
    kind, _, name = part.partition(" ")
    if old == new:
        return ""
    if kind in _FILES:
        return f"{_shown(kind, name)} {_happened(old, new)}"
    if kind == "environment":
        return f"environment {old or AMBIENT} → {new or AMBIENT}"
    if kind in ("package", "version") or (kind == "loaded" and not _is_content(old, new)):
        return f"{name} {old or 'absent'} → {new or 'absent'}"
    if kind in ("local", "loaded"):
        return f"package {name} {_happened(old, new)}"
    if kind in _SAID:
        return _SAID[kind].format(name=name, happened=_happened(old, new))
    if kind in _COMES_OR_GOES:
        return f"{name} {_COMES_OR_GOES[kind][new is None]}"
    return f"{part}: {'unset' if old is None else old} → {'unset' if new is None else new}"


def _is_content(*values: str | None) -> bool:
    return any(value is not None and len(value) == _DIGEST for value in values)


def _happened(old: str | None, new: str | None) -> str:
    gone = (None, "absent")
    return "added" if old in gone else "removed" if new in gone else "changed"


def _shown(kind: str, name: str) -> str:
    """Return a file's name as its author would write it."""
    if kind == "shared":
        return f"_shared/{name}"
    shown = name[len("../") :] if name.startswith("../_shared") else name
    return f"names in {shown}" if kind == "listing" else shown
