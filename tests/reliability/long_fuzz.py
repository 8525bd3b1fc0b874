"""Ten minutes of fuzzing the readers of hostile input and the escaping; `MINUTES` in the environment changes that."""

import os

from figure import Figure
from fuzz import fuzz


def run() -> Figure:
    """Fuzz with hypothesis."""
    minutes = float(os.environ.get("MINUTES", "10"))
    counts, crashes = fuzz(minutes * 60)
    return Figure(
        what=f"{minutes:g} minutes over {len(counts)} targets",
        promised="0 crashes",
        measured=f"{len(crashes)} crashes in {sum(counts.values()):,} inputs",
        ok=not crashes,
        notes=tuple(crashes),
    )
