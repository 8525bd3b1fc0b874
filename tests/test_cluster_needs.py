"""What machines of a cluster lack is told in one line before anything runs: real questions, asked where it is so."""

import json
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
from clusters import dask_cluster, stored
from stage import SECONDS, MakeStage, environment

from portfolio.cluster.checking import Needs, demand_same
from portfolio.errors import UsageError
from portfolio.version import __version__

OURS = ("portfolio", "finished_portfolio-", "_editable_impl_finished_portfolio")


def distribution(folder: Path, version: str, name: str = "tinylib") -> dict[str, str]:
    """Install a library of that version for whoever has these variables."""
    (folder / f"{name}-{version}.dist-info").mkdir(parents=True)
    (folder / f"{name}-{version}.dist-info" / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    (folder / f"{name}-{version}.dist-info" / "RECORD").write_text("tinylib.py,,\n")
    (folder / "tinylib.py").write_text("ANSWER = 42\n")
    return {"PYTHONPATH": str(folder)}


def all_but_ours(folder: Path) -> str:
    """Make a folder in which a Python that has no other finds all that is installed here, less this tool."""
    folder.mkdir()
    for found in Path(sysconfig.get_path("purelib")).iterdir():
        if not found.name.startswith(OURS):
            (folder / found.name).symlink_to(found)
    return str(folder)


def test_what_a_cluster_lacks_is_told_before_anything_runs(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage", "minimal")
    stage.write("projects/minimal/script.py", "import tinylib\nprint(tinylib.ANSWER)\n")
    here = distribution(tmp_path / "here" / "site-packages", "1.2")
    bare = all_but_ours(tmp_path / "bare")
    before = stored(stage)
    with dask_cluster(tmp_path / "dask", 0, bare=bare) as dask:
        dask.join(distribution(tmp_path / "there" / "site-packages", "1.1"))
        other = stage.portfolio("run", "--scheduler", dask.address, variables=here)
        none = stage.portfolio("run", "--executor", "dask", "--scheduler", "nowhere.json", variables=here)
    gone = stage.portfolio("run", "--scheduler", dask.address, variables=here)

    assert (other.code, none.code, gone.code) == (2, 2, 2)
    assert (
        f"{dask.address}: no portfolio {__version__} on the scheduler; no tinylib 1.2 on the scheduler; "
        f"tinylib 1.1 instead of 1.2 on tcp://"
    ) in other.err
    assert "hint: there, install the portfolio that is installed here; there, pip install tinylib==1.2" in other.err
    assert "nowhere.json: is neither an address nor a scheduler file" in none.err
    assert f"{dask.address}: no scheduler answers: [Errno 111] Connection refused" in gone.err
    assert all(len(ran.err.splitlines()) <= 3 for ran in (other, none, gone))
    assert stored(stage) == before


@pytest.mark.parametrize(
    ("there", "told", "hint"),
    [
        ({"tinylib": "1.2"}, "", ""),
        ({"tinylib": "1.1"}, "tinylib 1.1 instead of 1.2 on tcp://there:1", "pip install tinylib==1.2"),
        ({}, "no tinylib 1.2 on tcp://there:1", "pip install tinylib==1.2"),
        (
            {"tinylib": "1.2", "finished_portfolio": "0.0.1"},
            f"portfolio 0.0.1 instead of {__version__} on tcp://there:1",
            "install the portfolio that is installed here",
        ),
    ],
)
def test_a_worker_that_differs_is_named_with_what_to_do(
    there: Mapping[str, str], told: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(distribution(tmp_path / "here", "1.2")["PYTHONPATH"])
    needs = Needs(distributions={"tinylib": "1.2"})
    paths = [distribution(tmp_path / name, version, name)["PYTHONPATH"] for name, version in there.items()]

    said = ""
    try:
        demand_same("tcp://here:1", needs, {"the scheduler": needs.here(), "tcp://there:1": asked(needs, paths)})
    except UsageError as error:
        said = str(error)

    assert said == (told and f"tcp://here:1: {told}; nothing was run\nhint: there, {hint}")


def asked(needs: Needs, paths: list[str]) -> dict[str, object]:
    """Return what a Python with these folders in front answers."""
    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"import json; print(json.dumps({needs.question()}))"],
        env=environment({"PYTHONPATH": ":".join(paths)}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    answer: dict[str, object] = json.loads(ended.stdout)
    return answer
