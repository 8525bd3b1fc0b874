"""Say how a script failed: the kind, one line, and the traceback without our own frames."""

import errno
import os
import traceback
from pathlib import Path
from typing import Any

_DOWNLOADS = {
    "urllib.error": ("URLError", "HTTPError", "ContentTooShortError"),
    "requests.exceptions": ("ConnectionError", "Timeout", "HTTPError", "ProxyError", "SSLError", "ConnectTimeout"),
    "urllib3.exceptions": ("MaxRetryError", "NewConnectionError", "ProtocolError", "ReadTimeoutError"),
    "httpx": ("ConnectError", "ConnectTimeout", "ReadTimeout", "HTTPStatusError"),
    "http.client": ("RemoteDisconnected", "IncompleteRead"),
    "socket": ("gaierror", "timeout"),
    "ssl": ("SSLError", "SSLCertVerificationError"),
    "aiohttp.client_exceptions": ("ClientConnectorError", "ClientResponseError"),
    "huggingface_hub.errors": ("LocalEntryNotFoundError", "HfHubHTTPError", "OfflineModeIsEnabled"),
    "builtins": ("ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "ConnectionAbortedError"),
}

_ELSEWHERE = ": a run writes in its own folder, with tempfile, and in the caches of libraries, nowhere else"


def describe(error: BaseException, script: Path | None) -> dict[str, Any]:
    """Return kind, message, detail and line of the script for whatever ended it."""
    return {
        "kind": _kind(error),
        "message": _message(error),
        "detail": _detail(error, script),
        "line": _line(error, script),
    }


def _kind(error: BaseException) -> str:
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return "out_of_memory"
    if getattr(error, "errno", None) == errno.EFBIG:
        return "output_limit"
    return "download" if any(_is_download(cause) for cause in _chain(error)) else "raised"


def _is_download(error: BaseException) -> bool:
    return any(kind.__name__ in _DOWNLOADS.get(kind.__module__, ()) for kind in type(error).__mro__)


def _chain(error: BaseException | None) -> list[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"the script ended with exit code {error.code}" if isinstance(error.code, int) else str(error.code)
    asked = isinstance(error, EOFError) and "reading a line" in str(error)
    if asked or type(error).__name__ == "StdinNotImplementedError":  # what a notebook's kernel raises
        return "the script asked for input, and a build has no keyboard: read it from params or a file"
    if isinstance(error, MemoryError):
        return "the script ran out of memory: raise it by [run] memory in spec.toml"
    text = str(error).strip().splitlines()
    return (f"{type(error).__name__}: {text[0]}" if text else type(error).__name__) + _advice(error)


def _advice(error: BaseException) -> str:
    """Return what to do about an error that a guard of ours caused."""
    if not isinstance(error, OSError):
        return ""
    if error.errno == errno.EFBIG:
        return ": write smaller files, or raise output_limit in [tool.portfolio]"
    return _ELSEWHERE if error.errno == errno.EACCES and _could_write(error.filename) else ""


def _could_write(name: object) -> bool:
    """Whether the rights of a place allow to write there, so that it was the write guard that did not."""
    if not isinstance(name, str):
        return False
    return os.access(name if os.path.lexists(name) else os.path.dirname(name) or ".", os.W_OK)  # noqa: PTH120


def _detail(error: BaseException, script: Path | None) -> str:
    if isinstance(error, SystemExit):
        return ""
    described = traceback.TracebackException.from_exception(error, compact=True)
    seen: traceback.TracebackException | None = described
    while seen is not None:
        _drop_our_frames(seen, script)
        seen = seen.__cause__ or seen.__context__
    return "".join(described.format())


def _drop_our_frames(described: traceback.TracebackException, script: Path | None) -> None:
    ours = str(Path(__file__).parent.parent)
    own = [frame for frame in described.stack if not frame.filename.startswith(ours)]
    first = next((place for place, frame in enumerate(own) if script and frame.filename == str(script)), 0)
    described.stack = traceback.StackSummary.from_list(own[first:])


def _line(error: BaseException, script: Path | None) -> int | None:
    if script is None:
        return None
    if isinstance(error, SyntaxError) and error.filename == str(script):
        return error.lineno
    frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(script)]
    return frames[-1] if frames else None
