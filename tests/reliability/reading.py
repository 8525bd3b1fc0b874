"""Readers of the live site while one site after the other takes its place."""

import http.client
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from stage import Stage

from portfolio import folders
from portfolio.publishing.publish import go_live
from portfolio.serving import Reloads, make_server
from portfolio.workspace.root import Workspace

_MARK = b"<!-- published as number %06d -->"


@dataclass(slots=True)
class Reader:
    """Reads one file after the other until told to end, and remembers what failed."""

    read: Callable[[str], bytes]
    names: Sequence[str]
    reads: int = 0
    failed: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read."""
        while not self.ended.is_set():
            for name in self.names:
                try:
                    if not self.read(name):
                        self.failed.append(f"{name}: empty")
                except (OSError, http.client.HTTPException) as error:
                    self.failed.append(f"{name}: {error!r}")
                self.reads += 1


def publish_often(stage: Stage, times: int) -> tuple[Reader, ...]:
    """Publish `times` sites in place of one another, as a build does, while files are read by path and by HTTP."""
    workspace = Workspace(stage.root)
    pages = [path.relative_to(stage.site).as_posix() for path in sorted(stage.site.rglob("*.html"))]
    others = [path.relative_to(stage.site).as_posix() for path in sorted(stage.site.rglob("*.*s"))]
    names = (*pages, *others[:10])
    with _served(workspace) as fetch:
        readers = (Reader(lambda name: (stage.site / name).read_bytes(), names), Reader(fetch, names))
        threads = [threading.Thread(target=reader.run) for reader in readers]
        for thread in threads:
            thread.start()
        try:
            for number in range(times):
                _publish(workspace, number, pages)
        finally:
            for reader in readers:
                reader.ended.set()
            for thread in threads:
                thread.join()
    return readers


def _publish(workspace: Workspace, number: int, pages: Sequence[str]) -> None:
    staged = folders.temporary(workspace.build, folders.STAGED)
    shutil.copytree(workspace.site, staged, dirs_exist_ok=True)
    for name in pages:
        content = (staged / name).read_bytes().split(b"<!-- published")[0]
        (staged / name).write_bytes(content + _MARK % number)
    go_live(workspace, staged, str(number))
    folders.delete(staged)


@contextmanager
def _served(workspace: Workspace) -> Iterator[Callable[[str], bytes]]:
    """Serve the site as `portfolio serve` does; give what fetches a file."""
    server = make_server(workspace, "127.0.0.1", 0, Reloads())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def fetch(name: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
        try:
            connection.request("GET", f"/{name}")
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200 and name != "404.html":
                raise http.client.HTTPException(f"status {answer.status}")
            return content
        finally:
            connection.close()

    try:
        yield fetch
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
