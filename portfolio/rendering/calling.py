"""How to call a model from a program: what to type to serve it, to ask it, and to put it into a container."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.rendering.models import LoggedModel, logged_models
from portfolio.rendering.words import humanised, sentence
from portfolio.values.entry import Entry
from portfolio.values.record import Record
from portfolio.values.slugs import NAME
from portfolio.version import __version__

PORT = 8000
_MOST_INPUTS = 100
"""Of a row that is written out."""
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]{0,40}")
_TYPE = re.compile(r"[A-Za-z_][\w.]{0,200}")
_NAME = re.compile(NAME)
_PINNED = ("numpy", "pandas", "scikit-learn", "skops")
_DOCKERFILE = """FROM python:{python}-slim
WORKDIR /model
COPY {name}.skops {name}.json {wheel} ./
RUN pip install --no-cache-dir "./{wheel}[serve]" {pinned}
USER nobody
EXPOSE {port}
CMD {command}"""
_BUILD = """pip wheel --no-deps --wheel-dir . path/to/checkout
docker build -t {image} .
docker run --rm -p 127.0.0.1:{port}:{port} {image}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """What a template shows of one model."""

    name: str
    serve: str
    curl: str
    files: str
    container: str
    build: str


def call_views(entry: Entry, record: Record) -> tuple[CallView, ...]:
    """Return how each model can be called; none that is not published, or has no rows it could be tested on."""
    if not entry.project.spec.code:
        return ()
    models = logged_models(entry, record)
    shown = (
        each for each in models if not each.is_withheld and _NAME.fullmatch(each.name) and _is_whole(each.description)
    )
    return tuple(_view(entry.project.slug, record, model, alone=len(models) == 1) for model in shown)


def withheld_reasons(entry: Entry, record: Record) -> tuple[str, ...]:
    """Return for each model that is not published why, and how its author can allow it."""
    if not entry.project.spec.code:
        return ()
    return tuple(
        f"{sentence(humanised(model.name))}: the model itself is withheld. {withheld_because(model)} Its author "
        "allows it by publish = true under each [[data]] of spec.toml."
        for model in logged_models(entry, record)
        if model.is_withheld
    )


def withheld_because(model: LoggedModel) -> str:
    """Return in a sentence why a model is withheld."""
    if model.training_rows is None:
        return "Its description does not say whether it holds rows of the data, which are not published."
    return (
        f"Models of this kind keep rows of the data they were fitted on, here {model.training_rows:,}, "
        "and the data are not published."
    )


def _view(slug: str, record: Record, model: LoggedModel, *, alone: bool) -> CallView:
    name, described = model.name, model.description
    trusted = [each for each in described["untrusted_types"] if isinstance(each, str) and _TYPE.fullmatch(each)]
    trust = [word for each in trusted for word in ("--trust", each)]
    chosen = [] if alone else ["--model", name]
    wheel = f"finished_portfolio-{__version__}-py3-none-any.whl"
    command = ["portfolio", "serve-model", f"{name}.skops", "--host", "0.0.0.0", *trust]  # noqa: S104 - in a container
    python = ".".join(record.circumstances.python.split(".")[:2])
    image = f"{slug}-model" if alone else f"{slug}-{name.replace('_', '-')}"
    return CallView(
        name=sentence(humanised(name)),
        serve=shlex.join(["portfolio", "serve-model", slug, *chosen, *trust]),
        curl=_curl(described["inputs"], described["rows"][0]),
        files=f"{name}.skops and {name}.json",
        container=_DOCKERFILE.format(
            python=python if _VERSION.fullmatch(python) else "3",
            name=name,
            wheel=wheel,
            pinned=" ".join(_pinned(described["versions"])),
            port=PORT,
            command=json.dumps(command),
        ),
        build=_BUILD.format(image=image, port=PORT),
    )


def _curl(inputs: Sequence[Mapping[str, Any]], row: Sequence[Any]) -> str:
    """Return the line that asks about an example row; a row of many inputs has to come out of a file."""
    ask = f"curl -s http://127.0.0.1:{PORT}/predict -H 'content-type: application/json' -d "
    if len(inputs) > _MOST_INPUTS:
        return f"{ask}@row.json  # a JSON object with a value for each of the {len(inputs)} inputs that /model lists"
    values = {str(column["name"]): _short(cell) for column, cell in zip(inputs, row, strict=True)}
    return ask + shlex.quote(json.dumps(values))


def _short(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _pinned(versions: Mapping[str, Any]) -> list[str]:
    known = ((name, versions.get(name)) for name in _PINNED)
    return [f"{name}=={found}" for name, found in known if isinstance(found, str) and _VERSION.fullmatch(found)]


def _is_whole(description: Mapping[str, Any]) -> bool:
    """Whether a description says all that is shown of it here; it comes out of a run."""
    inputs: Any = description.get("inputs")
    rows: Any = description.get("rows")
    lists = (inputs, rows, description.get("untrusted_types"))
    if not all(isinstance(each, list) for each in lists) or not isinstance(description.get("versions"), dict):
        return False
    named = all(isinstance(column, dict) and isinstance(column.get("name"), str) for column in inputs)
    return named and bool(rows) and isinstance(rows[0], list) and len(rows[0]) == len(inputs)
