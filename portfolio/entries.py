"""Project, outcome, record and provenance put together: all that a page is made from."""

from portfolio import results
from portfolio.provenance import History
from portfolio.reporting import Outcome
from portfolio.store import Stored
from portfolio.values.entry import Entry, Provenance, Status, Trust
from portfolio.values.project import Project


def entry(project: Project, outcome: Outcome, history: History | None) -> Entry:
    """Return what the page of `project` is made from."""
    stored = outcome.stored
    record = stored.record if stored else None
    commit = record.circumstances.commit if record else None
    return Entry(
        project=project,
        status=outcome.status,
        reason=outcome.reason,
        record=record,
        files=stored.folder if stored else None,
        failure=outcome.failure,
        trust=_trust(project, outcome, stored, history),
        provenance=history.provenance(project, commit) if history else Provenance(),
        earlier=history.earlier(project, record) if history and record else None,
        seconds=outcome.seconds,
    )


def _trust(project: Project, outcome: Outcome, stored: Stored | None, history: History | None) -> Trust:
    """Return what may be said of the numbers; compared is with the committed results, which git knows."""
    if outcome.status is Status.RECORDED or (not project.spec.run.execute and not outcome.failure):
        return Trust.RECORDED
    if outcome.failure or (outcome.reason and outcome.status is not Status.RAN):
        return Trust.LAST_GOOD
    if stored and history:
        committed = results.read(history.committed(project.folder / results.NAME) or b"")
        if committed and results.moved(committed, stored.record.result, project.spec):
            return Trust.DIFFERENT
    return Trust.RECOMPUTED
