"""Start a workspace: complete, building and publishing at once, and never over something that is there."""

from pathlib import Path

from portfolio import files, owned
from portfolio.errors import UsageError
from portfolio.identity import Identity, with_identity
from portfolio.locking import WANTED
from portfolio.starters import example_files, workspace_file, workspace_text

EXAMPLE = "three-wines"
"""The slug of the finished project that a new workspace begins with."""
_AUTHORS = {"mkdocs.yml": "mkdocs.yml", "README.md": "README.md", ".gitignore": "gitignore", WANTED: WANTED}
"""The author's own files, by the names of what they begin with."""


def start_workspace(folder: Path, who: Identity) -> list[Path]:
    """Write a new workspace into `folder`, with one finished project; return the files written, in order.

    Args:
        folder: made if missing; files in it are left alone.
        who: whose it is; without a name the site says that its content is an example.

    Raises:
        UsageError: there is a portfolio already, or `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file", hint="name a folder")
    if (folder / "mkdocs.yml").exists():
        message = f"{folder}/mkdocs.yml: is there already, so nothing was written"
        raise UsageError(message, hint="portfolio new my-first")
    begun = (folder / "projects").is_dir()
    texts = {name: author_file(name, who).encode() for name in _AUTHORS}
    if not begun:
        texts |= {f"projects/{EXAMPLE}/{name}": content for name, content in example_files().items()}
    return write_new(folder, texts)


def author_file(name: str, who: Identity) -> str:
    """Return one of the author's own files as it begins."""
    site_name = who.site_name or who.name or "My portfolio"
    if name != "mkdocs.yml":
        return workspace_text(_AUTHORS[name]).replace("{site_name}", site_name)
    texts = {
        "site_name": site_name,
        "name": who.name or "Your Name",
        "role": who.role or "What you are",
        "tagline": who.tagline or "What you do for others, in one line",
    }
    rest = Identity(site_url=who.site_url, links=who.links)
    return with_identity(workspace_file(name, texts), rest, example=not who.name)


def write_new(folder: Path, texts: dict[str, bytes]) -> list[Path]:
    """Write these files and those that the tool keeps up to date, where there are none; return what was written."""
    written = [folder / name for name, content in texts.items() if _write(folder / name, content)]
    own = owned.wanted(folder)
    written += [folder / name for name, content in own.items() if _write(folder / name, content)]
    owned.save(folder, {name: owned.digest(name, content) for name, content in own.items()})
    return [*written, folder / owned.MANIFEST]


def _write(path: Path, content: bytes) -> bool:
    return not path.exists() and files.write_bytes(path, content)
