"""Carry out an order on the machine this is: bundles in, result bytes out, nothing left behind.

The same supervisor, limits, guards and capture as in a local run. What is kept between orders can be made again:
`_shared` by its digest, what libraries cache, a process that has imported them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock

from portfolio import files, folders
from portfolio.cluster.bundles import SHARED, unbundle
from portfolio.cluster.order import Order, pack_ended
from portfolio.digests import Digests
from portfolio.gate.gate import Gate
from portfolio.gate.results import secret_in
from portfolio.planning.keys import Keys, RunKey
from portfolio.planning.packages import Installed
from portfolio.running.clearing import clear_scratch
from portfolio.running.ended import Ended
from portfolio.running.local import Finished, LocalRun, environment_of, run_project
from portfolio.running.observed import UnkeepableError, observed_names
from portfolio.running.preload import Uses
from portfolio.running.task import Place
from portfolio.running.zygote import Zygotes
from portfolio.templates import figure_style
from portfolio.values import codec
from portfolio.values.project import Project
from portfolio.values.record import CLUSTER, Failure, FailureKind
from portfolio.values.settings import Settings
from portfolio.values.spec import Spec
from portfolio.workspace import toml
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a worker keeps between orders."""

    home: Path
    packages: Installed
    zygotes: Zygotes
    digests: Digests = field(default_factory=Digests)
    unpacking: Lock = field(default_factory=Lock)

    @property
    def caches(self) -> Path:
        """Where libraries keep what outlives a run."""
        return self.home / "cache"


class _MissingError(Exception):
    """This machine lacks what the run needs; the message says what, and what to do."""


def perform(order: bytes, bundle: bytes, shared: bytes, host: Host, cancel: Event) -> bytes:
    """Carry out `order` and return what `unpack_ended` reads.

    Args:
        order: an `Order` as JSON.
        bundle: the files of the project.
        shared: those of `_shared`.
        host: what is kept on this machine.
        cancel: ends the run when it is set.

    Raises:
        Interrupted: `cancel` was set; everything was ended.
        DamagedError: a bundle is not what was sent.
    """
    wanted = codec.loads(Order, order)
    tops = [folders.temporary(_made(host.home / name), f"{wanted.slug}-") for name in ("roots", "scratch")]
    root, place = tops[0], Place(top=tops[1])
    try:
        unbundle(bundle, wanted.bundle, root)
        if wanted.shared:
            (root / SHARED).symlink_to(_shared(shared, wanted.shared, host))
        return pack_ended(_run(wanted, root, place, host, cancel))
    finally:
        for top in tops:
            clear_scratch(top)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _shared(content: bytes, digest: str, host: Host) -> Path:
    """Return the folder of `_shared`, unpacked once."""
    home = host.home / "shared" / digest
    with host.unpacking:
        if not home.is_dir():
            staged = folders.temporary(_made(home.parent), ".new-")
            unbundle(content, digest, staged)
            staged.rename(home)
    return home / SHARED


def _run(order: Order, root: Path, place: Place, host: Host, cancel: Event) -> Ended:
    workspace = Workspace(root, caches=host.caches)
    try:
        asked = _asked(order, workspace, host, cancel)
        _prepare(order, asked)
        began = place.top.stat().st_ctime_ns
        finished = run_project(asked, place)
    except _MissingError as error:
        return _not_run(str(error), place)
    except OSError as error:
        return _not_run(f"could not be run: {error.strerror or error}", place)
    keys = Keys(workspace, asked.settings, host.packages, asked.style, host.digests)
    try:
        known = (*keys.uses.outside(asked.project), asked.style, workspace.templates)
        used = observed_names(asked.project, workspace, asked.key, place, known, began)
        there = keys.uses.now(asked.project, keys.uses.beside(asked.project, asked.key.parts, used))
    except UnkeepableError as error:
        return Ended(finished=_without_secrets(finished), used=(), refusal=str(error))
    return Ended(finished=_without_secrets(_placed(finished)), used=used, there=there)


