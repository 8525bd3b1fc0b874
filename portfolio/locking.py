"""What a workspace installs, each file of it known by its hash: `requirements.txt`, written by `portfolio lock`.

Resolved by uv, for every system and Python at once. The first lines hold a digest of what was asked for, so that a
stale file is seen without a network; no address of an index stands in it, so that any mirror serves.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from portfolio import files
from portfolio.environments import uv
from portfolio.errors import UsageError
from portfolio.packed import PIN, requirements

LOCK, WANTED = "requirements.txt", "requirements.in"
_EXTRAS = ("build", "model")
"""What of the tool's optional parts is locked too: what runs its own projects, and installs a checkout of it."""
_HEAD = "# Written by 'portfolio lock': what the tool and requirements.in ask for, every file known by its hash."
_ASKED = "# asked for: sha256:"
_PYTHON = "3.11"


def is_fresh(root: Path) -> bool:
    """Whether the lock file answers what is asked for now; no network is used."""
    return f"{_ASKED}{_digest(root)}" in _text(root / LOCK).splitlines()


def write_lock(root: Path, *, upgrade: bool) -> bool:
    """Resolve what is asked for and write the lock file; return whether it changed.

    Args:
        root: the workspace.
        upgrade: take the newest versions; otherwise those of the file there is are kept where they fit.

    Raises:
        UsageError: uv is not there, or finds no answer.
    """
    before = "" if upgrade else _text(root / LOCK)
    pins = resolve(tuple(asked(root)), body(before))
    return files.write_text(root / LOCK, headed(root, pins, vendored=(root / PIN).is_file()))


def headed(root: Path, pins: str, *, vendored: bool) -> str:
    """Return the text of a lock file for the workspace with these pins; the tool's own wheel is named first."""
    own = f"-r {PIN}\n" if vendored else ""
    return f"{_HEAD}\n{_ASKED}{_digest(root)}\n{own}{pins}"


def resolve(wanted: tuple[str, ...], known: str) -> str:
    """Return the pins of everything `wanted` needs, keeping those of `known` that fit.

    Raises:
        UsageError: uv is not there, or finds no answer.
    """
    program = uv.program()
    if program is None:
        raise UsageError("uv is not installed, which finds out what fits together", hint="pip install uv")
    with tempfile.TemporaryDirectory(prefix="portfolio-lock-") as folder:
        source, target = Path(folder, "wanted.in"), Path(folder, "pins.txt")
        source.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        target.write_text(known, encoding="utf-8")
        command = [program, "pip", "compile", "--quiet", "--universal", "--python-version", _PYTHON]
        command += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["--output-file", str(target), str(source)]
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise UsageError(f"{WANTED}: no versions fit together:\n{ended.stderr.strip()[-2000:]}", hint="loosen one")
        return target.read_text(encoding="utf-8")


def body(text: str) -> str:
    """Return the pins of a lock file, without what stands before them."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("#", "-r ")))


def asked(root: Path) -> Iterator[str]:
    """Yield what is asked for: the tool's own requirements, then the author's."""
    yield from requirements(_EXTRAS)
    for line in _text(root / WANTED).splitlines():
        wanted = re.sub(r"(^|\s)#.*", "", line).strip()
        if wanted:
            yield wanted


def _digest(root: Path) -> str:
    return sha256("\n".join(asked(root)).encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name}: cannot be read", hint=f"ls -l {path.name}") from error
