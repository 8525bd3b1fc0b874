"""Numbers for readers: rounded to what is known of them, the recorded value kept beside in `<data>`."""

import json
import math
from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

Number = int | float
NARROW = "\u202f"
"""A narrow space at which no line breaks."""
_POWER = "\u00d7\u202f10"
_MINUS = "\u2212"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = 4
_TINY, _HUGE = 1e-4, 1e15
_MOST_DECIMALS = 10
_SHORT_UNIT = 3


def recorded(value: Number) -> str:
    """Return the number as it stands in `results.json`."""
    return json.dumps(value)


def rounded(value: Number, decimals: int | None = None) -> str:
    """Return the number for a reader.

    Args:
        value: a finite number; an integer is shown in full.
        decimals: how many; without, a float has about four significant digits and no zeros at its end.
    """
    if decimals is None and isinstance(value, int):
        return _grouped(str(value)) if abs(value) < _HUGE else _scientific(value)
    if value and not _TINY <= abs(value) < _HUGE and (decimals is None or abs(value) >= _HUGE):
        return _scientific(value)
    if decimals is not None:
        return _grouped(_fixed(value, decimals))
    text = _fixed(value, max(0, _DIGITS - 1 - _exponent(value, _DIGITS)))
    return _grouped(text.rstrip("0").rstrip(".") if "." in text else text)


def rounded_together(value: Number, low: Number, high: Number) -> tuple[str, str, str]:
    """Return value and both ends of its interval, with decimals for two significant digits of the half-width."""
    half = high / 2 - low / 2
    largest = max(abs(value), abs(low), abs(high))
    if half <= 0 or largest < _TINY or largest >= _HUGE:
        return rounded(value), rounded(low), rounded(high)
    decimals = min(_MOST_DECIMALS, max(0, 1 - _exponent(half, 2)))
    return rounded(value, decimals), rounded(low, decimals), rounded(high, decimals)


def like(value: Number, shown: str) -> str:
    """Return the number with as many decimals as the one shown beside it."""
    return rounded(value) if _POWER in shown else rounded(value, len(shown.partition(".")[2]))


def column_decimals(values: Sequence[Number], written: int) -> int | None:
    """Return the decimals a column of a table has in common, or None where its cells differ too much in size.

    Args:
        values: the column's numbers.
        written: the most decimals any of them has in the file.
    """
    sizes = [abs(value) for value in values if value]
    if not sizes or max(sizes) >= _HUGE:
        return None
    decimals = min(max(0, _DIGITS - 1 - _exponent(max(sizes), _DIGITS)), written, _MOST_DECIMALS)
    too_small = min(sizes) < 10.0 ** (1 - decimals) and written > decimals
    return None if too_small else decimals


def behind(unit: str | None) -> str:
    """Return the unit with the space that stands before it; a short one never starts a line."""
    if not unit:
        return ""
    if unit == "%" or unit.startswith("% "):
        return f"{NARROW}{unit.replace(' %', f'{NARROW}%')}"
    return f"\u00a0{unit}" if len(unit) <= _SHORT_UNIT else f" {unit}"


def data(value: Number, shown: str) -> Markup:
    """Return the shown number in an element that carries the recorded one."""
    return Markup('<data value="{}">{}</data>').format(recorded(value), shown)


def duration(seconds: float) -> str:
    """Return a time span in words: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:  # noqa: PLR2004 - below, tenths matter
        return f"{seconds:.1f}\u00a0s" if seconds >= 0.05 else "under 0.1\u00a0s"  # noqa: PLR2004
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004
        return f"{whole}\u00a0s"
    if whole < 3600:  # noqa: PLR2004
        return f"{whole // 60}\u00a0min {whole % 60}\u00a0s"
    return f"{whole // 3600}\u00a0h {whole % 3600 // 60}\u00a0min"


def size(count: int) -> str:
    """Return a number of bytes in words, in powers of ten."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:  # noqa: PLR2004
            return f"{amount:.0f}\u00a0{unit}" if unit == "B" or amount >= 10 else f"{amount:.1f}\u00a0{unit}"  # noqa: PLR2004
        amount /= 1000
    return f"{amount:.1f}\u00a0TB"


def _fixed(value: Number, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text


def _grouped(text: str) -> str:
    """Set narrow spaces between thousands, from five digits on, so that a year stays a year."""
    whole, dot, rest = text.removeprefix("-").partition(".")
    if len(whole) > 4:  # noqa: PLR2004
        whole = f"{int(whole):,}".replace(",", NARROW)
    return (_MINUS if text.startswith("-") else "") + whole + dot + rest


def _scientific(value: Number) -> str:
    digits, _, power = f"{Decimal(value):.2e}".partition("e")  # an integer may be too large for a float
    mantissa = digits.rstrip("0").rstrip(".").replace("-", _MINUS)
    return f"{mantissa}{NARROW}{_POWER}{str(int(power)).translate(_SUPERSCRIPT)}"


def _exponent(value: Number, digits: int) -> int:
    """Return the power of ten of the number once rounded to that many significant digits."""
    if not value or not math.isfinite(value):
        return 0
    return int(f"{abs(value):.{digits - 1}e}".partition("e")[2])
