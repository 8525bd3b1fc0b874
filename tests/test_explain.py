"""`portfolio explain` says which part of a key changed, in words, and does nothing."""

import pytest
from stage import Stage, tree


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("data/rows.csv", "6,a", "7,a", "succeeds: would run: data/rows.csv changed"),
        ("spec.toml", "scale = 10", "scale = 11", "succeeds: would run: param scale: 10 → 11"),
        ("script.py", "91.25", "92.5", "succeeds: would run: script.py changed"),
        (
            "spec.toml",
            'title = "Succeeds"',
            'title = "More"',
            "succeeds: fresh; its page would be rendered anew: title changed",
        ),
        ("script.py", "import", "# A comment.\nimport", "its page would be rendered anew: script.py changed"),
    ],
)
def test_what_changed_is_told_in_words(built: Stage, name: str, old: str, new: str, told: str) -> None:
    path = built.projects / "succeeds" / name
    path.write_text(path.read_text().replace(old, new, 1))
    before = tree(built.root)

    ran = built.portfolio("explain", "succeeds")

    assert (ran.code, ran.err) == (0, "")
    assert told in ran.out
    assert tree(built.root) == before


def test_every_change_is_told(built: Stage) -> None:
    built.edit("projects/succeeds/spec.toml", "seed = 7", "seed = 8")
    built.edit("projects/succeeds/data/rows.csv", "6,a", "7,a")

    ran = built.portfolio("explain")

    assert ran.out.splitlines() == [
        "draft: would run: never run",
        "minimal: fresh, nothing changed",
        "succeeds: would run",
        "  data/rows.csv changed",
        "  seed: 7 → 8",
    ]


def test_a_build_prints_the_same_reason(built: Stage) -> None:
    built.edit("projects/succeeds/spec.toml", "seed = 7", "seed = 8")

    explained = built.portfolio("explain", "succeeds", "--json").projects["succeeds"]
    ran = built.portfolio("build", "--json").projects["succeeds"]

    assert explained["reason"] == ran["reason"] == "seed: 7 → 8"
    assert (explained["status"], explained["changes"]) == ("stale", ["seed: 7 → 8"])


def test_a_failure_is_a_reason_and_its_changes_are_told(built: Stage) -> None:
    built.append("projects/minimal/script.py", "raise ValueError\n")
    built.run()

    ran = built.portfolio("explain", "minimal")

    assert ran.out == "minimal: would run (failed last time): script.py changed\n"


def test_an_unknown_slug_is_a_mistake(built: Stage) -> None:
    assert built.portfolio("explain", "minimol").code == 2
