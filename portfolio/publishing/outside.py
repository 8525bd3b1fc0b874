"""Whether addresses elsewhere still answer: asked only on demand, a few at a time, good answers remembered a week."""

import json
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

from portfolio import files
from portfolio.version import __version__

REMEMBERED = 7 * 24 * 3600
"""Seconds for which a good answer is not asked for again."""
_SECONDS = 15.0
_AT_ONCE = 8
_GONE = (404, 410)
_ALIVE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of asking for an address."""

    alive: bool
    gone: bool
    """Whether the host itself said that there is nothing, so that no later attempt will help."""
    said: str


def ask(addresses: Iterable[str], cache: Path, *, now: float | None = None) -> Mapping[str, Answer]:
    """Return the answer for each http(s) address.

    Args:
        addresses: with or without fragments, which are not sent.
        cache: a file that remembers when an address answered well.
        now: seconds since 1970, for what is remembered; the clock's unless given.
    """
    moment = time.time() if now is None else now
    known = {url: seen for url, seen in _load(cache).items() if 0 <= moment - seen < REMEMBERED}
    wanted = {address: urldefrag(address).url for address in addresses}
    asked = sorted(set(wanted.values()) - set(known))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(asked, pool.map(_ask, asked), strict=True))
    known |= {url: moment for url, answer in answers.items() if answer.alive}
    files.write_text(cache, json.dumps(known, sort_keys=True))
    fine = Answer(alive=True, gone=False, said="answered")
    return {address: answers.get(url, fine) for address, url in wanted.items()}


def _ask(url: str) -> Answer:
    answer = _asked(url, "HEAD")
    return answer if answer.alive or answer.gone else _asked(url, "GET")


def _asked(url: str, method: str) -> Answer:
    headers = {"User-Agent": f"portfolio/{__version__} (checks links)", "Accept": "*/*"}
    try:
        with urlopen(Request(url, headers=headers, method=method), timeout=_SECONDS) as found:  # noqa: S310 - http(s) only
            return Answer(alive=True, gone=False, said=f"answered {found.status}")
    except HTTPError as error:
        with error:
            gone = error.code in _GONE and method == "GET"
            return Answer(alive=error.code < _ALIVE, gone=gone, said=f"answered {error.code}")
    except URLError as error:
        return Answer(alive=False, gone=False, said=f"cannot be reached: {str(error.reason)[:100]}")
    except (OSError, HTTPException, ValueError, ssl.SSLError) as error:
        return Answer(alive=False, gone=False, said=f"cannot be reached: {str(error)[:100] or type(error).__name__}")


def _load(cache: Path) -> dict[str, float]:
    try:
        found = json.loads(files.read_regular(cache, 16 << 20))
        return {str(url): float(seen) for url, seen in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
