"""What is handed to the process that draws, and where it leaves off."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from portfolio.values.preview import Preview

MEMORY = 1 << 30
"""Bytes of that process; a figure of forty million pixels is 160 MB."""
PROCESSOR_SECONDS = 6
"""Of processor time for one image; a usual one takes a tenth of a second."""
WIDTH, HEIGHT = 1200, 630
"""Pixels; what those who show previews ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One image to draw."""

    preview: Preview
    target: Path


def line(order: Order) -> bytes:
    """Return the order as one line."""
    return json.dumps([asdict(order.preview), str(order.target)], default=str).encode() + b"\n"


def order(line_: bytes) -> Order:
    """Return the order that a line holds."""
    words, target = json.loads(line_)
    figure = words.pop("figure")
    return Order(preview=Preview(**words, figure=Path(figure) if figure else None), target=Path(target))
