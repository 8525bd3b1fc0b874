from pathlib import Path

import pytest

from portfolio.rendering.escape import safe_address
from portfolio.rendering.files import beneath, json_object, published_name
from portfolio.rendering.words import first_sentence, humanised, minutes, paragraphs
from portfolio.statements import statement_lines


def test_statements_are_counted_by_position() -> None:
    source = "# note\nimport a; import b\n\nif a:\n    b = 1\nelse:\n    b = 2\n"

    assert statement_lines(source) == [2, 2, 4, 5, 7]
    assert statement_lines("def (") == []


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("resume/cv.pdf", "resume/cv.pdf"),
        ("java\nscript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("\\\\example.org", None),
        ("/root", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_a_link_leads_to_the_web_the_mail_or_this_site(address: str, safe: str | None) -> None:
    assert safe_address(address) == safe


def test_nothing_outside_a_folder_and_no_link_is_offered(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.txt").write_text("x")
    (tmp_path / "outside.txt").write_text("x")
    (folder / "link").symlink_to(tmp_path)
    (folder / "file-link.txt").symlink_to(tmp_path / "outside.txt")

    assert beneath(folder, "sub/a.txt") == folder / "sub" / "a.txt"
    refused = ("../outside.txt", "link/outside.txt", "file-link.txt", "sub", "", "/etc/passwd", "sub\\a.txt", "gone")
    assert [beneath(folder, name) for name in refused] == [None] * len(refused)


def test_a_description_that_says_nothing_is_empty_and_one_that_cannot_be_read_is_not(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    odd = (b"", b"[1]", b"{", b'{"a": NaN}', b"[" * 100_000, b"\xff", bytes((32 << 20) + 1))

    assert [json_object(file) for content in odd if file.write_bytes(content) >= 0] == [{}] * len(odd)
    file.write_bytes(b'{"classes": ["a"]}')
    assert json_object(file) == {"classes": ["a"]}
    file.unlink()
    with pytest.raises(OSError, match=r"model\.json"):
        json_object(file)


def test_a_name_is_published_as_something_that_does_not_run() -> None:
    names = ["a.csv", "a.HTML", "README.md", ".secret", "sub/.secret", "a\nb.txt"]

    assert [published_name(name) for name in names] == ["a.csv", "a.HTML.txt", "README.md.txt", None, None, None]


def test_names_become_words() -> None:
    assert [humanised(name) for name in ("refer_everyone", "roc_auc", "r2")] == ["refer everyone", "ROC AUC", "R²"]


def test_texts_are_cut_where_they_may_be() -> None:
    long = "The head of screening sets the threshold for all. Today it is one half."

    assert first_sentence(long) == "The head of screening sets the threshold for all."
    assert first_sentence("E.g. this. And that.") == "E.g. this. And that."
    assert paragraphs("a\nb\n\n \nc") == ("a\nb", "c")
    assert [minutes(count) for count in (0, 220, 1000)] == [1, 1, 5]
