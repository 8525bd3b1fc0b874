"""The gate of projects of kind `deep`: a result keeps up with the accepted one, or its author accepts it."""

from portfolio import results
from portfolio.errors import UsageError
from portfolio.skill import Compared, Verdict, compare_all, judged, ropes
from portfolio.values.project import Project
from portfolio.values.record import Failure, FailureKind, Record


def accept(project: Project, shown: str) -> bool:
    """Accept the recorded numbers of a project; return whether others were accepted before.

    Args:
        project: of kind `deep`.
        shown: its folder as a user would write it, for messages.

    Raises:
        UsageError: the project is of another kind, or has no recorded numbers.
    """
    if project.spec.kind != "deep":
        message = f'{shown}/spec.toml:kind: is "{project.spec.kind}", and only a "deep" project has accepted numbers'
        raise UsageError(message, hint=f"committing {shown}/{results.NAME} accepts its numbers")
    try:
        return results.accept(project.folder)
    except FileNotFoundError as error:
        message = f"{shown}/{results.NAME}: holds no recorded numbers to accept"
        raise UsageError(message, hint=f"portfolio build {project.slug}") from error


def behind(project: Project, record: Record) -> Failure | None:
    """Return the failure of a deep project that is worse than what was accepted of it; None where it keeps up.

    Where the two cannot be compared, or nothing was accepted, there is nothing to fall behind.
    """
    if project.spec.kind != "deep":
        return None
    accepted = results.accepted(results.load(project.folder / results.NAME))
    if accepted is None:
        return None
    old = judged(results.metrics(accepted), project.spec)
    new = judged({metric.name: metric for metric in record.result.metrics}, project.spec)
    same = accepted.get("data") == dict(record.circumstances.data)
    compared = compare_all(old, new, same_data=same, ropes=ropes(project.spec, new))
    worse = [_said(name, found) for name, found in compared.items() if found.verdict is Verdict.WORSE]
    if not worse:
        return None
    do = f"portfolio diff {project.slug} shows it; portfolio accept {project.slug} accepts it"
    return Failure(kind=FailureKind.WORSE, message=f"{', '.join(worse)}, against what was accepted; {do}")


def _said(name: str, found: Compared) -> str:
    low, high = found.bounds or (0.0, 0.0)
    return f"{name} {found.change or 0.0:+.3g} [{low:+.3g}, {high:+.3g}]"
