"""Pages rendered before: one whose key is the same is taken from the docs tree instead of being rendered again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from portfolio import files
from portfolio.compiled import Compiled
from portfolio.rendering.escape import written_before
from portfolio.rendering.page_key import surroundings
from portfolio.rendering.tools import Used
from portfolio.values.entry import Entry
from portfolio.values.page import Asset, Page
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page rendered before, from known parts."""

    page: Page
    parts: Mapping[str, str]
    words: int
    """How many words its write-up has."""
    tools: tuple[Used, ...]
    """The packages of each step of its script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCache:
    """The pages of the last build, by slug: the parts of each key, the text's digest, and where its assets lie."""

    docs: Path
    file: Path
    compiled: Compiled
    digest: Callable[[Path], str]
    surroundings: str
    known: dict[str, Any] = field(default_factory=dict)
    noted: dict[str, Any] = field(default_factory=dict)

    def parts(self, slug: str) -> Mapping[str, str]:
        """Return the parts of the key of a project's page as it was last rendered."""
        found = self.known.get(slug)
        return found["parts"] if isinstance(found, dict) and isinstance(found.get("parts"), dict) else {}

    def find(self, entry: Entry, parts: Mapping[str, str]) -> Kept | None:
        """Return the project's page if all `parts` are among those it was rendered from, and it is what it was."""
        slug = entry.project.slug
        known = self.parts(slug)
        path = PurePosixPath("projects", slug, "index.md")
        try:
            if len(known) != len(parts) + 1 or not parts.items() <= known.items():
                return None
            found = self.known[slug]
            if self.digest(self.docs / path) != found["text"]:
                return None
            assets = tuple(
                Asset(path=PurePosixPath(name), source=_top(entry, kind) / inner)
                for name, kind, inner in found["assets"]
            )
            text, words = written_before((self.docs / path).read_text(encoding="utf-8")), int(found["words"])
            tools = tuple(Used(step=step, package=name, version=version) for step, name, version in found["tools"])
            made = {PurePosixPath(name): digest for name, digest in found["made"].items()}
            if any(self.digest(self.docs / name) != digest for name, digest in made.items()):
                return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if not all(asset.source.is_file() for asset in assets):
            return None
        page = Page(path=path, text=text, assets=assets, kept=tuple(made))
        return Kept(page=page, parts=known, words=words, tools=tools)

    def note(self, entry: Entry, kept: Kept) -> None:
        """Remember the page as it is now."""
        page = kept.page
        made = [*page.kept, *(text.path for text in page.texts), *([page.archive.path] if page.archive else [])]
        self.noted[entry.project.slug] = {
            "parts": dict(kept.parts),
            "text": files.text_digest(page.text),
            "assets": [[asset.path.as_posix(), *_place(entry, asset.source)] for asset in page.assets],
            "made": [path.as_posix() for path in made],
            "words": kept.words,
            "tools": [[used.step, used.package, used.version] for used in kept.tools],
        }

    def save(self) -> None:
        """Write what was noted, and how what was made for the pages looks, once the docs tree is written."""
        for noted in self.noted.values():
            noted["made"] = {name: self.digest(self.docs / name) for name in noted["made"]}
        files.write_text(self.file, json.dumps(self.noted, sort_keys=True))


def page_cache(
    workspace: Workspace, templates: Sequence[Path], packages: Mapping[str, str], digest: Callable[[Path], str]
) -> PageCache:
    """Return the pages of the last build; none where that left nothing readable."""
    file = workspace.cache / "pages.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        found = {}
    around = surroundings(templates, packages, digest)
    return PageCache(
        docs=workspace.docs,
        file=file,
        compiled=Compiled(workspace.cache / "page-templates", [around]),
        digest=digest,
        surroundings=around,
        known=found if isinstance(found, dict) else {},
    )


def _top(entry: Entry, kind: str) -> Path:
    """Return the folder of the record, or the project's."""
    if kind == "record" and entry.files is not None:
        return entry.files
    return entry.project.folder


def _place(entry: Entry, source: Path) -> tuple[str, str]:
    if entry.files is not None and source.is_relative_to(entry.files):
        return "record", source.relative_to(entry.files).as_posix()
    return "project", source.relative_to(entry.project.folder).as_posix()
