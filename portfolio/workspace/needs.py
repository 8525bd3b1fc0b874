"""What a project needs besides what is installed here; most need nothing, and do not wait for how it would be read."""

from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.errors import Problem
from portfolio.values.spec import Spec

if TYPE_CHECKING:
    from portfolio.values.environment import Needs

LISTED = "requirements.txt"
BEGINS = b"# /// script"
"""How the block begins that a script may hold (PEP 723)."""
MOST_BYTES = 4 << 20


def read_needs(folder: Path, spec: Spec, shown: str, *, with_lock: bool = True) -> "Needs | Problem | None":
    """Return what the project in `folder` asks for, None where it runs with what is installed here.

    Args:
        folder: the project's folder.
        spec: its spec.
        shown: the folder as its author would write it.
        with_lock: also read its lock, and refuse one that answers something else.
    """
    if not _may_ask(folder, spec):
        return None
    from portfolio.workspace.answered import answered  # noqa: PLC0415 - as the first line says
    from portfolio.workspace.asked import RefusedError, asked  # noqa: PLC0415 - as the first line says

    try:
        needs = asked(folder, spec, shown)
        return answered(needs, folder, shown) if needs and with_lock else needs
    except RefusedError as refused:
        return refused.problem


def _may_ask(folder: Path, spec: Spec) -> bool:
    """Whether there is a list, or a block in the script; what cannot be read may hold one, and is refused there."""
    if (folder / LISTED).is_file():
        return True
    script = folder / spec.script
    if spec.run.command or not script.is_file():
        return False
    try:
        with script.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError:
        return True
    return BEGINS in content or len(content) > MOST_BYTES
