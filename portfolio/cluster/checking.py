"""Compare what a cluster's machines have with what is here, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.cluster import surroundings
from portfolio.errors import UsageError
from portfolio.words import plural

_MOST = 3
"""Differences told in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What runs need of a machine beside the tool itself."""

    distributions: Mapping[str, str]
    """Versions by name."""
    modules: tuple[str, ...] = ()
    """Packages that are known by content, as an editable one."""

    def here(self) -> dict[str, Any]:
        """Return what this machine has of them."""
        found: dict[str, Any] = surroundings.surroundings(sorted(self.distributions), list(self.modules))
        return found

    def question(self) -> str:
        """Return the Python expression that has the same answer where a machine has the same."""
        source = Path(surroundings.__file__).read_text(encoding="utf-8")
        asked = f"surroundings({sorted(self.distributions)!r}, {list(self.modules)!r})"
        return f"(lambda space: (exec({source!r}, space), eval({asked!r}, space))[1])({{'__name__': 'asked'}})"


def demand_same(address: str, needs: Needs, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """See that every machine of the cluster at `address` has what is here.

    Args:
        address: the scheduler's.
        needs: what they are asked for.
        answers: what they answered to `needs.question()`, by name.

    Raises:
        UsageError: one differs; all that differs is said in one line.
    """
    here = needs.here()
    differing: dict[str, list[str]] = {}
    install: dict[str, str] = {}
    for name, there in answers.items():
        for what, how in differences(here, there):
            differing.setdefault(what, []).append(name)
            install[what] = how
    if not differing:
        return
    said = [f"{what} on {_named(differing[what], len(answers))}" for what in sorted(differing)[:_MOST]]
    more = f", and {plural(len(differing) - _MOST, 'other difference')}" if len(differing) > _MOST else ""
    pip = sorted({how for how in install.values() if "==" in how})
    other = sorted({how for how in install.values() if "==" not in how})
    hint = "; ".join([*(f"there, {how}" for how in other), *([f"there, pip install {' '.join(pip)}"] if pip else [])])
    raise UsageError(f"{address}: {'; '.join(said)}{more}; nothing was run", hint=hint)


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return in words how `there` differs from `here`, and what to do about each; both answer `Needs.question()`."""
    if here["python"] != there["python"]:
        return [(f"Python {there['python']} instead of {here['python']}", f"use Python {here['python']}")]
    found = []
    if here["portfolio"] != there["portfolio"]:
        how = "install the portfolio that is installed here"
        found.append((_words("portfolio", here["portfolio"], there["portfolio"]), how))
    elif here["tool"] != there["tool"]:
        found.append(("portfolio has other sources", "install the portfolio that is installed here"))
    for name, version in here["versions"].items():
        if version != there["versions"].get(name, ""):
            found.append((_words(name, version, there["versions"].get(name, "")), f"{name}=={version}"))
    for name, digest in here["local"].items():
        if digest != there["local"].get(name, ""):
            found.append((f"{name} has other sources", f"install the {name} that is here"))
    return found


def _words(name: str, wanted: str, found: str) -> str:
    return f"{name} {found} instead of {wanted}" if found else f"no {name} {wanted}"


def _named(names: list[str], total: int) -> str:
    if len(names) == total:
        return "every machine"
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
