"""Which files of a project count: links are followed once, at any depth, and what the tool owns is left out."""

import os
import subprocess
from pathlib import Path

from portfolio.workspace.inputs import input_files

DEPTH = 1_200
"""More folders within each other than Python nests calls."""


def _names(folder: Path) -> list[str]:
    return [found.name for found in input_files(folder)]


def test_a_file_below_more_folders_than_calls_nest_counts(tmp_path: Path) -> None:
    deepest = tmp_path
    for _ in range(DEPTH):
        deepest /= "a"
        deepest.mkdir()
    (deepest / "data.csv").touch()

    found = _names(tmp_path)

    subprocess.run(["rm", "-r", str(tmp_path / "a")], check=True)  # nothing of Python's deletes as deeply as that
    assert found == ["a/" * DEPTH + "data.csv"]


def test_a_link_to_a_folder_above_is_not_followed_without_end(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.csv").touch()
    (tmp_path / "data" / "again").symlink_to(tmp_path)
    assert _names(tmp_path) == ["data/train.csv"]


def test_a_folder_that_is_linked_twice_counts_twice(tmp_path: Path) -> None:
    for name in ("project", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere" / "data.csv").touch()
    for name in ("a", "b"):
        (tmp_path / "project" / name).symlink_to(tmp_path / "elsewhere")
    assert _names(tmp_path / "project") == ["a/data.csv", "b/data.csv"]


def test_what_the_tool_owns_is_left_out_at_the_top_only(tmp_path: Path) -> None:
    for name in ("writeup.md", "results.json", "inner/writeup.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert _names(tmp_path) == ["inner/writeup.md"]


def test_pipes_and_links_into_nothing_or_in_a_ring_do_not_count(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nothing").symlink_to(tmp_path / "gone")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    assert _names(tmp_path) == []
