"""Whether a project has to run: for a reason, or not at all."""

from collections.abc import Mapping

from portfolio.planning.reasons import reason


def why_stale(
    *, stored: bool, last: Mapping[str, str] | None, now: Mapping[str, str], failed: bool, force: bool
) -> str:
    """Return why a project has to run, or nothing.

    Args:
        stored: whether a verified record of its key exists.
        last: the parts of the last good record's key.
        now: the parts of its key now, with what that record's run was seen to use.
        failed: whether its newest run failed, in the state in which it is now.
        force: run in any case.
    """
    if force:
        return "forced"
    if failed:
        return "failed last time"
    return "" if stored else reason(last, now)
