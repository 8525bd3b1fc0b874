"""Projects that only `portfolio` is measured with: so small that what is measured is the tool, or idle but large."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from peers import PORTFOLIO

from projects import FIRST_SEED, IMPORTS

IDLE_SECONDS = 4
_LOG = 'with open({log!r}, "a") as log:\n    log.write("{slug}\\n")\n'


def _small(slug: str, log: Path) -> str:
    seed = FIRST_SEED + int(slug[1:])
    head = "from portfolio import log_metric\n" + _LOG.format(log=str(log), slug=slug)
    return f'{head}SEED = {seed}\nlog_metric("score", SEED / 1e9, goal="maximize")\n'


def _idle(slug: str, log: Path) -> str:
    """Return a script that has imported what projects import and then holds nothing of its own while others begin."""
    wait = f"import time\ntime.sleep({IDLE_SECONDS})\n"
    return IMPORTS + _small(slug, log) + wait


def _files(names: Sequence[str]) -> dict[str, str]:
    spec = 'title = "Project {slug}"\nsummary = "One number."\ntags = ["benchmark"]\n'
    spec += '[headline]\nmetric = "score"\ngoal = "maximize"\n'
    return {f"projects/{slug}/spec.toml": spec.format(slug=slug) for slug in names}


SMALL = replace(PORTFOLIO, data=None, prose=None, files=_files, source=_small)
IDLE = replace(SMALL, source=_idle)
