"""Take each kind of part out of the run key in turn: `python tests/exactness/key_parts.py` prints what goes wrong then.

The exit code is 1 where the loss of a part would not be noticed.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))

from exact_parts import SHOWN_BY, loss_of


def main() -> int:
    """Print the table; return the exit code."""
    for name in [name for name in os.environ if name.startswith(("CI", "PORTFOLIO_", "GIT_"))]:
        del os.environ[name]
    missed = 0
    for part, (kind, edit) in SHOWN_BY.items():
        with tempfile.TemporaryDirectory(prefix="parts-") as folder:
            loss = loss_of(part, Path(folder))
        missed += not loss.not_run
        told = f"{len(loss.shown_wrong)} results and files stale" if loss.not_run else "NOT NOTICED"
        print(f"{part:16} {kind:10} {edit:32} {told}", flush=True)  # noqa: T201 - a command tells what it found
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
