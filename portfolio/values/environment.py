"""What a project asks of an environment of its own, and the interpreter that answers it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portfolio.words import normal

AMBIENT, INLINE, LOCKED = "ambient", "inline", "locked"
"""The environments there are: what is installed here; made from what a project asks for; made from its lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The lock beside what a project asks for: every file that is installed, known by its hash."""

    file: str
    """Its name in the project's folder."""
    text: str
    packages: Mapping[str, str]
    """Versions by normal name; several, where systems or Pythons get different ones, with commas between."""
    of_uv: bool = False
    """Whether uv wrote it in a form of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a project asks for: the packages of an environment that is made for it."""

    file: str
    """Where it stands in the project's folder: the script, or `requirements.txt`."""
    requirements: tuple[str, ...]
    python: str = ""
    """The versions of Python that will do, such as `>=3.11`; empty where any will."""
    before: str = ""
    """The moment after which nothing that was published counts, or nothing."""
    lock: Lock | None = None

    @property
    def kind(self) -> str:
        """What a page says of it."""
        return LOCKED if self.lock else INLINE

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the packages, as indexes compare them, sorted."""
        found = (re.match(r"[A-Za-z0-9._-]+", each) for each in self.requirements)
        return tuple(sorted({normal(name[0]) for name in found if name}))

    def owns(self, name: str) -> bool:
        """Whether the file of that name, in the project's folder, says nothing but what is asked for."""
        return name == f"{self.file}.lock" or (name == self.file and not name.endswith((".py", ".ipynb")))

    @property
    def digest(self) -> str:
        """What is asked for, without the lock, as a digest."""
        asked = [*sorted(self.requirements), f"python {self.python}", f"before {self.before}"]
        return sha256("\n".join(asked).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python that is not the one this tool runs in."""

    program: Path
    version: str
    packages: Mapping[str, str]
    """Versions of all that is installed for it, by normal name."""
    capture: Path
    """A folder with nothing in it but `portfolio`, which is not installed there."""
