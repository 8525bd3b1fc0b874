"""Records that no run of this build left, committed ones and those a cache brought, searched once for secrets."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from portfolio import files
from portfolio.gate.gate import Gate
from portfolio.gate.results import secret_in
from portfolio.reporting import Outcome
from portfolio.store import seal_of
from portfolio.values.entry import Status
from portfolio.values.record import FailureKind
from portfolio.workspace.root import Workspace

_NOTE = "searched_runs.json"


def withhold(workspace: Workspace, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return `outcomes`, of which those fail whose record holds a secret; they show no record."""
    gate = Gate.of(os.environ)
    known = _noted(workspace, gate)
    clean: list[str] = []
    checked = tuple(_checked(outcome, gate, known, clean) for outcome in outcomes)
    if sorted(clean) != sorted(known):
        with suppress(OSError):  # what could not be remembered is searched again
            files.write_text(workspace.cache / _NOTE, json.dumps({"for": gate.mark, "runs": sorted(clean)}))
    return checked


def is_withheld(outcome: Outcome) -> bool:
    """Whether the project has no page of its own any more because of a secret."""
    return outcome.stored is None and outcome.failure is not None and outcome.failure.kind is FailureKind.SECRET


def _checked(outcome: Outcome, gate: Gate, known: frozenset[str], clean: list[str]) -> Outcome:
    stored = outcome.stored
    if stored is None:
        return outcome
    seal = seal_of(stored)
    failure = None if seal in known or outcome.status is Status.RAN else secret_in(stored.record, stored.folder, gate)
    if failure:
        return replace(outcome, status=Status.FAILED, stored=None, failure=failure)
    clean.append(seal)
    return outcome


def _noted(workspace: Workspace, gate: Gate) -> frozenset[str]:
    try:
        found = json.loads((workspace.cache / _NOTE).read_text(encoding="utf-8"))
        return frozenset(found["runs"]) if found["for"] == gate.mark else frozenset()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()
