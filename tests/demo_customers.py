"""A small project with a model to try, written into a test's workspace."""

SPEC = """title = "Who comes back?"
summary = "A small model of whether a customer comes back."
kind = "embedded"
limits = ["It knows invented customers only."]
"""
SCRIPT = """import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_digits
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import portfolio

rng = np.random.default_rng(0)
X = pd.DataFrame({"age": rng.integers(18, 90, 300), "income": rng.lognormal(10, 1, 300).round()})
X["city"] = rng.choice(["Ayr", "Bath", "<img src=x onerror=alert(1)>"], 300)
X.loc[rng.random(300) < 0.1, "income"] = np.nan
y = np.where(X["age"] / 30 + rng.normal(size=300) > 1.8, "comes back", "stays <b>away</b>")
numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
parts = [("numbers", numbers, ["age", "income"]), ("texts", OneHotEncoder(handle_unknown="ignore"), ["city"])]
model = make_pipeline(ColumnTransformer(parts), LogisticRegression()).fit(X, y)
portfolio.log_metric("accuracy", model.score(X, y))
portfolio.log_model("customer", model, example=X)
digits, names = load_digits(return_X_y=True)
portfolio.log_model("digit", make_pipeline(StandardScaler(), GaussianNB()).fit(digits, names), example=digits)
"""
