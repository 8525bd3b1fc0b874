"""`serve` shows the site while its author works: a change is rebuilt, the browser told, strangers refused."""

import http.client
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from stage import SECONDS, Stage

from portfolio.serving import EVENTS


@dataclass(frozen=True, slots=True)
class Served:
    """A workspace, the process that serves it, and where."""

    stage: Stage
    process: subprocess.Popen[str]
    port: int

    def get(self, path: str, host: str = "") -> tuple[int, str]:
        """Return status and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{self.port}"})
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found


@pytest.fixture(scope="module")
def served(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a workspace on a free port, for the tests of this file that leave it running."""
    root = tmp_path_factory.mktemp("serving") / "workspace"
    shutil.copytree(built_once, root)
    served = _serve(Stage(root))
    yield served
    served.process.send_signal(signal.SIGINT)
    served.process.communicate(timeout=SECONDS)


def test_the_site_is_served_with_its_drafts(served: Served) -> None:
    home, page = served.get("/"), served.get("/projects/succeeds/")

    assert (home[0], page[0]) == (200, 200)
    assert "A draft of its own kind" in home[1]


def test_a_page_that_is_not_there_is_told_by_the_sites_own(served: Served) -> None:
    status, body = served.get("/nowhere/")

    assert status == 404
    assert "There is nothing at this address" in body


def test_a_foreign_host_is_refused(served: Served) -> None:
    answers = [served.get("/", host)[0] for host in ("elsewhere.example", "elsewhere.example:80", "127.0.0.1.nip.io:1")]

    assert answers == [403, 403, 403]


def test_nothing_outside_of_the_site_is_served(served: Served) -> None:
    answers = [served.get(path)[0] for path in ("/../mkdocs.yml", "/%2e%2e/mkdocs.yml", "/..%2fmkdocs.yml")]

    assert answers == [404, 404, 404]


def test_an_edit_is_shown_and_the_browser_told(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=SECONDS)
    connection.request("GET", EVENTS, headers={"Host": f"127.0.0.1:{served.port}"})
    events = connection.getresponse()

    served.stage.write("projects/succeeds/writeup.md", "## A sentence that was not there\n")
    told = next(line for line in iter(events.readline, b"") if line.startswith(b"data:"))
    connection.close()

    assert told == b"data: reload\n"
    assert "A sentence that was not there" in served.get("/projects/succeeds/")[1]


def test_an_error_of_the_author_keeps_the_last_good_site_and_the_next_edit_mends_it(served: Served) -> None:
    good = (served.stage.projects / "minimal" / "spec.toml").read_text(encoding="utf-8")
    served.stage.write("projects/minimal/spec.toml", good + "tittle = 'x'\n")
    while_broken = served.get("/projects/minimal/")[0]

    served.stage.write("projects/minimal/spec.toml", good.replace("Minimal", "Mended"))
    _wait_until(lambda: "Mended" in served.get("/projects/minimal/")[1])

    assert while_broken == 200


def test_ctrl_c_ends_it(built: Stage) -> None:
    served = _serve(built)

    served.process.send_signal(signal.SIGINT)
    _, said = served.process.communicate(timeout=SECONDS)

    assert served.process.returncode == 130
    assert "Traceback" not in said
    assert built.survivors() == []


def test_a_taken_port_is_told_with_what_to_type(served: Served) -> None:
    ran = served.stage.portfolio("serve", "--port", str(served.port))

    assert ran.code == 2
    assert "portfolio serve --port 0" in ran.err


def _serve(stage: Stage) -> Served:
    process = stage.start("serve", "--port", "0")
    assert process.stderr is not None
    lines = (re.search(r"serving http://127\.0\.0\.1:(\d+)/", line) for line in process.stderr)
    port = next(int(found[1]) for found in lines if found)
    return Served(stage, process, port)


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
