"""Every payload in every sink, a project each, in Chromium, with and without the policy."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from browsing import chromium, served
from figure import Figure
from payloads.carriers import ALL, Carrier, write_carriers
from payloads.conftest import write_runner
from payloads.visiting import unread, watched
from playwright.sync_api import Browser
from stage import Stage

_KINDS = ("", "tags/", "about/", "404.html", "projects/runs/")


def run() -> Iterator[Figure]:
    """Build one site of all payloads and visit each of its pages twice."""
    folder = Path(tempfile.mkdtemp(prefix="portfolio-payloads-"))
    try:
        stage = Stage(folder)
        stage.projects.mkdir()
        carriers = write_carriers(stage, 1)
        write_runner(stage)
        built = stage.portfolio("build", variables={"CI": "1"})
        if built.code != 0:
            sys.stderr.write(built.err)
        with served(stage.site) as base, chromium() as browser:
            for policy in (True, False):
                yield _visited(browser, base, carriers, policy=policy)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _visited(browser: Browser, base: str, carriers: tuple[Carrier, ...], *, policy: bool) -> Figure:
    missing: list[str] = []
    with watched(browser, base, policy=policy) as seen:
        for carrier in carriers:
            missing += unread(carrier, seen.page, seen.open(carrier.page))
        for path in _KINDS:
            seen.open(path)
        for words in ("owned", "script", "evil"):
            seen.search(words)
    return Figure(
        what=f"{len(ALL)} payloads in every sink, {'with' if policy else 'without'} the policy",
        promised="0 scripts run, 0 foreign requests, text shown literally",
        measured=f"{len(seen.did)} scripts, requests or errors, {len(missing)} texts not shown as written",
        ok=not seen.did and not missing,
        notes=(*seen.did[:10], *missing[:10]),
    )
