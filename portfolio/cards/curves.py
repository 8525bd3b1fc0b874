"""Paths as polygons: the commands matplotlib writes, transformations, and dashes."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

Affine = tuple[float, float, float, float, float, float]
"""As in SVG's `matrix(a b c d e f)`."""
Point = tuple[float, float]
Points = Sequence[Point]

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6}
_PIECES = 8
"""Straight pieces that a curve becomes."""
_FUNCTION = re.compile(r"(\w+)\(([^)]*)\)")
_MOST_DASHES = 20_000


def subpaths(d: str, place: Affine) -> list[tuple[Points, bool]]:
    """Return the outlines of a path's `d` where `place` puts them, and whether each is closed.

    Raises:
        ValueError: it holds a command that matplotlib does not write.
    """
    found: list[tuple[list[Point], bool]] = []
    tokens = _TOKEN.findall(d)
    at, command = 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
        if command in ("z", "Z"):
            if found:
                found[-1] = (found[-1][0], True)
            command = ""
            continue
        if command not in _TAKES:
            raise ValueError(f"path command {command}")
        numbers = [float(token) for token in tokens[at : at + _TAKES[command]]]
        at += _TAKES[command]
        if command == "M":
            found.append(([(numbers[0], numbers[1])], False))
            command = "L"
        else:
            line = found[-1][0]
            line.extend(_continued(command, numbers, line[-1]))
    return [(moved(points, place), closed) for points, closed in found]


def _continued(command: str, numbers: list[float], last: Point) -> Iterator[Point]:
    if command == "H":
        yield numbers[0], last[1]
    elif command == "V":
        yield last[0], numbers[0]
    else:
        corners = (last, *zip(numbers[::2], numbers[1::2], strict=True))
        steps = 1 if command == "L" else _PIECES
        yield from (_between(corners, step / steps) for step in range(1, steps + 1))


def _between(corners: Points, share: float) -> Point:
    """Return the point of a Bézier curve by de Casteljau's construction."""
    while len(corners) > 1:
        corners = [(x + (u - x) * share, y + (v - y) * share) for (x, y), (u, v) in pairwise(corners)]
    return corners[0]


def moved(points: Points, place: Affine) -> list[Point]:
    """Return the points where `place` puts them."""
    a, b, c, d, e, f = place
    return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]


def after(outer: Affine, inner: Affine) -> Affine:
    """Return the transformation that does `inner` first."""
    a, b, c, d, e, f = outer
    (p, q), (r, s), (t, u) = ((inner[0], inner[1]), (inner[2], inner[3]), (inner[4], inner[5]))
    return a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f


def transform(text: str) -> Affine:
    """Return what a `transform` attribute says.

    Raises:
        ValueError: it holds a function that matplotlib does not write.
    """
    place: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    for name, inside in _FUNCTION.findall(text):
        given = [float(number) for number in _TOKEN.findall(inside)]
        place = after(place, _one(name, given))
    return place


def _one(name: str, given: list[float]) -> Affine:
    if name == "matrix":
        a, b, c, d, e, f = given
        return a, b, c, d, e, f
    if name == "translate":
        return 1.0, 0.0, 0.0, 1.0, given[0], given[1] if len(given) > 1 else 0.0
    if name == "scale":
        return given[0], 0.0, 0.0, given[-1], 0.0, 0.0
    if name == "rotate" and len(given) == 1:
        turn = math.radians(given[0])
        return math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0.0, 0.0
    raise ValueError(f"transformation {name}")


def dashed(line: Points, lengths: Sequence[float]) -> list[Points]:
    """Return the pieces of a line that are drawn, of which `lengths` says how long each is and each gap behind it."""
    pieces: list[list[Point]] = [[line[0]]]
    turn, left = 0, lengths[0]
    for start, end in pairwise(line):
        length, gone = math.dist(start, end), 0.0
        while length - gone > left and len(pieces) < _MOST_DASHES:
            gone += left
            share = gone / length
            corner = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            if turn % 2 == 0:
                pieces[-1].append(corner)
            else:
                pieces.append([corner])
            turn += 1
            left = lengths[turn % len(lengths)]
        left -= length - gone
        if turn % 2 == 0:
            pieces[-1].append(end)
    return [piece for piece in pieces if len(piece) > 1]
