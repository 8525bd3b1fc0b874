"""Read the live site, by path and by HTTP, while a thousand sites take its place."""

from figure import Figure
from ground import ground
from reading import publish_often

PUBLISHES = 1000


def run(publishes: int = PUBLISHES) -> Figure:
    """Publish and read at the same time."""
    with ground() as (made, _):
        by_path, by_http = publish_often(made.old, publishes)
    failed = [*by_path.failed, *by_http.failed]
    return Figure(
        what=f"{by_path.reads} reads by path and {by_http.reads} by HTTP during {publishes} publishes",
        promised="0 failed reads",
        measured=f"{len(failed)} failed reads",
        ok=not failed,
        notes=tuple(failed[:10]),
    )
