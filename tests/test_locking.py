"""What is installed is known by its hash, from no index that is named; whether that is up to date is seen offline."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from stage import REPOSITORY, SECONDS, Stage, portfolio
from wheels import offline as variables
from wheels import tiny

from portfolio import locking
from portfolio.errors import UsageError
from portfolio.packed import requirements, wheel


def test_the_lock_file_of_this_repository_is_up_to_date() -> None:
    ran = portfolio("lock", "--check", folder=REPOSITORY)

    assert ran.code == 0, f"{ran.err}pip install -e '.[dev]', then portfolio lock"


def test_every_pin_has_a_hash_and_none_an_address() -> None:
    text = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")

    pins = re.split(r"\n(?=\S)", text.split("\n", 2)[2].strip())

    assert len(pins) > 40
    assert [
        pin for pin in pins if not re.fullmatch(r"[\w.-]+==[^\n]+( \\\n    --hash=sha256:[0-9a-f]{64})+", pin)
    ] == []
    assert "://" not in text
    assert "--index" not in text
    assert not re.search(r"^finished-portfolio", text, re.MULTILINE)


def test_what_is_asked_for_later_makes_it_stale(tmp_path: Path) -> None:
    portfolio("init", "mine", folder=tmp_path)
    stage = Stage(tmp_path / "mine")
    fresh = stage.portfolio("lock", "--check")

    stage.append("requirements.in", "a-package>=2 # why\n")

    stale = stage.portfolio("lock", "--check")
    assert (fresh.code, stale.code) == (0, 1)
    assert "hint: portfolio lock" in stale.err


def test_the_tools_own_requirements_are_read_from_its_metadata() -> None:
    usual, with_model = requirements(()), requirements(("model",))

    assert any(line.startswith("click") for line in usual)
    assert {line.split(">")[0] for line in set(with_model) - set(usual)} == {"skops"}


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which uv, and no index, looks for wheels."""
    for name, value in variables(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_a_lock_file_names_every_file_by_its_hash(offline: Path) -> None:
    digests = [tiny(offline, "above", "1.0", needs="below>=1"), tiny(offline, "below", "1.5")]

    pins = locking.resolve(("above",), "")

    assert pins == "".join(
        f"{name} \\\n    --hash=sha256:{digest}\n"
        for name, digest in zip(("above==1.0", "below==1.5"), digests, strict=True)
    )


def test_what_is_locked_and_fits_stays(offline: Path) -> None:
    tiny(offline, "below", "1.5")
    known = locking.resolve(("below",), "")
    tiny(offline, "below", "1.6")

    assert locking.resolve(("below>=1",), known) == known
    assert locking.resolve(("below>=1",), "").startswith("below==1.6")


def test_what_does_not_fit_together_is_said(offline: Path) -> None:
    tiny(offline, "below", "1.5")

    with pytest.raises(UsageError, match="no versions fit together"):
        locking.resolve(("below>=2",), "")


def test_the_wheel_of_the_tool_is_the_same_each_time_and_installs(tmp_path: Path) -> None:
    made = wheel()
    (tmp_path / made.name).write_bytes(made.content)

    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(tmp_path / "there")]
    subprocess.run([*command, str(tmp_path / made.name)], check=True, timeout=SECONDS, capture_output=True)
    code = "import portfolio.packed as p; print(p.__file__, p.wheel().name, p.shipped('requirements.txt').is_file())"
    ended = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={"PYTHONPATH": str(tmp_path / "there"), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )

    assert wheel() == made
    assert ended.stdout.split() == [str(tmp_path / "there" / "portfolio" / "packed.py"), made.name, "True"]
