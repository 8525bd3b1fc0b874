"""What a run leaves is taken as hostile input: well-formed or refused, and nothing outside its folder is read."""

import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from portfolio.running.collect import collect
from portfolio.running.events import BadRunError

PIXEL = b"\x89PNG\r\n\x1a\n"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="10">{}</svg>'
)


def test_a_run_that_logged_nothing_is_empty(tmp_path: Path) -> None:
    assert collect(tmp_path).metrics == []


def test_events_are_taken_in_their_order(tmp_path: Path) -> None:
    _write(tmp_path, _metric("b", 2), _metric("a", 1), {"event": "text", "name": "said", "text": "words"})

    found = collect(tmp_path)

    assert [metric.name for metric in found.metrics] == ["b", "a"]
    assert found.texts[0].text == "words"


def test_the_same_warning_is_counted(tmp_path: Path) -> None:
    warning = {"event": "warning", "name": "UserWarning", "message": "careful", "statement": 3}
    _write(tmp_path, warning, warning, warning | {"statement": 4})

    found = collect(tmp_path).warned()

    assert [(warned.statement, warned.count) for warned in found] == [(3, 2), (4, 1)]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"event": "explode", "name": "a"}, "unknown event 'explode'"),
        ({"event": ["metric"], "name": "a"}, "unknown event"),
        ({"event": "metric"}, "without a name"),
        ({"event": "metric", "name": "x" * 301}, "without a name"),
        ({"event": "metric", "name": "Not a name", "value": 1}, "malformed"),
        ({"event": "metric", "name": "a"}, "not a finite number"),
        ({"event": "metric", "name": "a", "value": True}, "not a finite number"),
        ({"event": "metric", "name": "a", "value": 10**400}, "not a finite number"),
        ({"event": "metric", "name": "a", "value": 1, "n": 10**400}, "not a finite number"),
        ({"event": "text", "name": "a", "text": "x" * 200_001}, "longer than 200,000 characters"),
        ({"event": "metric", "name": "a", "value": "1"}, "not a finite number"),
        ({"event": "metric", "name": "a", "value": 1, "goal": "up"}, "goal 'up'"),
        ({"event": "metric", "name": "a", "value": 1, "goal": ["up"]}, "goal"),
        ({"event": "metric", "name": "a", "value": 1, "interval": [1]}, "not [low, high]"),
        ({"event": "metric", "name": "a", "value": 1, "interval": [1, "2"]}, "not a finite number"),
        ({"event": "metric", "name": "a", "value": 1, "scores": [None]}, "not a finite number"),
        ({"event": "metric", "name": "a", "value": 1, "unit": 3}, "unit is not a text"),
        ({"event": "text", "name": "a", "text": {"b": 1}}, "text is not a text"),
        ({"event": "step", "name": "a", "seconds": "1"}, "not a finite number"),
        ({"event": "figure", "name": "a"}, "names no file"),
        ({"event": "figure", "name": "a", "files": {"light": "figures/none.png"}}, "no such file"),
        ({"event": "artifact", "name": "a", "file": None}, "is not allowed"),
        ({"event": "artifact", "name": "a", "file": "artifacts/.."}, "is not allowed"),
        ({"event": "artifact", "name": "a", "file": "artifacts/../../secret"}, "is not allowed"),
        ({"event": "artifact", "name": "a", "file": "/etc/passwd"}, "is not allowed"),
        ({"event": "artifact", "name": "a", "file": "artifacts/a\nb"}, "is not allowed"),
        ({"event": "artifact", "name": "a", "file": "artifacts\\..\\a"}, "is not allowed"),
        ({"event": "artifact", "name": "a", "file": "log.jsonl"}, "is not allowed"),
    ],
)
def test_a_malformed_event_is_refused(tmp_path: Path, event: dict[str, Any], words: str) -> None:
    _write(tmp_path, event)

    with pytest.raises(BadRunError) as refused:
        collect(tmp_path)

    assert words in str(refused.value)


def test_more_of_a_kind_than_a_page_can_hold_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, *(_metric(f"m{number}", number) for number in range(10_001)))

    with pytest.raises(BadRunError, match=r"more than 10,000 of kind metric: log_table holds many numbers"):
        collect(tmp_path)


def test_half_a_character_is_no_trouble(tmp_path: Path) -> None:
    _write(tmp_path, {"event": "text", "name": "said", "text": "a\ud800b\U0001f600"})

    assert collect(tmp_path).texts[0].text == "a\ufffdb\U0001f600"


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    _write(tmp_path, _metric("a", 1), _metric("a", 2))

    with pytest.raises(BadRunError, match="used twice"):
        collect(tmp_path)


