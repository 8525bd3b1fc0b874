"""A real browser on a real site: served on loopback, watched for errors and for requests that leave the host."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


IS_MISSING = CHROMIUM is None and not os.environ.get("CI")
"""In continuous integration browser tests fail instead."""
needs_chromium = pytest.mark.skipif(IS_MISSING, reason="no chromium here; continuous integration installs one")


@dataclass(frozen=True, slots=True)
class Visit:
    """A page in the browser, and what went wrong on it."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the site and wait until it is loaded."""
        self.page.goto(self.base + path)
        return self.page


class _Quiet(SimpleHTTPRequestHandler):
    """A static server that says nothing and answers an unknown path with the site's own page."""

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def send_error(self, code: int, *args: Any) -> None:
        """Answer as GitHub Pages does."""
        if code != 404:
            super().send_error(code, *args)
            return
        content = Path(str(self.directory), "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the folder `site`; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, base: str, *, width: int = 1280, scheme: Any = "light") -> Iterator[Visit]:
    """Open a fresh window on the site at `base`, collecting console errors, page errors and foreign requests."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    visited = Visit(context.new_page(), base)
    complaints = visited.complaints
    page = visited.page

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda said: complaints.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    page.on("dialog", refuse)
    page.on("request", lambda asked: None if _is_own(asked.url, base) else complaints.append(f"request: {asked.url}"))
    try:
        yield visited
    finally:
        context.close()


def _is_own(url: str, base: str) -> bool:
    return url.startswith((base, "data:", "blob:", "about:"))
