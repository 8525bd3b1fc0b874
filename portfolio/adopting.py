"""Make a copy of the template its owner's: their name in it, and what belongs to the tool itself gone.

What is dropped was committed before, so `git stash --include-untracked` brings all of it back. What was changed since
the template was copied is not dropped: edited templates go on overriding, edited projects stay.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from portfolio import files, owned, tracked
from portfolio.errors import UsageError
from portfolio.identity import Identity, cv_with_identity, with_identity
from portfolio.locking import WANTED
from portfolio.starting import author_file
from portfolio.upgrading import is_template

_MARK = "portfolio/starters/workspace/publish.yml"
"""A file the template has had since it could be copied."""
_TOOL = ("portfolio/", "tests/", "site_templates/", "docs/", ".ci/", ".github/")
_TOOLS_FILES = ("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "pyproject.toml")
_RECORDED = "results.json"
CV = "resume.json"
"""The example's, which nobody may publish as theirs by oversight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What became of a copy."""

    written: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: tuple[str, ...]
    """What belongs to the tool and was edited, so it stayed."""


def adopt(root: Path, who: Identity, *, drop_tool: bool, drop_examples: bool) -> Adopted:
    """Put the author's name into a copy of the template, and drop what they do not need.

    Args:
        root: the copy.
        who: its owner.
        drop_tool: drop the tool's source, tests and workflows, and keep the tool as a wheel.
        drop_examples: drop the projects that came with the template, and its CV.

    Raises:
        UsageError: something could be lost, because it is not committed.
    """
    if not is_template(root) and (drop_tool or drop_examples):
        raise UsageError(f"{root}: holds no copy of the template, so there is nothing to drop")
    if drop_tool or drop_examples:
        tracked.require_committed(root)
    base = tracked.template_commit(root, _MARK)
    came, edited = tracked.listed(root, base), tracked.changed_since(root, base)
    tool = {path for path in came if path.startswith(_TOOL) or path in _TOOLS_FILES} if drop_tool else set()
    examples = _untouched_projects(came, edited) | ({CV} & (came - edited)) if drop_examples else set()
    settings = _own_settings(root, base) if drop_tool else ""
    texts = _texts(root, who, settings, dropped_tool=drop_tool, edited=edited)
    if who.name and not drop_examples and CV in came - edited:
        texts[CV] = cv_with_identity((root / CV).read_text(encoding="utf-8"), who)
    gone = sorted(path for path in (tool - edited) | examples if (root / path).is_file())
    if drop_tool:  # the wheel is made from the source, so before that goes
        new = _staged(root, texts, gone)
    else:
        new = [name for name, text in texts.items() if files.write_text(root / name, text)]
        _delete(root, [path for path in gone if path not in texts])
    kept = sorted(path for path in tool & edited if path not in texts and (root / path).exists())
    return Adopted(
        written=tuple(new), dropped=tuple(path for path in gone if not (root / path).exists()), kept=tuple(kept)
    )


def _texts(root: Path, who: Identity, settings: str, *, dropped_tool: bool, edited: frozenset[str]) -> dict[str, str]:
    """Return the author's own files as they are to be."""
    texts = {}
    if (root / "mkdocs.yml").is_file():
        old = (root / "mkdocs.yml").read_text(encoding="utf-8")
        texts["mkdocs.yml"] = with_identity(old, who, example=not who.name and "example: true" in old)
    if dropped_tool and "README.md" not in edited:
        texts["README.md"] = author_file("README.md", who)
    if dropped_tool and not (root / WANTED).exists():
        texts[WANTED] = author_file(WANTED, who)
    if settings:
        texts["pyproject.toml"] = settings
    return texts


def _staged(root: Path, texts: dict[str, str], gone: list[str]) -> list[str]:
    """Write what the tool keeps up to date, then delete its source, then write the author's files."""
    own = owned.wanted(root)
    templates = [path for path in own if path.startswith("site_templates/")]
    gone = [path for path in gone if path not in texts and (path in templates or path not in own)]
    for path, data in own.items():
        if path not in templates:
            files.write_bytes(root / path, data)
    _delete(root, gone)
    for path, text in texts.items():
        files.write_text(root / path, text)
    known = {path: owned.digest(path, data) for path, data in own.items() if path not in gone}
    owned.save(root, known)
    return sorted({*texts, *(path for path in own if path not in templates), owned.MANIFEST})


def _untouched_projects(came: frozenset[str], edited: frozenset[str]) -> set[str]:
    """Return the files of the template's projects that nobody edited; new results are no edit."""
    projects: dict[str, set[str]] = {}
    for path in came:
        parts = path.split("/")
        if parts[0] == "projects" and len(parts) > 2:  # noqa: PLR2004 - projects, slug, file
            projects.setdefault(parts[1], set()).add(path)
    touched = {path.split("/")[1] for path in edited if path.count("/") > 1 and not path.endswith(f"/{_RECORDED}")}
    return {path for slug, paths in projects.items() if slug not in touched for path in paths}


def _own_settings(root: Path, base: str) -> str:
    """Return `[tool.portfolio]` where its owner changed it; the rest of the file is about the tool."""
    path = root / "pyproject.toml"
    now = _settings(path.read_text(encoding="utf-8")) if path.is_file() else ""
    return now if now != _settings(tracked.content(root, base, "pyproject.toml")) else ""


def _settings(text: str) -> str:
    found = re.search(r"^\[tool\.portfolio\]\n(?:(?!\[).*\n?)*", text, re.MULTILINE)
    return found[0].strip() + "\n" if found else ""


def _delete(root: Path, paths: list[str]) -> None:
    """Delete files, and the folders that become empty by it."""
    for path in paths:
        (root / path).unlink(missing_ok=True)
    for folder in sorted({parent for path in paths for parent in Path(path).parents}, key=lambda it: -len(it.parts)):
        place = root / folder
        if folder.parts and place.is_dir():
            _forget_caches(place)
            if not any(place.iterdir()):
                place.rmdir()


def _forget_caches(folder: Path) -> None:
    """Delete what Python left of modules that are gone."""
    cache = folder / "__pycache__"
    if cache.is_dir() and not any(folder.glob("*.py")):
        for path in cache.glob("*.pyc"):
            path.unlink(missing_ok=True)
        if not any(cache.iterdir()):
            cache.rmdir()
