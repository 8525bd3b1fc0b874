"""A local server that answers as GitHub Pages does: texts compressed, files kept for ten minutes."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_TEXTS = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")


class _Compressing(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file, the index of a folder, or the page for unknown addresses."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        code = 200 if path.is_file() else 404
        path = path if path.is_file() else Path(str(self.directory), "404.html")
        kind = self.guess_type(str(path))
        packed = kind.startswith(_TEXTS) and "gzip" in self.headers.get("Accept-Encoding", "")
        content = _packed(path) if packed else path.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Vary", "Accept-Encoding")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


@contextmanager
def served_compressed(site: Path) -> Iterator[str]:
    """Serve the folder `site`; yield its address."""
    _packed.cache_clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressing, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
