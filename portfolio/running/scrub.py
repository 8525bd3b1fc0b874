"""Clean what a script printed: paths of this machine shortened, control sequences removed, head and tail kept."""

import re
import stat
import sysconfig
from collections.abc import Mapping
from pathlib import Path

KEPT = 1 << 20
"""Bytes of output kept; of more, the first and the last half."""
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_output(path: Path) -> tuple[str, int]:
    """Return the kept text of an output file and how many bytes it had."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return "", 0  # a script put something else there, such as a link to what is none of its business
    size = found.st_size
    with path.open("rb") as stream:
        if size <= KEPT:
            raw = stream.read()
        else:
            head = stream.read(KEPT // 2)
            stream.seek(size - KEPT // 2)
            cut = f"\n… {size - KEPT:,} bytes not kept …\n".encode()
            raw = head + cut + stream.read(KEPT // 2)
    return raw.decode("utf-8", errors="replace"), size


def clean(text: str, shortened: Mapping[str, str]) -> str:
    """Return `text` without control sequences, rewritten lines folded to their last state, and paths shortened.

    Args:
        text: what was printed.
        shortened: what to write for a path, longest paths first where they nest.
    """
    text = text.replace("\r\n", "\n")
    lines = [line.rsplit("\r", 1)[-1] for line in text.split("\n")]
    text = _CONTROL.sub("", "\n".join(lines))
    for path, short in sorted(shortened.items(), key=lambda pair: -len(pair[0])):
        if len(path) > 1:
            text = text.replace(path, short)
    return text


def shortened_paths(project: Path, root: Path, real_root: Path) -> dict[str, str]:
    """Return how the paths of a run are shown: relative to the project, to the workspace, and home as `~`."""
    return {
        f"{project}/": "",
        str(project): ".",
        f"{root}/": "",
        str(root): ".",
        f"{real_root}/": "",
        str(real_root): ".",
        f"{sysconfig.get_path('purelib')}/": "",
        f"{sysconfig.get_path('stdlib')}/": "",
        f"{Path.home()}/": "~/",
    }
