"""The one way to write: a temporary file, fsync, rename; and the one way to replace a folder."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EPERM)
"""What a kernel, a file system or a sandbox answers that has no exchange; everything else went wrong."""
_ASIDE = ".aside"
ASIDE = f".*{_ASIDE}"
"""Names of folders set aside where there is no exchange."""
_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)
_SUFFIX = ".tmp"
TEMPORARY = ".*.tmp"
"""Names of files that were being written when a build was killed."""


def write_bytes(path: Path, content: bytes) -> bool:
    """Replace `path` by `content` atomically; return whether anything had to change."""
    with suppress(OSError):
        if not path.is_symlink() and path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    import tempfile  # noqa: PLC0415 - 10 ms, and only where something is written

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):  # where that is refused too, the next build deletes it
            temporary.unlink(missing_ok=True)
        raise
    return True


def write_text(path: Path, content: str) -> bool:
    """Replace `path` by `content` in UTF-8 atomically; return whether anything had to change."""
    return write_bytes(path, content.encode("utf-8"))


def read_regular(path: Path, most: int) -> bytes:
    """Return the content of a regular file that is no link.

    Raises:
        OSError: it is anything else, as what waits for a writer or never ends, or holds more than `most` bytes.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise OSError(errno.EINVAL, "not a regular file of bearable size", os.fspath(path))
        return stream.read(most + 1)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal."""
    summed = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            summed.update(block)
    return summed.hexdigest()


def text_digest(text: str) -> str:
    """Return the SHA-256 that a file of this text in UTF-8 has."""
    return sha256(text.encode("utf-8")).hexdigest()


def exchange(staged: Path, live: Path) -> None:
    """Put the folder `staged` in the place of `live` in one step; the old one, if any, ends up at `staged`.

    `os.replace` cannot swap folders that are not empty, and two renames leave a moment without a site. Where the kernel
    has no exchange, the old folder is set aside first (`recover_exchange` puts it back after a crash in between).
    """
    if not os.path.lexists(live):
        staged.rename(live)
        return
    if _exchange_by_kernel(staged, live):
        return
    aside = _aside(live)
    live.rename(aside)
    try:
        staged.rename(live)
    except OSError:
        aside.rename(live)
        raise
    aside.rename(staged)


def recover_exchange(live: Path) -> Path | None:
    """Put back a folder that a crash left set aside; return it where it only has to be deleted any more."""
    aside = _aside(live)
    if not os.path.lexists(aside):
        return None
    if os.path.lexists(live):
        return aside
    aside.rename(live)
    return None


def live_of(aside: Path) -> Path:
    """Return the place of the folder that was set aside as `aside`."""
    return aside.with_name(aside.name.removeprefix(".").removesuffix(_ASIDE))


def _aside(live: Path) -> Path:
    return live.with_name(f".{live.name}{_ASIDE}")


def _exchange_by_kernel(left: Path, right: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - only where a folder is replaced

    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(_AT_FDCWD, os.fsencode(left), _AT_FDCWD, os.fsencode(right), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), os.fspath(right))


@contextmanager
def locked(path: Path, on_wait: Callable[[], None]) -> Iterator[BinaryIO]:
    """Hold the lock file `path`, calling `on_wait` first if somebody else does; the kernel releases it with us.

    The file is given, to note something in it. A link in its place is refused; a file that was deleted while we waited
    for it is no lock any more.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | _NOT_THROUGH_LINKS, 0o644), "r+b") as stream:
            _lock(stream.fileno(), on_wait)
            if _is_still(path, stream.fileno()):
                yield stream
                return


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _lock(descriptor: int, on_wait: Callable[[], None]) -> None:
    if os.name == "nt":  # pragma: no cover - Windows only
        import msvcrt  # noqa: PLC0415

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        on_wait()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
