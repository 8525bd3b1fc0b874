"""The verbs a script may call: MLflow's, with what makes a number judgeable."""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portfolio.log.drawn import UndrawnError, drawable, is_figure
from portfolio.log.instead import log_instead
from portfolio.log.sink import current
from portfolio.log.tables import csv_text


def log_metric(  # noqa: PLR0913 - everything that makes a number judgeable
    name: str,
    value: float,
    *,
    goal: str | None = None,
    baseline: float | None = None,
    interval: Sequence[float] | None = None,
    unit: str | None = None,
    method: str | None = None,
    n: int | None = None,
    scores: Sequence[float] | None = None,
    splits: str | None = None,
) -> None:
    """Log one number.

    Args:
        name: matches `[a-z][a-z0-9_]*`, unique among the run's metrics.
        value: a finite number; NumPy scalars are fine.
        goal: `"maximize"` or `"minimize"`.
        baseline: the value of what it is compared with, in the same unit.
        interval: lower and upper end of its interval.
        unit: shown behind the number, such as `"%"` or `"€ a day"`.
        method: how value and interval were obtained, such as `"bootstrap, 1000 draws, test set"`.
        n: number of rows or splits behind it.
        scores: the score of each fold or split.
        splits: a digest that names the splits, so that two results can be compared fold by fold; one that begins with
            their shape, such as `10x3:` for three times ten folds, also says how large a fold is.

    Raises:
        TypeError: an argument is of the wrong type, or name and value are swapped.
        ValueError: the name is malformed or taken, or a number is not finite.
    """
    log = current()
    claimed = log.claim("metric", name, "log_metric")
    label = f"log_metric({name!r})"
    if goal not in (None, "maximize", "minimize"):
        raise ValueError(f"{label}: goal is 'maximize' or 'minimize', not {goal!r}")
    low_high = _interval(interval, label)
    number = _number(value, label)
    log.write(
        "metric",
        claimed,
        value=number,
        goal=goal,
        baseline=None if baseline is None else _number(baseline, f"{label}: baseline"),
        interval=low_high,
        unit=unit,
        method=method,
        n=None if n is None else int(n),
        scores=None if scores is None else [_number(score, f"{label}: scores") for score in scores],
        splits=splits,
    )
    between = f" [{low_high[0]:.6g}, {low_high[1]:.6g}]" if low_high else ""
    log.say(f"{name} = {number:.6g}{between}{f' {unit}' if unit else ''}")


def log_metrics(metrics: Mapping[str, float]) -> None:
    """Log several numbers by name.

    Raises:
        TypeError: no mapping was given.
        ValueError: see `log_metric`.
    """
    if not isinstance(metrics, Mapping):
        raise TypeError(f"log_metrics: wants a mapping of names to numbers, not {type(metrics).__name__}")
    for name, value in metrics.items():
        log_metric(name, value)


def log_figure(name: str, figure: Any = None, *, alt: str, caption: str = "") -> None:
    """Log a figure, by default matplotlib's current one.

    Args:
        name: unique among the run's figures.
        figure: anything that draws itself, by `savefig`, `to_svg`, `write_image`, `_repr_svg_` or `_repr_png_`, such as
            a figure of matplotlib, Altair or Plotly; axes are taken for their figure. Where what draws it is not
            installed, its numbers are logged as a table of that name, and a line printed says what to install.
        alt: what the figure shows, for those who cannot see it.
        caption: the takeaway in one sentence.

    Raises:
        TypeError: figure and name are swapped (MLflow's order), or the object cannot be saved.
        ValueError: the name is malformed or taken, or `alt` is empty.
    """
    if not isinstance(name, str) and is_figure(name):
        raise TypeError("log_figure: the name comes first here: log_figure('roc', figure, alt='…')")
    log = current()
    claimed = log.claim("figure", name, "log_figure")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"log_figure({name!r}): alt must say what the figure shows")
    drawn = drawable(figure, name)
    try:
        files = log.save_figure(drawn, log.place("figures", claimed))
    except UndrawnError as undrawn:
        log_instead(log, claimed, undrawn, " ".join(filter(None, [caption.strip(), alt.strip()])))
        return
    kept = {role: f"figures/{file}" for role, file in files.items()}
    log.write("figure", claimed, files=kept, alt=alt.strip(), caption=caption.strip())
    log.say(f"figure {name}: {log.folder / kept['light']}")


