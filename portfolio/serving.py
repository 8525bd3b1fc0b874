"""Serve the site while its author works: watch, rebuild what changed, reload the browser."""

import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from portfolio.workspace.inputs import TOOL_OWNED
from portfolio.workspace.root import Workspace

EVENTS = "/~portfolio/reload"
SCRIPT = "/~portfolio/reload.js"
_ELEMENT = f'<script src="{SCRIPT}"></script>'.encode()
_RELOADS = f'new EventSource("{EVENTS}").onmessage = () => location.reload()\n'.encode()
_SETTLE = 0.05
"""Seconds without a further change before a rebuild: editors write a file in several steps."""
_HEARTBEAT = 15.0


class Reloads:
    """The browsers that wait to be told."""

    def __init__(self) -> None:
        self._waiting: set[queue.SimpleQueue[str]] = set()

    def join(self) -> "queue.SimpleQueue[str]":
        """Return a queue that gets a word at every reload."""
        mailbox: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._waiting.add(mailbox)
        return mailbox

    def leave(self, mailbox: "queue.SimpleQueue[str]") -> None:
        """Forget a browser that went away."""
        self._waiting.discard(mailbox)

    def tell(self) -> None:
        """Let every browser reload."""
        for mailbox in list(self._waiting):
            mailbox.put("reload")


class Handler(SimpleHTTPRequestHandler):
    """Serves the live site, each request from what is there at that moment; pages get the reload script."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, reloads: Reloads, hosts: frozenset[str], **keywords: Any) -> None:
        self._reloads = reloads
        self._hosts = hosts
        super().__init__(*args, **keywords)

    def do_GET(self) -> None:
        """Answer one request; a foreign `Host` is refused, or any web page could read drafts by rebinding its name."""
        if self.headers.get("Host", "").rpartition(":")[0] not in self._hosts:
            self.send_error(403, "unknown host")
        elif self.path == EVENTS:
            self._send_events()
        elif self.path == SCRIPT:
            self._send(200, "text/javascript; charset=utf-8", _RELOADS)
        else:
            self._send_page()

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the terminal is for builds."""

    def _send_page(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path = path / "index.html"
        missing = not path.is_file() and not path.is_dir()
        page = Path(str(self.directory)) / "404.html" if missing else path
        if page.suffix != ".html" or not page.is_file():
            super().do_GET()
            return
        content = page.read_bytes().replace(b"</body>", _ELEMENT + b"</body>")
        self._send(404 if missing else 200, "text/html; charset=utf-8", content)

    def _send(self, code: int, kind: str, content: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        mailbox = self._reloads.join()
        try:
            while True:
                try:
                    word = f"data: {mailbox.get(timeout=_HEARTBEAT)}\n\n"
                except queue.Empty:
                    word = ": still here\n\n"
                self.wfile.write(word.encode())
                self.wfile.flush()
        except OSError:
            self.close_connection = True
        finally:
            self._reloads.leave(mailbox)


class Watcher(FileSystemEventHandler):
    """Notices what an author changes; what the tool writes itself is not a change."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._changed = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Remember that something changed."""
        if event.event_type in ("opened", "closed_no_write"):
            return
        paths = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        if any(self._is_authors(path) for path in paths):
            self._changed.set()

    def wait(self) -> None:
        """Return when something changed and then nothing for a moment; Ctrl-C gets through."""
        while not self._changed.wait(0.5):
            pass
        while self._changed.is_set():
            self._changed.clear()
            time.sleep(_SETTLE)

    def start(self) -> Any:
        """Watch projects, templates and the files at the root; return the observer to stop."""
        observer = Observer()
        for folder in (self._workspace.projects, self._workspace.templates):
            if folder.is_dir():
                observer.schedule(self, str(folder), recursive=True)
        observer.schedule(self, str(self._workspace.root), recursive=False)
        observer.start()
        return observer

    def _is_authors(self, path: Path) -> bool:
        try:
            parts = path.relative_to(self._workspace.root).parts
        except ValueError:
            return False
        if not parts or any(part.startswith(".") or part.endswith(("~", ".tmp")) for part in parts):
            return False
        if "__pycache__" in parts or parts[0] == "build":
            return False
        own = parts[2] if parts[0] == "projects" and len(parts) > 2 else ""  # noqa: PLR2004 - projects/slug/name
        return own not in ("results.json", "recorded", TOOL_OWNED[-1])


def make_server(workspace: Workspace, host: str, port: int, reloads: Reloads) -> ThreadingHTTPServer:
    """Return a server of the live site, bound but not yet answering.

    Raises:
        OSError: the port is taken.
    """
    hosts = frozenset({host, "localhost", "127.0.0.1", "[::1]"})
    handler = partial(Handler, directory=str(workspace.site), reloads=reloads, hosts=hosts)
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    return server


def serve(workspace: Workspace, server: ThreadingHTTPServer, reloads: Reloads, rebuild: Callable[[], bool]) -> None:
    """Answer requests and rebuild after every change, until interrupted.

    Args:
        workspace: what to watch.
        server: from `make_server`.
        reloads: the browsers to tell.
        rebuild: builds, reports, and returns whether the site changed.
    """
    watcher = Watcher(workspace)
    observer = watcher.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        while True:
            watcher.wait()
            if rebuild():
                reloads.tell()
    finally:
        observer.stop()
        server.shutdown()
        server.server_close()
        observer.join()
