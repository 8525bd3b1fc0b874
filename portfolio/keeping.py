"""From how a run ended to what is kept of it: the whole key, the search for secrets, the store, `results.json`.

A run is pure: what it was given decides what it returns, wherever it took place. All that a result changes here is
changed by this module, on the machine that holds the workspace.
"""

import os
from dataclasses import dataclass, replace

from portfolio import results
from portfolio.accepting import behind
from portfolio.digests import of_mapping
from portfolio.gate.gate import Gate
from portfolio.gate.results import secret_in, without_secrets
from portfolio.planning.digested import data_digests
from portfolio.planning.keys import Keys, RunKey
from portfolio.planning.uses import files_seen
from portfolio.reporting import Outcome
from portfolio.running.ended import Ended
from portfolio.store import Store, Stored
from portfolio.values.entry import Status
from portfolio.values.project import Project
from portfolio.values.record import Failure, FailureKind, Record
from portfolio.workspace.root import Workspace

_CHANGED = "its inputs changed while it ran, so nothing was stored: build again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A project with its key; `reason` is empty where `stored` is the record of that key."""

    project: Project
    key: RunKey
    reason: str
    stored: Stored | None
    """The record of the key, else the last good one, if any."""

    @property
    def fresh(self) -> bool:
        """Whether nothing has to run."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where results of runs are kept, and what their keys are made by."""

    workspace: Workspace
    store: Store
    keys: Keys

    def keep(self, step: Step, ended: Ended) -> Outcome:
        """Store what a run left, or how it failed; return its outcome."""
        project, finished = step.project, ended.finished
        record, failure = finished.record, finished.failure
        if record is not None:
            record, failure = self._with_whole_key(step, record, ended)
        gate = Gate.of(os.environ)
        if record is not None and (failure := secret_in(record, finished.run, gate)):
            record = None
        if record is not None and (failure := behind(project, record)):
            results.update(project.folder, record, project.spec)  # for `diff` to show, and for `accept`
            record = None
        failure = without_secrets(failure, gate) if failure else None
        outcome = Outcome(
            slug=project.slug,
            status=Status.FAILED if record is None else Status.RAN,
            reason=step.reason,
            seconds=finished.seconds,
            stored=step.stored,
            failure=failure,
            shown=self.workspace.shown(project.started),
            notes=finished.notes,
        )
        if record is None:
            why = failure or Failure(kind=FailureKind.NO_RESULT, message="no result")
            self.store.put_failure(project.slug, why, self._parts_of_failure(step, ended))
            return outcome
        stored = self.store.put(_like_the_last(record, step.stored), step.key.digest, finished.run)
        return replace(outcome, stored=stored, moved=results.update(project.folder, record, project.spec))

    def _parts_of_failure(self, step: Step, ended: Ended) -> dict[str, str]:
        """Return the parts of the key of a failed run, so that it is known when none of them is the same any more."""
        keys = self.keys.afresh()
        if ended.refusal:
            return dict(step.key.parts)
        names = keys.uses.beside(step.project, step.key.parts, ended.used)
        try:
            return {**step.key.parts, **keys.uses.now(step.project, names)}
        except OSError:
            return dict(step.key.parts)

    def _with_whole_key(self, step: Step, record: Record, ended: Ended) -> tuple[Record | None, Failure | None]:
        """Add what the run was seen to use to the record's key; refuse a record whose inputs are no longer the same."""
        project, now = step.project, self.keys.afresh()
        if ended.refusal:
            return None, Failure(kind=FailureKind.CHANGED_INPUTS, message=ended.refusal)
        names = now.uses.beside(project, step.key.parts, ended.used)
        try:
            again = now.of(project)
            observed = now.uses.now(project, names)
        except OSError:
            return None, Failure(kind=FailureKind.CHANGED_INPUTS, message=_CHANGED)
        parts = {**again.parts, **observed}
        used = (*now.uses.outside(project), *files_seen(project, parts)) if names else ()
        before = {path: step.key.contents[path] for path in used if path in step.key.contents}
        if again.digest != step.key.digest or any(again.contents.get(path) != before[path] for path in before):
            return None, Failure(kind=FailureKind.CHANGED_INPUTS, message=_CHANGED)
        circumstances = replace(record.circumstances, data=data_digests(parts))
        return replace(record, key=of_mapping(parts), parts=parts, circumstances=circumstances), None


def _like_the_last(record: Record, last: Stored | None) -> Record:
    """Return `record` with the circumstances of the last run, where that left the same in the same surroundings.

    Its page then says when and at which commit these numbers were first computed, and keeps its bytes.
    """
    if last is None or (last.record.result, last.record.files) != (record.result, record.files):
        return record
    old, new = last.record.circumstances, record.circumstances
    same = ("python", "platform", "packages", "data", "notes")
    if any(getattr(old, name) != getattr(new, name) for name in same):
        return record
    return replace(record, circumstances=old)
