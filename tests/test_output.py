"""What a script prints is kept as text: no path of this machine, no control sequence, head and tail of much."""

from pathlib import Path

import pytest

from portfolio.running.scrub import KEPT, clean, read_output, shortened_paths
from portfolio.terminal import plain


def test_output_is_kept_whole_up_to_a_mebibyte(tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_bytes(b"x" * KEPT)

    assert read_output(tmp_path / "output.txt") == ("x" * KEPT, KEPT)


def test_of_more_the_middle_is_left_out_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_bytes(b"head" + b"x" * 2 * KEPT + b"tail")

    text, size = read_output(tmp_path / "output.txt")

    assert size == 2 * KEPT + 8
    assert text.startswith("head")
    assert text.endswith("tail")
    assert f"\n… {KEPT + 8:,} bytes not kept …\n" in text


def test_bytes_that_are_no_text_are_shown_as_such(tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_bytes(b"a\xffb")

    assert read_output(tmp_path / "output.txt")[0] == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://elsewhere.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("10 %\r50 %\r100 %\ndone", "100 %\ndone"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\x00b\x08c\x7fd\x9be", "abcde"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_control_sequences_are_taken_out(printed: str, kept: str) -> None:
    assert clean(printed, {}) == kept


def test_paths_of_this_machine_are_shortened(tmp_path: Path) -> None:
    project, root = tmp_path / "scratch" / "projects" / "one", tmp_path / "scratch"
    paths = shortened_paths(project, root, tmp_path, Path("/elsewhere/cache"))
    printed = f"{project}/data.csv {root}/projects/_shared {project} {tmp_path}/mkdocs.yml {Path.home()}/x"

    assert clean(printed, paths) == "data.csv projects/_shared . mkdocs.yml ~/x"
    assert clean("/elsewhere/cache/torch", paths) == "build/cache/torch"


def test_of_paths_that_nest_the_longest_is_shortened() -> None:
    assert clean("/a/b/c /a/d", {"/a/": "~/", "/a/b/": ""}) == "c ~/d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::broken", "\u200b::error::broken"),
        ("fine\n  ::set-output name=x::y", "fine\n  \u200b::set-output name=x::y"),
        ("a ##[error]broken", "a #\u200b#[error]broken"),
        ("a::b", "a::b"),
        ("\x1b[31mred\x07", "[31mred"),
        ("left\u202etfel", "lefttfel"),
    ],
)
def test_no_text_of_a_project_commands_a_terminal_or_a_workflow(text: str, shown: str) -> None:
    assert plain(text) == shown
