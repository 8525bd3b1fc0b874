"""What travels to a worker and back is a pure matter of bytes: checked there, checked here, and nothing else."""

import io
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from stage import Stage

from portfolio.cluster.bundles import DamagedError
from portfolio.cluster.flights import Sent
from portfolio.cluster.order import unpack_ended
from portfolio.cluster.perform import Host, perform
from portfolio.distributing import Sending
from portfolio.planned import make_plan
from portfolio.planning.packages import installed
from portfolio.reading import Options, read
from portfolio.reporting import Silent
from portfolio.running.ended import Ended
from portfolio.running.zygote import Zygotes
from portfolio.workspace.root import Workspace


@pytest.fixture
def host(warm_cache: Path, tmp_path: Path) -> Iterator[Host]:
    """Return a machine that has nothing of the author's."""
    shutil.copytree(warm_cache, tmp_path / "host" / "cache")
    with Zygotes() as zygotes:
        yield Host(home=tmp_path / "host", packages=installed(tmp_path / "host" / "cache"), zygotes=zygotes)


def sent(stage: Stage) -> list[Sent]:
    """Return what would be sent for every project."""
    workspace, options = Workspace(stage.root), Options()
    plan = make_plan(workspace, read(workspace, options), options, Silent(), Zygotes())
    return list(Sending(plan.execution, plan.steps, {}).orders())


def performed(one: Sent, host: Host, folder: Path) -> Ended:
    shared = one.shared.content if one.shared else b""
    return unpack_ended(perform(one.order, one.bundle, shared, host, Event()), folder)


def test_a_run_needs_nothing_but_what_was_sent(workspace: Callable[..., Stage], host: Host, tmp_path: Path) -> None:
    stage = workspace("uses_shared", "_shared", "succeeds")
    orders = sent(stage)
    shutil.rmtree(stage.root)

    results = [performed(one, host, tmp_path / one.slug).finished for one in orders]

    assert [result.failure for result in results] == [None, None]
    assert sorted(path.name for path in (tmp_path / "succeeds").glob("*/*")) == ["model.bin", "rows.csv"]
    assert sorted(path.name for path in host.home.iterdir()) == ["cache", "roots", "scratch", "shared"]
    assert not any((host.home / "roots").iterdir())
    assert not any((host.home / "scratch").iterdir())


def test_large_data_does_not_travel_and_has_to_be_there(
    workspace: Callable[..., Stage], host: Host, tmp_path: Path
) -> None:
    stage = workspace("minimal")
    stage.write("projects/minimal/script.py", "print(len(open('big.bin', 'rb').read()))\n")
    big = stage.projects / "minimal" / "big.bin"
    with big.open("wb") as stream:
        stream.truncate(16 << 20)
    (one,) = sent(stage)

    there = performed(one, host, tmp_path / "there").finished
    big.write_bytes(b"another")
    other = performed(one, host, tmp_path / "other").finished
    big.unlink()
    missing = performed(one, host, tmp_path / "missing").finished

    assert len(one.bundle) < 1 << 16
    assert there.record
    assert there.record.result.output == "16777216\n"
    said = "on the worker, and is too large to travel: put it there at the same path"
    assert other.failure
    assert missing.failure
    assert other.failure.message == f"projects/minimal/big.bin is another file {said}"
    assert missing.failure.message == f"projects/minimal/big.bin is missing {said}"


def test_what_is_damaged_on_its_way_is_refused(workspace: Callable[..., Stage], host: Host, tmp_path: Path) -> None:
    (one,) = sent(workspace("succeeds"))
    good = perform(one.order, one.bundle, b"", host, Event())

    with pytest.raises(DamagedError):
        perform(one.order, one.bundle.replace(b"91.25", b"99.99"), b"", host, Event())
    with pytest.raises(DamagedError):
        unpack_ended(good.replace(b"weights", b"weighed"), tmp_path / "changed")
    with pytest.raises(DamagedError):
        unpack_ended(good[: len(good) // 2], tmp_path / "cut")
    with pytest.raises(DamagedError):
        unpack_ended(renamed(good, "artifacts/model.bin", "../../outside.bin"), tmp_path / "renamed")
    assert not list(tmp_path.rglob("outside.bin"))


def renamed(content: bytes, old: str, new: str) -> bytes:
    """Return an archive in which a file has another name, in its list too."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(content)) as given, tarfile.open(fileobj=sink, mode="w") as made:
        for member in given:
            stream = given.extractfile(member)
            assert stream
            inside = stream.read().replace(old.encode(), new.encode())
            found = tarfile.TarInfo(member.name.replace(old, new))
            found.size = len(inside)
            made.addfile(found, io.BytesIO(inside))
    return sink.getvalue()
