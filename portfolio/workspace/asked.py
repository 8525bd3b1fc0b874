"""What a project asks for: the block `# /// script` of its script (PEP 723), or `requirements.txt` in its folder.

In a notebook the block stands in a cell of code, where `juv run` reads it too.

Read as strictly as the spec: only names with versions may stand there. Options, addresses and paths would let a project
decide from where packages come, and what is fetched from an address is not known by a version.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portfolio.errors import Problem
from portfolio.literate import NotebookError, notebook_cells
from portfolio.values.environment import Lock, Needs
from portfolio.values.scripts import is_notebook
from portfolio.values.spec import Spec
from portfolio.words import did_you_mean, normal
from portfolio.workspace import pins
from portfolio.workspace.needs import BEGINS, LISTED, MOST_BYTES

_BLOCK = re.compile(r"^# /// script[ \t]*$\n(?P<content>(?:^#(?:| .*)$\n)*?)^# ///[ \t]*$", re.MULTILINE)
_START = re.compile(r"^# /// script[ \t]*$", re.MULTILINE)
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_ONE = r"(?:===?|[<>~!]=|[<>])\s*[A-Za-z0-9.*+!_-]+"
_VERSIONS = rf"{_ONE}(?:\s*,\s*{_ONE})*\s*,?"
_REQUIREMENT = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\[\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\])?"
    rf"\s*(?:{_VERSIONS}|\(\s*{_VERSIONS}\s*\))?\s*(?:;(?!.*--)[\w\s.,'\"<>=!~()-]+)?"
)
_PYTHON = re.compile(_VERSIONS)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]+(?:Z|[+-]\d{2}:\d{2})?)?")
_KEYS = ("dependencies", "requires-python", "tool")
_OURS = ("portfolio", "finished-portfolio")
_BETTER = "write a name with a version, such as numpy>=2"
_FROM = "where packages come from is for whoever builds to say: UV_DEFAULT_INDEX, or uv's own settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file as a user names it, and a way to say what is wrong in one of its lines, which a notebook has not."""

    shown: str

    def problem(self, line: int, message: str, hint: str = "") -> Problem:
        """Return what is wrong in that line, 0 of the file as a whole."""
        key = str(line) if line and not is_notebook(self.shown) else ""
        return Problem(file=self.shown, key=key, message=message, hint=hint)


class RefusedError(Exception):
    """Holds the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def asked(folder: Path, spec: Spec, shown: str) -> Needs | None:
    """Return what the project in `folder` asks for.

    Raises:
        RefusedError: it does so in a way that is not understood, or not allowed.
    """
    script = "" if spec.run.command else spec.script
    inline = _from_block(folder / script, script, f"{shown}/{script}") if script else None
    listed = folder / LISTED
    if not listed.is_file():
        return inline
    place = Place(shown=f"{shown}/{LISTED}")
    if inline:
        raise RefusedError(place.problem(0, f"{script} says what it needs too", f"keep one: rm {place.shown}"))
    return _from_list(text_of(listed, place), place)


def _from_block(path: Path, name: str, shown: str) -> Needs | None:
    place = Place(shown=shown)
    text = ""
    if path.is_file():
        text = _code_of(path) if is_notebook(name) else text_of(path, place)
    starts = [text.count("\n", 0, found.start()) + 1 for found in _START.finditer(text)]
    if not starts:
        return None
    blocks = list(_BLOCK.finditer(text))
    if len(blocks) != len(starts):
        raise RefusedError(place.problem(starts[0], "the block '# /// script' has no end", "end it by '# ///'"))
    if len(blocks) > 1:
        raise RefusedError(place.problem(starts[1], "there is a second block '# /// script'", "keep one of the two"))
    lines = [line[2:] if line[1:2] == " " else line[1:] for line in blocks[0]["content"].splitlines()]
    return _from_table(lines, name, place, starts[0])


def _code_of(path: Path) -> str:
    """Return the code of a notebook with a block in it; nothing of another, nor of one that cannot be read."""
    try:
        content = path.read_bytes()
        cells = notebook_cells(content) if BEGINS in content else ()
    except (OSError, NotebookError):
        return ""
    return "\n".join(cell.text for cell in cells if cell.is_code)


def _from_table(lines: list[str], name: str, place: Place, start: int) -> Needs:
    """Return what the block asks for whose `lines` follow the line `start`."""
    try:
        table = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = start + int(found[1]) if found else start
        raise RefusedError(place.problem(line, f"the block '# /// script' is not TOML: {error}")) from error

    def line_of(word: str) -> int:
        return next((start + number for number, line in enumerate(lines, 1) if word in line), start)

    for key in table:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"there are: {', '.join(_KEYS)}"
            raise RefusedError(place.problem(line_of(key), f"unknown key {key!r} in the block '# /// script'", hint))
    wanted, python = table.get("dependencies", []), table.get("requires-python", "")
    if not isinstance(wanted, list) or not all(isinstance(each, str) for each in wanted):
        raise RefusedError(place.problem(line_of("dependencies"), "'dependencies' is not a list of strings"))
    if not isinstance(python, str) or (python and not _PYTHON.fullmatch(python.strip())):
        raise RefusedError(place.problem(line_of("requires-python"), "'requires-python' is not such as '>=3.11'"))
    requirements = tuple(_requirement(each, place, line_of(each)) for each in wanted)
    before = _before(table.get("tool"), place, line_of)
    return Needs(file=name, requirements=requirements, python=_plain(python), before=before)


def _before(tool: Any, place: Place, line_of: Any) -> str:
    """Return the one setting of `[tool.uv]` that decides what is installed and not from where."""
    settings: Mapping[str, Any] = tool.get("uv", {}) if isinstance(tool, dict) else {}
    for key in settings if isinstance(settings, dict) else ():
        if key != "exclude-newer":
            raise RefusedError(place.problem(line_of(key), f"'{key}' of [tool.uv] is not for a script to say", _FROM))
    value = settings.get("exclude-newer", "")
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str) or (text and not _MOMENT.fullmatch(text)):
        line = line_of("exclude-newer")
        raise RefusedError(place.problem(line, "'exclude-newer' is not a moment", 'exclude-newer = "2023-12-31"'))
    return text


def _from_list(text: str, place: Place) -> Needs:
    """Return what a requirements file asks for; one in which every line has a hash is its own lock."""
    if "--hash" in text:
        problem = pins.first_problem(text)
        if problem:
            raise RefusedError(place.problem(problem.line, problem.message, "pip-compile --generate-hashes writes it"))
        packages = pins.packages(text)
        asked = tuple(f"{name}=={version}" for name, version in packages.items())
        return Needs(file=LISTED, requirements=asked, lock=Lock(file=LISTED, text=pins.body(text), packages=packages))
    found = (_requirement(line, place, number) for number, line in _lines(text))
    return Needs(file=LISTED, requirements=tuple(found))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, each with its number; one that ends in a backslash goes on below."""
    kept, start = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        start = start if kept else number
        kept += re.sub(r"(^|\s)#.*", "", line)
        if kept.endswith("\\"):
            kept = kept[:-1]
            continue
        if kept.strip():
            yield start, kept.strip()
        kept = ""
    if kept.strip():
        yield start, kept.strip()


