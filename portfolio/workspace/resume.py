"""The CV in `resume.json` (JSON Resume): what pages show of it is checked, everything else is left alone."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portfolio.errors import Problem
from portfolio.values.resume import Item, Part, Resume
from portfolio.workspace.root import Workspace

NAME = "resume.json"
_MOST_BYTES = 1_000_000
_MOST_ITEMS, _LONGEST = 200, 4000
_DAY = re.compile(r"\d{4}(-\d{2}){0,2}")
_PARTS = (
    ("work", "Work", "position", "name"),
    ("education", "Education", "area", "institution"),
    ("projects", "Projects", "name", "entity"),
    ("publications", "Publications", "name", "publisher"),
    ("certificates", "Certificates", "name", "issuer"),
    ("awards", "Awards", "title", "awarder"),
    ("volunteer", "Volunteering", "position", "organization"),
)
"""Keys of JSON Resume, our heading, and which of their keys are an item's title and place."""
_ONGOING = ("work", "education", "projects", "volunteer")


@dataclass(frozen=True)
class _Reading:
    """Reads values of the document and notes what is wrong with them."""

    problems: list[Problem] = field(default_factory=list)

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > _LONGEST:
            self._note(where, key, f"is not a text of at most {_LONGEST} characters", f'"{key}": "…"')
            return ""
        return "".join(char if char.isprintable() else " " for char in value).strip()

    def day(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = self.text(table, key, where)
        if value and not _DAY.fullmatch(value):
            self._note(where, key, f"{value[:40]!r} is not a day, a month or a year", f'"{key}": "2024-03"')
            return ""
        return value

    def texts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = table.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._note(where, key, "is not a list of texts", f'"{key}": ["…"]')
            return ()
        return tuple(self.text({key: each}, key, where) for each in value[:_MOST_ITEMS])

    def tables(self, table: Mapping[str, Any], key: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        value = table.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self._note("", key, "is not a list of objects", f'"{key}": [{{"name": "…"}}]')
            return
        yield from ((each, f"{key}[{number}].") for number, each in enumerate(value[:_MOST_ITEMS]))

    def table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = table.get(key) or {}
        if not isinstance(value, dict):
            self._note("", key, "is not an object", f'"{key}": {{"name": "…"}}')
            return {}
        return value

    def _note(self, where: str, key: str, message: str, hint: str) -> None:
        self.problems.append(Problem(file=NAME, key=f"{where}{key}", message=message, hint=hint))


def read_resume(workspace: Workspace) -> tuple[Resume | None, list[Problem]]:
    """Return the CV, or None where there is none, and every problem found while reading it."""
    path = workspace.resume
    if not os.path.lexists(path):
        return None, []
    try:
        document = json.loads(_content(path))
    except json.JSONDecodeError as error:
        return None, [Problem(file=NAME, key=str(error.lineno), message=f"is not JSON: {error.msg}", hint=_HINT)]
    except (OSError, ValueError, RecursionError) as error:
        return None, [Problem(file=NAME, key="", message=f"cannot be read: {error}", hint=_HINT)]
    if not isinstance(document, dict):
        return None, [Problem(file=NAME, key="", message="is not an object", hint=_HINT)]
    reading = _Reading()
    return _resume(document, reading), reading.problems


_HINT = "jsonresume.org shows how it is written"


def _content(path: Path) -> str:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"is larger than {_MOST_BYTES // 1_000_000} MB")
    return path.read_text(encoding="utf-8")


def _resume(document: Mapping[str, Any], reading: _Reading) -> Resume:
    basics = reading.table(document, "basics")
    place = reading.table(basics, "location")
    links = [("Website", reading.text(basics, "url", "basics."))]
    email = reading.text(basics, "email", "basics.")
    links += [(email, f"mailto:{email}")] if email else []
    for profile, where in reading.tables(basics, "profiles"):
        links.append((reading.text(profile, "network", where), reading.text(profile, "url", where)))
    skills = [
        (reading.text(skill, "name", where), reading.texts(skill, "keywords", where))
        for skill, where in reading.tables(document, "skills")
    ]
    parts = [_part(document, reading, *each) for each in _PARTS]
    parts.append(Part(title="Languages", items=tuple(_languages(document, reading))))
    return Resume(
        name=reading.text(basics, "name", "basics."),
        label=reading.text(basics, "label", "basics."),
        summary=reading.text(basics, "summary", "basics."),
        place=", ".join(filter(None, (reading.text(place, key, "basics.location.") for key in ("city", "region")))),
        links=tuple((label, address) for label, address in links if label and address),
        skills=tuple(skill for skill in skills if skill[0]),
        parts=tuple(part for part in parts if part.items),
    )


def _part(document: Mapping[str, Any], reading: _Reading, key: str, heading: str, title: str, place: str) -> Part:
    items = []
    for table, where in reading.tables(document, key):
        days = (reading.day(table, name, where) for name in ("startDate", "date", "releaseDate"))
        start = next(filter(None, days), "")
        end = reading.day(table, "endDate", where)
        degree = reading.text(table, "studyType", where)
        name = ", ".join(filter(None, (degree, reading.text(table, title, where))))
        item = Item(
            title=name or reading.text(table, place, where),
            place=reading.text(table, place, where) if name else "",
            start=start,
            end=end,
            is_open=bool(start and not end and key in _ONGOING),
            text=reading.text(table, "summary", where) or reading.text(table, "description", where),
            points=reading.texts(table, "highlights", where) or reading.texts(table, "courses", where),
            address=reading.text(table, "url", where),
        )
        items += [item] if item.title else []
    return Part(title=heading, items=tuple(items))


def _languages(document: Mapping[str, Any], reading: _Reading) -> Iterator[Item]:
    for table, where in reading.tables(document, "languages"):
        name = reading.text(table, "language", where)
        if name:
            yield Item(title=name, place=reading.text(table, "fluency", where))
