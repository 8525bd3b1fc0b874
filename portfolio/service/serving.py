"""Load a model, hold it to its example rows, and answer until Ctrl-C."""

import socket
from collections.abc import Callable, Collection

import uvicorn

from portfolio.demo.answering import replay
from portfolio.demo.loading import load_model
from portfolio.errors import UsageError
from portfolio.service.app import Served, make_app
from portfolio.service.finding import Found

_KEEP_ALIVE = 5


def load(found: Found, trusted: Collection[str]) -> Served:
    """Return the model, which still says of its example rows what it said when it was logged.

    Raises:
        UsageError: see `load_model`.
        DiffersError: it does not.
    """
    model = load_model(found.path, found.description, trusted)
    apart = replay(model, found.description)
    return Served(name=found.name, model=model, description=found.description, largest_difference=apart)


def serve(served: Served, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Answer requests until interrupted; `announce` is told the address.

    Raises:
        UsageError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        hint = "portfolio serve-model … --port 0 takes a free one"
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}", hint=hint) from error
    with listening:
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{listening.getsockname()[1]}")
        settings = uvicorn.Config(
            make_app(served, host),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        uvicorn.Server(settings).run(sockets=[listening])
