"""Where the git history around a workspace stands, read from its files: asking git costs 90 ms to import it alone."""

from hashlib import sha256
from pathlib import Path


def repository_top(root: Path) -> Path | None:
    """Return the top of the working tree around `root`, if there is one."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def repository_state(root: Path) -> str:
    """Return a digest that changes with the checked-out commit, the remotes and the depth of the history."""
    top = repository_top(root)
    return _state(top / ".git") if top else "none"


def _state(git: Path) -> str:
    own = _followed(git, "gitdir:") if git.is_file() else git
    common = (own / _text(own / "commondir")).resolve() if (own / "commondir").is_file() else own
    head = _text(own / "HEAD")
    said = [head]
    if head.startswith("ref:"):
        name = head.removeprefix("ref:").strip()
        said += [_text(own / name), _text(common / name), _packed(common / "packed-refs", name)]
    said += [_text(common / "config"), _text(common / "shallow")]
    return sha256("\0".join(said).encode("utf-8", "surrogateescape")).hexdigest()


def _followed(path: Path, word: str) -> Path:
    """Return the folder that a `.git` file of a worktree or submodule points at."""
    return (path.parent / _text(path).removeprefix(word).strip()).resolve()


def _packed(path: Path, name: str) -> str:
    return next((line for line in _text(path).splitlines() if line.endswith(f" {name}")), "")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except OSError:
        return ""
