"""Let no script read what this process knows: otherwise a user's processes may read each other."""

import sys

_PR_SET_DUMPABLE = 4


def hide() -> None:
    """Close this process to others of its user until it starts another program; root still can. Linux only."""
    if sys.platform.startswith("linux"):
        import ctypes  # noqa: PLC0415 - only where something is started

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
