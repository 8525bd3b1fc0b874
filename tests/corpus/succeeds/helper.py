"""What the script uses of its own folder."""

from collections.abc import Iterable


def mean(values: Iterable[float]) -> float:
    """Return the mean."""
    listed = list(values)
    return sum(listed) / len(listed)
