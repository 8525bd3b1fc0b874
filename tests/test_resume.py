"""The CV of `resume.json`: what is shown is read, what is private is not, what is wrong is said."""

import json
from pathlib import Path

import pytest

from portfolio.rendering.cv import cv_view
from portfolio.workspace.resume import read_resume
from portfolio.workspace.root import Workspace


def test_a_cv_is_read_and_periods_are_put_in_words(tmp_path: Path) -> None:
    basics = {"name": "Ada", "email": "a@b.org", "phone": "+1 555", "location": {"address": "Street 1", "city": "C"}}
    work = [{"name": "Firm", "position": "Analyst", "startDate": "2020-09", "endDate": "2023-03-31"}]
    study = [{"institution": "U", "studyType": "MSc", "area": "Statistics", "startDate": "2019"}]
    document = {"basics": basics, "work": work, "education": study, "meta": {"anything": 1}}
    (tmp_path / "resume.json").write_text(json.dumps(document))

    resume, problems = read_resume(Workspace(tmp_path))

    assert problems == []
    assert resume is not None
    view = cv_view(resume, "Somebody", "Data scientist")
    assert (view.name, view.label, view.place) == ("Ada", "Data scientist", "C")
    found = [(title, [(item.title, item.place, item.period) for item in items]) for title, items in view.parts]
    assert found == [
        ("Work", [("Analyst", "Firm", "September 2020 \u2013 March 2023")]),
        ("Education", [("MSc, Statistics", "U", "since 2019")]),
    ]
    assert not any(private in repr(resume) for private in ("555", "Street"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "resume.json:1: is not JSON"),
        ("[]", "resume.json: is not an object"),
        ('{"work": [{"position": 3}]}', "resume.json:work[0].position: is not a text"),
        ('{"work": [{"startDate": "May"}]}', "resume.json:work[0].startDate: 'May' is not a day, a month or a year"),
        ('{"skills": {"name": "x"}}', "resume.json:skills: is not a list of objects"),
        ('{"skills": [{"keywords": "x"}]}', "resume.json:skills[0].keywords: is not a list of texts"),
    ],
)
def test_what_is_wrong_with_a_cv_is_said_where_it_stands(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "resume.json").write_text(text)

    _, problems = read_resume(Workspace(tmp_path))

    assert [str(problem).startswith(said) for problem in problems] == [True]
    assert "hint: " in str(problems[0])


def test_no_address_of_a_cv_can_act(tmp_path: Path) -> None:
    basics = {"url": "javascript:alert(1)", "profiles": [{"network": "N", "url": "data:text/html,x"}]}
    (tmp_path / "resume.json").write_text(json.dumps({"basics": basics}))

    resume, _ = read_resume(Workspace(tmp_path))

    assert resume is not None
    assert [link.address for link in cv_view(resume, "", "").links] == [None, None]
