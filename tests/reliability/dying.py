"""A command line that is killed at its k-th step: `python -P dying.py K LOG ARGUMENT…`; with K = 0 it ends by itself.

A step is whatever Python announces to an audit hook of opening, writing, renaming, deleting, starting. The last one is
left in LOG, so that it is known what was interrupted. The code under test is not touched.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

_PREFIXES = ("open", "os.", "shutil.", "subprocess.", "ctypes.dlsym", "fcntl.")
_NOT = ("os.kill", "os.putenv", "os.unsetenv", "os.fwalk", "os.walk", "os.listxattr", "os.getxattr")


def watch(last: int, log: Path) -> None:
    """Count steps, and kill this process at number `last`."""
    steps = count(1)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_PREFIXES) and event not in _NOT:
            number = next(steps)
            os.pwrite(descriptor, f"{number} {event} {arguments[:2]!r}"[:400].ljust(400).encode(), 0)
            if number == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    watch(int(sys.argv[1]), Path(sys.argv[2]))
    from portfolio.cli.main import main

    raise SystemExit(main(sys.argv[3:]))
