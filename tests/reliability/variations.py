"""Surroundings in which the same records have to become the same site, byte for byte."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stage import SECONDS, Stage, command, environment

_LATER = '''"""Lets every clock of this process be more than a year ahead."""
import datetime, time
_AHEAD = 400 * 86400.0
_time, _now = time.time, datetime.datetime

class _Later(_now):
    @classmethod
    def now(cls, tz=None):
        return _now.now(tz) + datetime.timedelta(seconds=_AHEAD)
    @classmethod
    def utcnow(cls):
        return _now.utcnow() + datetime.timedelta(seconds=_AHEAD)
    @classmethod
    def today(cls):
        return _now.now() + datetime.timedelta(seconds=_AHEAD)

class _LaterDay(datetime.date):
    @classmethod
    def today(cls):
        return _Later.now().date()

time.time = lambda: _time() + _AHEAD
datetime.datetime, datetime.date = _Later, _LaterDay
'''
_NOBODY = 65534
_CAPABILITY = "+dac_read_search"
AS_NOBODY = (
    *("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"),
    *(f"--inh-caps={_CAPABILITY}", f"--ambient-caps={_CAPABILITY}"),
)
"""Starts a command as a user who owns nothing, and who may look everywhere: Python may lie in the home of root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One way in which surroundings differ."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    folder: str = "elsewhere"
    mask: int | None = None
    other_user: bool = False
    later: bool = False
    backwards: bool = False
    """Whether files are made in the opposite order."""
    keeps: tuple[str, ...] = ("records",)
    """What of `build/` is there before."""
    stray: str = ""
    """A file nobody asked for, which makes the tree dirty."""


def variations() -> list[Variation]:
    """Return all that this system can show; the first one is the plain one."""
    found = [
        Variation(name="plain"),
        Variation(name="another path", folder="a much longer path/with spaces and ü/w"),
        Variation(name="files in another order", backwards=True),
        *(Variation(name=f"LC_ALL={name}", variables={"LC_ALL": name, "LANG": name}) for name in _locales()),
        Variation(name="another time zone", variables={"TZ": "Pacific/Kiritimati"}),
        Variation(name="another day", later=True),
        Variation(name="umask 077", mask=0o077),
        Variation(name="umask 000", mask=0),
        Variation(name="another home", variables={"HOME": "/nonexistent", "USER": "nobody", "LOGNAME": "nobody"}),
        Variation(name="one job", options=("--jobs", "1")),
        Variation(name="five jobs", options=("--jobs", "5")),
        *(Variation(name=f"hash seed {seed}", variables={"PYTHONHASHSEED": seed}) for seed in ("1", "random")),
        Variation(name="a dirty tree", stray="stray.txt"),
        Variation(name="cold but for stored runs and caches", keeps=("records", "cache")),
        Variation(name="everything there", keeps=("records", "cache", "docs", "theme", "site", "mkdocs.yml")),
    ]
    if may_be_nobody():
        found.append(Variation(name="another user", other_user=True, variables={"HOME": "/nonexistent"}))
    return found


def may_be_nobody() -> bool:
    """Whether commands can be started as somebody else here."""
    return os.name == "posix" and os.geteuid() == 0 and bool(shutil.which("setpriv"))


def give_away(folder: Path) -> None:
    """Let `folder` and all that is in it belong to nobody."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)


def built(original: Stage, top: Path, variation: Variation) -> Stage:
    """Return a copy of `original`, built in other surroundings; nothing may run there."""
    stage = Stage(top / variation.folder)
    shutil.rmtree(stage.root, ignore_errors=True)
    _copy(original.root, stage.root, variation)
    variables = {**environment(), **variation.variables}
    if variation.stray:
        stage.write(variation.stray, "stray")
    if variation.later:
        (top / "later").mkdir(exist_ok=True)
        (top / "later" / "sitecustomize.py").write_text(_LATER, encoding="utf-8")
        variables["PYTHONPATH"] = str(top / "later")
    arguments = command("build", "--frozen", *variation.options)
    if variation.other_user:
        give_away(stage.root)
        arguments = [*AS_NOBODY, *arguments]
    if variation.later:
        arguments.remove("-P")
    ended = subprocess.run(
        arguments,
        cwd=stage.root,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        umask=-1 if variation.mask is None else variation.mask,
    )
    assert ended.returncode == 0, f"{variation.name}: {ended.stderr}"
    return stage


def _copy(source: Path, target: Path, variation: Variation) -> None:
    paths = [path for path in sorted(source.rglob("*"), reverse=variation.backwards) if not path.is_dir()]
    for path in paths:
        parts = path.relative_to(source).parts
        if parts[0] != "build" or (len(parts) > 1 and parts[1] in variation.keeps):
            (target.joinpath(*parts)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target.joinpath(*parts))


def _locales() -> list[str]:
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    return [name for name in ("C", "C.utf8", "C.UTF-8", "tr_TR.utf8", "de_DE.utf8") if name in known]
