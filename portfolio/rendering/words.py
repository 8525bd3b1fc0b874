"""Names, dates and kinds as words a reader knows."""

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portfolio.values.entry import Entry  # pydantic, which the process that renders write-ups does without

_KNOWN = {
    "auc": "AUC",
    "bmi": "BMI",
    "roc": "ROC",
    "pr": "PR",
    "mae": "MAE",
    "mse": "MSE",
    "rmse": "RMSE",
    "mape": "MAPE",
    "r2": "R²",
    "f1": "F1",
    "cv": "CV",
    "svc": "SVC",
    "svm": "SVM",
    "knn": "k-NN",
    "pca": "PCA",
    "svd": "SVD",
    "psnr": "PSNR",
    "db": "dB",
}
_KINDS = {
    "one-off": "One-off analysis",
    "embedded": "Embedded model",
    "deep": "Deep dive",
    "from-scratch": "From scratch",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PER_MINUTE = 220


def humanised(name: str) -> str:
    """Return a metric's name as words: `refer_everyone` as `refer everyone`, `roc_auc` as `ROC AUC`."""
    return " ".join(_KNOWN.get(part, part) for part in name.split("_") if part)


def sentence(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


def kind(name: str) -> str:
    """Return what a project's kind is called on a page; the usual kind is not worth a word."""
    return _KINDS.get(name, "")


def day_in_words(day: date) -> str:
    """Return a day as one writes it, in English whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: str) -> str:
    """Return the month of a day like `2024-03-01`, or the year where that is all it says."""
    year, _, rest = day.partition("-")
    month = int(rest[:2] or 0)
    return f"{_MONTHS[month - 1]} {year}" if 1 <= month <= len(_MONTHS) else year


def day_of(entry: "Entry") -> date | None:
    """Return the day of a project's result: the author's, else that of its last commit."""
    return entry.project.spec.date or entry.provenance.changed


def word_count(*texts: str) -> int:
    """Return how many words the texts have."""
    return sum(len(re.findall(r"\w+", text)) for text in texts)


def minutes(words: int) -> int:
    """Return how long it takes to read so many words, in whole minutes, at least one."""
    return max(1, round(words / _PER_MINUTE))


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a plain text."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())


def first_sentence(text: str) -> str:
    """Return the first sentence, for places with little room; one that is very short is most likely an abbreviation."""
    found = re.match(r"\s*(.{40,}?[.!?])\s+[^a-z]", text, re.DOTALL)
    return found[1] if found else text.strip()


def anchor(text: str) -> str:
    """Return letters, digits and hyphens only, for an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
