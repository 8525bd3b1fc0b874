"""The files of a workspace that the tool wrote and keeps up to date, known by their digests in `.portfolio.json`.

A file whose content is still what was written is the tool's, and is replaced by a newer one. A file that differs is
its author's from then on. Actions that a workflow pins are no difference: Dependabot raises them, and newer ones stay.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portfolio import files
from portfolio.errors import Problem, WorkspaceError
from portfolio.locking import LOCK, WANTED, body, headed
from portfolio.packed import PIN, shipped, wheel
from portfolio.starters import workspace_text
from portfolio.version import __version__

MANIFEST = ".portfolio.json"
SCHEMA = Path(__file__).parent / "spec.schema.json"
WORKFLOW = ".github/workflows/publish.yml"
_PINNED = re.compile(r"(?P<action>uses: [\w./-]+)@(?P<commit>[0-9a-f]{40}) # v(?P<version>[0-9.]+)")
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the tool wrote: its version then, and the digest of each file by its path."""

    tool: str
    files: Mapping[str, str]


def wanted(root: Path) -> dict[str, bytes]:
    """Return what the running tool would write into the workspace, by path, the author's own files aside.

    `requirements.txt` is there only while the author asks for no packages of their own; templates are there only where
    the author has one of that name, which then overrides the shipped one.
    """
    tool = wheel()
    found = {
        ".github/dependabot.yml": workspace_text("dependabot.yml").encode(),
        WORKFLOW: workspace_text("publish.yml").encode(),
        "projects/spec.schema.json": SCHEMA.read_bytes(),
        PIN: tool.pin.encode(),
        tool.path: tool.content,
    }
    if not _asks(root):
        found[LOCK] = headed(root, body(shipped(LOCK).read_text(encoding="utf-8")), vendored=True).encode()
    templates = root / "site_templates"
    for path in sorted(templates.rglob("*")) if templates.is_dir() else ():
        name = path.relative_to(templates).as_posix()
        if path.is_file() and shipped(f"site_templates/{name}").is_file():
            found[f"site_templates/{name}"] = shipped(f"site_templates/{name}").read_bytes()
    return found


def digest(path: str, content: bytes) -> str:
    """Return the digest a file of the tool is known by; pins of a workflow are no part of it."""
    if path == WORKFLOW:
        content = _PINNED.sub(r"\g<action>", content.decode("utf-8", "replace")).encode()
    return sha256(content).hexdigest()


def merged(path: str, new: bytes, current: bytes) -> bytes:
    """Return what to write in place of `current`: `new`, with the newer pin of each action either of them has."""
    if path != WORKFLOW:
        return new
    newest: dict[str, re.Match[str]] = {}
    for text in (new, current):
        for found in _PINNED.finditer(text.decode("utf-8", "replace")):
            known = newest.get(found["action"])
            if known is None or _parts(found["version"]) > _parts(known["version"]):
                newest[found["action"]] = found
    return _PINNED.sub(lambda found: newest[found["action"]][0], new.decode()).encode()


def load(root: Path) -> Manifest:
    """Return the manifest of the workspace; an empty one where there is none.

    Raises:
        WorkspaceError: it cannot be read.
    """
    try:
        found = json.loads(files.read_regular(root / MANIFEST, _MOST_BYTES))
        listed = {str(path): str(known) for path, known in found["files"].items()}
        if any(_leads_out(path) for path in listed):
            raise ValueError  # noqa: TRY301 - as odd as any other content
        return Manifest(tool=str(found["tool"]), files=listed)
    except FileNotFoundError:
        return Manifest(tool="", files={})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message, hint = "cannot be read as what upgrade wrote", f"git checkout -- {MANIFEST}, or delete it"
        raise WorkspaceError([Problem(file=MANIFEST, key="", message=message, hint=hint)]) from error


def save(root: Path, known: Mapping[str, str]) -> None:
    """Write the manifest."""
    document = {"tool": __version__, "files": dict(sorted(known.items()))}
    files.write_text(root / MANIFEST, json.dumps(document, indent=1) + "\n")


def _asks(root: Path) -> bool:
    """Whether the author asks for packages of their own, which makes the lock file theirs."""
    try:
        text = (root / WANTED).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _leads_out(path: str) -> bool:
    return path.startswith("/") or "\\" in path or not {"", ".", ".."}.isdisjoint(path.split("/"))


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