def _placed(finished: Finished) -> Finished:
    """Return `finished` with a record that says that a worker made it, unless it says more."""
    record = finished.record
    if record is None or record.circumstances.place:
        return finished
    return replace(finished, record=replace(record, circumstances=replace(record.circumstances, place=CLUSTER)))


def _not_run(message: str, place: Place) -> Ended:
    failure = Failure(kind=FailureKind.ENVIRONMENT, message=message)
    return Ended(finished=Finished(record=None, failure=failure, run=place.run, seconds=0.0), used=())


def _without_secrets(finished: Finished) -> Finished:
    """Return `finished` as a failure where it holds a secret of this machine, of which the author's knows nothing."""
    if finished.record is None or not (found := secret_in(finished.record, finished.run, Gate.of(os.environ))):
        return finished
    return Finished(record=None, failure=found, run=finished.run, seconds=finished.seconds, notes=finished.notes)


def _asked(order: Order, workspace: Workspace, host: Host, cancel: Event) -> LocalRun:
    """Return the run, once this machine has all that the author's has."""
    folder = workspace.projects / order.slug
    project = Project(slug=order.slug, folder=folder, spec=_spec(folder))
    style = figure_style(workspace)
    _demand_style(order, style)
    _demand_variables(order)
    _link_large(order, workspace, host)
    return LocalRun(
        project=project,
        workspace=workspace,
        settings=Settings.model_validate_json(order.settings),
        key=RunKey(digest=order.base, parts=order.parts, contents=_contents(order, workspace)),
        packages=order.packages,
        commit=order.commit,
        style=style,
        cancel=cancel,
        zygotes=host.zygotes,
    )


def _spec(folder: Path) -> Spec:
    loaded = toml.load(folder / "spec.toml", "spec.toml")
    if isinstance(loaded, tuple):
        spec = toml.validate(Spec, *loaded, "spec.toml")
        if isinstance(spec, Spec):
            return spec
    raise _MissingError("its spec.toml cannot be read on the worker: it runs another version of portfolio")


def _contents(order: Order, workspace: Workspace) -> Mapping[Path, str]:
    """Return the digests of the inputs by path, and by where links lead: declared data is known by that."""
    named = {workspace.root / name: digest for name, digest in order.contents.items()}
    return {**{path.resolve(): digest for path, digest in named.items()}, **named}


def _demand_style(order: Order, style: Path) -> None:
    wanted = order.parts.get("style")
    if wanted and wanted != (files.digest(style) if style.is_file() else "none"):
        raise _MissingError("figures have another style on the worker: install the same portfolio there")


def _demand_variables(order: Order) -> None:
    """See that declared variables have the values here that its key counts; they never travel."""
    for name in (part.removeprefix("variable ") for part in order.parts if part.startswith("variable ")):
        value = os.environ.get(name)
        found = "unset" if value is None else sha256(value.encode()).hexdigest()
        if found != order.parts[f"variable {name}"]:
            how = "is not set" if value is None else "has another value"
            raise _MissingError(f"{name}, named by [run] env, {how} on the worker: set it where the workers start")


def _link_large(order: Order, workspace: Workspace, host: Host) -> None:
    for large in order.large:
        found = Path(large.path)
        if not found.is_file() or host.digests.of(found) != large.digest:
            how = "is another file" if found.is_file() else "is missing"
            raise _MissingError(
                f"{large.name} {how} on the worker, and is too large to travel: put it there at the same path"
            )
        link = workspace.root / large.name
        with host.unpacking:
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(found)


def _prepare(order: Order, asked: LocalRun) -> None:
    """Let a zygote import what this run and others will."""
    if order.preload:
        environment = environment_of(asked.project, asked.settings, asked.workspace, Path())
        uses = Uses(imports=frozenset(order.preload), reaches=frozenset(), own=frozenset(), is_dynamic=False)
        asked.zygotes.prepare([(environment, uses)])
