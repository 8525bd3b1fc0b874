"""What a run returns, wherever it took place: how it ended, the files it left, and what it was seen to use."""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.running.local import Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run that is over."""

    finished: Finished
    used: tuple[str, ...]
    """Names of parts of a key, of what it was seen to use."""
    refusal: str = ""
    """Why no key can hold what it used; empty where one can."""
    there: Mapping[str, str] | None = None
    """Those parts as they are where it ran, if that was elsewhere."""
