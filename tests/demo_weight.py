"""Print what a demo weighs: bytes on the wire, and the time to a first prediction over a slow connection.

`python tests/demo_weight.py [--rounds 3]`. A command, not a test: it builds a site with three models and tries each in
Chromium, whose network is held to Lighthouse's slow 4G (1.6 Mbit/s down, 0.75 up, 150 ms of latency) and then let free.
Files are sent compressed, as web servers do.
"""

# ruff: noqa: T201 - a command prints

import argparse
import gzip
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from browsing import chromium
from compressing import served_compressed
from playwright.sync_api import Browser
from stage import Stage

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SPEC = 'title = "{0}"\nsummary = "One model."\n'
SCRIPT = """import numpy as np
import pandas as pd
from sklearn import datasets, ensemble, linear_model, naive_bayes
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import portfolio

rng = np.random.default_rng(0)
X = pd.DataFrame(rng.normal(size=(2000, 6)), columns=[f"number_{i}" for i in range(6)])
X = X.mask(rng.random(X.shape) < 0.05)
X["city"], X["plan"] = rng.choice(["Ayr", "Bath", "Cork", "Deal"], 2000), rng.choice(["day", "week", "year"], 2000)
y = (X["number_0"].fillna(0) + (X["plan"] == "year") + rng.normal(size=2000) > 0.5).astype(int)
numbers = make_pipeline(SimpleImputer(), StandardScaler())
parts = ColumnTransformer([("n", numbers, list(X.columns[:6])), ("t", OneHotEncoder(), ["city", "plan"])])
digits, names = datasets.load_digits(return_X_y=True)
MODELS = {
    "logistic regression": lambda: (make_pipeline(parts, linear_model.LogisticRegression()).fit(X, y), X),
    "forest of 100 trees": lambda: (
        make_pipeline(parts, ensemble.RandomForestClassifier(100, min_samples_leaf=5, random_state=0)).fit(X, y), X
    ),
    "digits, to draw": lambda: (naive_bayes.GaussianNB().fit(digits + rng.normal(size=digits.shape), names), digits),
}
model, example = MODELS["{0}"]()
portfolio.log_model("model", model, example=example)
"""
MODELS = ("logistic regression", "forest of 100 trees", "digits, to draw")
FORM = ".pf-demo__form"


def main() -> int:
    """Build, measure and print; return 0."""
    parser = argparse.ArgumentParser(description="Weigh the demos of models.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is tried; medians are printed")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="weight-") as folder:
        site = _site(Path(folder))
        with served_compressed(site) as base, chromium() as browser:
            print("| model | page until asked, B | of it the demo's, B | then loaded, B | slow 4G, s | free, s |")
            print("|---|---|---|---|---|---|")
            for number, name in enumerate(MODELS):
                print(f"| {name} | {_row(browser, f'{base}projects/model-{number}/', site, rounds)} |")
    return 0


def _row(browser: Browser, address: str, site: Path, rounds: int) -> str:
    slow = [_tried(browser, address, throttled=True) for _ in range(rounds)]
    free = [_tried(browser, address, throttled=False) for _ in range(rounds)]
    early, markup, late = slow[0][1:]
    own = sum(len(gzip.compress((site / "assets" / name).read_bytes(), 6)) for name in ("demo.css", "demo.js"))
    own += len(gzip.compress(markup.encode(), 6))
    times = [median(each[0] for each in tried) for tried in (slow, free)]
    return " | ".join([f"{early:,}", f"{own:,}", f"{late:,}", *(f"{seconds:.2f}" for seconds in times)])


def _tried(browser: Browser, address: str, *, throttled: bool) -> tuple[float, int, str, int]:
    """Return the seconds from the click to the form with its answer, and the bytes before and after the click."""
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    if throttled:
        network.send("Network.emulateNetworkConditions", SLOW)
    received: list[int] = []
    network.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    early = sum(received)
    markup = page.locator("section[aria-labelledby=try]").inner_html()
    received.clear()
    seconds = page.evaluate(
        """async (form) => {
          const began = performance.now();
          document.querySelector(".pf-demo button").click();
          while (!document.querySelector(form)) await new Promise((next) => setTimeout(next, 4));
          return (performance.now() - began) / 1000;
        }""",
        FORM,
    )
    page.wait_for_load_state("networkidle")
    context.close()
    return seconds, early, markup, sum(received)


def _site(folder: Path) -> Path:
    stage = Stage(folder / "workspace")
    stage.write("mkdocs.yml", "site_name: Weight\n")
    for number, name in enumerate(MODELS):
        stage.write(f"projects/model-{number}/spec.toml", SPEC.format(name))
        stage.write(f"projects/model-{number}/script.py", SCRIPT.replace("{0}", name))
    ran = stage.portfolio("build")
    if ran.code:
        sys.exit(ran.err)
    return stage.site


if __name__ == "__main__":
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        sys.exit("chromium is not installed: apt-get install chromium")
    sys.exit(main())
