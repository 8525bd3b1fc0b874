"""Why a project is stale, in words."""

from collections.abc import Mapping

_SHOWN = 3


def reason(old: Mapping[str, str] | None, new: Mapping[str, str]) -> str:
    """Return what differs between two keys' parts, the first few in full."""
    if old is None:
        return "never run"
    changes = [_change(part, old.get(part), new.get(part)) for part in sorted({*old, *new})]
    said = [change for change in changes if change]
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return ", ".join(said[:_SHOWN]) + more or "asked for"


def _change(part: str, old: str | None, new: str | None) -> str:
    kind, _, name = part.partition(" ")
    if old == new:
        return ""
    if kind in ("file", "shared", "data"):
        shown = f"_shared/{name}" if kind == "shared" else name
        return f"{shown} {'added' if old is None else 'removed' if new is None else 'changed'}"
    if kind == "package":
        return f"{name} {old or 'absent'} → {new or 'absent'}"
    if kind == "variable":
        return f"variable {name} changed"
    if kind == "style":
        return "figure style changed"
    if kind == "capture":
        return "portfolio captures more now"
    return f"{part}: {'unset' if old is None else old} → {'unset' if new is None else new}"
