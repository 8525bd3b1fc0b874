"""The process of a notebook's kernel: `python -P -m portfolio.running.kernel_process CONNECTION ORDERS`.

IPython's own, with what a script gets around it: seeds, the style and capture of figures, the log, and the list of what
it opens. What it captures it also says on the kernel's channel, so that it stands at its place among the outputs.
"""

import sys
from pathlib import Path
from typing import Any

from portfolio.running.kernel import prepare
from portfolio.running.task import Task
from portfolio.values import codec


def main(connection: str, orders: Path) -> None:
    """Serve the notebook named in the orders until whoever started it ends it."""
    task = codec.loads(Task, orders.read_bytes())
    orders.unlink()
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - an extra, and it takes half a second

    app: Any = IPKernelApp.instance(quiet=True, ignore_cwd=True)
    app.initialize(["-f", connection, "--HistoryManager.hist_file=:memory:"])
    prepare(app.shell, app.kernel, task)
    app.start()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
