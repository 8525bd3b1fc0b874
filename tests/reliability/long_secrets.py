"""Forty planted secrets, each printed by a project of its own, and two hundred innocent strings, in real builds."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from figure import Figure
from secret_samples import innocents, secrets
from stage import Stage, tree

_SPEC = 'title = "T"\nsummary = "S"\n'
_A_PAGE = 10
"""Innocent strings a project prints."""


def run() -> Iterator[Figure]:
    """Build twice: with projects that leak, and with projects that only look odd."""
    planted = secrets()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        failed = _failures(stage, {f"p{number}": text for number, text in enumerate(planted.values())})
        kept = tree(stage.root / "build")
        told = [kind for kind, text in planted.items() if any(text.encode() in content for content in kept.values())]
    yield Figure(
        what=f"{len(planted)} projects that print a secret",
        promised="40 of 40 stopped, none stored, published or told",
        measured=f"{len(failed)} stopped, {len(told)} left somewhere below build/",
        ok=len(failed) == len(planted) and not told,
        notes=tuple(told),
    )
    odd = innocents()
    with tempfile.TemporaryDirectory() as folder:
        groups = {f"p{at}": "\n".join(odd[at : at + _A_PAGE]) for at in range(0, len(odd), _A_PAGE)}
        failed = _failures(Stage(Path(folder)), groups)
    yield Figure(
        what=f"{len(odd)} innocent strings, {_A_PAGE} printed by a project",
        promised="at most 2 taken for secrets",
        measured=f"{len(failed)} projects stopped",
        ok=len(failed) <= 2,
        notes=tuple(failed.values()),
    )


def _failures(stage: Stage, said: Mapping[str, str]) -> dict[str, str]:
    """Build projects that print these texts; return the messages of those that failed for a secret."""
    for slug, text in said.items():
        stage.write(f"projects/{slug}/spec.toml", _SPEC)
        stage.write(f"projects/{slug}/script.py", "from pathlib import Path\n\nprint(Path('said.bin').read_text())\n")
        stage.write(f"projects/{slug}/said.bin", text)
    found = stage.portfolio("build", "--json").projects
    failures = {slug: project["failure"] for slug, project in found.items() if project["failure"]}
    return {slug: failure["message"] for slug, failure in failures.items() if failure["kind"] == "secret"}
