"""A small project with models to try and to serve, built once in a workspace that tests share and do not change."""

import re
from html import unescape
from pathlib import Path

from stage import REPOSITORY, MakeStage, Once, Stage

SPEC = """title = "Who comes back?"
summary = "A small model of whether a customer comes back."
kind = "embedded"
limits = ["It knows invented customers only."]

[headline]
metric = "accuracy"

[[data]]
name = "Invented customers"
licence = "CC0"
kind = "synthetic"
"""
SCRIPT = """import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import portfolio

rng = np.random.default_rng(0)
X = pd.DataFrame({"age": rng.integers(18, 90, 300), "income": rng.lognormal(10, 1, 300).round()})
X["city"] = rng.choice(["Ayr", "Bath", "<img src=x onerror=alert(1)>"], 300)
X.loc[rng.random(300) < 0.1, "income"] = np.nan
y = np.where(X["age"] / 30 + rng.normal(size=300) > 1.8, "comes back", "stays <b>away</b>")
numbers = make_pipeline(SimpleImputer(), StandardScaler())
parts = [("numbers", numbers, ["age", "income"]), ("texts", OneHotEncoder(handle_unknown="ignore"), ["city"])]
model = make_pipeline(ColumnTransformer(parts), LogisticRegression()).fit(X, y)
portfolio.log_model("customer", model, example=X)
portfolio.log_metric("accuracy", model.score(X, y), interval=(0.1, 0.9))
digits, names = load_digits(return_X_y=True)
portfolio.log_model("digit", make_pipeline(StandardScaler(), GaussianNB()).fit(digits, names), example=digits)
portfolio.log_model("near", KNeighborsClassifier().fit(digits[::9], names[::9]), example=digits)
trees = RandomForestClassifier(2, max_depth=3, random_state=0).fit(digits, names)
portfolio.log_model("trees", trees, example=digits, demo=False)
"""


def customers(once: Once, stage_in: MakeStage) -> Stage:
    """Return the workspace with its site; nothing may change it."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        stage.write("mkdocs.yml", (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))
        stage.write("projects/customers/spec.toml", SPEC)
        stage.write("projects/customers/script.py", SCRIPT)
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("demo-site", build) / "workspace")


def commands_shown(stage: Stage) -> list[str]:
    """Return the blocks of commands that the page shows to call its models, the first model's first."""
    section = re.search(r'<section[^>]*aria-labelledby="call".*?</section>', stage.page("customers"), re.DOTALL)
    assert section
    blocks = re.findall(r'<pre class="pf-command"><code>(.*?)</code></pre>', section[0], re.DOTALL)
    return [unescape(block) for block in blocks]
