"""Rows of the budget about an author at work: a script, prose or a template edited, and the same within `serve`."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from statistics import median

from environments import OURS
from limit import fit
from peers import PORTFOLIO
from rounds import DATA, Action, Bench, make_bench, measure
from rows import NotMeasuredError, Row
from serving_probe import seconds_until_served, served

from portfolio.templates import shipped_templates
from projects import FIRST_SEED, change_constant, change_prose, slugs

PROJECTS = 10
TIMES = 3
TEMPLATE = "project.html"


def editing(work: Path) -> Iterator[Row]:
    """Build ten real projects, then edit; every edit is made `TIMES` times and the median counts."""
    bench, names = make_bench(PORTFOLIO, OURS, work), slugs(PROJECTS)
    built = measure(bench, Action.COLD, names, FIRST_SEED)
    if built.cost.code or built.stale:
        raise NotMeasuredError(f"the first build failed, see {bench.output}")
    template = bench.root / "site_templates" / TEMPLATE
    template.parent.mkdir()
    shutil.copyfile(shipped_templates() / TEMPLATE, template)
    markers = count(FIRST_SEED + 100_000_000)
    _built(bench, Action.NOTHING, next(markers), runs=0)
    fitting = median(fit(names[:1], work / DATA, work / "home").wall for _ in range(TIMES))
    beside = f"beside {fitting:.2f} s of fitting"
    edit = median(_built(bench, Action.EDIT, marker, runs=1) for marker in islice(markers, TIMES)) - fitting
    yield Row(what="one edited script", budget=1.9, measured=edit, unit="s", note=beside)
    edit = median(_built(bench, Action.PROSE, marker, runs=0) for marker in islice(markers, TIMES))
    yield Row(what="prose edit", budget=0.6, measured=edit, unit="s")
    edit = median(_template_edited(bench, template, marker) for marker in islice(markers, TIMES))
    yield Row(what="template edit", budget=0.6, measured=edit, unit="s")
    with served(bench) as address:
        page = f"{address}projects/{names[0]}/"
        script, prose = bench.path(PORTFOLIO.script, names[0]), bench.path(PORTFOLIO.prose or "", names[0])
        edit = _seen(page, script, change_constant, markers) - fitting
        yield Row(what="within `serve`: one edited script", budget=0.6, measured=edit, unit="s", note=beside)
        edit = _seen(page, prose, change_prose, markers)
        yield Row(what="within `serve`: prose edit", budget=0.3, measured=edit, unit="s")


def _built(bench: Bench, action: Action, marker: int, *, runs: int) -> float:
    """Return the seconds of a build after `action`, where exactly `runs` scripts ran and the site shows the change."""
    built = measure(bench, action, slugs(PROJECTS), marker)
    if built.cost.code or built.runs != runs or built.shown is False:
        raise NotMeasuredError(f"{action.value}: {built.runs} scripts ran instead of {runs}, see {bench.output}")
    return built.cost.wall


def _template_edited(bench: Bench, template: Path, marker: int) -> float:
    with template.open("a", encoding="utf-8") as text:
        text.write(f"<!-- {marker} -->\n")
    return _built(bench, Action.NOTHING, marker, runs=0)


def _seen(page: str, path: Path, change: Callable[[Path, int], None], markers: Iterator[int]) -> float:
    """Return the seconds until an edit is served; the first edit only wakes what is kept warm and does not count."""
    edits = islice(markers, 1 + TIMES)
    waits = [seconds_until_served(page, marker, partial(change, path, marker)) for marker in edits]
    return median(waits[1:])
