"""What this machine allows, asked without the code under test: a guard that is lost fails and is not skipped."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_CREATE_RULESET, _VERSION = 444, 1
_WITH_ALL_GUARDS = 6
"""The first version of Landlock in which a process cannot signal others."""
_FILTERS = Path("/proc/sys/kernel/seccomp/actions_avail")

needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no such thing but on Linux")
needs_tracer = pytest.mark.skipif(
    shutil.which("strace") is None and not os.environ.get("CI"),
    reason="no strace here; continuous integration installs one",
)


def _landlock() -> int:
    return int(ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _VERSION)) if sys.platform == "linux" else 0


needs_landlock = pytest.mark.skipif(
    _landlock() < _WITH_ALL_GUARDS, reason=f"the kernel's Landlock is older than version {_WITH_ALL_GUARDS}"
)


def can_leave_the_network(means: str, *, as_nobody: bool) -> bool:
    """Whether a process may cut itself off: by a filter, or, as util-linux finds out, by a namespace."""
    if means == "leave_by_filter":
        return _FILTERS.is_file() and "errno" in _FILTERS.read_text(encoding="ascii").split()
    is_root = os.getuid() == 0
    becoming = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if is_root and as_nobody else []
    asked = [*becoming, "unshare", *([] if is_root and not as_nobody else ["--user"]), "--net", "true"]
    return subprocess.run(asked, cwd=os.sep, capture_output=True, check=False).returncode == 0
