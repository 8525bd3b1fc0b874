"""Which of three growers made a wine? `python script.py` works on its own, too."""

from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from portfolio import seed, step
from portfolio.evaluation import report

with step("prepare"):
    X, y = load_wine(return_X_y=True, as_frame=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, stratify=y, random_state=seed)

with step("present"):
    report(make_pipeline(StandardScaler(), LogisticRegression()), X_train, y_train, X_test, y_test)
