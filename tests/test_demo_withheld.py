"""A model that keeps rows of its data is published where the data are, and else withheld, never silently."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from demo_customers import customers
from stage import MakeStage, Once, Stage

PAGE = "projects/customers"
SPEC = f"{PAGE}/spec.toml"


@pytest.fixture(scope="module")
def stage(once: Once, stage_in: MakeStage) -> Stage:
    """Return the workspace of the customers, where the model `near` keeps rows of data that are not published."""
    return customers(once, stage_in)


@pytest.fixture
def copied(stage: Stage, tmp_path: Path) -> Stage:
    """Return this test's own copy of it."""
    shutil.copytree(stage.root, tmp_path / "workspace")
    return Stage(tmp_path / "workspace")


def test_no_file_with_the_rows_is_in_the_site_and_the_page_says_why(stage: Stage) -> None:
    said = _text(stage.page("customers"))

    assert [path.name for path in stage.site.rglob("near*")] == ["near.json"]
    assert "Near: the model itself is withheld. Models of this kind keep rows of the data they were fitted on" in said
    assert "here 200, and the data are not published. Its author allows it by publish = true" in said
    assert "near.skops" not in said
    assert "near.onnx" not in said


def test_models_without_rows_are_published(stage: Stage) -> None:
    found = {path.name for path in (stage.site / PAGE / "artifacts").iterdir()}

    assert {f"{name}.skops" for name in ("customer", "digit", "trees")} < found
    assert {"customer.demo.json", "digit.demo.json", "customer.onnx"} < found


def test_beside_an_onnx_file_stands_how_far_it_is_from_scikit_learn(stage: Stage) -> None:
    said = re.search(r"customer.onnx [^;]+; ([^.]+?rows)", _text(stage.page("customers")))

    measured = json.loads((stage.site / PAGE / "artifacts" / "customer.json").read_text())["onnx"]
    far = f"up to {measured['largest_difference']:.0e} from scikit-learn"
    assert said
    assert said[1] == f"{far}, no label other than scikit-learn's, over 1,032 drawn rows"


def test_check_names_the_model_and_what_would_allow_it(stage: Stage) -> None:
    problems = stage.portfolio("check", "--json").document["problems"]

    (found,) = [problem for problem in problems if "withheld" in problem["message"]]
    assert (found["file"], found["key"], found["level"]) == (SPEC, "data.publish", "warning")
    assert found["message"].startswith("the model 'near' is withheld: Models of this kind keep rows")
    assert "publish = true under each [[data]]" in found["hint"]


def test_data_that_are_published_allow_it_without_another_run(copied: Stage) -> None:
    copied.edit(SPEC, 'kind = "synthetic"\n', 'kind = "synthetic"\npublish = true\n')

    ran = copied.portfolio("build", "--json")

    assert ran.statuses == {"customers": "fresh"}
    assert (copied.site / PAGE / "artifacts" / "near.skops").is_file()
    assert "withheld" not in copied.page("customers")
    assert "withheld" not in copied.portfolio("check").err


def test_one_data_set_that_is_not_published_withholds_it(copied: Stage) -> None:
    copied.edit(SPEC, 'kind = "synthetic"\n', 'kind = "synthetic"\npublish = true\n[[data]]\nname = "More"\n')

    copied.portfolio("build")

    assert not (copied.site / PAGE / "artifacts" / "near.skops").exists()


def _text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))
