"""Secrets are found wherever they stand, by shape or as values of our own variables, and innocent strings pass."""

import base64
import gzip
import html
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer
from secret_samples import innocents, secrets

from portfolio.gate.gate import Gate
from portfolio.gate.own import own_secrets

PLANTED = secrets()
OWN = "Tr0ub4dor&3/horse+x=é"
GATE = Gate.of({})


def zipped(content: bytes) -> bytes:
    """Return a ZIP archive with one file."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/file.txt", content)
    return into.getvalue()


WRAPPED: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "among other words": lambda secret: f"x = [1, 2]\n\nconnect({secret}) # soon\n".encode(),
    "in JSON": lambda secret: json.dumps({"text": f"first\n{secret}\nlast"}).encode(),
    "in a page": lambda secret: f"<p>{html.escape(secret)}</p>".encode(),
    "in highlighted code": lambda secret: highlight(f"'''{secret}'''", PythonLexer(), HtmlFormatter()).encode(),
    "in an attribute": lambda secret: f'<a title="{html.escape(secret)}">x</a>'.encode(),
    "in an SVG": lambda secret: f"<svg><desc>{html.escape(secret)}</desc></svg>".encode(),
    "in gzip": lambda secret: gzip.compress(secret.encode()),
    "in a ZIP": lambda secret: zipped(secret.encode()),
    "in a ZIP in gzip": lambda secret: gzip.compress(zipped(secret.encode())),
    "in UTF-16": lambda secret: secret.encode("utf-16"),
    "across a mebibyte": lambda secret: b" \n" * ((1 << 19) - 8) + secret.encode() + b"\n",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_secret_is_known_by_its_shape(kind: str) -> None:
    assert GATE.text(PLANTED[kind])


@pytest.mark.parametrize("place", WRAPPED)
def test_a_secret_is_found_in_any_file(place: str, tmp_path: Path) -> None:
    path = tmp_path / "file"

    missed = []
    for kind, secret in PLANTED.items():
        path.write_bytes(WRAPPED[place](secret))
        missed += [] if GATE.file(path) else [kind]

    assert missed == []


def test_innocent_strings_pass() -> None:
    found = [text for text in innocents() if GATE.text(text)]

    assert len(innocents()) == 200
    assert len(found) <= 2, found


def test_innocent_strings_pass_in_a_page() -> None:
    page = "\n".join(f"<td>{html.escape(text)}</td>" for text in innocents())

    assert len(GATE.text(page)) <= 2


@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda value: quote(value, safe=""),
        lambda value: f"<p>{html.escape(value)}</p>",
        lambda value: json.dumps({"url": value}),
        lambda value: base64.b64encode(value.encode()).decode(),
        lambda value: base64.b64encode(b"a" + value.encode() + b"bc").decode(),
        lambda value: base64.b64encode(b"ab" + value.encode() + b"c").decode(),
        lambda value: base64.urlsafe_b64encode(b"user:" + value.encode()).decode(),
    ],
    ids=["plain", "URL", "HTML", "JSON", "Base64", "Base64 shifted", "Base64 shifted twice", "Base64 for URLs"],
)
def test_a_value_of_our_own_is_found_in_the_forms_in_which_it_leaks(form: Callable[[str], str]) -> None:
    (found,) = {found.kind for found in Gate.of({"DB_PASSWORD": OWN}).text(f"one\ntwo {form(OWN)} three")}

    assert found == "the value of DB_PASSWORD"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_TOKEN", "abcdef1234567890"),
        ("DB_PASSWORD", "hunter2-hunter2"),
        ("OPENAI_API_KEY", "0123456789abcdef"),
        ("DATABASE_URL", "postgresql://ada:correct7horse@db:5432/wine"),
        ("SENTRY_DSN", "https://0a1b2c3d4e5f@o1.ingest.example.org/2"),
        ("UNTOLD", "q9Zk2LmX7vBn4RtY8wPs"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI+K7MDENGbPxRfiCYzzzz"),
    ],
)
def test_a_variable_is_secret_by_its_name_or_its_value(name: str, value: str) -> None:
    assert [own.name for own in own_secrets({name: value})] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATH", "/usr/local/bin:/usr/bin"),
        ("PWD", "/home/ada/my-portfolio-2026"),
        ("GITHUB_SHA", "4fd0a1c6b1e93be7b9c8f0be6ae0a6f2f41d1f5e"),
        ("GITHUB_REPOSITORY", "ada/portfolio"),
        ("PORTFOLIO_SITE_URL", "https://ada.github.io/portfolio/"),
        ("SSH_AUTH_SOCK", "/tmp/ssh-XXXX/agent.1234"),  # noqa: S108 - the value of a variable
        ("TOKENIZERS_PARALLELISM", "false"),
        ("SECRET_MODE", "production"),
        ("LS_COLORS", "rs=0:di=01;34:ln=01;36:mh=00:pi=40;33"),
        ("TERM_SESSION_ID", "w0t0p0:7F2A4C1E-9C55-4C1B-8A55-0F4D5C6B7A89"),
        ("SOURCE_DATE_EPOCH", "1767225600"),
        ("KEYBOARD", "de-latin1-nodeadkeys"),
    ],
)
def test_what_a_page_may_show_is_no_secret_of_ours(name: str, value: str) -> None:
    assert own_secrets({name: value}) == ()


def test_what_is_found_is_told_by_line_and_kind_and_never_shown() -> None:
    secret = PLANTED["GitHub, classic"]

    (found,) = GATE.text(f"one\ntwo\n{secret}\n")

    assert (found.line, found.kind) == (3, "GitHub token")


def test_a_secret_is_blotted_out_of_a_text() -> None:
    secret, own = PLANTED["Hugging Face"], Gate.of({"MY_SECRET": OWN})

    blotted = own.blotted(f"é: no access to {secret} with {OWN}!")

    assert blotted == "é: no access to [Hugging Face token] with [the value of MY_SECRET]!"


@pytest.mark.parametrize(
    "text",
    [
        "password" * 20_000,
        "key" * 50_000,
        "://" * 50_000,
        "://" + "a" * 100_000,
        "-----BEGIN PRIVATE KEY-----" * 4_000,
        "eyJ" * 50_000,
        "wandb key " * 10_000,
        "<" * 200_000 + "</",
        "password='" * 15_000,
        ":AA" * 40_000,
        "sk-" * 40_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_long_to_search(text: str) -> None:
    began = time.monotonic()

    GATE.text(text)

    assert time.monotonic() - began < 5


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    assert GATE.file(tmp_path / "fifo") == ()
    with pytest.raises(OSError, match="symbolic"):
        GATE.file(_link(tmp_path))


def _link(folder: Path) -> Path:
    (folder / "target").write_text(PLANTED["npm"], encoding="utf-8")
    link = folder / "link"
    link.symlink_to("target")
    return link


def test_of_a_bomb_no_more_than_the_limit_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(70):
            stream.write(bytes(1 << 20))

    assert GATE.file(path) == ()
