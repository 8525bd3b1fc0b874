"""What the service takes and gives, as types: from them comes its description, and what it refuses."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, create_model

MOST_ROWS = 1000
"""Of one request."""
_MOST_TEXT = 1000
_MOST_NUMBER = 3.4e38
"""What single precision can hold; trees refuse more."""


class Prediction(BaseModel):
    """What the model says of one row."""

    prediction: str | int | float | bool
    probabilities: dict[str, float] | None
    """Of each class, where the model has any."""
    warnings: list[str]
    """What lies outside of the training range."""


class Wrong(BaseModel):
    """A value that a column cannot hold."""

    row: int
    column: str
    message: str


class Refused(BaseModel):
    """Why there is no answer."""

    detail: str
    missing: list[str] = []
    unknown: list[str] = []
    wrong: list[Wrong] = []


class Health(BaseModel):
    """That the model is there, and how it did when its example rows were replayed."""

    status: Literal["ok"]
    rows_replayed: int
    largest_difference: float


def row_model(inputs: Sequence[Mapping[str, Any]], closed: frozenset[str]) -> type[BaseModel]:
    """Return the type of one row: every input by name, no other, and null only where the training data missed some.

    Args:
        inputs: what `log_model` wrote of each.
        closed: inputs whose categories are all there is.
    """
    fields: dict[str, Any] = {}
    for place, column in enumerate(inputs):
        kind = _kind(column, closed=column["name"] in closed)
        described = Field(alias=column["name"], description=_range(column))
        fields[field_name(place)] = (kind | None if column["missing"] else kind, described)
    return create_model("Row", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def body_of(row: type[BaseModel]) -> Any:
    """Return the type of a request: one row, or a list of rows, which stops at the first wrong one."""
    rows = Annotated[list[row], Field(min_length=1, max_length=MOST_ROWS, fail_fast=True)]  # type: ignore[valid-type]
    return Annotated[
        Annotated[row, Tag("row")] | Annotated[rows, Tag("rows")],
        Discriminator(lambda given: "rows" if isinstance(given, list) else "row"),
    ]


def field_name(place: int) -> str:
    """Return how an input is called within: any text may be a column's name, and not every text an attribute's."""
    return f"input_{place}"


def _kind(column: Mapping[str, Any], *, closed: bool) -> Any:
    if column["type"] == "number":
        return Annotated[float, Field(ge=-_MOST_NUMBER, le=_MOST_NUMBER, allow_inf_nan=False)]
    return Literal[tuple(column["values"])] if closed else Annotated[str, Field(max_length=_MOST_TEXT)]


def _range(column: Mapping[str, Any]) -> str:
    if column["type"] == "number":
        return f"{column['min']:g} to {column['max']:g} in training"
    return f"in training: {', '.join(column['values'])}"
