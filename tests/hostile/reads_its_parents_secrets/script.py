"""Looks for secrets in the variables and the memory of every process above it."""

import ctypes
import os
from pathlib import Path

assert "PLANTED_SECRET" not in os.environ
pid = os.getppid()
while pid > 1:
    for name in ("environ", "mem", "maps"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                seen = file.read(4096)
        except OSError:
            continue
        raise AssertionError(f"read {len(seen)} bytes of {name} of {Path(f'/proc/{pid}/comm').read_text()}")
    assert ctypes.CDLL(None).ptrace(16, pid, 0, 0) == -1, "traces a process above it"
    pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
