"""Hostile specs, configurations and folders, as a function that makes each in a workspace with a good project."""

import json
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
GOOD = 'title = "T"\nsummary = "S"\n'
SCRIPT = "from pathlib import Path\n\nPath(__file__).with_name('executed').touch()\n"
_LONG = {
    "@digits@": "1" * 5000,
    "@30000@": "k" * 30_000,
    "@900@": "s" * 900,
    "@data@": "\n".join("[[data]]\nname = 'd'" for _ in range(60)),
    "@tags@": ", ".join(f"'t{number}'" for number in range(100)),
    "@keys@": "\n".join(f"key{number} = 1" for number in range(10_000)),
    "@brim@": "\n".join(f"k{number}=1" for number in range(3900)),
    "@ones@": "1," * 16_000,
    "@deep lists@": "[" * 30_000,
    "@deep tables@": "{a = " * 6_000,
    "@deep@": "[" * 300 + "]" * 300,
    "@dots@": ".".join("a" * 15_000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hostile workspace: how it is made, what is said of it, and how many problems it has."""

    name: str
    make: Callable[[Path], object]
    says: str
    problems: int = 1


def cases() -> list[Case]:
    """Return every case."""
    texts = tomllib.loads((HERE / "specs.toml").read_text(encoding="utf-8"))["texts"]
    written = [
        Case(name=name, make=_spec(found), says=found["says"], problems=found.get("problems", 1))
        for name, found in texts.items()
    ]
    return written + [Case(name=name, make=make, says=says) for name, (make, says) in _MADE.items()]


def good(root: Path) -> Path:
    """Make a workspace with one good project; return the project's folder."""
    folder = root / "projects" / "hostile"
    folder.mkdir(parents=True)
    (folder / "spec.toml").write_text(GOOD, encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    return folder


def _spec(found: dict[str, str]) -> Callable[[Path], object]:
    text = found["whole"] if "whole" in found else GOOD + found["spec"] + "\n"
    for short, long in _LONG.items():
        text = text.replace(short, long)
    return lambda folder: (folder / "spec.toml").write_text(text, encoding="utf-8")


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / "spec.toml").write_bytes(content)


def _instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return what puts something else in the place of a file of the project."""

    def replace(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return replace


def _beside(name: str, text: str | bytes) -> Callable[[Path], object]:
    """Return what writes a file at the workspace's root."""
    content = text.encode() if isinstance(text, str) else text
    return lambda folder: (folder.parent.parent / name).write_bytes(content)


def _renamed(name: str) -> Callable[[Path], object]:
    return lambda folder: folder.rename(folder.parent / name)


def _notebook(size: int, code: int = 0) -> Callable[[Path], object]:
    """Return what makes the project one of a notebook that claims `size` bytes, or holds so much `code`."""

    def make(folder: Path) -> None:
        (folder / "spec.toml").write_text(f'{GOOD}script = "large.ipynb"\n', encoding="utf-8")
        cell = {"cell_type": "code", "source": "#" * code, "metadata": {}, "outputs": []}
        text = json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]})
        (folder / "large.ipynb").write_text(text, encoding="utf-8")
        if size:
            os.truncate(folder / "large.ipynb", size)

    return make


