"""The models a run logged: what their descriptions say, and which files may be published.

A description comes out of a run, so what is odd about one counts as if the model held rows of its data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from portfolio.rendering.escape import machine_text
from portfolio.rendering.files import beneath, json_object, published_name
from portfolio.rendering.headline import headline
from portfolio.rendering.problems import PageError
from portfolio.values.entry import Entry
from portfolio.values.page import Page
from portfolio.values.record import Record
from portfolio.words import plural

_MODEL = ".skops"
_HOLDING = (_MODEL, ".demo.json", ".onnx")
"""The files that hold what the model holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedModel:
    """A model by the name it was logged under, with its description."""

    name: str
    stem: str
    """Of its files, relative to the record's folder."""
    description: Mapping[str, Any]
    training_rows: int | None
    """How many rows of the training data it holds; None where its description does not say."""
    is_withheld: bool
    """Whether it holds rows of data that are not published."""

    @property
    def withheld_files(self) -> frozenset[str]:
        """The files that may not be published."""
        return frozenset(f"{self.stem}{suffix}" for suffix in _HOLDING) if self.is_withheld else frozenset()


def logged_models(entry: Entry, record: Record) -> tuple[LoggedModel, ...]:
    """Return the models of a record, by name."""
    stems = sorted(
        artifact.file.removesuffix(_MODEL) for artifact in record.result.artifacts if artifact.file.endswith(_MODEL)
    )
    return tuple(_model(entry, stem) for stem in stems) if entry.files else ()


def withheld_files(models: tuple[LoggedModel, ...]) -> frozenset[str]:
    """Return the files of a record that may not be published."""
    return frozenset[str]().union(*(model.withheld_files for model in models))


def onnx_notes(models: tuple[LoggedModel, ...]) -> dict[str, str]:
    """Return how far each ONNX file is from scikit-learn, by its path: the measured difference and labels changed."""
    return {f"{model.stem}.onnx": _agreement(model.description.get("onnx")) for model in models}


def model_pages(entry: Entry, record: Record) -> tuple[Page, ...]:
    """Return the published description of each model: as logged, with the number the project stands for."""
    if not entry.project.spec.code:
        return ()
    folder = PurePosixPath("projects", entry.project.slug)
    return tuple(
        Page(path=folder / f"{model.stem}.json", text=machine_text(with_metric(model.description, entry)))
        for model in logged_models(entry, record)
        if model.description and published_name(f"{model.stem}.json")
    )


def with_metric(description: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """Return the description with the number the project stands for, as its record has it."""
    try:
        found = headline(entry.project, entry.record.result) if entry.record else None
    except PageError:
        found = None
    metric = (
        {
            "name": found.metric,
            "value": found.value,
            "interval": list(found.interval) if found.interval else None,
            "unit": found.unit or None,
            "method": found.method or None,
            "n": found.n,
        }
        if found
        else None
    )
    return {**description, "metric": metric}


def _agreement(measured: Any) -> str:
    if not isinstance(measured, dict) or not isinstance(measured.get("rows"), int):
        return ""
    largest, flipped = measured.get("largest_difference"), measured.get("labels_flipped")
    said = []
    if isinstance(largest, int | float):
        said.append(f"up to {largest:.0e} from scikit-learn" if largest else "no difference from scikit-learn")
    if isinstance(flipped, int):
        said.append(f"{plural(flipped, 'label') if flipped else 'no label'} other than scikit-learn's")
    return f"{', '.join(said)}, over {measured['rows']:,} drawn rows" if said else ""


def _model(entry: Entry, stem: str) -> LoggedModel:
    description = _description(entry, stem)
    rows = description.get("training_rows")
    known = rows if isinstance(rows, int) and rows >= 0 else None
    data = entry.project.spec.data
    is_published = bool(data) and all(used.publish for used in data)
    return LoggedModel(
        name=PurePosixPath(stem).name,
        stem=stem,
        description=description,
        training_rows=known,
        is_withheld=known != 0 and not is_published,
    )


def _description(entry: Entry, stem: str) -> Mapping[str, Any]:
    source = beneath(entry.files, f"{stem}.json") if entry.files else None
    return json_object(source) if source else {}
