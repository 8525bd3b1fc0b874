"""A script cannot read the variables of the process that started it."""

import os
import subprocess
import sys

import pytest
from kernel import needs_linux

NOBODY = 65534
PROGRAM = """
import ctypes, os, subprocess
from portfolio.hiding import hide
if os.getuid() == 0:
    os.setresuid({user}, {user}, {user})
{then}
read = ["cat", f"/proc/{{os.getpid()}}/environ"]
print(subprocess.run(read, capture_output=True, text=True, env={{"PATH": os.environ["PATH"]}}).stdout)
"""


@needs_linux
@pytest.mark.parametrize("hidden", [True, False])
def test_a_child_reads_no_variable_of_a_hidden_process(hidden: bool) -> None:  # noqa: FBT001
    show = "ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)"  # changing user hides too
    program = PROGRAM.format(then="hide()" if hidden else show, user=NOBODY)

    said = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={**os.environ, "PLANTED": "not for scripts"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert ("not for scripts" in said) is not hidden
