"""One codec for frozen dataclasses: to plain JSON values and back, strict in both directions."""

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

_MOST_DIGITS = 300
"""Of a whole number: what has more cannot be compared with other numbers."""
LATER = "later"
"""In the metadata of a field, says that an older document may lack it: it is read with the field's default."""
Value = TypeVar("Value")


class CodecError(ValueError):
    """A JSON document does not have the shape of the type it is read as."""


def encode(value: Any) -> Any:
    """Return `value` as JSON-ready dictionaries, lists, strings, numbers, booleans and None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): encode(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [encode(inner) for inner in value]
    return value


def dumps(value: Any) -> str:
    """Return the strict, sorted, readable JSON text of `value`.

    Raises:
        ValueError: a number is not finite.
    """
    return json.dumps(encode(value), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def loads(kind: type[Value], text: str | bytes) -> Value:
    """Read a JSON text as an instance of the dataclass `kind`.

    Raises:
        CodecError: the text is no JSON, or not of that shape.
    """
    try:
        document = strict(text)
    except (ValueError, RecursionError) as error:
        raise CodecError(f"is not strict JSON: {error}") from error
    return typing.cast(Value, decode(kind, document))


def strict(text: str | bytes) -> Any:
    """Return the document of a JSON text all of whose numbers are finite and whose strings can be written.

    Raises:
        ValueError: there is something else in it.
        RecursionError: it is nested too deeply.
    """
    document = json.loads(text, parse_constant=_refuse_constant, parse_int=_whole, parse_float=_finite)
    if (b"\\ud" if isinstance(text, bytes) else "\\ud") in text.lower():  # type: ignore[operator]
        json.dumps(document, ensure_ascii=False).encode()  # half a pair is no character, and no file can hold it
    return document


def decode(kind: Any, document: Any, where: str = "") -> Any:
    """Return `document` as an instance of `kind`: a dataclass, or a type its fields use.

    Raises:
        CodecError: a value is missing, unknown or of another type.
    """
    origin = typing.get_origin(kind)
    if kind is Any:
        return document
    if origin in (types.UnionType, typing.Union):
        return _decode_union(kind, document, where)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), document, where)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(document, dict):
            raise CodecError(f"{where or 'document'} is not an object")
        inner = typing.get_args(kind)[1]
        return {key: decode(inner, value, f"{where}.{key}") for key, value in document.items()}
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(kind, document, where)
    return _decode_plain(kind, document, where)


def _decode_dataclass(kind: Any, document: Any, where: str) -> Any:
    hints = _hints(kind)
    if not isinstance(document, dict) or not _later(kind) >= set(hints) ^ set(document) or set(document) - set(hints):
        raise CodecError(f"{where or 'document'} does not have the fields of {kind.__name__}")
    values = {name: decode(hints[name], document[name], f"{where}.{name}") for name in hints if name in document}
    try:
        return kind(**values)
    except ValueError as error:
        raise CodecError(f"{where or 'document'}: {error}") from error


def _decode_union(kind: Any, document: Any, where: str) -> Any:
    options = typing.get_args(kind)
    if document is None and type(None) in options:
        return None
    for option in options:
        try:
            return decode(option, document, where)
        except CodecError:
            if option is options[-1] or (len(options) == 2 and type(None) in options):  # noqa: PLR2004 - Optional
                raise
    raise CodecError(f"{where} has a value of no allowed type")


def _decode_tuple(inner: tuple[Any, ...], document: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(document, list):
        raise CodecError(f"{where} is not a list")
    if inner[-1] is Ellipsis:
        return tuple(decode(inner[0], value, f"{where}[{place}]") for place, value in enumerate(document))
    if len(inner) != len(document):
        raise CodecError(f"{where} has {len(document)} items, not {len(inner)}")
    pairs = zip(inner, document, strict=True)
    return tuple(decode(kind, value, f"{where}[{place}]") for place, (kind, value) in enumerate(pairs))


def _decode_plain(kind: Any, document: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(document)
        except ValueError as error:
            raise CodecError(f"{where}: {error}") from error
    if kind is datetime and isinstance(document, str):
        return _decode_moment(document, where)
    if kind is float and type(document) is int:
        return float(document)
    if type(document) is not kind or (kind is float and not math.isfinite(document)):
        raise CodecError(f"{where} is not of type {getattr(kind, '__name__', kind)}")
    return document


def _decode_moment(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CodecError(f"{where}: {error}") from error
    if moment.tzinfo is None:
        raise CodecError(f"{where} has no time zone")
    return moment


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a whole number has too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is too large for a number")
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


@cache
def _later(kind: Any) -> frozenset[str]:
    """Return the fields that a document may lack, for it may be older than they are."""
    return frozenset(field.name for field in dataclasses.fields(kind) if field.metadata.get(LATER))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
