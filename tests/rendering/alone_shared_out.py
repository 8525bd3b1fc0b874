"""Pages that several cores make are those that one makes."""

import os
from typing import Any

import pytest
from alone_shares import another_thread

from portfolio.shares import FEWEST
from portfolio.values.record import Goal, Metric, Result

SCRIPT = "import numpy as np\n\nprint(np.arange({0}))\n"
PROSE = "Some *words* of {0}, and ${0}^2$.\n\n{{{{ figures.curve }}}}\n\n```python\nx = {0}\n```\n"


@pytest.fixture
def many(bench: Any, a_figure: Any, a_table: Any, pixel: bytes) -> Any:
    """Return a bench with as many projects as are shared out; one wants a figure that none has, one is wrong prose."""
    images = {"figures/curve.png": pixel, "figures/curve-dark.png": pixel}
    for number in range(FEWEST + 3):
        prose = PROSE.format(number) if number != 7 else "{{ figures.gone }}"
        bench.add(
            f"project-{number:03}",
            result=Result(
                metrics=(Metric(name="error", value=number / 8, goal=Goal.MINIMIZE, baseline=100.0),),
                figures=(a_figure("curve"),),
                tables=(a_table("folds"),),
            ),
            files={"script.py": SCRIPT.format(number), "writeup.md": prose},
            recorded={**images, "tables/folds.csv": f"fold,error\n1,{number}\n"},
            title=f"Project {number}",
            tags=[f"topic {number % 5}"],
            builds_on=[f"project-{number - 1:03}"] if number % 3 == 1 else [],
            **({"hero": "absent"} if number == 8 else {}),
        )
    return bench


def test_pages_of_many_projects_are_those_of_one_core(many: Any) -> None:
    forks: list[int] = []
    os.register_at_fork(after_in_parent=lambda: forks.append(1))

    shared = many.render()
    n_forks = len(forks)
    with another_thread():
        alone = many.render()

    assert set(shared.failures) == {"project-007", "project-008"}
    assert n_forks >= 2 * (len(os.sched_getaffinity(0)) - 1)
    assert shared == alone
