"""A model's files are believed if they belong together and say what they said; the page says how to use them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from demo_customers import commands_shown, customers
from service import serving
from stage import MakeStage, Once, Stage, environment

from portfolio.demo.answering import DiffersError
from portfolio.demo.loading import other_versions
from portfolio.errors import UsageError
from portfolio.service.finding import find_file
from portfolio.service.serving import load

PAGE = "projects/customers"
TRUSTED = ("numpy.dtype",)


@pytest.fixture(scope="module")
def stage(once: Once, stage_in: MakeStage) -> Stage:
    """Return the workspace of the customers."""
    return customers(once, stage_in)


@pytest.fixture
def downloaded(stage: Stage, tmp_path: Path) -> Path:
    """Return a model as a reader downloads it: two files in an empty folder."""
    for name in ("customer.skops", "customer.json"):
        shutil.copyfile(stage.site / PAGE / "artifacts" / name, tmp_path / name)
    return tmp_path / "customer.skops"


def _label(found: Any) -> None:
    found["expected"]["labels"][3] = 1 - found["expected"]["labels"][3]


def _share(found: Any) -> None:
    found["expected"]["probabilities"][3][0] += 2e-6


def _row(found: Any) -> None:
    found["rows"][3][0] += 1


def _order(found: Any) -> None:
    found["inputs"].reverse()


@pytest.mark.parametrize("alter", [_label, _share, _row, _order])
def test_a_model_that_answers_its_example_rows_otherwise_is_not_served(
    downloaded: Path, alter: Callable[[Any], None]
) -> None:
    _change(downloaded, alter)

    with pytest.raises(DiffersError):
        load(find_file(downloaded), TRUSTED)


def test_the_command_refuses_such_a_model_with_what_to_do(stage: Stage, downloaded: Path) -> None:
    _change(downloaded, _label)

    ran = stage.portfolio("serve-model", str(downloaded), "--trust", *TRUSTED, "--port", "0")

    assert ran.code == 1
    assert "customer.skops: the model gives other labels to its example rows than when it was logged" in ran.err
    assert "hint: install the versions it was fitted with, or fit and log it anew" in ran.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("customer.json", b'{"inputs": [', "is cut short or damaged"),
        ("customer.json", b"[" * 100_000, "is cut short or damaged"),
        ("customer.json", b"[]", "is no description that log_model wrote"),
        ("customer.json", None, "No such file"),
        ("customer.skops", b"PK", "is not the file that its description was written with"),
        ("customer.skops", None, "no such file"),
    ],
    ids=["half", "deep", "other", "no description", "damaged", "no model"],
)
def test_files_that_do_not_belong_together_are_refused(
    downloaded: Path, name: str, content: bytes | None, message: str
) -> None:
    file = downloaded.with_name(name)
    file.unlink() if content is None else file.write_bytes(content)

    with pytest.raises(UsageError, match=message):
        load(find_file(downloaded), TRUSTED)


def test_other_versions_than_the_model_was_fitted_with_are_said(downloaded: Path) -> None:
    _change(downloaded, lambda found: found["versions"].update({"scikit-learn": "1.2.3"}))

    assert other_versions(find_file(downloaded).description) == [
        f"scikit-learn 1.2.3 there, {version('scikit-learn')} here"
    ]


def test_what_is_not_installed_is_said_with_what_to_type(downloaded: Path) -> None:
    without = "import sys; sys.modules['fastapi'] = None; sys.modules['uvicorn'] = None; "
    program = f"{without}from portfolio.cli.main import main; raise SystemExit(main())"

    ran = subprocess.run(
        [sys.executable, "-P", "-c", program, "serve-model", str(downloaded)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert ran.stderr == "serve-model needs fastapi and uvicorn\nhint: pip install fastapi uvicorn\n"


def test_the_container_recipe_starts_a_service_from_the_downloads(stage: Stage, downloaded: Path) -> None:
    recipe, build = commands_shown(stage)[1:3]
    steps = dict(line.split(" ", 1) for line in recipe.splitlines())
    tool, command, *arguments = json.loads(steps["CMD"])

    with serving(Stage(downloaded.parent), *arguments) as service:
        status = service.ask("/health").status

    assert (status, tool, command) == (200, "portfolio", "serve-model")
    *copied, wheel, target = steps["COPY"].split()
    assert (copied, target) == (["customer.skops", "customer.json"], "./")
    assert f'"./{wheel}[serve]"' in steps["RUN"]
    pins = [pin.split("==") for pin in steps["RUN"].split() if "==" in pin]
    assert {name for name, _ in pins} == {"numpy", "pandas", "scikit-learn", "skops"}
    assert all(version(name) == pinned for name, pinned in pins)
    assert build.splitlines()[0].startswith("pip wheel --no-deps --wheel-dir . ")


def _change(model: Path, alter: Callable[[Any], None]) -> None:
    file = model.with_suffix(".json")
    found = json.loads(file.read_text())
    alter(found)
    file.write_text(json.dumps(found))
