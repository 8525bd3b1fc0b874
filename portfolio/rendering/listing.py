"""`projects.json`: the same projects for machines."""

from collections.abc import Sequence
from typing import Any

from portfolio.rendering.escape import machine_text
from portfolio.rendering.headline import Headline
from portfolio.rendering.home import Finished
from portfolio.rendering.words import day_of
from portfolio.values.untrusted import PageText


def listing(projects: Sequence[Finished]) -> PageText:
    """Return the JSON text that lists the projects in the order of the home page."""
    return machine_text({"projects": [_project(project) for project in projects]})


def _project(project: Finished) -> dict[str, Any]:
    entry = project.entry
    day = day_of(entry)
    return {
        "slug": entry.project.slug,
        "title": entry.project.spec.title,
        "summary": entry.project.spec.summary,
        "url": f"projects/{entry.project.slug}/",
        "tags": entry.project.spec.tags,
        "date": day.isoformat() if day else None,
        "trust": entry.trust.value,
        "headline": _headline(project.headline) if project.headline else None,
    }


def _headline(found: Headline) -> dict[str, Any]:
    return {
        "metric": found.metric,
        "value": found.value,
        "baseline": found.baseline,
        "interval": found.interval,
    }
