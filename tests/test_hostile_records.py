"""Results and store entries as an enemy would make them: a failure of that project, or a miss; never a crash."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from stage import Stage, a_record

from portfolio import files
from portfolio.running.collect import collect
from portfolio.running.events import BadRunError
from portfolio.running.worker_result import read_result
from portfolio.store import Store, read_stored
from portfolio.values.record import Artifact, Metric

sys.path.append(str(Path(__file__).parent / "hostile_records"))

import odd_records as hostile


@pytest.mark.parametrize("event", hostile.EVENTS.values(), ids=hostile.EVENTS)
def test_a_hostile_event_is_refused(tmp_path: Path, event: str | bytes) -> None:
    run, outside = tmp_path / "run", tmp_path / "outside"
    outside.write_text("not yours", encoding="utf-8")
    hostile.leave_files(run, outside)
    (run / "log.jsonl").write_bytes((event if isinstance(event, bytes) else event.encode()) + b"\n")

    with pytest.raises(BadRunError) as refused:
        collect(run)

    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(
    "text",
    ["", "[1]", "null", "{}", "[" * 100_000, '{"nonce": "n"}', '{"nonce": "other", "failure": null, "notes": []}'],
    ids=lambda text: text[:20],
)
def test_what_is_no_result_of_this_run_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text, encoding="utf-8")

    assert read_result(tmp_path, "n") is None


@pytest.mark.parametrize("name", ["kind", "message", "half"])
def test_a_failure_of_no_known_kind_is_none(tmp_path: Path, name: str) -> None:
    failure = {"kind": "raised", "message": "m", "detail": "", "line": None}
    odd = {"kind": failure | {"kind": "won"}, "message": {"kind": "raised"}, "half": failure | {"message": "\ud800"}}
    import json  # noqa: PLC0415

    document = {"nonce": "n", "failure": odd[name], "notes": []}
    (tmp_path / "result.json").write_text(json.dumps(document), encoding="utf-8")

    assert read_result(tmp_path, "n") is None


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Store, Path]:
    """Return a store with one record of one file, and its folder."""
    run = tmp_path / "run"
    files.write_text(run / "artifacts" / "a.txt", "content")
    record = a_record(Metric(name="m", value=0.5), files={"artifacts/a.txt": files.digest(run / "artifacts" / "a.txt")})
    artifact = Artifact(name="a.txt", file="artifacts/a.txt", size=7)
    record = replace(record, result=replace(record.result, artifacts=(artifact,)))
    store = Store(tmp_path / "records")
    return store, store.put(record, record.key, run).folder


def test_the_entry_is_whole_before_it_is_damaged(stored: tuple[Store, Path]) -> None:
    assert read_stored(stored[1], "one") is not None


@pytest.mark.parametrize("damage", hostile.ENTRIES.values(), ids=hostile.ENTRIES)
def test_a_hostile_entry_is_a_miss(stored: tuple[Store, Path], damage: Callable[[Path], object]) -> None:
    store, folder = stored
    damage(folder)

    assert read_stored(folder, "one") is None
    assert store.last_good("one") is None


def test_a_build_with_hostile_entries_runs_again_and_shows_what_is_true(built: Stage) -> None:
    results = built.results("succeeds")
    (folder,) = [path.parent for path in (built.root / "build/records/succeeds").glob("*/record.json")]
    text = (folder / "record.json").read_text(encoding="utf-8")
    hostile.seal(folder, text.replace('"value": ', '"value": 1e999, "was": ', 1))
    (built.root / "build/records/minimal/failure.json").write_text("[" * 100_000, encoding="utf-8")
    built.append("projects/succeeds/spec.toml", "# looked at again\n")

    ran = built.portfolio("build", "--json")

    assert (ran.code, ran.statuses) == (0, {"minimal": "fresh", "succeeds": "ran"})
    assert built.results("succeeds") == results
    assert "1e999" not in built.page("succeeds")
