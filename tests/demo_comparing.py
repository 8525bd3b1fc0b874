"""Compare every model and transformer of the list with scikit-learn, by the page's own code in Chromium.

`python tests/demo_comparing.py [--rows 1000]`. A command that prints the largest difference of each; the suite
does the same and prints nothing.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import demo_models
import numpy as np
import pandas as pd
from browsing import chromium, served
from demo_models import COLORS, Fitted
from playwright.sync_api import Page
from stage import REPOSITORY
from threadpoolctl import threadpool_limits

from portfolio.demo.exported import exported
from portfolio.demo.rows import drawn_rows, frame_of, given_as
from portfolio.demo.schema import described

SCRIPTS = REPOSITORY / "site_templates" / "assets" / "demo"
UNSEEN = "violet"
COMPARE = """async (file) => {
  const { predict } = await import("/predict.js");
  const { model, numeric, rows } = await (await fetch(file, { cache: "no-store" })).json();
  const cells = (row) => row.map((cell, i) => (cell === null && numeric[i] ? NaN : cell));
  return JSON.stringify(rows.map((row) => predict(model, cells(row))));
}"""


@contextmanager
def comparing(folder: Path) -> Iterator[Page]:
    """Put the page's code and an empty page into the folder; yield that page in Chromium.

    Meanwhile small data are fitted with one thread: several wait for one another longer than they compute.
    """
    for script in SCRIPTS.glob("*.js"):
        (folder / script.name).write_bytes(script.read_bytes())
    (folder / "index.html").write_text("<!doctype html><link rel=icon href=data:,><title>Empty</title>")
    with threadpool_limits(1), served(folder) as base, chromium() as browser:
        page = browser.new_page()
        page.goto(base)
        yield page


def compared(page: Page, folder: Path, made: Iterable[Fitted], n_rows: int) -> Iterator[tuple[Fitted, float]]:
    """Yield each model with the largest difference between the page and scikit-learn; equal examples get equal rows."""
    seen: list[tuple[Any, list[list[Any]]]] = []
    for fitted in made:
        rows = next((rows for example, rows in seen if example is fitted.example), None)
        if rows is None:
            rows = drawn(fitted.example, n_rows)
            seen.append((fitted.example, rows))
        yield fitted, apart(page, folder, fitted, rows)


def drawn(example: Any, n_rows: int) -> list[list[Any]]:
    """Return drawn rows, some with a category that no training row had."""
    frame = pd.DataFrame(example)
    rows = drawn_rows(described(frame), frame, n_rows)
    for row in rows[::13]:
        row[:] = [UNSEEN if cell in COLORS else cell for cell in row]
    return rows


def apart(page: Page, folder: Path, fitted: Fitted, rows: list[list[Any]]) -> float:
    """Return the largest difference between the page and scikit-learn, infinite where a label differs."""
    inputs = described(pd.DataFrame(fitted.example))
    numeric = [column["type"] == "number" for column in inputs]
    (folder / "model.json").write_text(json.dumps({"model": exported(fitted.model), "numeric": numeric, "rows": rows}))
    said = json.loads(page.evaluate(COMPARE, "/model.json"))
    kept = [place for place, answer in enumerate(said) if not answer.get("tied")]
    assert len(kept) > 0.9 * len(said), "rows with one right answer"
    given_rows = frame_of([rows[place] for place in kept], inputs, given_as(fitted.example))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Found unknown categories")
        wanted = fitted.model.predict(given_rows)
        said = [said[place] for place in kept]
        if not hasattr(fitted.model, "classes_"):
            return _largest([answer["value"] for answer in said], wanted)
        if [fitted.model.classes_[answer["label"]] for answer in said] != list(wanted):
            return float("inf")
        if said[0]["probabilities"] is None:
            return 0.0
        return _largest([answer["probabilities"] for answer in said], fitted.model.predict_proba(given_rows))


def _largest(said: Any, wanted: Any) -> float:
    apart = np.abs(np.asarray(said, dtype=float) - wanted) / np.maximum(1, np.abs(wanted))
    return float("inf") if np.isnan(apart).any() else float(apart.max())


def main() -> int:
    """Compare and print; return 1 where one is further away than it may be."""
    parser = argparse.ArgumentParser(description="Compare the page's code with scikit-learn.")
    parser.add_argument("--rows", type=int, default=1000, help="drawn rows for each model")
    asked = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="comparing-") as folder, comparing(Path(folder)) as page:
        made = chain(demo_models.estimators(), demo_models.rare(), demo_models.preparations())
        for fitted, found in compared(page, Path(folder), made, asked.rows):
            bad += not found <= fitted.tolerance
            print(f"{'   ' if found <= fitted.tolerance else 'BAD'} {found:8.1e}  {fitted.name}", flush=True)
    print(f"{asked.rows:,} rows each; further away than allowed: {bad}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
