"""A workspace whose projects carry hostile text in every place a project has for text."""

import json
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from stage import Stage

from portfolio import files
from portfolio.digests import of_mapping
from portfolio.rendering.limited import Limited
from portfolio.rendering.problems import PageError
from portfolio.rendering.prose_page import Embeds, writeup_html
from portfolio.store import write_stored
from portfolio.values.record import (
    SCHEMA,
    Artifact,
    CellSource,
    Circumstances,
    Commit,
    Figure,
    Metric,
    Output,
    Record,
    Result,
    Step,
    Table,
    Text,
    Warned,
)

HERE = Path(__file__).parent
PAYLOADS: dict[str, list[str]] = json.loads((HERE / "payloads.json").read_text(encoding="utf-8"))
ALL = tuple(text for texts in PAYLOADS.values() for text in texts)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da63fcffff3f0300058102fe8b1d1d5d0000000049454e44ae426082"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" '
    'onload="owned(1)"><script>owned(1)</script><style>@import "https://evil.example/x.css";</style>'
    '<image href="https://evil.example/x.png"/><use xlink:href="https://evil.example/x.svg#y"/>'
    '<a href="javascript:owned(1)"><rect width="9" height="9"/></a><set attributeName="onclick" to="owned(1)"/>'
    '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="owned(1)"/></foreignObject>'
    '<rect width="9" height="9" style="fill:url(https://evil.example/x)" onclick="owned(1)"/></svg>'
)
_MARKUPS = (False, True)
"""Markdown, and reStructuredText."""
SETTINGS = {
    "site_name": '</title><script>owned(1)</script>"><img src=x onerror=owned(1)>',
    "site_description": '"><script>owned(1)</script><img src=x onerror=owned(1)>',
    "site_author": '"><script>owned(1)</script>',
    "extra": {
        "generator": False,
        "portfolio": {
            "name": "<script>owned(1)</script>",
            "role": "<img src=x onerror=owned(1)>",
            "tagline": "{{ 7*7 }} ``` --- [x](javascript:owned(1))",
            "links": {"<svg onload=owned(1)>": "https://example.org/?a=1&b=2"},
        },
    },
    "plugins": ["search"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A project and the texts it carries."""

    slug: str
    texts: tuple[str, ...]

    @property
    def page(self) -> str:
        """Return where its page is."""
        return f"projects/{self.slug}/"

    @property
    def prose(self) -> tuple[str, ...]:
        """Return those that a spec takes as prose."""
        return tuple(text for text in self.texts if fits(text, 4000, several_lines=True))


def fits(text: str, most: int, *, several_lines: bool = False) -> bool:
    """Whether a spec takes the text."""
    allowed = "\n\t" if several_lines else ""
    return bool(text.strip()) and len(text) <= most and all(char.isprintable() or char in allowed for char in text)


def storable(text: str) -> bool:
    """Whether a file can hold the text."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def grouped(per_project: int) -> tuple[Carrier, ...]:
    """Return the projects that carry so many texts each."""
    texts = [text for text in ALL if storable(text)]
    groups = [tuple(texts[place : place + per_project]) for place in range(0, len(texts), per_project)]
    return tuple(Carrier(slug=f"p{number:03}", texts=group) for number, group in enumerate(groups))


def write_carriers(stage: Stage, per_project: int) -> tuple[Carrier, ...]:
    """Write projects with recorded runs into `stage`, each with so many of the texts; return them."""
    stage.write("mkdocs.yml", yaml.safe_dump(SETTINGS))
    carriers = grouped(per_project)
    with Limited(seconds=2) as limited:
        for carrier in carriers:
            _write(stage, carrier, limited)
    return carriers


def _write(stage: Stage, carrier: Carrier, limited: Limited) -> None:
    folder = f"projects/{carrier.slug}"
    stage.write(f"{folder}/spec.toml", _spec(carrier))
    stage.write(
        f"{folder}/script.py", "\n".join(f"# {_commented(text)}\nx = {text!r}" for text in carrier.texts) + "\n"
    )
    names = "\n\n".join(
        f"{{{{ params.p{number} }}}} {{{{ figures.f{number} }}}}" for number in range(len(carrier.texts))
    )
    stage.write(f"{folder}/writeup.md", names + "\n")
    renderable = _renderable(carrier.texts, limited)
    stage.write(f"{folder}/notes.md", "\n\n".join(renderable))
    _record(carrier, stage.root / "made" / carrier.slug, stage.root / folder / "recorded", renderable)


def _commented(text: str) -> str:
    return "".join(char for char in text if char.isprintable())


def _renderable(texts: Sequence[str], limited: Limited) -> list[str]:
    """Return the texts that, as a write-up, are not refused; each stands in its own paragraph, as Markdown."""
    found = []
    for text in texts:
        try:
            shown = writeup_html(text, "x", Result(), Embeds(figures={}, tables={}, verdict=""), "n", limited)
        except PageError:
            continue
        if "<img" not in shown:
            found.append(text)
    return found


def _spec(carrier: Carrier) -> str:
    def those(most: int, *, several_lines: bool = False) -> list[str]:
        return [text for text in carrier.texts if fits(text, most, several_lines=several_lines)]

    lines, prose = those(300), those(4000, several_lines=True)[:50]
    tags = list(dict.fromkeys(those(40)))[:30]
    spec: dict[str, Any] = {
        "title": next(iter(those(120)), carrier.slug),
        "summary": next(iter(lines), "None fits."),
        "date": None,
        **{key: prose[0] for key in ("question", "decision", "problem") if prose},
        **dict.fromkeys(("limits", "follow_up", "intended_use", "rejected", "did_not_work", "learned"), prose),
        **dict.fromkeys(("on_faith", "resources", "pretrained"), prose),
        **dict.fromkeys(("tags", "concepts", "process"), tags),
    }
    written = [f"{key} = {_toml(value)}" for key, value in spec.items() if value]
    if lines:
        written.append(f"role = {_toml(lines[0])}")
    written += ["[headline]", 'metric = "m0"', "[run]", 'ci = "recorded"', "[links]"]
    written += [f"{_toml(text)} = 'https://example.org/'" for text in tags]
    for text in lines[:50]:
        fields = dict.fromkeys(("name", "source", "licence", "period", "group", "time"), text)
        written += ["[[data]]", *(f"{key} = {_toml(value)}" for key, value in fields.items())]
    return "\n".join(written) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _record(carrier: Carrier, made: Path, recorded: Path, renderable: Sequence[str]) -> None:
    texts = list(enumerate(carrier.texts))
    contents: dict[str, bytes] = {f"figures/f{number}.png": PIXEL for number, _ in texts}
    contents["figures/drawn.svg"] = SVG.encode()
    for number, text in texts:
        cell = text.replace('"', '""')
        contents[f"tables/t{number}.csv"] = f'"{cell}",b\n"{cell}",-1.5\n"x","{cell}"\n'.encode()
        contents[f"artifacts/{number}{_file_name(text)}"] = text.encode()
    contents["artifacts/drawn.svg"] = SVG.encode()
    for name, content in contents.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    record = Record(
        schema=SCHEMA,
        slug=carrier.slug,
        key=of_mapping({}),
        parts={},
        result=replace(
            _result(carrier.texts, [name for name in contents if name.startswith("artifacts/")]),
            cells=tuple(_shown(text, is_renderable=text in renderable) for text in carrier.texts),
        ),
        circumstances=replace(_circumstances(carrier.texts), cells=_cells(carrier.texts, renderable)),
        files={name: files.digest(made / name) for name in contents},
    )
    write_stored(record, made, recorded)


def _file_name(text: str) -> str:
    return "".join(char for char in text if char.isprintable() and char not in "/\\")[:40]


def _result(texts: Sequence[str], artifacts: Sequence[str]) -> Result:
    drawn = Figure(name="drawn", alt="x", caption="", light="figures/drawn.svg", dark=None, width=9, height=9)
    figures = (
        Figure(name=f"f{number}", alt=text, caption=text, light=f"figures/f{number}.png", dark=None, width=1, height=1)
        for number, text in enumerate(texts)
    )
    tables = (
        Table(name=f"t{number}", caption=text, file=f"tables/t{number}.csv", rows=2, columns=2)
        for number, text in enumerate(texts)
    )
    return Result(
        metrics=tuple(
            Metric(name=f"m{number}", value=1.5, unit=text, method=text, baseline=2, interval=(1, 2))
            for number, text in enumerate(texts)
        ),
        figures=(drawn, *figures),
        tables=tuple(tables),
        texts=tuple(Text(name=f"x{number}", text=text) for number, text in enumerate(texts)),
        artifacts=tuple(Artifact(name=name, file=name, size=1) for name in artifacts),
        warnings=tuple(Warned(category=text, message=text, statement=0) for text in texts),
        output="\n".join(texts),
        params={f"p{number}": text for number, text in enumerate(texts)} | {text: [text] for text in texts},
    )


def _shown(text: str, *, is_renderable: bool) -> tuple[Output, ...]:
    kinds = ("printed", "plain", "error", "note", "figure", "table", *(("html", "markdown") if is_renderable else ()))
    tables = [Output(kind="html", text=f"<table><tr><td>{text}</td></tr></table>", plain=text)]
    return (*(Output(kind=kind, text=text, plain=text) for kind in kinds), *(tables if is_renderable else ()))


def _cells(texts: Sequence[str], renderable: Sequence[str]) -> tuple[CellSource, ...]:
    prose = [CellSource(is_code=False, text=text, number=0, is_rest=rest) for text in renderable for rest in _MARKUPS]
    return (*prose, *(CellSource(is_code=True, text=text, number=number) for number, text in enumerate(texts, 1)))


def _circumstances(texts: Sequence[str]) -> Circumstances:
    return Circumstances(
        started=datetime(2026, 11, 2, tzinfo=UTC),
        seconds=1.0,
        cpu_seconds=1.0,
        peak_memory=1,
        python=texts[0],
        platform=texts[-1],
        packages={text: text for text in texts},
        data={text: text for text in texts},
        steps=tuple(Step(name=text, seconds=1.0, cpu_seconds=1.0) for text in texts),
        notes=tuple(texts),
        commit=Commit(sha=texts[0], date=datetime(2026, 11, 1, tzinfo=UTC), dirty=True),
    )


def as_shown(text: str) -> str:
    """Return the text as a page shows it: without what cannot be seen, spaces as one."""
    seen = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]", "", re.sub("\r\n?", "\n", text))
    return re.sub(f"[{re.escape(string.whitespace)}]+", " ", seen).strip()
