"""Read a TOML file against a strict model, and say what is wrong in the words of its author."""

import os
import re
import reprlib
import tomllib
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from portfolio.errors import Problem
from portfolio.words import did_you_mean

MAX_BYTES = 32 * 1024
"""Of one file: the worst that fits is read in a tenth of a second."""
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}){{64}}")
"""A key of so many dotted parts: `tomllib` needs the square of their number, 50 s for 50,000."""
_HEADER = re.compile(r"(\[\[?)([A-Za-z0-9_.\-\"' ]+)\]\]?(.*)")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+|\"[^\"]+\"|'[^']+')\s*(\.|=)")
DEEPEST = 64
_MOST_PROBLEMS = 20
"""Problems told of one file; whoever has more mends these first."""
_LONGEST_NAME = 100
_SMALLER = "keep long texts, data and what other tools read in files of their own"
_FLATTER = f"at most {DEEPEST} levels are read"
_SYNTAX = "toml.io shows how it is written"
_SCHEMA = "projects/spec.schema.json says what is allowed there"
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 60
_REPR.maxlevel, _REPR.maxlist, _REPR.maxdict = 2, 3, 2
Model = TypeVar("Model", bound=BaseModel)
_KINDS = {
    "string_type": "a string in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list in [ ]",
    "date_type": "a date like 2026-03-01, without quotes",
    "mapping_type": "a table",
    "dict_type": "a table",
    "model_type": "a table",
    "finite_number": "a finite number",
}


def load(path: Path, shown: str) -> tuple[dict[str, Any], str] | Problem:
    """Return the parsed table and its text, or the problem that prevents it."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - a link to itself is no file, and no exception
            return Problem(file=shown, key="", message="is missing", hint=f"write {path.name}")
        if path.stat().st_size > MAX_BYTES:
            return Problem(file=shown, key="", message=f"is larger than {MAX_BYTES // 1024} KiB", hint=_SMALLER)
        return _parsed(path.read_text(encoding="utf-8-sig"), shown)
    except UnicodeDecodeError:
        return Problem(file=shown, key="", message="is not UTF-8 text", hint="save it as UTF-8")
    except OSError as error:
        return Problem(
            file=shown, key="", message=f"cannot be read: {os.strerror(error.errno or 0)}", hint=f"ls -l {shown}"
        )
    except RecursionError:
        return Problem(file=shown, key="", message="is nested too deeply", hint=_FLATTER)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        message = str(error).replace(found[0] if found else "", "").strip()
        line = found[1] if found and found[1] else ""
        return Problem(
            file=shown, key=line, message=f"is not TOML: {message[:1].lower()}{message[1:200]}", hint=_SYNTAX
        )
    except ValueError:  # a whole number of more digits than Python converts
        return Problem(file=shown, key="", message="holds a number with too many digits", hint="shorten it")


def _parsed(text: str, shown: str) -> tuple[dict[str, Any], str] | Problem:
    table = None if _DEEP_KEY.search(text) else tomllib.loads(text)
    if table is None or _is_deep(table):
        return Problem(file=shown, key="", message="is nested too deeply", hint=_FLATTER)
    return table, text


def validate(
    model: type[Model], table: Mapping[str, Any], text: str, shown: str, prefix: str = ""
) -> Model | list[Problem]:
    """Return `table` as a `model`, or every problem in it, each placed by line where it has one."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        problems: dict[str, Problem] = {}
        lines = _lines(text)
        details = _less_mistyped(error.errors(include_url=False))
        for detail in details[:_MOST_PROBLEMS]:
            path = _known_path(model, detail["loc"])
            key = prefix + _dotted(path)
            place = _line(lines, [*filter(None, prefix.split(".")), *path]) or _brief_name(key.rstrip("."))
            message, hint = _explain(model, path, detail)
            problems.setdefault(key, Problem(file=shown, key=str(place), message=message, hint=hint or _SCHEMA))
        told = sorted(problems.values(), key=lambda problem: (not problem.key.isdigit(), problem.key.zfill(9)))
        more = len(details) - _MOST_PROBLEMS
        rest = Problem(file=shown, key="", message=f"has {more:,} more problems", hint="mend these first")
        return [*told, rest] if more > 0 else told


def _less_mistyped(details: Sequence[Any]) -> list[Any]:
    """Leave out keys that are missing only because an unknown one beside them is a mistyped one."""
    unknown = [each["loc"] for each in details if each["type"] == "extra_forbidden"][:_MOST_PROBLEMS]

    def is_meant(missing: tuple[Any, ...]) -> bool:
        beside = (str(loc[-1])[:_LONGEST_NAME] for loc in unknown if loc[:-1] == missing[:-1])
        return any(did_you_mean(name, [str(missing[-1])]) for name in beside)

    return [each for each in details if each["type"] != "missing" or not is_meant(each["loc"])]


