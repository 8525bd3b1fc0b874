"""Make an environment once and find it again: a folder below the cache, named by the digest of what is in it.

It counts from the moment on in which its note is written, the last thing that is done; one that was left half-made has
none, and is made anew. An environment that is there needs neither uv nor a network.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Event

from portfolio import files
from portfolio.environments import uv
from portfolio.environments.resolving import (
    FOLDER,
    UnmadeError,
    exported,
    here,
    python_for,
    resolution,
    resolve,
    the_uv,
)
from portfolio.values.environment import Interpreter, Lock, Needs
from portfolio.words import normal
from portfolio.workspace import pins

_NOTE = "made-by-portfolio.json"
_OLDEST = (3, 11)
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """What an environment turned out to be."""

    python: str
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes environments below `cache`; `told` hears that one has to be made, which takes a while."""

    cache: Path
    told: Callable[[str], None]

    def interpreter(self, needs: Needs, cancel: Event) -> Interpreter:
        """Return the Python of the environment that answers `needs`, which is made if it is not there.

        Raises:
            UnmadeError: it cannot be made.
            StoppedError: `cancel` was set.
        """
        home = self.cache / FOLDER
        home.mkdir(parents=True, exist_ok=True)
        lock = needs.lock or self._resolved(needs, cancel)
        place = home / _digest(needs, lock)
        with files.locked(place.with_name(f"{place.name}.lock"), lambda: None):
            noted = _read_note(place) or self._make(needs, lock, place, cancel)
        program = place / "bin" / "python"
        return Interpreter(program=program, version=noted.python, packages=noted.packages, capture=capture_folder(home))

    def _resolved(self, needs: Needs, cancel: Event) -> Lock:
        """Return the versions found for what has no lock; found once, and kept until it asks for something else."""
        kept = resolution(self.cache, needs)
        with files.locked(kept.with_suffix(".lock"), lambda: None):
            if not kept.is_file():
                self.told(f"finds versions for {needs.file}")
                text = resolve(
                    needs, "", folder=kept.parent, options=("--python", python_for(needs, cancel)), cancel=cancel
                )
                files.write_text(kept, text)
            text = kept.read_text(encoding="utf-8")
        return Lock(file=kept.name, text=text, packages=pins.packages(text))

    def _make(self, needs: Needs, lock: Lock, place: Path, cancel: Event) -> _Note:
        """Make the environment in `place`, whatever is left there of another attempt."""
        program = the_uv()
        self.told(f"makes the environment that {needs.file} asks for")
        shutil.rmtree(place, ignore_errors=True)
        home = place.parent
        venv = ["venv", "--no-project", "--python", python_for(needs, cancel), str(place)]
        ended = uv.call(program, [*venv, "--quiet"], folder=home, cancel=cancel)
        if ended.code:
            raise UnmadeError(f"no environment could be made for {needs.file}", ended.said)
        version = _version(place)
        listed = place / "pins.txt"
        files.write_text(listed, exported(needs, lock, place) if lock.of_uv else lock.text)
        if listed.stat().st_size:
            sync = ["pip", "sync", "--quiet", "--python", str(place / "bin" / "python"), "--require-hashes"]
            sync += ["--only-binary", ":all:", str(listed)]
            ended = uv.call(program, sync, folder=home, cancel=cancel)
            if ended.code:
                raise UnmadeError(f"what {needs.file} asks for could not be installed", ended.said)
        _compile(place, cancel)
        noted = _Note(python=version, packages=_installed(place))
        files.write_text(place / _NOTE, json.dumps(asdict(noted), sort_keys=True))
        return noted


def capture_folder(home: Path) -> Path:
    """Return a folder in `home` with this tool in it and nothing else, so that it hides nothing that is installed."""
    folder = home / f"capture-{sha256(os.fsencode(_PACKAGE)).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "portfolio"
    if not link.is_symlink():
        aside = folder / f"portfolio-{token_hex(8)}"
        aside.symlink_to(_PACKAGE, target_is_directory=True)
        aside.replace(link)
    return folder


def _digest(needs: Needs, lock: Lock) -> str:
    """Return what names the environment: all that decides what is in it."""
    return sha256(f"{lock.text}\0{needs.python}\0{here()}".encode()).hexdigest()[:32]


def _version(place: Path) -> str:
    """Return the version of the environment's Python.

    Raises:
        UnmadeError: this tool cannot run in it.
    """
    told = (place / "pyvenv.cfg").read_text(encoding="utf-8")
    found = re.search(r"^version(?:_info)? = (\d+)\.(\d+)([\w.]*)", told, re.MULTILINE)
    if not found or (int(found[1]), int(found[2])) < _OLDEST:
        shown = f"{found[1]}.{found[2]}" if found else "of no known version"
        oldest = ".".join(map(str, _OLDEST))
        raise UnmadeError(f"its Python is {shown}, and figures and numbers are captured from {oldest} on")
    return f"{found[1]}.{found[2]}{found[3]}"


def _compile(place: Path, cancel: Event) -> None:
    """Compile what was installed; by a Python that starts none of it, as uv's own would with all this process may."""
    for site in place.glob("lib/python*/site-packages"):
        command = [str(place / "bin" / "python"), "-I", "-S", "-m", "compileall", "-qq", str(site)]
        uv.run(command, place, cancel)


def _installed(place: Path) -> dict[str, str]:
    """Return the versions of all that is installed in the environment."""
    names = (path.name.removesuffix(".dist-info") for path in place.glob("lib/python*/site-packages/*.dist-info"))
    split = (name.partition("-") for name in names)
    return {normal(name): version for name, _, version in split}


def _read_note(place: Path) -> _Note | None:
    """Return what is noted of an environment that is whole; None of any other, and where its Python went away."""
    try:
        noted = json.loads((place / _NOTE).read_text(encoding="utf-8"))
        found = _Note(python=str(noted["python"]), packages={str(k): str(v) for k, v in noted["packages"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if (place / "bin" / "python").exists() else None
