"""Sources are parsed whoever else parses at the same time."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor

from portfolio.statements import parsed

NESTED = f"x = {'(1 + ' * 60}1{')' * 60}\n" * 60


class _Litter:
    """Ends in a collection by running Python, which lets other threads in while a tree is built."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        for _ in range(500):
            pass


def test_threads_that_parse_at_once_do_not_disturb_each_other() -> None:
    patience, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(_parse_amid_litter, range(40)))
    finally:
        sys.setswitchinterval(patience)
        gc.set_threshold(*thresholds)

    assert found == [60] * 40


def _parse_amid_litter(_: int) -> int:
    for _ in range(50):
        _Litter()
    return len(parsed(NESTED).body)