def _is_deep(value: object) -> bool:
    """Whether `value` is nested deeper than anything a person writes."""
    level, found = 0, [value]
    while found and level <= DEEPEST:
        inner = [each.values() if isinstance(each, dict) else each for each in found if isinstance(each, dict | list)]
        level, found = level + 1, [deeper for each in inner for deeper in each]
    return bool(found)


def _explain(model: type[BaseModel], path: Sequence[str | int], detail: Mapping[str, Any]) -> tuple[str, str]:
    kind, given, context = detail["type"], detail.get("input"), detail.get("ctx") or {}
    name = _shown_name(path)
    if kind == "extra_forbidden":
        known = _fields(model, path[:-1])
        return f"unknown key {name}", did_you_mean(
            str(path[-1])[:_LONGEST_NAME], known
        ) or f"known here: {', '.join(sorted(known))}"
    if kind == "missing":
        return f"{name} is missing", f"add a line: {path[-1]} = …"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{name} is {_brief(given)}, not one of {', '.join(allowed)}", did_you_mean(
            _brief(given).strip("'"), allowed
        )
    if kind in ("string_too_long", "too_long") and isinstance(given, str):
        return f"{name} has {len(str(given))} characters, at most {context['max_length']} are allowed", "shorten it"
    if kind == "too_long":
        return f"{name} has {context.get('actual_length')} items, at most {context['max_length']} are allowed", ""
    if kind == "string_pattern_mismatch":
        return f"{name} is {_brief(given)}, which must match {str(context['pattern']).strip('^$')}", ""
    if kind in _KINDS:
        return f"{name} must be {_KINDS[kind]}, not {_brief(given)}", ""
    if kind == "value_error":
        return f"{name} {context.get('error')}", ""
    message = str(detail["msg"])
    return f"{name}: {message[:1].lower()}{message[1:]}, not {_brief(given)}", ""


def _brief(value: object) -> str:
    text = _REPR.repr(value) if not isinstance(value, Mapping) else "a table"
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - one terminal line


def _brief_name(name: str) -> str:
    shown = name if name.isprintable() else repr(name)[1:-1]
    return shown if len(shown) <= _LONGEST_NAME else shown[:_LONGEST_NAME] + "…"


def _shown_name(path: Sequence[str | int]) -> str:
    return f"'{_brief_name(_dotted(path))}'" if path else "the file"


def _dotted(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _known_path(model: type[BaseModel], location: Sequence[str | int]) -> list[str | int]:
    """Return the part of pydantic's location that stands in the file: union branches and validators are not in it."""
    path: list[str | int] = []
    current: Any = model
    for part in location:
        if path and current is None:
            break
        path.append(part)
        current = _inside(current, part)
    return path


def _inside(kind: Any, part: str | int) -> Any:
    """Return the model, mapping or item type that `part` leads to, None where it is a plain value."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return _bare(field.annotation) if field else None
    return _bare(kind[1]) if isinstance(kind, tuple) else None


def _bare(annotation: Any) -> Any:
    """Return a model class, ("of", item type) for lists and mappings, or None for plain values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _bare(inner[0])
    if origin is tuple:
        return ("of", inner[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return ("of", inner[1])
    options = [_bare(option) for option in inner if option is not type(None)]
    return next((option for option in options if option is not None), None)


def _fields(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    current: Any = model
    for part in path:
        current = _inside(current, part)
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _line(lines: Mapping[str, int], path: Sequence[str | int]) -> int | None:
    """Return the line on which the value at `path` is written, or the nearest table that holds it."""
    found = (lines.get(_dotted(path[:length])) for length in range(len(path), 0, -1))
    return next((line for line in found if line), None)


def _lines(text: str) -> dict[str, int]:
    """Return the line of every key and table, by its dotted name."""
    tables: dict[str, int] = {}
    inside = ""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        header = _HEADER.match(bare) if bare.startswith("[") else None
        if header and header[3].strip()[:1] in ("", "#"):
            name = header[2].replace('"', "").replace("'", "").replace(" ", "")
            if header[1] == "[[":
                tables[name] = tables.get(name, -1) + 1
                name = f"{name}[{tables[name]}]"
            inside = name
            lines.setdefault(inside, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault(f"{inside}.{key[1].strip(chr(34) + chr(39))}".lstrip("."), number)
    return lines
