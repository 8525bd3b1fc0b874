"""What is fuzzed: each target takes bytes, and an exception that comes out of it is a defect."""

import json
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from stage import a_record

from portfolio import results
from portfolio.errors import Problem
from portfolio.gate.gate import Gate
from portfolio.rendering.escape import document, path_address, safe_address
from portfolio.running.collect import collect
from portfolio.running.events import BadRunError
from portfolio.store import read_stored
from portfolio.terminal import plain
from portfolio.values import codec
from portfolio.values.record import Metric
from portfolio.values.settings import Settings
from portfolio.values.spec import Spec
from portfolio.workspace import toml
from portfolio.workspace.config import read_configuration
from portfolio.workspace.root import Workspace

SEEDS = {
    "spec": (
        (
            b'title = "T"\nsummary = "S"\ndate = 2026-01-01\ntags = ["a"]\n[headline]\nmetric = "m"\nrope = 0.1\n'
            b'[params]\na = 1\n[run]\ntimeout = 5\nmemory = "1GiB"\nenv = ["A"]\n[[data]]\nname = "d"\npath = "d.csv"\n'
            b'[links]\nx = "https://a"\n'
        ),
        b'a.b.c = {d = [1, 2.5e3, inf, 1979-05-27T07:32:00Z], "\\u00e9" = """x"""}\n',
    ),
    "mkdocs": (
        b"site_name: a\nsite_url: https://a.org/\nextra:\n  portfolio: {name: &n x, links: {a: *n}}\nnav: [!ENV x]\n",
    ),
    "record": (b"",),
    "events": (
        (
            b'{"event": "metric", "name": "m", "value": 0.5, "interval": [0, 1], "scores": [1], "goal": "maximize"}\n'
            b'{"event": "text", "name": "t", "text": "x"}\n{"event": "warning", "name": "w", "message": "x"}\n'
            b'{"event": "artifact", "name": "a", "file": "artifacts/a.txt"}\n'
        ),
    ),
    "results": (
        b'{"schema": 1, "metrics": {"m": {"value": 0.5}}, "params": {}, "data": {}, "figures": [{"name": "f"}]}',
    ),
    "escape": ('<b onclick="x">`~~~\t{{ x }}</b>\u2028---\n::error::x javascript:alert(1)'.encode(),),
    "gate": (
        b"password = 'a1b2c3d4'\nghp_ sk- eyJ ://a:b@c -----BEGIN PRIVATE KEY----- <b>&lt;</b> \x1f\x8b PK\x03\x04",
    ),
}
"""What a mutation begins with."""


def spec(raw: bytes) -> None:
    """Read a spec and settings: each is a value, or problems of one line."""
    path = _place("spec.toml", raw)
    loaded = toml.load(path, "spec.toml")
    problems = [loaded] if isinstance(loaded, Problem) else []
    if not isinstance(loaded, Problem):
        for model in (Spec, Settings):
            found = toml.validate(model, loaded[0], loaded[1], "spec.toml")
            problems += found if isinstance(found, list) else []
    for problem in problems:
        assert "\n" not in f"{problem.file}{problem.key}{problem.message}"
        assert problem.hint


def mkdocs(raw: bytes) -> None:
    """Read the site's configuration."""
    path = _place("mkdocs.yml", raw)
    read_configuration(Workspace(path.parent))
    path.unlink()


def record(raw: bytes) -> None:
    """Read a stored run: a miss, or a record that is written as it was read."""
    folder = _place("record/record.json", raw).parent
    _place("record/seal", sha256(raw).hexdigest().encode())
    found = read_stored(folder, "one")
    if found:
        assert codec.loads(type(found.record), codec.dumps(found.record)) == found.record


def events(raw: bytes) -> None:
    """Read what a script logged: well-formed, or refused."""
    run = _place("run/log.jsonl", raw).parent
    _place("run/artifacts/a.txt", b"x")
    try:
        found = collect(run)
    except BadRunError:
        return
    codec.dumps((found.metrics, found.texts, found.artifacts, found.steps, found.warned())).encode()


def results_file(raw: bytes) -> None:
    """Read `results.json` and write it anew."""
    folder = _place(f"project/{results.NAME}", raw).parent
    results.update(folder, a_record(Metric(name="m", value=0.5)), Spec(title="T", summary="S"))
    assert results.read((folder / results.NAME).read_bytes()) is not None


def escape(raw: bytes) -> None:
    """Escape a text for each place: nothing in it is markup, and no line begins with a command."""
    text = raw.decode("utf-8", "replace")
    page = document(title=text, description=text, html=Markup("<div>{}</div>").format(text))
    front = page.split("---\n")[1]
    assert "<" not in front
    assert not set("`~\t") & set(page.split("---\n\n", 1)[1])
    page.encode()
    assert "\x1b" not in plain(text)
    assert not any(line.lstrip().startswith("::") for line in plain(text).split("\n"))
    address = safe_address(text)
    assert address is None or not address.lower().startswith(("javascript:", "data:", "vbscript:"))
    assert path_address(text).isascii()


def gate(raw: bytes) -> None:
    """Search for secrets."""
    found = Gate.of({"MY_SECRET": "a1b2c3d4e5"})
    found.file(_place("searched", raw))
    text = raw.decode("utf-8", "replace")
    assert found.text(found.blotted(text)) == () or found.text(text)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "spec": spec,
    "mkdocs": mkdocs,
    "record": record,
    "events": events,
    "results": results_file,
    "escape": escape,
    "gate": gate,
}


def seeds(name: str) -> tuple[bytes, ...]:
    """Return what mutations of a target begin with."""
    whole = codec.dumps(a_record(Metric(name="m", value=0.5, interval=(0.25, 0.75)))).encode()
    return (whole, json.dumps(json.loads(whole)).encode()) if name == "record" else SEEDS[name]


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fuzz-")


def _place(name: str, raw: bytes) -> Path:
    path = Path(_folder().name) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path