def _requirement(text: str, place: Place, line: int) -> str:
    """Return a requirement once it is known to be a name with versions."""
    stripped = text.strip()
    found = _REQUIREMENT.fullmatch(stripped)
    if not found or len(stripped) > 300 or "\n" in stripped:  # noqa: PLR2004 - enough for a name
        raise RefusedError(place.problem(line, *_refusal(stripped)))
    if normal(found["name"]) in _OURS:
        message = f"{found['name']!r} is here in every run, and that name on an index may be somebody else's"
        raise RefusedError(place.problem(line, message, "remove the line"))
    return _plain(stripped)


def _refusal(text: str) -> tuple[str, str]:
    """Return what is wrong and what to do; of an address nothing is repeated, it may hold a password."""
    name = re.match(_NAME, text)
    if text.startswith("-"):
        word = re.split(r"[\s=]", text, maxsplit=1)[0][:40]
        hint = "write the packages themselves" if word[:2] in ("-r", "-c", "-e") else _FROM
        return f"{word!r} is an option, and only packages may stand here", hint
    if "://" in text or re.match(rf"{_NAME}\s*(\[.*\])?\s*@", text) or text.lower().startswith("file:"):
        shown = name[0] if name and not re.match(r"[A-Za-z+]+:", text) else "a package"
        return (
            f"{shown} is fetched from an address, and only names with versions may stand here",
            _BETTER,
        )
    if re.match(r"[./~\\]", text) or "/" in text or "\\" in text:
        return (
            f"{text[:40]!r} is a path, and only names with versions may stand here",
            _BETTER,
        )
    return f"{text[:40]!r} is not a requirement", _BETTER


def _plain(text: str) -> str:
    """Return a requirement without what means nothing: blanks, but for those of a marker."""
    head, mark, marker = text.partition(";")
    return re.sub(r"\s+", "", head) + (f" ; {' '.join(marker.split())}" if mark else "")


def text_of(path: Path, place: Place) -> str:
    """Return the text of a file.

    Raises:
        RefusedError: it is too large, is no text, or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            message, hint = f"is larger than {MOST_BYTES >> 20} MiB", "keep data in files of its own"
            raise RefusedError(place.problem(0, message, hint))
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        if path.suffix == ".py":  # Python says better what is wrong, or knows another encoding
            return content.decode("latin-1").replace("\r\n", "\n")
        raise RefusedError(place.problem(0, "is not text in UTF-8", "save it as UTF-8")) from None
    except OSError as error:
        raise RefusedError(place.problem(0, f"cannot be read: {(error.strerror or str(error)).lower()}")) from error
