"""Versions that fit together, found by uv from what a project asks for, or read from a lock of uv's own.

Wheels only count: to build from source is to run the code of others outside of a run, with all that this process may
do.
"""

import json
import operator
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from threading import Event

from portfolio.environments import uv
from portfolio.values.environment import Lock, Needs
from portfolio.workspace import pins

FOLDER = "environments"
"""Below the cache: environments, what was found for those without a lock, and the folder of the capture."""
_COMPARED = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "!=": operator.ne}
_MISSING = "uv is not installed, which makes its environment: pip install uv"


class UnmadeError(Exception):
    """There is no such environment; the message says why, `detail` what uv said of it."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


def resolution(cache: Path, needs: Needs) -> Path:
    """Return where the versions are kept that were found for `needs`, which have no lock."""
    return cache / FOLDER / f"{needs.digest[:32]}-{here()}.txt"


def resolve(needs: Needs, known: str, *, folder: Path, options: Iterable[str], cancel: Event | None = None) -> str:
    """Return the pins of everything `needs` asks for, keeping those of `known` that fit.

    Raises:
        UnmadeError: uv is not there, or finds no answer.
        StoppedError: `cancel` was set.
    """
    program = the_uv()
    source, target = folder / f"{needs.digest[:32]}.in", folder / f"{needs.digest[:32]}.out"
    try:
        source.write_text("".join(f"{each}\n" for each in needs.requirements), encoding="utf-8")
        target.write_text(known, encoding="utf-8")
        command = ["pip", "compile", "--quiet", "--generate-hashes", "--no-annotate", "--no-header"]
        command += ["--no-emit-index-url", "--no-emit-find-links", "--only-binary", ":all:", *options]
        command += ["--exclude-newer", needs.before] if needs.before else []
        ended = uv.call(program, [*command, "--output-file", target.name, source.name], folder=folder, cancel=cancel)
        if ended.code:
            raise UnmadeError(f"no versions fit together of what {needs.file} asks for", ended.said)
        return pins.body(target.read_text(encoding="utf-8"))
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)


def python_for(needs: Needs, cancel: Event) -> str:
    """Return this Python's path, or that of another where this one does not fit; those of pyenv are looked at first.

    Its versions are no shims, which fail for all but the one that is chosen, and of which the first ends uv's search.

    Raises:
        UnmadeError: there is none that fits.
    """
    if all(_fits(each) for each in needs.python.split(",") if each):
        return sys.executable
    find = ["python", "find", "--system", "--no-project", needs.python]
    ended = uv.call(the_uv(), find, folder=Path(sys.prefix), cancel=cancel, places=_of_pyenv())
    if ended.code:
        wants = f"{needs.file} wants Python {needs.python}, this is {platform.python_version()}, and no other here fits"
        raise UnmadeError(f"{wants}: uv python install '{needs.python}', or change requires-python")
    return ended.out.strip()


def _of_pyenv() -> tuple[str, ...]:
    """Return the folders in which pyenv keeps Pythons, the newest first."""
    root = Path(os.environ.get("PYENV_ROOT") or Path(os.environ.get("HOME", os.sep), ".pyenv"))
    found = [(tuple(map(int, re.findall(r"\d+", path.parent.name))), str(path)) for path in root.glob("versions/*/bin")]
    return tuple(path for _, path in sorted(found, reverse=True))


def _fits(wanted: str) -> bool:
    """Whether this Python is one of those that `wanted`, such as `>=3.11`, names; as exact as that is written."""
    sign, numbers = wanted.rstrip("0123456789.*"), tuple(map(int, re.findall(r"\d+", wanted)))
    own = sys.version_info[: len(numbers)]
    if sign == "~=":
        return own >= numbers and own[: len(numbers) - 1] == numbers[:-1]
    return bool(_COMPARED.get(sign, operator.eq)(own, numbers))


def exported(needs: Needs, lock: Lock, folder: Path) -> str:
    """Return the pins of a lock of uv's, which says of itself all that is needed.

    Raises:
        UnmadeError: uv cannot read it, or it holds what is not known by a version and a hash.
    """
    script = folder / "script.py"
    python = f"# requires-python = {json.dumps(needs.python)}\n" if needs.python else ""
    asked = f"# dependencies = {json.dumps(needs.requirements)}\n"
    script.write_text(f"# /// script\n{python}{asked}# ///\n", encoding="utf-8")
    script.with_name("script.py.lock").write_text(lock.text, encoding="utf-8")
    command = ["export", "--script", script.name, "--frozen", "--quiet", "--no-header", "--no-annotate"]
    ended = uv.call(the_uv(), [*command, "--no-emit-index-url", "--no-emit-find-links"], folder=folder)
    if ended.code:
        raise UnmadeError(f"{lock.file} cannot be read by uv", ended.said)
    text = pins.body(ended.out)
    problem = pins.first_problem(text)
    if problem:
        raise UnmadeError(f"{lock.file}: {problem.message}")
    return text


def the_uv() -> str:
    """Return the path of uv.

    Raises:
        UnmadeError: it is not there.
    """
    found = uv.program()
    if found is None:
        raise UnmadeError(_MISSING)
    return found


def here() -> str:
    """Return the Python and the system that wheels are for."""
    return f"{sysconfig.get_platform()}-{sys.version_info.major}.{sys.version_info.minor}"
