"""A stored run is whole or absent: whatever happens to its files, reading it never crashes and never lies."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from stage import a_record, tree

from portfolio import files
from portfolio.store import KEPT, Store, Stored
from portfolio.values.record import Failure, FailureKind, Metric, Record

KEY = sha256(b"a key").hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    return Store(tmp_path / "records")


@pytest.fixture
def stored(store: Store, tmp_path: Path) -> Path:
    """Store one record with two files; return its folder."""
    return _put(store, tmp_path / "run", KEY)


def test_what_was_put_is_found(store: Store, stored: Path) -> None:
    found = _found(store)

    assert found is not None
    assert (found.record.parts, found.folder) == ({"seed": KEY}, stored)
    assert (found.folder / "tables" / "rows.csv").read_bytes() == b"x\n1\n"


@pytest.mark.parametrize("name", ["record.json", "seal", "tables/rows.csv", "figures/one.svg"])
def test_a_file_cut_anywhere_is_a_miss(store: Store, stored: Path, name: str) -> None:
    whole = (stored / name).read_bytes()
    lengths = sorted({0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 2})

    found = []
    for length in lengths:
        (stored / name).write_bytes(whole[:length])
        found.append(_found(store))

    assert found == [None] * len(lengths)


@pytest.mark.parametrize("name", ["record.json", "seal", "tables/rows.csv", "figures/one.svg"])
def test_a_flipped_byte_is_a_miss(store: Store, stored: Path, name: str) -> None:
    whole = (stored / name).read_bytes()
    positions = range(0, len(whole) - 1, max(len(whole) // 12, 1))

    found = []
    for position in positions:
        (stored / name).write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        found.append(_found(store))

    assert found == [None] * len(positions)


@pytest.mark.parametrize("name", ["record.json", "seal", "tables/rows.csv"])
def test_a_missing_file_is_a_miss(store: Store, stored: Path, name: str) -> None:
    (stored / name).unlink()

    assert _found(store) is None


def test_a_link_in_place_of_a_file_is_a_miss(store: Store, stored: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(b"x\n1\n")
    (stored / "tables" / "rows.csv").unlink()
    (stored / "tables" / "rows.csv").symlink_to(outside)

    assert _found(store) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda record: replace(record, schema=record.schema + 1),
        lambda record: replace(record, slug="other"),
        lambda record: replace(record, key="f" * 64),
        lambda record: replace(record, parts={"seed": "1"}),
    ],
    ids=["another schema", "another project", "another key", "other parts"],
)
def test_a_record_of_something_else_is_a_miss(
    store: Store, stored: Path, tmp_path: Path, change: Callable[[Record], Record]
) -> None:
    whole = _found(store)
    assert whole is not None
    other = Store(tmp_path / "other")
    put = other.put(change(whole.record), KEY, stored)

    shutil.rmtree(stored)
    put.folder.rename(stored)

    assert _found(store) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000, b'{"schema": 1}'])
def test_nonsense_that_is_sealed_is_a_miss(store: Store, stored: Path, content: bytes) -> None:
    (stored / "record.json").write_bytes(content)
    (stored / "seal").write_text(sha256(content).hexdigest(), encoding="utf-8")

    assert _found(store) is None


@pytest.mark.parametrize("slug", ["..", "../..", "."])
def test_a_record_does_not_lead_out_of_the_store(store: Store, stored: Path, slug: str) -> None:
    assert stored.is_dir()
    assert _found(store, slug) is None


def test_a_record_that_names_a_file_elsewhere_is_a_miss(store: Store, stored: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    shutil.rmtree(stored)
    escaping = a_record(key=KEY, files={"../../../secret": sha256(b"secret").hexdigest()})
    home = stored
    text = _sealed(escaping)
    files.write_bytes(home / "record.json", text)
    files.write_text(home / "seal", sha256(text).hexdigest())

    assert _found(store) is None


def test_a_record_that_shows_a_file_without_a_digest_is_a_miss(store: Store, tmp_path: Path) -> None:
    folder = _put(store, tmp_path / "run", KEY)
    text = (folder / "record.json").read_bytes().replace(b'"file": "tables/rows.csv"', b'"file": "tables/more.csv"')
    (folder / "tables" / "more.csv").write_bytes(b"unverified")
    (folder / "record.json").write_bytes(text)
    (folder / "seal").write_text(sha256(text).hexdigest(), encoding="utf-8")

    assert b"more.csv" in text
    assert _found(store) is None


def test_a_folder_that_is_a_link_is_a_miss(store: Store, stored: Path, tmp_path: Path) -> None:
    (stored / "tables").rename(tmp_path / "tables")

    (stored / "tables").symlink_to(tmp_path / "tables")

    assert _found(store) is None


def test_a_record_whose_run_used_what_changed_since_is_a_miss(store: Store, stored: Path) -> None:
    assert stored.is_dir()
    assert store.find("one", KEY, lambda parts: parts["seed"] != KEY) is None


def test_records_of_one_base_stand_side_by_side(store: Store, tmp_path: Path) -> None:
    first, second = (_put(store, tmp_path / name, name, base=KEY) for name in ("a", "b"))

    found = store.find("one", KEY, lambda parts: parts["seed"] == "a")

    assert first != second
    assert found is not None
    assert found.folder == first


def test_the_last_good_record_is_the_newest_that_is_whole(store: Store, tmp_path: Path) -> None:
    keys = [sha256(bytes([number])).hexdigest() for number in range(3)]
    folders = [_put(store, tmp_path / f"run{number}", key) for number, key in enumerate(keys)]
    for number, folder in enumerate(folders):
        os.utime(folder, (number, number))

    (folders[2] / "record.json").write_bytes(b"damaged")

    found = store.last_good("one")
    assert found is not None
    assert found.folder == folders[1]


def test_a_failure_stays_until_a_good_run(store: Store, stored: Path) -> None:
    failure = Failure(kind=FailureKind.RAISED, message="why")
    store.put_failure("one", failure, {"seed": "1"})
    kept = store.failure("one"), store.last_good("one") is not None

    again = _found(store)
    assert again is not None
    store.note_good(again)

    assert stored.is_dir()
    assert kept == (failure, True)
    assert store.failure("one") is None


def test_a_failure_that_cannot_be_read_is_none(store: Store, stored: Path) -> None:
    (stored.parent / "failure.json").write_bytes(b"{")

    assert store.failure("one") is None


def test_a_project_keeps_its_newest_records_only(store: Store, tmp_path: Path) -> None:
    keys = [sha256(bytes([number])).hexdigest() for number in range(KEPT + 2)]

    for number, key in enumerate(keys):
        folder = _put(store, tmp_path / f"run{number}", key)
        os.utime(folder, (number, number))

    kept = [key for key in keys if store.find("one", key, lambda _parts: True)]
    assert kept[-1] == keys[-1]
    assert len(kept) == KEPT


def test_a_record_that_cannot_be_put_leaves_nothing(store: Store, stored: Path, tmp_path: Path) -> None:
    before = tree(store.top)
    lost = a_record(key="e" * 64, files={"tables/gone.csv": "0" * 64})

    with pytest.raises(FileNotFoundError):
        store.put(lost, KEY, tmp_path)

    assert stored.is_dir()
    assert tree(store.top) == before


def _found(store: Store, slug: str = "one") -> Stored | None:
    return store.find(slug, KEY, lambda _parts: True)


def _put(store: Store, run: Path, key: str, base: str = "") -> Path:
    for name, content in (("tables/rows.csv", b"x\n1\n"), ("figures/one.svg", b"<svg/>" * 40)):
        files.write_bytes(run / name, content)
    named = {name: files.digest(run / name) for name in ("tables/rows.csv", "figures/one.svg")}
    return store.put(a_record(Metric(name="loss", value=0.5), key=key, files=named), base or key, run).folder


def _sealed(record: Record) -> bytes:
    from portfolio.values import codec  # noqa: PLC0415

    return codec.dumps(record).encode()