@pytest.mark.parametrize(
    "line", [b"not JSON", b"[1]", b'{"value": NaN}', b"[" * 100_000, b"\xff\xfe", b'{"a": "' + b"x" * (5 << 20) + b'"}']
)
def test_a_line_that_is_no_event_is_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(line + b"\n")

    with pytest.raises(BadRunError, match=r"log\.jsonl:1"):
        collect(tmp_path)


def test_a_log_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(json.dumps(_metric("a", 1)), encoding="utf-8")
    (tmp_path / "log.jsonl").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(BadRunError, match="not a regular file"):
        collect(tmp_path)


@pytest.mark.parametrize("how", ["link", "hard link", "pipe", "folder", "linked folder"])
def test_an_artifact_is_a_regular_file_of_its_own(tmp_path: Path, how: str) -> None:
    run, secret = tmp_path / "run", tmp_path / "secret"
    secret.write_text("not yours", encoding="utf-8")
    (run / "artifacts").mkdir(parents=True)
    target = run / "artifacts" / "secret"
    if how == "link":
        target.symlink_to(secret)
    elif how == "hard link":
        target.hardlink_to(secret)
    elif how == "pipe":
        os.mkfifo(target)
    elif how == "folder":
        target.mkdir()
    else:
        (run / "artifacts").rmdir()
        (run / "artifacts").symlink_to(tmp_path)
    _write(run, {"event": "artifact", "name": "secret", "file": "artifacts/secret"})

    with pytest.raises(BadRunError, match=r"regular file|is a link"):
        collect(run)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"<html>"),
        ("a.png", PIXEL),
        ("a.jpg", PIXEL + bytes(100)),
        ("a.svg", b"<html/>"),
        ("a.svg", b"<svg"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.html", b"<script>alert(1)</script>"),
        ("a", b""),
    ],
)
def test_an_image_is_what_its_name_says(tmp_path: Path, name: str, content: bytes) -> None:
    _image(tmp_path, name, content)

    with pytest.raises(BadRunError, match="figures/a"):
        collect(tmp_path)


def test_an_image_of_many_pixels_is_refused_from_its_header(tmp_path: Path) -> None:
    _image(tmp_path, "a.png", _png(20_000, 10_000))

    with pytest.raises(BadRunError, match="20000 x 10000 pixels"):
        collect(tmp_path)


def test_an_image_knows_its_size(tmp_path: Path) -> None:
    _image(tmp_path, "a.png", _png(30, 20))

    (figure,) = collect(tmp_path).figures
    assert (figure.width, figure.height) == (30, 20)


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>alert(1)</body></foreignObject>",
        '<a xlink:href="javascript:alert(1)"><text>alert(1)</text></a>',
        '<image xlink:href="https://elsewhere.example/alert(1).png"/>',
        '<use href="https://elsewhere.example/#alert(1)"/>',
        '<image href="data:text/html,alert(1)"/>',
        "<style>@import 'https://elsewhere.example/alert(1)'</style>",
        '<rect style="fill: url(https://elsewhere.example/alert(1))"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<g><g><set attributeName="onload" to="alert(1)"/></g></g>',
        '<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
    ],
)
def test_what_acts_in_an_svg_is_taken_out(tmp_path: Path, content: str) -> None:
    path = _image(tmp_path, "a.svg", SVG.format(f'<path d="M0 0"/>{content}').encode())

    collect(tmp_path)

    kept = path.read_text(encoding="utf-8")
    assert "M0 0" in kept
    assert "alert" not in kept
    assert "elsewhere" not in kept


@pytest.mark.parametrize("content", [b"\xff\xfe", b'"' + b"x" * 200_000])
def test_a_table_is_csv(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_bytes(content)
    _write(tmp_path, {"event": "table", "name": "a", "file": "tables/a.csv"})

    with pytest.raises(BadRunError, match="is not CSV"):
        collect(tmp_path)


def _metric(name: str, value: float) -> dict[str, Any]:
    return {"event": "metric", "name": name, "value": value}


def _write(run: Path, *events: dict[str, Any]) -> None:
    lines = [json.dumps(event) + "\n" for event in events]
    (run / "log.jsonl").write_text("".join(lines), encoding="utf-8")


def _image(run: Path, name: str, content: bytes) -> Path:
    (run / "figures").mkdir()
    path = run / "figures" / name
    path.write_bytes(content)
    _write(run, {"event": "figure", "name": "a", "files": {"light": f"figures/{name}"}, "alt": "A", "caption": ""})
    return path


def _png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return PIXEL + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(100)))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
