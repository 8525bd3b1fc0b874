"""A build can be ended at any moment and started at any moment: nothing is left running, nothing half-written."""

import signal
import subprocess
import time
from collections.abc import Callable

import pytest
from stage import CORPUS, SECONDS, Stage

HANGING = "import time\nprint('waiting', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def hanging(built: Stage) -> Stage:
    """Return a workspace with a site, whose projects never end if they are run."""
    for slug in ("succeeds", "minimal"):
        built.write(f"projects/{slug}/script.py", HANGING)
    return built


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_nothing_running(hanging: Stage, number: signal.Signals) -> None:
    process = _start_and_wait_for_runs(hanging)

    process.send_signal(number)
    _, said = process.communicate(timeout=SECONDS)

    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert hanging.survivors() == []


def test_an_interrupted_build_leaves_nothing_half_written(hanging: Stage) -> None:
    process = _start_and_wait_for_runs(hanging)

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)

    left = [path.name for path in (hanging.root / "build").rglob("*") if path.name.endswith(".tmp")]
    left += [path.name for path in (hanging.root / "build" / "records").rglob(".new-*")]
    left += [path.name for path in (hanging.root / "build" / "scratch").iterdir()]
    assert left == []
    assert "91.25" in hanging.page("succeeds")


def test_a_killed_build_takes_its_scripts_along_and_the_next_one_is_fine(hanging: Stage) -> None:
    process = _start_and_wait_for_runs(hanging)

    process.kill()
    process.communicate(timeout=SECONDS)
    _wait_until(lambda: not hanging.survivors())
    for slug in ("succeeds", "minimal"):
        script = (CORPUS / slug / "script.py").read_text(encoding="utf-8")
        hanging.write(f"projects/{slug}/script.py", f"{script}print('fine again')\n")
    outcomes = hanging.run()

    assert [outcomes[slug].status.value for slug in ("succeeds", "minimal")] == ["ran", "ran"]
    assert list((hanging.root / "build" / "scratch").iterdir()) == []


def test_two_builds_at_once_both_end_well(built: Stage) -> None:
    built.append("projects/succeeds/script.py", "import time\ntime.sleep(1)\n")

    both = [built.start("build") for _ in range(2)]
    said = [process.communicate(timeout=SECONDS) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sum("waiting for another build" in err for _, err in said) == 1
    assert sorted("1 ran" in out for out, _ in said) == [False, True]


def test_a_build_does_not_clear_away_what_verify_is_running(built: Stage) -> None:
    built.append("projects/succeeds/script.py", "import time\ntime.sleep(1)\n")

    both = [built.start("verify", "succeeds"), built.start("build")]
    said = [process.communicate(timeout=SECONDS) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sum("waiting for another build" in err for _, err in said) == 1


def _start_and_wait_for_runs(stage: Stage) -> subprocess.Popen[str]:
    process = stage.start("build", "--jobs", "2")
    printed = stage.root / "build" / "scratch"
    _wait_until(lambda: sum(path.stat().st_size > 0 for path in printed.glob("*/output.txt")) == 2)
    assert process.poll() is None, process.communicate()
    return process


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
