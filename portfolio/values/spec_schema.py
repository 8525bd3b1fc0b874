"""The JSON Schema of `spec.toml`, made of the spec that reads it and of what stands below its fields."""

import ast
from collections.abc import Iterator
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path
from typing import Any

from portfolio.values import spec


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `spec.toml`, for editors."""
    schema = spec.Spec.model_json_schema(mode="validation")
    described = _described()
    for name, table in {**schema["$defs"], spec.Spec.__name__: schema}.items():
        for field, text in described.get(name, {}).items():
            table["properties"][field]["description"] = text
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "spec.toml of a portfolio project",
    }


def _described() -> dict[str, dict[str, str]]:
    """Return what stands below each field, by table; pydantic would look for that at every start."""
    tables = [each for each in ast.parse(Path(spec.__file__).read_bytes()).body if isinstance(each, ast.ClassDef)]
    return {table.name: dict(_fields(table)) for table in tables}


def _fields(table: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(table.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            yield field.target.id, cleandoc(ast.literal_eval(below.value))
