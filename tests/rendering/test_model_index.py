"""The metadata of a model card says what was recorded, in the form that Hugging Face reads, and nothing else."""

import json
from typing import Any

import pytest
import yaml

from portfolio.values.record import Artifact, Goal, Metric, Result, Table
from portfolio.values.site import Author, Site

PATH = "projects/one/model-index.yaml"
ACCURACY = Metric(
    name="accuracy",
    value=0.9583,
    goal=Goal.MAXIMIZE,
    baseline=0.63,
    interval=(0.923, 0.986),
    method="held out; 95 % Wilson",
    n=143,
)
BASELINE = Metric(name="baseline", value=0.63, goal=Goal.MAXIMIZE)
DATA = [{"name": "Breast Cancer Wisconsin", "source": "UCI", "licence": "CC BY 4.0"}]
HEADLINE = {"metric": "accuracy"}
CARD = Table(name="data_card", caption="", file="tables/data_card.csv", rows=1, columns=1)
MODEL = (
    Artifact(name="model.skops", file="artifacts/model.skops", size=1),
    Artifact(name="model.json", file="artifacts/model.json", size=1),
)


def described(classes: list[int] | None) -> dict[str, str | bytes]:
    return {"artifacts/model.skops": "x", "artifacts/model.json": json.dumps({"classes": classes, "inputs": []})}


def add(bench: Any, *metrics: Metric, tables: tuple[Table, ...] = (CARD,), **spec: Any) -> None:
    spec = {"headline": HEADLINE, "data": DATA, "result": Result(metrics=metrics or (ACCURACY,), tables=tables)} | spec
    bench.add(**spec)


def offered(bench: Any, find: Any, site: Site | None = None) -> Any:
    rendered = bench.render(site) if site else bench.render()
    assert not rendered.failures
    assert f'<a href="{PATH.rpartition("/")[2]}" download>' in find(rendered, "projects/one/index.md").text
    return yaml.safe_load(find(rendered, PATH).text)


def is_offered(bench: Any) -> bool:
    rendered = bench.render()
    assert not rendered.failures
    said = "model-index.yaml" in next(page.text for page in rendered.pages if page.path.name == "index.md")
    made = PATH in {page.path.as_posix() for page in rendered.pages}
    assert made or not said
    return made


def test_a_reported_table_has_a_task_a_data_set_and_metrics(bench: Any, find: Any) -> None:
    add(bench, ACCURACY, Metric(name="roc_auc", value=0.99), BASELINE)

    found = offered(bench, find)

    (model,) = found["model-index"]
    (result,) = model["results"]
    assert model["name"] == "one"
    assert result["task"] == {"type": "tabular-classification", "name": "Tabular classification"}
    assert result["dataset"] == {"type": "breast-cancer-wisconsin", "name": "Breast Cancer Wisconsin"}
    assert result["metrics"] == [
        {
            "type": "accuracy",
            "value": 0.9583,
            "name": "Accuracy; interval 0.923 to 0.986; held out; 95 % Wilson",
        },
        {"type": "roc_auc", "value": 0.99, "name": "ROC AUC"},
    ]
    assert "library_name" not in found
    assert "source" not in result


@pytest.mark.parametrize(("classes", "task"), [([0, 1, 2], "tabular-classification"), (None, "tabular-regression")])
def test_a_logged_model_says_what_kind_of_task_it_is(
    bench: Any, find: Any, classes: list[int] | None, task: str
) -> None:
    metric = Metric(name="extra_errors", value=1.7, unit="per 100 digits")
    result = Result(metrics=(metric, Metric(name="images", value=1797)), artifacts=MODEL)
    add(bench, result=result, recorded=described(classes), headline={"metric": "extra_errors"}, tags=["digits"])

    found = offered(bench, find)

    assert (found["library_name"], found["pipeline_tag"], found["tags"]) == ("sklearn", task, ["digits"])
    metrics = found["model-index"][0]["results"][0]["metrics"]
    assert metrics == [{"type": "extra_errors", "value": 1.7, "name": "Extra errors (per 100 digits)"}]


def test_the_page_is_named_as_the_source_where_its_address_is_known(bench: Any, find: Any) -> None:
    add(bench)
    site = Site(name="Ada", url="https://example.org/work/", description="", author=Author(name="Ada"))

    found = offered(bench, find, site)

    source = found["model-index"][0]["results"][0]["source"]
    assert source == {"name": "Ada", "url": "https://example.org/work/projects/one/"}


@pytest.mark.parametrize(
    "change",
    [
        {"data": []},
        {"code": False},
        {"headline": None},
        {"result": Result(metrics=(ACCURACY,))},
        {"result": Result(metrics=(Metric(name="cost", value=3),), tables=(CARD,)), "headline": {"metric": "cost"}},
        {"result": Result(metrics=(ACCURACY,), artifacts=MODEL), "recorded": {"artifacts/model.skops": "x"}},
        {
            "result": Result(metrics=(ACCURACY,), artifacts=MODEL),
            "recorded": {"artifacts/model.skops": "x", "artifacts/model.json": '{"classes": NaN'},
        },
    ],
    ids=["no data set", "no code", "no headline", "no table", "no known metric", "no description", "a broken one"],
)
def test_nothing_is_offered_where_there_is_too_little_to_say(bench: Any, change: dict[str, Any]) -> None:
    extra = (BASELINE,) if "headline" in change and change["headline"] is None else ()
    add(bench, ACCURACY, *extra, **change)

    assert not is_offered(bench)


def test_a_file_of_the_authors_own_keeps_its_name(bench: Any) -> None:
    used = [{**DATA[0], "path": "model-index.yaml", "publish": True}]
    add(bench, data=used, files={"model-index.yaml": "mine: true\n"})

    rendered = bench.render()

    assert PATH not in {page.path.as_posix() for page in rendered.pages}
    assert PATH in {asset.path.as_posix() for page in rendered.pages for asset in page.assets}


HOSTILE = [
    "a: b # c",
    "- x\n  y: 1",
    "'\"`{}[]&*!|>%@",
    "---\nmodel-index: []",
    "no",
    "1e3",
    "\u2028next: 1",
    "<script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_becomes_anything_but_text(bench: Any, find: Any, text: str) -> None:
    metric = Metric(name="accuracy", value=0.5, unit=text, method=text)
    name = " ".join(text.split())
    add(bench, metric, data=[{"name": name}], tags=[name[:40]])

    found = offered(bench, find)

    result = found["model-index"][0]["results"][0]
    shown = " ".join(text.replace("\u2028", "").split())
    assert result["metrics"][0]["name"] == f"Accuracy ({shown}); {shown}"
    assert result["dataset"]["name"] == " ".join(name.split())
    assert list(found) == ["pipeline_tag", "tags", "model-index"]


def test_a_page_that_is_kept_keeps_its_file(bench: Any, find: Any) -> None:
    add(bench)
    first = find(bench.render(), PATH).text

    assert find(bench.render(), PATH).text == first
