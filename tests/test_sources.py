"""What a source means: comments and layout are not part of it, whatever may show in a run is."""

import os
import time
from pathlib import Path

import pytest

from portfolio.digests import Digests
from portfolio.files import digest
from portfolio.planning.sources import Source, Sources, understand
from portfolio.statements import MOST_BYTES, parsed

CODE = "import numpy as np\n\n\ndef f(x):\n    return x + 1\n\n\nprint(f(2))\n"


@pytest.mark.parametrize(
    "same",
    [
        "# A comment.\n" + CODE,
        CODE.replace("x + 1", "(x +\n        1)"),
        CODE.replace("\n\n\n", "\n\n\n\n\n"),
        CODE + "# The end.\n",
        CODE.replace("    return", "        return"),
    ],
)
def test_comments_and_layout_are_not_part_of_the_meaning(same: str) -> None:
    assert _meaning(same) == _meaning(CODE)


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("1", "2"),
        CODE.replace("x + 1", "x - 1"),
        '"""A docstring, which a script can print."""\n' + CODE,
        "# %%\n" + CODE,
        "# /// script\n# dependencies = []\n# ///\n" + CODE,
    ],
)
def test_what_a_run_may_show_is_part_of_the_meaning(other: str) -> None:
    assert _meaning(other) != _meaning(CODE)


def test_a_cell_marker_that_moves_is_another_meaning() -> None:
    first, second = CODE.replace("\n\n\ndef", "\n# %%\ndef"), CODE.replace("\n\n\nprint", "\n# %%\nprint")

    assert _meaning(first) != _meaning(second)
    assert _meaning(first) == _meaning("# Above.\n" + first)


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nprint(sys._getframe().f_lineno)\n",
        "import inspect\nprint(inspect.getsource(inspect))\n",
        "from inspect import getsource\n",
        "import logging\nlogging.basicConfig(format='%(lineno)d')\n",
        "print 'of another language'\n",
    ],
)
def test_a_source_that_shows_its_own_lines_counts_by_its_bytes(code: str) -> None:
    assert _meaning(code) != _meaning("# A comment.\n" + code)


def test_imports_are_found_wherever_they_stand() -> None:
    code = "import a.b as c\ndef f():\n    from d.e import g\nif c:\n    import h\nfrom . import i\nfrom ..j import k\n"

    assert set(_understood(code).imports) == {"a.b", "d.e", "d.e.g", "h", ".", ".i", "..j", "..j.k"}


def test_a_source_that_does_not_parse_imports_nothing() -> None:
    assert _understood("this is not Python").imports == ()


def test_names_of_files_in_the_text_are_found() -> None:
    assert set(_understood('open("../_shared/values.csv"); x = "a sentence. Or two"\n').names) >= {
        "_shared",
        "values.csv",
    }


def test_a_source_nested_beyond_reason_counts_by_its_bytes() -> None:
    assert _understood("(" * 5000 + ")" * 5000).imports == ()


def test_a_damaged_cache_of_sources_counts_as_absent(tmp_path: Path) -> None:
    script, cache = tmp_path / "script.py", tmp_path / "sources.json"
    script.write_text(CODE)
    first = Sources(Digests(), cache)
    meaning = first.of(script).meaning
    first.save()

    for damaged in (
        "",
        "{",
        "[]",
        '{"version": 1}',
        cache.read_text()[:-9],
        cache.read_text().replace('"imports"', ""),
    ):
        cache.write_text(damaged)
        assert Sources(Digests(), cache).of(script).meaning == meaning


def test_a_digest_is_remembered_only_once_a_change_would_show(tmp_path: Path) -> None:
    path, cache = tmp_path / "rows.csv", tmp_path / "digests.json"
    path.write_text("1\n")
    digests = Digests(cache)

    just_written = digests.of(path)
    path.write_text("2\n")

    assert digests.of(path) != just_written


def test_a_change_of_equal_size_with_its_time_put_back_is_seen(tmp_path: Path) -> None:
    path, cache = tmp_path / "rows.csv", tmp_path / "digests.json"
    path.write_text("1\n")
    before = path.stat()
    _let_the_clock_tick(path)
    digests = Digests(cache)
    first = digests.of(path)
    digests.save()

    path.write_text("2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert Digests(cache).of(path) != first


def test_an_unchanged_file_is_hashed_once(tmp_path: Path) -> None:
    path, cache = tmp_path / "rows.csv", tmp_path / "digests.json"
    path.write_text("1\n")
    _let_the_clock_tick(path)
    digests = Digests(cache)
    first = digests.of(path)
    digests.save()

    text = cache.read_text().replace(first, "f" * 64)
    cache.write_text(text)

    assert Digests(cache).of(path) == "f" * 64


@pytest.mark.parametrize("damaged", ["", "[1]", '{"x": 1}', '{"x": [1, 2]}', "\udcff"])
def test_a_damaged_cache_of_digests_counts_as_absent(tmp_path: Path, damaged: str) -> None:
    path, cache = tmp_path / "rows.csv", tmp_path / "digests.json"
    path.write_text("1\n")
    cache.write_bytes(damaged.encode("utf-8", "surrogateescape"))

    assert Digests(cache).of(path) == Digests().of(path)


def _let_the_clock_tick(path: Path) -> None:
    """Wait until a change of `path` would bear another time."""
    while time.time_ns() < path.stat().st_ctime_ns + 30_000_000:
        time.sleep(0.005)


def _meaning(code: str) -> str:
    return _understood(code).meaning


def _understood(code: str) -> Source:
    return understand(code.encode(), f"digest of {code}")


def test_a_source_that_is_too_large_to_be_parsed_counts_by_its_bytes_and_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "helper.py"
    path.write_text("import numpy\n", encoding="utf-8")
    with path.open("r+b") as stream:
        stream.truncate(MOST_BYTES + 1)
    sources = Sources(Digests())

    found = sources.of(path)

    assert found == Source(meaning=digest(path), parses=False)
    with pytest.raises(ValueError, match="too large"):
        parsed(path.read_bytes())
