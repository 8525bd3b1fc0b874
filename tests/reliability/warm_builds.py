"""Builds without a start: a process that has imported everything and forks one child for each build it is asked for.

`python -P warm_builds.py WORKSPACE` builds WORKSPACE once, within itself, then reads lines of JSON: a folder and a file
for what is said. The child prints its number, waits for another line and builds; its exit code is printed. So
whoever asks has time to attach a tracer, which then sees the build and nothing of starting Python.
"""

import ctypes
import json
import os
import sys
import traceback

from portfolio.cli.main import main

_PR_SET_PTRACER, _ANY = 0x59616D61, -1


def build(folder: str, said: str, gate: int) -> int:
    """Build in `folder` once something comes through `gate`; everything said goes to the file `said`."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANY), 0, 0, 0)
    print(os.getpid(), flush=True)  # noqa: T201 - the answer, once a tracer may attach
    os.chdir(folder)
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.read(gate, 1)
    code = main(["build"])
    sys.stdout.flush()
    return code


def serve() -> None:
    """Answer until the lines end."""
    for line in sys.stdin:
        asked = json.loads(line)
        gate, opener = os.pipe()
        child = os.fork()
        if not child:
            code = 99
            try:
                os.close(opener)
                code = build(asked["folder"], asked["said"], gate)
            except BaseException:  # noqa: BLE001 - it must not go on as a second parent
                traceback.print_exc()
            finally:
                os._exit(code)
        os.close(gate)
        sys.stdin.readline()
        os.write(opener, b"!")
        os.close(opener)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    saved = os.dup(1)
    os.dup2(2, 1)
    first = main(["build"])
    sys.stdout.flush()
    os.dup2(saved, 1)
    if first == 0:
        serve()
    raise SystemExit(first)
