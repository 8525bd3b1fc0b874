"""Hostile results and store entries: what a script may leave in its run's folder, and what a cache may bring."""

import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

HUGE = 10**400
_METRIC = {"event": "metric", "name": "m", "value": 1.0}
_FILES = {"event": "artifact", "name": "a"}
PIXEL = b"\x89PNG\r\n\x1a\n"

EVENTS: dict[str, str | bytes] = {
    "not JSON": b"\xff\xfe",
    "cut": b'{"event": "metric", "name": "m", "va',
    "a list": "[1]",
    "deep": "[" * 100_000,
    "not a number": '{"event": "metric", "name": "m", "value": NaN}',
    "infinite": '{"event": "metric", "name": "m", "value": 1e999}',
    "long line": '{"event": "text", "name": "t", "text": "' + "x" * (5 << 20) + '"}',
    "digits": '{"event": "metric", "name": "m", "value": ' + "9" * 5000 + "}",
    **{
        name: json.dumps(event)
        for name, event in {
            "huge value": _METRIC | {"value": HUGE},
            "huge baseline": _METRIC | {"baseline": HUGE},
            "huge interval": _METRIC | {"interval": [0, HUGE]},
            "interval the wrong way round": _METRIC | {"interval": [2, 1]},
            "huge score": _METRIC | {"scores": [HUGE]},
            "huge n": _METRIC | {"n": HUGE},
            "half a character in a name": _FILES | {"file": "artifacts/\ud800"},
            "a value of words": _METRIC | {"value": "1"},
            "a truth": _METRIC | {"value": True},
            "a name of a path": _METRIC | {"name": "../m"},
            "a name of lines": _METRIC | {"name": "m\n"},
            "a file above": _FILES | {"file": "artifacts/../../secret"},
            "a file elsewhere": _FILES | {"file": "/etc/passwd"},
            "a file with a null": _FILES | {"file": "artifacts/a\0b"},
            "a file that is none": _FILES | {"file": "artifacts"},
            "a file of 255 letters": _FILES | {"file": f"artifacts/{'a' * 255}"},
            "a link": _FILES | {"file": "artifacts/link"},
            "a hard link": _FILES | {"file": "artifacts/hard"},
            "a fifo": _FILES | {"file": "artifacts/fifo"},
            "a device": _FILES | {"file": "artifacts/device"},
            "a folder": _FILES | {"file": "artifacts/folder"},
            "a table that is a fifo": {"event": "table", "name": "t", "file": "artifacts/fifo"},
            "a picture that is a link": {"event": "figure", "name": "f", "files": {"light": "figures/link.png"}},
            "a picture that is none": {"event": "figure", "name": "f", "files": {"light": "figures/none.png"}},
            "a picture of many pixels": {"event": "figure", "name": "f", "files": {"light": "figures/huge.png"}},
            "a drawing that declares": {"event": "figure", "name": "f", "files": {"light": "figures/bomb.svg"}},
            "a drawing that is deep": {"event": "figure", "name": "f", "files": {"light": "figures/deep.svg"}},
        }.items()
    },
}


def leave_files(run: Path, outside: Path) -> None:
    """Leave what the events name."""
    for folder in ("artifacts/folder", "figures", "tables"):
        (run / folder).mkdir(parents=True)
    (run / "artifacts" / "link").symlink_to(outside)
    (run / "artifacts" / "hard").hardlink_to(outside)
    (run / "artifacts" / "device").symlink_to("/dev/zero")
    os.mkfifo(run / "artifacts" / "fifo")
    (run / "figures" / "link.png").symlink_to(outside)
    (run / "figures" / "none.png").write_bytes(b"GIF89a")
    header = b"\0\0\0\rIHDR" + (20_000).to_bytes(4, "big") + (10_000).to_bytes(4, "big") + b"\x08\x06\0\0\0"
    (run / "figures" / "huge.png").write_bytes(PIXEL + header + bytes(100))
    declared = (
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    )
    (run / "figures" / "bomb.svg").write_text(declared, encoding="utf-8")
    deep = '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 100_000
    (run / "figures" / "deep.svg").write_text(deep, encoding="utf-8")


def _changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """Return what changes a stored record and seals it again, as whoever made a cache could."""

    def damage(folder: Path) -> None:
        document = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        change(document)
        seal(folder, json.dumps(document))

    return damage


def _text(change: Callable[[str], str]) -> Callable[[Path], None]:
    return lambda folder: seal(folder, change((folder / "record.json").read_text(encoding="utf-8")))


