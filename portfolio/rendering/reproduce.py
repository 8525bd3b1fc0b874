"""How to get the same numbers again: what a reader types, and what it was run with."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from portfolio.rendering.numbers import data, duration, rounded, size
from portfolio.rendering.standing import needs_tool
from portfolio.values.entry import Entry
from portfolio.values.environment import AMBIENT, INLINE, LOCKED, Needs
from portfolio.values.project import Project
from portfolio.values.record import Record, Result
from portfolio.values.scripts import is_notebook
from portfolio.values.spec import Spec
from portfolio.words import plural

_DIGEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of the process, what it cost and what came of it, in words; empty where that is not known."""

    name: str
    cost: str
    produced: str
    share: str
    """Of the time of all steps, in per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproduceView:
    """What a template shows; lists are empty where the code is not published."""

    commands: tuple[str, ...]
    needs_tool: bool
    """Whether the last command works only where this tool is installed."""
    facts: tuple[tuple[str, Markup], ...]
    params: tuple[tuple[str, Markup], ...]
    packages: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    guards: tuple[str, ...]
    is_elsewhere: bool
    """Whether it was run elsewhere, so that nothing here runs it again."""


def reproduce_view(entry: Entry, record: Record) -> ReproduceView:
    """Return how to recompute the record."""
    spec, ran = entry.project.spec, record.circumstances
    program = ("jupyter", "execute") if is_notebook(spec.script) else ("python",)
    script = _with_packages(entry.project, shlex.join(spec.run.command or (*program, spec.script)))
    checkout, by_hand = _checkout(entry, record), f"cd projects/{entry.project.slug} && {script}"
    built = f"{checkout}portfolio build {entry.project.slug}"
    commands = (built, by_hand) if spec.run.execute else (f"{checkout}{by_hand}",)
    return ReproduceView(
        commands=commands if spec.code and entry.project.runs else (),
        needs_tool=needs_tool(entry),
        facts=(
            *_facts(record, spec),
            _environment(record),
            *_time_spent(spec.minutes),
        ),
        params=tuple((name, _param(record.result.params[name])) for name in sorted(record.result.params)),
        packages=tuple((name, ran.packages[name]) for name in sorted(ran.packages)),
        inputs=tuple((name, ran.data[name][:_DIGEST]) for name in sorted(ran.data)) if spec.code else (),
        guards=ran.notes,
        is_elsewhere=bool(record.origin),
    )


def _with_packages(project: Project, command: str) -> str:
    """Return what to type so that the script finds the packages it asks for itself."""
    needs = project.needs
    if needs is None:
        return command
    if needs.file == project.spec.script and (needs.lock is None or needs.lock.of_uv):
        return _with_each(needs, command) if is_notebook(needs.file) else f"uv run {needs.file}"
    return f"uv run --no-project --with-requirements {needs.lock.file if needs.lock else needs.file} {command}"


def _with_each(needs: Needs, command: str) -> str:
    """Return how `command` is run with what a notebook asks for, which uv does not read."""
    limits = (
        ("--python", needs.python),
        ("--exclude-newer", needs.before),
        *(("--with", each) for each in needs.requirements),
    )
    return f"uv run --no-project {shlex.join(word for limit in limits if limit[1] for word in limit)} {command}"


def _environment(record: Record) -> tuple[str, Markup]:
    """Return where the packages of the run came from."""
    kind = record.parts.get("environment", AMBIENT)
    kind = kind if kind in _ENVIRONMENTS else AMBIENT
    return "Environment", Markup("{}, {}").format(kind, _ENVIRONMENTS[kind])


_ENVIRONMENTS = {
    AMBIENT: "what was installed on the machine of the run",
    INLINE: "made for this project from what it asks for",
    LOCKED: "made for this project from its lock, every file known by its hash",
}


def _checkout(entry: Entry, record: Record) -> str:
    """Return what to type to stand where the run stood; nothing where no repository holds that."""
    repository, commit = entry.provenance.repository, record.circumstances.commit
    if not repository or commit is None or commit.dirty:
        return ""
    return f"git clone {repository} && cd {repository.rsplit('/', 1)[-1]}\ngit checkout {commit.sha}\n"


def step_views(entry: Entry, record: Record) -> tuple[StepView, ...]:
    """Return the steps the script marked with their cost, else those the spec names."""
    marked = record.circumstances.steps
    if marked:
        total = sum(step.seconds for step in marked) or 1.0
        return tuple(
            StepView(
                name=step.name,
                cost=duration(step.seconds),
                produced=_produced(step.name, record.result),
                share=f"{100 * step.seconds / total:.1f}%",
            )
            for step in marked
        )
    return tuple(StepView(name=name, cost="", produced="", share="") for name in entry.project.spec.process)


def _produced(step: str, result: Result) -> str:
    counted = {
        "figure": sum(figure.step == step for figure in result.figures),
        "table": sum(table.step == step for table in result.tables),
    }
    return ", ".join(plural(count, word) for word, count in counted.items() if count)


def _facts(record: Record, spec: Spec) -> tuple[tuple[str, Markup], ...]:
    """Return what is known of the run; of what was only read from a notebook, no more than its commit."""
    ran = record.circumstances
    if record.origin:
        return _facts_elsewhere(record)
    facts: list[tuple[str, Markup]] = []
    if ran.commit is not None and spec.code:
        dirty = " with uncommitted changes" if ran.commit.dirty else ""
        facts.append(("Commit", Markup("<code>{}</code>{}").format(ran.commit.sha[:12], dirty)))
    if not spec.run.execute:
        return tuple(facts)
    on_python = ("Python", Markup("{} on {}").format(ran.python, ran.platform))
    facts.append(("System", Markup("{}").format(ran.platform)) if spec.run.command else on_python)
    facts.append(("Seed", data(record.result.seed, rounded(record.result.seed))))
    run_time = Markup("{} on the clock, {} of processor time")
    facts.append(("Run time", run_time.format(duration(ran.seconds), duration(ran.cpu_seconds))))
    if ran.peak_memory:
        facts.append(("Peak memory", Markup("{}").format(size(ran.peak_memory))))
    return tuple(facts)


def _facts_elsewhere(record: Record) -> tuple[tuple[str, Markup], ...]:
    """Return what is known of a run that was made elsewhere."""
    ran = record.circumstances
    facts = [("Imported from", Markup("{}").format(record.origin))]
    facts += [("Python", Markup("{}").format(ran.python))] if ran.python else []
    facts += [("Run time", Markup("{} on the clock").format(duration(ran.seconds)))] if ran.seconds else []
    return tuple(facts)


def _time_spent(minutes: int | None) -> tuple[tuple[str, Markup], ...]:
    """Return what the author said of it."""
    return (("Time spent", Markup("{} by its author").format(duration(60.0 * minutes))),) if minutes else ()


def _param(value: Any) -> Markup:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return data(value, rounded(value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return Markup("{}").format(text)