def _out(path: Path) -> None:
    (path.parent.parent.parent.parent / "outside.py").write_text(SCRIPT, encoding="utf-8")
    path.symlink_to("../../../outside.py")


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
_MERGES = "a: &a {x: 1, y: 2, z: 3}\n" + "".join(
    f"{new}: &{new}\n  <<: [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
_MADE: dict[str, tuple[Callable[[Path], object], str]] = {
    "utf_16": (_bytes(GOOD.encode("utf-16")), "is not UTF-8 text"),
    "latin_1": (_bytes(GOOD.encode() + 'question = "é"'.encode("latin-1")), "is not UTF-8 text"),
    "null_bytes": (_bytes(b"\0" * 1000), "is not TOML"),
    "a_picture": (_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "is not UTF-8 text"),
    "ten_megabytes": (_bytes(GOOD.encode() + b"#" * (10 << 20)), "is larger than"),
    "a_folder": (_instead("spec.toml", Path.mkdir), "is missing"),
    "a_fifo": (_instead("spec.toml", os.mkfifo), "is missing"),
    "a_device": (_instead("spec.toml", lambda path: path.symlink_to("/dev/zero")), "leads outside"),
    "a_link_to_nowhere": (_instead("spec.toml", lambda path: path.symlink_to("nowhere")), "is missing"),
    "a_link_to_itself": (_instead("spec.toml", lambda path: path.symlink_to("spec.toml")), "is missing"),
    "a_link_out": (_instead("spec.toml", lambda path: path.symlink_to("/etc/passwd")), "leads outside"),
    "script_a_folder": (_instead("script.py", Path.mkdir), "is missing"),
    "script_a_fifo": (_instead("script.py", os.mkfifo), "is missing"),
    "script_a_link_to_itself": (_instead("script.py", lambda path: path.symlink_to("script.py")), "is missing"),
    "script_a_link_out": (_instead("script.py", lambda path: path.symlink_to("/etc/passwd")), "leads outside"),
    "script_a_link_above": (_instead("script.py", _out), "leads outside"),
    "notebook_of_a_gigabyte": (_notebook(1 << 30), "larger than 50 MiB"),
    "notebook_of_much_code": (_notebook(0, code=2 << 20), "more than 1 MiB"),
    "folder_with_capitals": (_renamed("Hostile"), "small letters"),
    "folder_with_a_space": (_renamed("my project"), "small letters"),
    "folder_with_a_newline": (_renamed("a\n::error::b"), "small letters"),
    "folder_with_an_escape": (_renamed("a\x1b[31mb"), "small letters"),
    "folder_with_a_hyphen_first": (_renamed("-rf"), "small letters"),
    "folder_with_dots": (_renamed("a..b"), "small letters"),
    "folder_of_another_alphabet": (_renamed("hоstile"), "small letters"),  # noqa: RUF001 - a Cyrillic letter
    "folder_that_is_no_text": (
        lambda folder: os.rename(folder, os.fsencode(folder.parent) + b"/\xff"),  # noqa: PTH104 - bytes
        "small letters",
    ),
    "folder_too_long": (_renamed("a" * 100), "small letters"),
    "folder_a_device_of_windows": (_renamed("nul"), "means a device"),
    "settings_broken": (_beside("pyproject.toml", "[tool.portfolio"), "is not TOML"),
    "settings_misspelt": (_beside("pyproject.toml", "[tool.portfolio]\ntimeuot = 1"), "unknown key 'timeuot'"),
    "settings_infinite": (_beside("pyproject.toml", "[tool.portfolio]\ntimeout = inf"), "finite"),
    "settings_no_table": (_beside("pyproject.toml", "[tool]\nportfolio = 3"), "must be a table"),
    "settings_no_tool": (_beside("pyproject.toml", "tool = 3"), "must be a table"),
    "settings_null": (_beside("pyproject.toml", b"\0"), "is not TOML"),
    "settings_deep": (_beside("pyproject.toml", "[tool]\na = " + "[" * 30_000), "nested too deeply"),
    "mkdocs_broken": (_beside("mkdocs.yml", "site_name: ["), "is not YAML"),
    "mkdocs_a_list": (_beside("mkdocs.yml", "- a"), "must be a mapping"),
    "mkdocs_latin_1": (_beside("mkdocs.yml", "site_name: é".encode("latin-1")), "is not UTF-8"),
    "mkdocs_null": (_beside("mkdocs.yml", b"site_name: a\0b"), "is not YAML"),
    "mkdocs_deep": (_beside("mkdocs.yml", "[" * 30_000), "nested too deeply"),
    "mkdocs_deep_between": (_beside("mkdocs.yml", "? " * 15_000), "nested too deeply"),
    "mkdocs_deep_by_turns": (_beside("mkdocs.yml", "{a: [" * 6_000), "nested too deeply"),
    "mkdocs_a_bomb": (_beside("mkdocs.yml", f"{_BOMB}extra:\n  portfolio:\n    name: *i\n"), "unfold to too much"),
    "mkdocs_a_bomb_of_merges": (_beside("mkdocs.yml", _MERGES), "unfold to too much"),
    "mkdocs_that_holds_itself": (_beside("mkdocs.yml", "a: &a [*a]"), "unfold to too much"),
    "mkdocs_a_link_to_itself": (lambda folder: (folder.parent.parent / "mkdocs.yml").symlink_to("mkdocs.yml"), "file"),
    "mkdocs_a_fifo": (lambda folder: os.mkfifo(folder.parent.parent / "mkdocs.yml"), "is not a file"),
    "settings_a_fifo": (lambda folder: os.mkfifo(folder.parent.parent / "pyproject.toml"), "is missing"),
    "mkdocs_large": (_beside("mkdocs.yml", "#" * (10 << 20)), "is larger than"),
    "mkdocs_of_many_values": (_beside("mkdocs.yml", f"a: [{'1,' * 16_000}]"), "more than 5,000 values"),
    "mkdocs_to_the_brim": (
        _beside("mkdocs.yml", "\n".join(f"k{n:04}: {{}}" for n in range(2490)) + "\nsite_name: 1"),
        "string",
    ),
    "settings_to_the_brim": (_beside("pyproject.toml", f"tool = 3\na = [{'1,' * 16_000}]"), "must be a table"),
    "mkdocs_two": (_beside("mkdocs.yml", "site_name: a\n---\nsite_name: b"), "is not YAML"),
    "mkdocs_tab": (_beside("mkdocs.yml", "site_name:\n\t- a"), "is not YAML"),
    "mkdocs_name_a_list": (_beside("mkdocs.yml", "site_name: [a]"), "must be a string"),
    "mkdocs_address_a_number": (_beside("mkdocs.yml", "site_url: 3"), "must be an address"),
    "mkdocs_address_that_runs": (_beside("mkdocs.yml", "site_url: javascript:alert(1)"), "must be an address"),
    "mkdocs_hostile_author": (_beside("mkdocs.yml", "extra:\n  portfolio:\n    name: [a]"), "must be a string"),
    "mkdocs_odd_key": (_beside("mkdocs.yml", "extra:\n  portfolio:\n    {1: a}"), "keys should be strings"),
    "mkdocs_link_that_runs": (
        _beside("mkdocs.yml", "extra:\n  portfolio:\n    links: {x: 'javascript:x'}"),
        "is not an address",
    ),
}