def seal(folder: Path, text: str) -> None:
    """Write a record with the seal that fits it."""
    raw = text.encode("utf-8", "surrogatepass")
    (folder / "record.json").write_bytes(raw)
    (folder / "seal").write_text(sha256(raw).hexdigest() + "\n", encoding="utf-8")


def _instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def replace(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        make(path)

    return replace


def _moved(name: str) -> Callable[[Path], None]:
    """Return what lets the record's one file have another name."""

    def change(document: dict[str, Any]) -> None:
        document["files"] = {name: document["files"]["artifacts/a.txt"]}
        document["result"]["artifacts"][0]["file"] = name

    return _changed(change)


def _metric(**fields: Any) -> Callable[[Path], None]:
    return _changed(lambda document: document["result"]["metrics"][0].update(fields))


ENTRIES: dict[str, Callable[[Path], object]] = {
    "no record": lambda folder: (folder / "record.json").unlink(),
    "no seal": lambda folder: (folder / "seal").unlink(),
    "no file": lambda folder: (folder / "artifacts/a.txt").unlink(),
    "empty": lambda folder: seal(folder, ""),
    "null": lambda folder: seal(folder, "null"),
    "a list": lambda folder: seal(folder, "[]"),
    "a word": lambda folder: seal(folder, '"schema"'),
    "deep": lambda folder: seal(folder, "[" * 200_000),
    "deep objects": lambda folder: seal(folder, '{"a":' * 100_000),
    "half a character": lambda folder: seal(folder, '{"schema": "\\ud800"}'),
    "bytes": lambda folder: (folder / "record.json").write_bytes(bytes(range(256))),
    "wrong seal": lambda folder: (folder / "seal").write_text("0" * 64, encoding="utf-8"),
    "seal of bytes": lambda folder: (folder / "seal").write_bytes(b"\xff\xfe"),
    "cut": _text(lambda text: text[: len(text) // 2]),
    "not a number": _text(lambda text: text.replace("0.5", "NaN")),
    "infinite": _text(lambda text: text.replace("0.5", "1e999")),
    "digits": _text(lambda text: text.replace("0.5", "9" * 5000)),
    "huge": _text(lambda text: text.replace("0.5", "9" * 400)),
    "another schema": _changed(lambda document: document.update(schema=99)),
    "no schema": _changed(lambda document: document.pop("schema")),
    "another project's": _changed(lambda document: document.update(slug="other")),
    "another key": _changed(lambda document: document.update(key="0" * 64)),
    "other parts": _changed(lambda document: document["parts"].update(seed="7")),
    "an unknown field": _changed(lambda document: document.update(extra=1)),
    "a missing field": _changed(lambda document: document.pop("circumstances")),
    "metrics a word": _changed(lambda document: document["result"].update(metrics="all")),
    "a value of words": _metric(value="0.5"),
    "a truth": _metric(value=True),
    "an infinite interval": _text(lambda text: text.replace('"interval": null', '"interval": [-Infinity, 1]')),
    "an interval of three": _metric(interval=[0, 1, 2]),
    "a goal nobody has": _metric(goal="win"),
    "half a character in a unit": _metric(unit="\ud800"),
    "infinite params": _text(lambda text: text.replace('"params": {}', '"params": {"a": 1e999}')),
    "a moment without a zone": _changed(lambda document: document["circumstances"].update(started="2026-01-01T00:00")),
    "a file above": _moved("artifacts/../../../secret"),
    "a file elsewhere": _moved("/etc/hostname"),
    "a file with a null": _moved("artifacts/a\0b"),
    "a file that is the record": _moved("record.json"),
    "a file of no folder": _moved("artifacts/"),
    "a file not named": _changed(lambda document: document.update(files={})),
    "a file too many": _changed(lambda document: document["files"].update({"artifacts/b.txt": "0" * 64})),
    "a link": _instead("artifacts/a.txt", lambda path: path.symlink_to("/etc/hostname")),
    "a link to itself": _instead("artifacts/a.txt", lambda path: path.symlink_to("a.txt")),
    "a fifo": _instead("artifacts/a.txt", os.mkfifo),
    "a folder": _instead("artifacts/a.txt", Path.mkdir),
    "a linked folder": _instead("artifacts", lambda path: path.symlink_to("/etc")),
    "a record that is a fifo": _instead("record.json", os.mkfifo),
    "a record that is a folder": _instead("record.json", Path.mkdir),
    "a record that is endless": _instead("record.json", lambda path: path.symlink_to("/dev/zero")),
    "a seal that is a fifo": _instead("seal", os.mkfifo),
}
