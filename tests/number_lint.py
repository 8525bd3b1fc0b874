"""How many typed results the number lint finds in 200 sentences, and how many numbers it takes for one in vain.

    python tests/number_lint.py

`rendering/sentences.toml` holds the sentences, the metrics of the runs they speak of, and what in them somebody typed.
"""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.rendering.typed_numbers import typed_numbers
from portfolio.values.record import Metric

_FILE = Path(__file__).parent / "rendering" / "sentences.toml"
SENTENCES: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was found in sentences with a typed result, and in innocent ones."""

    planted: int
    caught: int
    numbers: int
    numbers_caught: int
    innocent: int
    false: tuple[str, ...]
    doubted: int
    """Innocent sentences with a warning, which is no error."""


def counted() -> Counted:
    """Look for typed results in every sentence."""
    planted = [sentence for sentence in SENTENCES["sentences"] if sentence["typed"]]
    innocent = [sentence for sentence in SENTENCES["sentences"] if not sentence["typed"]]
    found = [_found(sentence) for sentence in planted]
    typed = [(text, certain) for one, (certain, _) in zip(planted, found, strict=True) for text in one["typed"]]
    return Counted(
        planted=len(planted),
        caught=sum(bool(certain) for certain, _ in found),
        numbers=len(typed),
        numbers_caught=sum(any(text in known or known in text for known in certain) for text, certain in typed),
        innocent=len(innocent),
        false=tuple(sentence["text"] for sentence in innocent if _found(sentence)[0]),
        doubted=sum(bool(_found(sentence)[1]) for sentence in innocent),
    )


def _found(sentence: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return what is taken for a typed result, and what is doubted."""
    metrics = [_metric(known) for known in SENTENCES["contexts"][sentence["context"]]["metrics"]]
    found = typed_numbers(sentence["text"], metrics)
    return [one.text for one in found if one.certain], [one.text for one in found if not one.certain]


def _metric(written: Mapping[str, Any]) -> Metric:
    ends = written.get("interval")
    return Metric(**{**written, "interval": tuple(ends) if ends else None})


def main() -> None:
    """Print the figures."""
    found = counted()
    lines = [
        f"sentences with a typed result: {found.caught} of {found.planted} found",
        f"typed results in them: {found.numbers_caught} of {found.numbers} found",
        f"sentences without: {len(found.false)} of {found.innocent} with an error, {found.doubted} with a warning",
        *(f"  in vain: {text}" for text in found.false),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
