"""`check` follows every link of the built site; other hosts are asked only on demand, and not every day."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from stage import Stage

from portfolio.publishing.links import broken_inside, read_links
from portfolio.publishing.outside import REMEMBERED, ask

PAGES = {
    "index.html": """<a href="a/">a</a> <a href="a/#here">ok</a> <a href="a/#gone">x</a> <a href="#top">x</a>
        <a href="/mine/a/">ok</a> <a href="/elsewhere/">x</a> <a href="../out/">x</a> <a href="b.html?x=1#b">ok</a>
        <img src="a/p.png" alt=""> <img src="a/q.png" alt=""> <img srcset="a/p.png 1x, a/r.png 2x" alt="">
        <a download href="a/rows.csv">ok</a> <a download href="a/none.csv">x</a> <a href="mailto:a@example.org">m</a>
        <a href="https://example.org/x">out</a> <a href="">ok</a> <a href="LICENSE">ok</a> <a href="a/#:~:text=x">ok</a>
        <script>"<a href='not-a-link'>"</script>""",
    "a/index.html": '<h2 id="here">H</h2><a href="../">up</a><a href="..">up</a><a href="../index.html#t&amp;u">x</a>',
    "b.html": '<a name="b"></a><a href="a">ok</a>',
    "a/p.png": "x",
    "a/rows.csv": "x",
    "LICENSE": "x",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site whose broken links are known."""
    for name, text in PAGES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "site"


def test_every_broken_link_is_found_and_no_other(site: Path) -> None:
    found = [
        (broken.link.page, broken.link.kind, broken.link.address)
        for broken in broken_inside(read_links(site), "/mine/")
    ]

    assert sorted(found) == sorted(
        [
            ("index.html", "link", "a/#gone"),
            ("index.html", "link", "#top"),
            ("index.html", "link", "/elsewhere/"),
            ("index.html", "link", "../out/"),
            ("index.html", "image", "a/q.png"),
            ("index.html", "image", "a/r.png"),
            ("index.html", "file", "a/none.csv"),
            ("a/index.html", "link", "../index.html#t&u"),
        ]
    )


def test_a_page_taken_away_after_the_build_is_a_broken_link(built: Stage) -> None:
    fine = built.portfolio("check")
    (built.site / "projects" / "minimal" / "index.html").unlink()

    broken = built.portfolio("check")

    assert (fine.code, broken.code) == (0, 1)
    assert "leads to nothing" in broken.err
    assert "build/site/index.html" in broken.err


def test_a_site_is_checked_for_the_address_it_was_built_for(built: Stage) -> None:
    built.portfolio("build", "--site-url", "https://ada.example.org/below/")

    ran = built.portfolio("check")

    assert ran.code == 0, ran.err


class _Answers(BaseHTTPRequestHandler):
    """Answers by path, and counts."""

    asked: list[str]

    def do_HEAD(self) -> None:
        """Answer as the path says; one path knows only GET."""
        self._answer(405 if self.path == "/get-only" else int(self.path.strip("/") or 200))

    def do_GET(self) -> None:
        """Answer as the path says."""
        self._answer(200 if self.path == "/get-only" else int(self.path.strip("/") or 200))

    def _answer(self, code: int) -> None:
        type(self).asked.append(f"{self.command} {self.path}")
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    """Serve answers on loopback; yield the address."""
    _Answers.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_good_answers_are_remembered_for_a_week_and_bad_ones_are_not(host: str, tmp_path: Path) -> None:
    addresses, cache = (
        [f"{host}/200", f"{host}/200#part", f"{host}/404", f"{host}/503", f"{host}/get-only"],
        tmp_path / "c",
    )

    first = ask(addresses, cache, now=1000.0)
    asked = len(_Answers.asked)
    ask(addresses, cache, now=1000.0 + REMEMBERED - 1)
    again = sorted(_Answers.asked[asked:])

    assert [(answer.alive, answer.gone) for answer in first.values()] == [
        (True, False),
        (True, False),
        (False, True),
        (False, False),
        (True, False),
    ]
    assert _Answers.asked.count("HEAD /200") == 1
    assert again == ["GET /404", "GET /503", "HEAD /404", "HEAD /503"]


def test_old_answers_are_asked_for_again(host: str, tmp_path: Path) -> None:
    ask([f"{host}/200"], tmp_path / "c", now=1000.0)

    ask([f"{host}/200"], tmp_path / "c", now=1000.0 + REMEMBERED)

    assert _Answers.asked == ["HEAD /200", "HEAD /200"]


def test_other_hosts_are_asked_on_demand_only(host: str, built: Stage) -> None:
    page = built.site / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + f'<a href="{host}/404">x</a>', encoding="utf-8")

    usual, external = built.portfolio("check"), built.portfolio("check", "--external", "--publishing")

    assert usual.code == 0
    assert external.code == 0, "another host's loss does not keep a site from being published"
    assert f"link '{host}/404' answered 404" in external.err
    assert _Answers.asked == ["HEAD /404", "GET /404"]


def test_a_host_that_cannot_be_reached_is_a_warning(tmp_path: Path) -> None:
    (answer,) = ask(["http://127.0.0.1:9/"], tmp_path / "c").values()

    assert (answer.alive, answer.gone) == (False, False)
    assert answer.said.startswith("cannot be reached")
