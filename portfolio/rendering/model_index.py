"""What was measured, as Hugging Face wants it at the top of a model card: `model-index`, with recorded numbers alone.

The format is that of the example in `huggingface/hub-docs`, `modelcard.md`. Nothing is said that no run recorded: the
kind of task comes from the logged model, or from the metric and the data card that a report logged; without either, or
without a named data set, there is no such file.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from portfolio.rendering.escape import metadata_text
from portfolio.rendering.files import beneath, json_object
from portfolio.rendering.headline import Headline
from portfolio.rendering.numbers import rounded_together
from portfolio.rendering.words import anchor, humanised, sentence
from portfolio.values.entry import Entry
from portfolio.values.page import Page
from portfolio.values.record import Metric, Record
from portfolio.values.site import Site
from portfolio.values.spec import Spec

NAME = "model-index.yaml"
_CLASSES, _NUMBERS = "tabular-classification", "tabular-regression"
_NAMES = {_CLASSES: "Tabular classification", _NUMBERS: "Tabular regression"}
_TYPES = {
    "accuracy": ("accuracy", _CLASSES),
    "balanced_accuracy": ("balanced_accuracy", _CLASSES),
    "average_precision": ("average_precision", _CLASSES),
    "f1": ("f1", _CLASSES),
    "log_loss": ("log_loss", _CLASSES),
    "matthews_corrcoef": ("matthews_correlation", _CLASSES),
    "precision": ("precision", _CLASSES),
    "recall": ("recall", _CLASSES),
    "roc_auc": ("roc_auc", _CLASSES),
    "mean_absolute_error": ("mae", _NUMBERS),
    "mean_absolute_percentage_error": ("mape", _NUMBERS),
    "mean_squared_error": ("mse", _NUMBERS),
    "r2": ("r_squared", _NUMBERS),
    "root_mean_squared_error": ("rmse", _NUMBERS),
}
"""Of scikit-learn's names: Hugging Face's type, and the task it belongs to."""
_HOW = (
    "Made from the recorded numbers; nothing in it was typed by hand.",
    "For a model card, put it between two lines of --- at the top of README.md.",
)


def model_index(entry: Entry, record: Record, found: Headline | None, site: Site, taken: frozenset[str]) -> Page | None:
    """Return the file, beside the project's page, or None where there is too little to say.

    Args:
        entry: the project.
        record: the record its page shows.
        found: its headline.
        site: what is named as the source, where its address is known.
        taken: names that other files have there.
    """
    spec, slug = entry.project.spec, entry.project.slug
    if not spec.code or found is None or NAME in taken:
        return None
    model = _model(entry, record)
    task, metrics = _task(model, record, found), _metrics(record, found)
    if task is None or not metrics or not spec.data:
        return None
    result = {"task": {"type": task, "name": _NAMES[task]}, "dataset": _dataset(spec), "metrics": metrics}
    if site.url:
        result["source"] = {"name": site.name, "url": f"{site.url.rstrip('/')}/projects/{slug}/"}
    text = metadata_text(
        {
            **({"library_name": "sklearn"} if model else {}),
            "pipeline_tag": task,
            **({"tags": list(spec.tags)} if spec.tags else {}),
            "model-index": [{"name": slug, "results": [result]}],
        },
        _HOW,
    )
    return Page(path=PurePosixPath("projects", slug, NAME), text=text)


def _model(entry: Entry, record: Record) -> Mapping[str, Any] | None:
    """Return what `log_model` wrote beside the first model of the run."""
    for artifact in record.result.artifacts:
        path = PurePosixPath(artifact.file)
        described = beneath(entry.files, path.with_suffix(".json").as_posix()) if entry.files else None
        if path.suffix == ".skops" and described:
            return _description(described)
    return None


def _description(path: Path) -> Mapping[str, Any] | None:
    found = json_object(path)
    return found if "classes" in found and "inputs" in found else None


def _task(model: Mapping[str, Any] | None, record: Record, found: Headline) -> str | None:
    """Return the kind of task: the model's, else the metric's where a report described the table it was scored on."""
    if model is not None:
        return _CLASSES if model["classes"] else _NUMBERS
    is_table = any(table.name == "data_card" for table in record.result.tables)
    return _TYPES[found.metric][1] if is_table and found.metric in _TYPES else None


def _metrics(record: Record, found: Headline) -> list[dict[str, Any]]:
    """Return the headline, and beside it the metrics that are usual ones by their names."""
    wanted = [found.metric, *(metric.name for metric in record.result.metrics if metric.name in _TYPES)]
    listed = [metric for name in dict.fromkeys(wanted) if (metric := record.result.metric(name))]
    return [_metric(metric, found) for metric in listed]


def _metric(metric: Metric, found: Headline) -> dict[str, Any]:
    unit = found.unit if metric.name == found.metric else metric.unit
    name = sentence(humanised(metric.name)) + (f" ({unit})" if unit else "")
    if metric.interval:
        _, low, high = rounded_together(metric.value, *metric.interval)
        name += f"; interval {low} to {high}"
    kind = _TYPES[metric.name][0] if metric.name in _TYPES else metric.name
    return {"type": kind, "value": metric.value, "name": f"{name}; {metric.method}" if metric.method else name}


def _dataset(spec: Spec) -> dict[str, str]:
    """Return the data set; several are one here, for the numbers are of all of them."""
    name = "; ".join(used.name for used in spec.data)
    return {"type": anchor(name)[:96].strip("-") or "dataset", "name": name}
