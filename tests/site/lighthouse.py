"""Hold the built site to its marks in Lighthouse: `python tests/site/lighthouse.py [--runs N] [--site DIR] [PATH…]`.

A command, not a test: it takes minutes, and performance wants a machine that does nothing else. The site in `--site`
(`build/site`) is served compressed, as GitHub Pages does, and looked at with Lighthouse's own phone: a mid-range one
on slow 4G. The median of the runs counts. The exit code is 1 where a mark is missed; npm and Chromium are needed.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

_TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(_TESTS))

from browsing import CHROMIUM, FLAGS  # noqa: E402 - also where this folder is not on the path
from compressing import served_compressed  # noqa: E402
from npm import installed  # noqa: E402

VERSION = "12.8.2"
"""The last one for Node.js 20."""
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
_SECONDS = 180


def main() -> int:
    """Look at home and a project, or at what the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description="Hold the built site to its marks in Lighthouse.")
    parser.add_argument("paths", nargs="*", help="pages of the site, such as projects/wine/; home and one project")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--site", type=Path, default=_TESTS.parent / "build" / "site")
    asked = parser.parse_args()
    first = next(path.parent.name for path in sorted((asked.site / "projects").glob("*/index.html")))
    program = installed("lighthouse", VERSION) / "cli" / "index.js"
    print(f"| page | {' | '.join(LEAST)} | kB | largest paint |\n|---|{'---|' * (len(LEAST) + 2)}")
    missed = []
    with served_compressed(asked.site) as base:
        for path in asked.paths or ["", f"projects/{first}/"]:
            reports = [_looked_at(program, base + path) for _ in range(asked.runs)]
            marks = {name: median(_mark(report, name) for report in reports) for name in LEAST}
            print(
                f"| /{path} | {' | '.join(f'{mark:.0f}' for mark in marks.values())} | {_weight(reports)} |", flush=True
            )
            missed += [f"/{path}: {name} {mark:.0f}" for name, mark in marks.items() if mark < LEAST[name]]
            missed += [f"/{path}: {told}" for told in _faults(reports[0])]
    print("\n".join(missed))
    return 1 if missed else 0


def _looked_at(program: Path, address: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        flags = " ".join(("--headless=new", *FLAGS, f"--user-data-dir={folder}/chromium"))
        subprocess.run(
            [
                "node",
                str(program),
                address,
                "--output=json",
                f"--output-path={report}",
                "--quiet",
                f"--chrome-flags={flags}",
            ],
            env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
            timeout=_SECONDS,
            check=True,
        )
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def _mark(report: dict[str, Any], name: str) -> float:
    return 100 * float(report["categories"][name]["score"] or 0)


def _weight(reports: list[dict[str, Any]]) -> str:
    weight = median(report["audits"]["total-byte-weight"]["numericValue"] for report in reports) / 1000
    paint = median(report["audits"]["largest-contentful-paint"]["numericValue"] for report in reports) / 1000
    return f"{weight:.0f} | {paint:.1f} s"


def _faults(report: dict[str, Any]) -> list[str]:
    """Return what a page loses marks for, but for its speed."""
    named = [ref["id"] for name in list(LEAST)[1:] for ref in report["categories"][name]["auditRefs"] if ref["weight"]]
    audits = [report["audits"][name] for name in dict.fromkeys(named)]
    return [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]


if __name__ == "__main__":
    raise SystemExit(main())
