"""Clean what a run left: this machine's paths, user and name out of it, and of what was printed control sequences."""

import os
import platform
import re
import stat
import sysconfig
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from portfolio import files

KEPT = 1 << 20
"""Bytes of output kept; of more, the first and the last half."""
_TEXTS = (".csv", ".tsv", ".txt", ".md", ".json", ".jsonl", ".ndjson", ".log", ".svg", ".html", ".htm", ".xml", ".yml")
_TEXTS_TOO = (".yaml", ".toml", ".ini", ".ipynb", ".py", ".r", ".tex", ".rst")
_FOLDERS = ("figures", "tables", "artifacts")
_MOST_BYTES = 100 << 20
_COMMON = frozenset(
    {"admin", "anonymous", "builder", "codespace", "container", "debian", "default", "desktop", "developer", "docker"}
    | {"jenkins", "jovyan", "laptop", "localhost", "machine", "nobody", "notebook", "penguin", "runner", "server"}
    | {"student", "ubuntu", "vagrant", "vscode", "workspace", "worker"}
)
"""Names that tell nothing of anybody, and are words besides."""
_TOP = 2
"""Parts of a path such as `/root`, which is also the beginning of others."""
_SHORTEST = 6
"""Letters from which on a name of letters alone is taken out wherever it stands; a shorter one may be a word."""
Value = TypeVar("Value")
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
    return private(_CONTROL.sub("", "\n".join(lines)), shortened)


def private(text: str, shortened: Mapping[str, str]) -> str:
    """Return `text` with paths shortened, and without the names of the user and of the machine."""
    for path, short in sorted(shortened.items(), key=lambda pair: -len(pair[0])):
        if len(path) > 1:
            text = text.replace(path, short)
    return nameless(text, *_here())


def nameless(text: str, user: str, host: str) -> str:
    """Return `text` without these names of a user and a machine, where they are not words of another meaning."""
    for pattern, word in _names(user, host):
        text = pattern.sub(word, text)
    return text


def private_value(value: Value, shortened: Mapping[str, str], kept: tuple[str, ...] = ()) -> Value:
    """Return a frozen value with every string in it made private, but for the fields in `kept`."""
    if isinstance(value, str):
        return private(value, shortened)  # type: ignore[return-value]
    if isinstance(value, tuple | list):
        return type(value)(private_value(each, shortened, kept) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed: dict[str, Any] = {
            field.name: private_value(getattr(value, field.name), shortened, kept)
            for field in fields(value)
            if field.name not in kept and isinstance(getattr(value, field.name), str | tuple)
        }
        return replace(value, **changed)
    return value


def private_files(run: Path, shortened: Mapping[str, str]) -> None:
    """Make the text files private that a run left in its folders; anything but a regular file of its own is left."""
    for folder in _FOLDERS:
        top = run / folder
        if top.is_symlink() or not top.is_dir():
            continue
        for entry in sorted(os.scandir(top), key=lambda entry: entry.name):
            if entry.name.lower().endswith(_TEXTS + _TEXTS_TOO) and entry.is_file(follow_symlinks=False):
                with suppress(OSError, UnicodeDecodeError):
                    _make_private(Path(entry.path), shortened)


def _make_private(path: Path, shortened: Mapping[str, str]) -> None:
    if path.lstat().st_nlink > 1:
        return  # it is refused later, and its content is somebody else's
    text = files.read_regular(path, _MOST_BYTES).decode("utf-8")
    files.write_bytes(path, private(text, shortened).encode("utf-8"))


@cache
def _names(user: str, host: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return where the user and the machine are named, and what to write there."""
    short = host.split(".", maxsplit=1)[0]
    found = []
    if user and short:
        found.append((rf"\b{re.escape(user)}@{re.escape(short)}(?:\.[\w.-]+)?\b", "user@host"))
    found += [(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", "host") for name in (host, short) if _is_telling(name)]
    if _is_telling(user):
        found.append((rf"(?<![\w.-]){re.escape(user)}(?![\w-])", "user"))
    return tuple((re.compile(pattern), word) for pattern, word in found)


@cache
def _here() -> tuple[str, str]:
    """Return the user's name and the machine's."""
    user = os.environ.get("USERNAME", "")
    with suppress(ImportError, KeyError):
        import pwd  # noqa: PLC0415 - not on Windows

        user = pwd.getpwuid(os.getuid()).pw_name
    return user, platform.node()


def _is_telling(name: str) -> bool:
    """Whether a name stands for one person or machine and is no word that a result may hold."""
    if name.lower() in _COMMON or len(name) < 4:  # noqa: PLR2004 - root, ada, max
        return False
    return len(name) >= _SHORTEST if name.isalpha() else True


def shortened_paths(project: Path, root: Path, real_root: Path, cache: Path) -> dict[str, str]:
    """Return how the paths of a run are shown: relative to the project, to the workspace, and home as `~`."""
    return {
        f"{project}/": "",
        str(project): ".",
        f"{root}/": "",
        str(root): ".",
        f"{cache}/": "build/cache/",
        f"{real_root}/": "",
        str(real_root): ".",
        f"{sysconfig.get_path('purelib')}/": "",
        f"{sysconfig.get_path('stdlib')}/": "",
        f"{Path.home()}/": "~/",
        **({str(Path.home()): "~"} if len(Path.home().parts) > _TOP else {}),
    }
