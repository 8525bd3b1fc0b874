"""What was measured, as Markdown: ratios to `portfolio` in the same round, and absolute medians."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from environments import SHARED
from peers import PORTFOLIO
from rounds import Action, Measured

Rounds = Sequence[Mapping[Action, Measured]]
NOT_ASKED = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything measured at one number of projects."""

    count: int
    limits: Sequence[float]
    """CPU seconds of pure fitting of all projects, at one thread, in each round."""
    rounds: Mapping[str, Rounds]
    """The rounds of each tool, by its name."""
    missing: Mapping[str, str]
    """Why a tool was not measured, by its name."""


def machine() -> str:
    """Return the date and what this was measured on, as one line."""
    processors = Path("/proc/cpuinfo")
    lines = processors.read_text().splitlines() if processors.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"{os.cpu_count()} cores, {models[0] if models else platform.machine()}",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"portfolio {version('finished-portfolio')}",
        ", ".join(f"{name} {version(name)}" for name in SHARED),
    ]
    return "; ".join(parts)


def comparison(found: Comparison) -> str:
    """Return the tables of one number of projects."""
    base = found.rounds[PORTFOLIO.name]
    cores = os.cpu_count() or 1
    limit = median(found.limits) / cores
    against = median(
        round_[Action.COLD].cost.wall / (fit / cores) for round_, fit in zip(base, found.limits, strict=True)
    )
    head = f"### N = {found.count}, medians of {len(base)} rounds\n\n"
    head += f"Limit: {median(found.limits):.1f} CPU s of fitting on {cores} cores, {limit:.1f} s. "
    head += f"`portfolio`, cold, takes **{against:.2f}** times the limit.\n\n"
    return head + _ratios(found, base) + "\n" + _absolutes(found)


def _ratios(found: Comparison, base: Rounds) -> str:
    """Return wall times as multiples of `portfolio`'s in the same round, with how many scripts really ran."""
    lines = _header("wall time (scripts run)", *(action.value for action in Action))
    for name, rounds in found.rounds.items():
        lines.append(_row(name, *(_ratio(rounds, base, action) for action in Action)))
    blanks = [""] * (len(Action) - 1)
    lines += [_row(name, f"not measured: {why}", *blanks) for name, why in found.missing.items()]
    return "\n".join(lines) + "\n"


def _ratio(rounds: Rounds, base: Rounds, action: Action) -> str:
    if action not in rounds[0]:
        return NOT_ASKED
    ratio = median(own[action].cost.wall / ours[action].cost.wall for own, ours in zip(rounds, base, strict=True))
    told = [_runs(rounds, action)]
    if action is Action.FAILING:
        told.append("others published" if rounds[0][action].shown else "others **not published**")
        told.append(f"exit code {rounds[0][action].cost.code}")
    elif any(own[action].stale for own in rounds):
        told.append("**stale**")
    return f"{ratio:.2g} ({', '.join(told)})" if ratio < 10 else f"{ratio:.0f} ({', '.join(told)})"


def _absolutes(found: Comparison) -> str:
    """Return one row for each tool and action: medians of what it took."""
    lines = _header("", "", "wall s", "CPU s", "peak MB", "scripts run", "exit code")
    for name, rounds in found.rounds.items():
        for action in rounds[0]:
            costs = [own[action].cost for own in rounds]
            lines.append(
                _row(
                    name,
                    action.value,
                    f"{median(cost.wall for cost in costs):.2f}",
                    f"{median(cost.cpu for cost in costs):.2f}",
                    f"{median(cost.memory for cost in costs):.0f}",
                    f"{_runs(rounds, action)} of {rounds[0][action].wanted}",
                    "/".join(sorted({str(cost.code) for cost in costs})),
                )
            )
    return "\n".join(lines) + "\n"


def _runs(rounds: Rounds, action: Action) -> str:
    """Return how many scripts ran; more than one number where rounds differ."""
    return "/".join(str(runs) for runs in sorted({own[action].runs for own in rounds}))


def _header(*cells: str) -> list[str]:
    return [_row(*cells), _row(*["---"] * len(cells))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
