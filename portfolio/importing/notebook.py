"""A notebook saved with its outputs: what it says and shows becomes a write-up, in its order."""

import ast
import copy
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portfolio.errors import UsageError
from portfolio.importing.found import Found, Names, Picture, spoken, without_jinja
from portfolio.importing.outputs import Outputs, fenced
from portfolio.importing.source import IMAGES, Source

ORIGIN = "a notebook saved with its outputs"
_HEADING = re.compile(r"\A\s*#[ \t]+([^\n]+)\n?")
_IMAGE = re.compile(
    r"!\[([^\]\n]{0,500})\](?:\([ ]?<?([^)\s>]{0,1000})>?[^)\n]{0,500}\)|\[[^\]\n]{0,500}\])|<img\b[^>]{0,2000}>",
    re.IGNORECASE,
)
"""Bounded, so that thousands of brackets in a row take no time."""
_ATTRIBUTE = r"""\b{}\s*=\s*["']([^"']*)["']"""
_LANGUAGE = re.compile(r"[a-z0-9+-]{1,20}")
_NO_INPUT, _NO_OUTPUT = {"hide-input", "remove-input", "hide_input", "remove_input"}, {"hide-output", "remove-output"}
_NOTHING = {"hide-cell", "remove-cell", "hide_cell", "remove_cell"}
_MOST_CELLS, _LONGEST = 2_000, 200_000


def read(path: Path) -> Found:
    """Return what a notebook holds.

    Raises:
        UsageError: it is no notebook of version 4.
    """
    source = Source(path)
    document = source.json(path)
    cells = document.get("cells") if isinstance(document, dict) and document.get("nbformat") == 4 else None  # noqa: PLR2004
    if not isinstance(cells, list) or len(cells) > _MOST_CELLS:
        hint = f"jupyter nbconvert --to notebook --nbformat 4 {path.name}"
        raise UsageError(f"{path}: is no notebook of version 4", hint=hint)
    reader = _Cells(document, source)
    parts = [reader.written(cell) for cell in cells if isinstance(cell, dict)]
    outputs = reader.outputs
    stripped = json.dumps(_without_outputs(document), indent=1, ensure_ascii=False) + "\n"
    return Found(
        origin=ORIGIN,
        title=reader.title or spoken(path.stem).capitalize(),
        digest=source.digest,
        started=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        params=reader.params,
        pictures=tuple(outputs.pictures),
        tables=tuple(outputs.tables),
        artifacts=((re.sub(r"[^A-Za-z0-9._-]+", "-", path.name).lstrip("-."), stripped.encode("utf-8")),),
        writeup="\n\n".join(part for part in parts if part) + "\n",
        python=reader.version if reader.language == "python" else "",
        left_out=(*source.left_out, *outputs.left_out),
    )


class _Cells:
    """Turns cells into the text of a write-up."""

    def __init__(self, document: Mapping[str, Any], source: Source) -> None:
        info = _mapping(_mapping(document.get("metadata")).get("language_info"))
        named, version = str(info.get("name", "python")).lower(), str(info.get("version", ""))
        self.language = named if _LANGUAGE.fullmatch(named) else "text"
        self.version = version if re.fullmatch(r"[0-9.]{1,20}", version) else ""
        self.title = ""
        self.params: dict[str, Any] = {}
        self.outputs = Outputs(Names())
        self._source = source

    def written(self, cell: Mapping[str, Any]) -> str:
        """Return a cell as Markdown with Jinja; what its tags hide is left out."""
        meta = _mapping(cell.get("metadata"))
        tags = {str(tag) for tag in _listed(meta.get("tags"))}
        text = joined(cell.get("source"))[:_LONGEST]
        if tags & _NOTHING or not (text.strip() or cell.get("outputs")):
            return ""
        if cell.get("cell_type") == "markdown":
            return self._prose(text, cell.get("attachments"))
        if cell.get("cell_type") != "code":
            return fenced(text, "text")
        if "parameters" in tags:
            self.params |= _assigned(text)
        shown = _mapping(meta.get("jupyter"))
        hides_input = bool(tags & _NO_INPUT) or shown.get("source_hidden") is True
        hides_output = bool(tags & _NO_OUTPUT) or shown.get("outputs_hidden") is True
        parts = [fenced(text, self.language)] if text.strip() and not hides_input else []
        listed = [] if hides_output else _listed(cell.get("outputs"))
        parts += [self.outputs.written(each) for each in listed if isinstance(each, dict)]
        return "\n\n".join(part for part in parts if part)

    def _prose(self, text: str, attached: Any) -> str:
        heading = _HEADING.match(text)
        if heading and not self.title:
            self.title, text = re.sub(r"[*_`]", "", heading[1]).strip(), text[heading.end() :]
        parts, end = [], 0
        for found in _IMAGE.finditer(text):
            shown = self._image(found, attached)
            embedded = f"\n\n{shown}\n\n" if shown.startswith("{{ figures.") else shown
            parts += [without_jinja(text[end : found.start()]), embedded]
            end = found.end()
        return re.sub(r"\n{3,}", "\n\n", "".join([*parts, without_jinja(text[end:])])).strip()

    def _image(self, found: re.Match[str], attached: Any) -> str:
        """Return what embeds a picture of the prose, attached to its cell or lying beside the notebook."""
        alt, address = found[1], found[2]
        if found[0][:1] == "<":
            alt, address = (
                match[1] if (match := re.search(_ATTRIBUTE.format(name), found[0], re.IGNORECASE)) else ""
                for name in ("alt", "src")
            )
        address = address or ""
        said = " ".join((alt or "").split())[:300] or "Picture of the notebook's prose"
        kept = address.removeprefix("attachment:")
        if kept != address and isinstance(attached, dict) and isinstance(attached.get(kept), dict):
            return self.outputs.bundle(attached[kept], said) or without_jinja(said)
        beside = self._source.top.parent / address
        is_beside = "://" not in address and beside.resolve().is_relative_to(self._source.top.parent.resolve())
        if is_beside and beside.suffix.lower() in IMAGES and beside.is_file():
            content = Source(self._source.top.parent).read(beside)
            if content:
                name = self.outputs.names.new(beside.stem, "figure")
                picture = Picture(name=name, suffix=beside.suffix.lower(), content=content, alt=said)
                self.outputs.pictures.append(picture)
                return f"{{{{ figures.{name} }}}}"
        self.outputs.left_out.append(f"picture {address[:80]}: is not beside the notebook")
        return without_jinja(said)


def joined(source: Any) -> str:
    """Return a text that a notebook may hold as a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _assigned(text: str) -> dict[str, Any]:
    """Return the plain values that a cell tagged `parameters`, as papermill has it, gives to names."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            if isinstance(value, str | int | float) and abs(value if not isinstance(value, str) else 0) < 1e300:  # noqa: PLR2004
                found[node.targets[0].id] = value
    return found


def _without_outputs(document: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook with prose and code alone: outputs may hold scripts of anybody's."""
    stripped = copy.deepcopy(document)
    meta = _mapping(stripped.get("metadata"))
    stripped["metadata"] = {name: meta[name] for name in ("kernelspec", "language_info") if name in meta}
    for cell in stripped["cells"]:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            cell.update(outputs=[], execution_count=None)
    return stripped
