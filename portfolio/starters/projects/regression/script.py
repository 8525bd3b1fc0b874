"""Replace this by your own project; `python script.py` works on its own, too."""

from sklearn.datasets import load_diabetes
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from portfolio import seed, step
from portfolio.evaluation import report

with step("prepare"):
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)

with step("present"):
    # Logs the held-out error with its interval, a baseline, residuals, a range with its coverage, checks, a data card.
    model = make_pipeline(StandardScaler(), RidgeCV())
    report(model, X_train, y_train, X_test, y_test, metric="neg_mean_absolute_error")
