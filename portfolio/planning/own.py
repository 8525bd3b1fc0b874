"""What an environment of a project's own adds to its key.

The base holds what is asked for and, with a lock, every version in it. Without one the versions are found by the first
run, and are observed parts from then on.
"""

from collections.abc import Mapping
from pathlib import Path

from portfolio.environments.resolving import resolution
from portfolio.values.environment import Needs
from portfolio.workspace import pins

RESOLVED = "resolved"
"""The kind of part that holds a version found for an environment without a lock."""


def of_needs(needs: Needs) -> dict[str, str]:
    """Return the parts that are known before anything is installed."""
    parts = {"environment": needs.kind, "wanted python": needs.python or "any", "wanted before": needs.before or "ever"}
    parts |= {f"requirement {each}": "" for each in needs.requirements}
    return parts | {f"package {name}": version for name, version in (needs.lock.packages if needs.lock else {}).items()}


def resolved(cache: Path, needs: Needs) -> Mapping[str, str]:
    """Return the parts that were found for an environment without a lock; none before it was made."""
    if needs.lock:
        return {}
    try:
        text = resolution(cache, needs).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return {f"{RESOLVED} {name}": version for name, version in pins.packages(text).items()}
