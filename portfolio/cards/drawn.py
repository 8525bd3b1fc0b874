"""Previews to image files, each drawn once: its name is the digest of all that decides it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from portfolio import files, folders
from portfolio.cards.orders import Order, line
from portfolio.errors import SiteError
from portfolio.values.page import Asset
from portfolio.values.preview import Preview

_COMMAND = (sys.executable, "-P", "-m", "portfolio.cards.drawing_process")
_NEEDED = ("LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")
_WALL = 120.0
"""Seconds after which the process is ended that makes no image."""
_HERE = Path(__file__).parent


def draw_cards(
    previews: Mapping[PurePosixPath, Preview], cache: Path, digest: Callable[[Path], str] = files.digest
) -> tuple[Asset, ...]:
    """Return the image of each preview, to stand at its path of the docs tree; only what is new is drawn.

    A figure that cannot be drawn within the limits is left out of its image.

    Args:
        previews: by where the image is to stand.
        cache: the folder of images drawn before; those nobody wants any more are deleted.
        digest: returns the SHA-256 of a file's content.

    Raises:
        SiteError: an image cannot be drawn even without its figure.
    """
    if not previews:
        return ()
    folders.claim(cache)
    drawer = _drawer(digest)
    wanted = {path: cache / f"{_key(preview, drawer, digest)}.png" for path, preview in previews.items()}
    missing = {
        target: Order(preview=previews[path], target=target) for path, target in wanted.items() if not target.is_file()
    }
    _draw(list(missing.values()))
    kept = {target.name for target in wanted.values()} | {folders.MARKER}
    for name in set(os.listdir(cache)) - kept:  # noqa: PTH208 - names are enough
        (cache / name).unlink(missing_ok=True)
    return tuple(Asset(path=path, source=wanted[path]) for path in sorted(wanted))


def _drawer(digest: Callable[[Path], str]) -> str:
    """Return the digest of what draws: our own code, and the libraries whose bytes an image has."""
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only where an image is wanted

    ours = {path.name: digest(path) for path in sorted(_HERE.glob("*.py"))}
    return sha256(json.dumps([ours, version("pillow"), version("matplotlib")]).encode()).hexdigest()


def _key(preview: Preview, drawer: str, digest: Callable[[Path], str]) -> str:
    words = asdict(preview) | {"figure": digest(preview.figure) if preview.figure else None}
    suffix = preview.figure.suffix if preview.figure else ""
    return sha256(json.dumps([words, suffix, drawer], sort_keys=True).encode()).hexdigest()


def _draw(orders: Sequence[Order]) -> None:
    """Draw all; after an image that the process did not survive a new one goes on, first with that one's words."""
    waiting = list(orders)
    while waiting:
        with _process() as process:
            for done in _carried_out(process, waiting):
                waiting.remove(done)
        if waiting:
            lost = waiting.pop(0)
            if lost.preview.figure is None:
                raise SiteError(
                    f"the preview image of '{lost.preview.title}' could not be drawn",
                    hint="'pip install --force-reinstall pillow matplotlib', then build again",
                )
            waiting.insert(0, replace(lost, preview=replace(lost.preview, figure=None)))


def _carried_out(process: "subprocess.Popen[bytes]", orders: Sequence[Order]) -> Iterator[Order]:
    """Yield each order once its image is there, as long as the process lives."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process was started with pipes")
    for order in tuple(orders):
        clock = threading.Timer(_WALL, process.kill)
        clock.start()
        try:
            process.stdin.write(line(order))
            process.stdin.flush()
            said = process.stdout.readline()
        except BrokenPipeError:
            return
        finally:
            clock.cancel()
        if said != b"drawn\n":
            return
        yield order


@contextmanager
def _process() -> Iterator["subprocess.Popen[bytes]"]:
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"},
    )
    try:
        yield process
    finally:
        with suppress(BrokenPipeError):
            process.communicate(timeout=_WALL)
        process.kill()
        process.wait()
