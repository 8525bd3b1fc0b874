"""Run a notebook: its kernel is a child of the worker, under the same limits, and what its cells show is listed.

Nothing of it is kept in memory: what is printed goes at once where a script's output goes, where it is counted.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from portfolio import log
from portfolio.literate import Cell
from portfolio.running.kernel import ERROR, FINISH, PLACED, cell_name
from portfolio.running.listing import Listing
from portfolio.running.task import Task
from portfolio.values import codec

_KERNEL = (sys.executable, "-P", "-m", "portfolio.running.kernel_process", "{connection_file}")
_PATIENCE = 120
"""Seconds within which a kernel has to be there; what it takes longer is ended by the run's own limit."""
_RUNNERS = ("nbclient", "ipykernel")
"""What a notebook cannot be run without, which is an extra."""


def show_saved(cells: Sequence[Cell], writer: log.Log) -> None:
    """List the outputs a notebook was saved with, as if its cells had just shown them."""
    listing = Listing(writer)
    for cell in cells:
        if cell.number:
            listing.begin(cell.number)
            for output in cell.saved:
                kind = output.get("output_type")
                if kind == "stream":
                    listing.printed(_text(output.get("text")))
                elif kind == "error":
                    listing.failed("\n".join(map(str, output.get("traceback") or [])))
                elif isinstance(output.get("data"), dict):
                    listing.value(output["data"])
    listing.end()


def run_notebook(cells: Sequence[Cell], task: Task, writer: log.Log) -> dict[str, Any] | None:
    """Run the cells in a kernel of their own; return how they failed, or None."""
    missing = [name for name in _RUNNERS if not _can_be_imported(name)]
    if missing:
        named = " and ".join(missing)
        remedy = f"name {named} in {task.asks}" if task.asks else f"pip install {' '.join(missing)}"
        return _failure("environment", f"{task.script} needs {named} to be run: {remedy}")
    return asyncio.run(_run(cells, task, writer))


def _can_be_imported(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


async def _run(cells: Sequence[Cell], task: Task, writer: log.Log) -> dict[str, Any] | None:
    """Start a kernel, run the cells and end it.

    Not by nbclient's `setup_kernel`: that answers a TERM itself, takes seconds, and prints that it failed. Whoever ends
    this process ends the kernel too.
    """
    listing, manager = Listing(writer), _manager(task)
    client = _client(manager, listing)
    try:
        await client.async_start_new_kernel(env=dict(os.environ), cwd=task.project)
        await client.async_start_new_kernel_client()
        return await _run_cells(cells, task.script, client, listing)
    except RuntimeError as error:
        return _failure("crashed", f"the kernel did not start: {str(error)[:200]}")
    finally:
        with suppress(RuntimeError):  # it died
            await manager.shutdown_kernel()
        if client.kc:
            client.kc.stop_channels()


async def _run_cells(cells: Sequence[Cell], script: str, client: Any, listing: Listing) -> dict[str, Any] | None:
    """Execute the cells one by one, and at last what keeps the files they wrote; return how one failed, or None."""
    from nbclient.exceptions import CellExecutionError, DeadKernelError  # noqa: PLC0415 - an extra

    numbered = [cell for cell in cells if cell.number]
    place = "at its start"
    try:
        for cell in numbered:
            place = f"in {cell_name(script, cell.number)}"
            listing.begin(cell.number)
            await client.async_execute_cell(_node(cell.text, cell.tags), 0)
            if client.failure and "raises-exception" not in cell.tags:
                break
            client.failure = None
        listing.end()
        if client.failure is None:
            place = "after the last cell"
            await client.async_execute_cell(_node(FINISH), 0, store_history=False)
    except CellExecutionError as error:
        return client.failure or _failure("raised", f"{place}: {error.ename}: {error.evalue}")
    except (DeadKernelError, RuntimeError) as error:
        return await _died(client.km, place, error)
    failure: dict[str, Any] | None = client.failure
    return failure


async def _died(manager: Any, place: str, error: Exception) -> dict[str, Any]:
    """Say how the kernel ended."""
    code = await manager.provisioner.poll() if manager.provisioner else None
    if code is None or code == 0:
        how = "ended early" if code == 0 else f"does not answer ({str(error)[:200]})"
        return _failure("no_result", f"the kernel {how} {place}: does the cell quit Python?")
    from signal import Signals  # noqa: PLC0415 - where it died

    known = {signal.value: signal.name for signal in Signals}
    how = f"was ended by {known.get(-code, f'signal {-code}')}" if code < 0 else f"ended with exit code {code}"
    return _failure("crashed", f"the kernel {how} {place}")


def _failure(kind: str, message: str) -> dict[str, Any]:
    return {"kind": kind, "message": message, "detail": "", "line": None}


def _node(text: str, tags: frozenset[str] = frozenset()) -> Any:
    return _noded(cell_type="code", source=text, metadata=_noded(tags=sorted(tags)), outputs=[])


def _noded(**values: Any) -> Any:
    from nbformat import NotebookNode  # noqa: PLC0415 - with nbclient

    node: Any = NotebookNode
    return node(**values)


def _manager(task: Task) -> Any:
    """Return what starts the kernel; both talk by sockets that are files, which no network is needed for."""
    from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415 - with nbclient
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415

    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        os.environ[name] = str(Path(task.temporary, name.lower()))  # what they write goes with the run
    orders = Path(task.temporary, "kernel-orders.json")
    orders.write_text(codec.dumps(replace(task, nonce="")), encoding="utf-8")

    class Manager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=[*_KERNEL, str(orders)], display_name="Python", language="python")

    return Manager(transport="ipc", connection_file=str(Path(task.temporary, "kernel.json")))


def _client(manager: Any, listing: Listing) -> Any:
    from nbclient import NotebookClient  # noqa: PLC0415 - an extra

    class Client(NotebookClient):
        """nbclient's, which hands on what comes instead of gathering it."""

        failure: dict[str, Any] | None = None

        def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> None:
            kind, content = msg["msg_type"], msg["content"]
            if kind == "stream":
                listing.printed(_text(content.get("text")))
            elif kind in ("display_data", "execute_result", "update_display_data"):
                self._take(content)
            elif kind == "clear_output":
                listing.cleared()
            elif kind == "error":
                listing.failed("\n".join(map(str, content.get("traceback") or [])))
            elif kind == "status":
                super().process_message(msg, cell, cell_index)

        def _take(self, content: Mapping[str, Any]) -> None:
            bundle = content.get("data") or {}
            if ERROR in bundle:
                self.failure = dict(bundle[ERROR])
            elif PLACED in bundle:
                listing.named(str(bundle[PLACED].get("kind")), str(bundle[PLACED].get("name")))
            else:
                listing.value(bundle, str((content.get("transient") or {}).get("display_id") or ""))

    book = _noded(cells=[_node("pass")], metadata=_noded())
    return Client(book, km=manager, timeout=None, startup_timeout=_PATIENCE, resources={})


def _text(found: Any) -> str:
    return "".join(map(str, found)) if isinstance(found, list) else str(found or "")