def log_table(name: str, frame: Any, *, caption: str = "") -> None:
    """Log a table.

    Args:
        name: unique among the run's tables.
        frame: anything with `to_csv` (pandas), a list of mappings, or a mapping of columns.
        caption: what the table says, in one sentence.

    Raises:
        TypeError: the object is no table.
        ValueError: the name is malformed or taken.
    """
    if hasattr(name, "to_csv"):
        raise TypeError("log_table: the name comes first here: log_table('scores', frame)")
    log = current()
    claimed = log.claim("table", name, "log_table")
    text = csv_text(frame, name)
    log.place("tables", f"{claimed}.csv").write_text(text, encoding="utf-8", newline="")
    log.write("table", claimed, file=f"tables/{claimed}.csv", caption=caption.strip())
    log.say(f"table {name}\n{text if len(text) < 2000 else text[:2000] + '…'}".rstrip())  # noqa: PLR2004 - a screenful


def log_text(name: str, text: str) -> None:
    """Log a named text.

    Raises:
        TypeError: `text` is no string.
        ValueError: the name is malformed or taken.
    """
    log = current()
    claimed = log.claim("text", name, "log_text")
    if not isinstance(text, str):
        raise TypeError(f"log_text({name!r}): wants a string, not {type(text).__name__}")
    log.write("text", claimed, text=text)
    log.say(f"{name}: {text}")


def log_artifact(path: str | os.PathLike[str]) -> None:
    """Keep a file the script wrote, offered on the page for download.

    Raises:
        FileNotFoundError: there is no such regular file.
        ValueError: a file of that name was logged before.
    """
    log = current()
    source = Path(path)
    if source.is_symlink() or not source.is_file():
        raise FileNotFoundError(f"log_artifact: {str(path)!r} is not a regular file")
    target = log.place("artifacts", log.claim("artifact", source.name, "log_artifact"))
    import shutil  # noqa: PLC0415 - rarely needed

    shutil.copyfile(source, target)
    log.write("artifact", source.name, file=f"artifacts/{source.name}")
    log.say(f"artifact {target}")


def log_model(
    name: str, model: Any, *, example: Any, target_names: Sequence[str] | None = None, demo: bool = True
) -> None:
    """Keep a fitted scikit-learn model as a skops file with a description of its inputs, offered for download.

    If all its parts are on the list of those that run in the page, a reader may try it there; else it prints why not.

    Args:
        name: unique among the run's models.
        model: a fitted estimator or pipeline.
        example: rows of the training data; ranges and categories are kept, rows are not.
        target_names: names of the classes, in the order of `model.classes_`.
        demo: whether the model may be tried in the page.

    Raises:
        TypeError: model and name are swapped.
        ImportError: skops is not installed.
        ValueError: the name is taken, the model is not fitted or too large, or the example does not fit it.
    """
    if hasattr(name, "predict"):
        raise TypeError("log_model: the name comes first here: log_model('model', pipeline, example=X_train)")
    from portfolio.demo.model import save_model  # noqa: PLC0415 - scikit-learn, only where a model is logged

    log = current()
    claimed = log.claim("model", name, "log_model")
    stem = log.place("artifacts", claimed)
    saved = save_model(model, stem, example=example, target_names=target_names, demo=demo)
    for path in saved.paths:
        log.write("artifact", log.claim("artifact", path.name, "log_model"), file=f"artifacts/{path.name}")
        log.say(f"model {path}")
    if saved.refused:
        print(f"log_model({name!r}): it cannot be tried in the page: {saved.refused}")  # noqa: T201 - for the author


@contextmanager
def step(name: str) -> Iterator[None]:
    """Mark a step of the process; the page shows what it produced and cost.

    Such as `with step("spot-check"):`.

    Raises:
        TypeError: the name is no string.
    """
    if not isinstance(name, str) or not name.strip():
        raise TypeError("step: wants the step's name, a string")
    with current().within(name.strip()):
        yield


class Params(Mapping[str, Any]):
    """The inputs under `[params]` of the spec, read-only."""

    def __getitem__(self, name: str) -> Any:
        known = current().params
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise KeyError(f"no param {name!r} under [params] in spec.toml; there: {listed}")
        return known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(current().params)

    def __len__(self) -> int:
        return len(current().params)

    def __repr__(self) -> str:
        return f"Params({dict(self)!r})"


def _number(value: Any, label: str) -> int | float:
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, int | float):
        raise TypeError(f"{label}: wants a number, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"{label}: {value} is not a finite number")
    return value


def _interval(interval: Sequence[float] | None, label: str) -> list[int | float] | None:
    if interval is None:
        return None
    ends = [_number(end, f"{label}: interval") for end in interval]
    if len(ends) != 2 or ends[0] > ends[1]:  # noqa: PLR2004 - an interval has two ends
        raise ValueError(f"{label}: interval is (low, high) with low <= high, not {ends}")
    return ends
