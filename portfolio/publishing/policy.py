"""The policy each page carries: scripts of the site's own files, and those the theme writes into every page.

A script that stands in a page is known by its digest, and only if the page for unknown addresses holds the same one:
that page shows nothing of any project. What a project might ever get into a page is not among them and does not run.
"""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from portfolio.errors import SiteError
from portfolio.walk import walk

LOST = "404.html"
"""The page for unknown addresses."""
_SHOWN = 10
_DIRECTIVES = (
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'none'",
    "img-src 'self' data:",  # the theme's style sheets draw their icons from data:
    "manifest-src 'self'",
    "media-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
)
_HEAD = re.compile(r"<head(?:\s[^>]*)?>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(r"\bsrc\s*=", re.IGNORECASE)
_DATA = re.compile(r"""\btype\s*=\s*["']?application/(?:ld\+)?json["'\s>]""", re.IGNORECASE)
_WHERE = re.compile(r'new URL\("[^"\\<>]*",location\)')
"""How the theme says where the site begins, which differs from page to page."""
_RELATIVE = re.compile(r'new URL\("\.{1,2}(?:/\.\.)*/?",location\)')


def protect(staged: Path) -> None:
    """Give every page of `staged` its policy.

    Raises:
        SiteError: a page holds a script that is not the theme's; the first ones are listed.
    """
    known = _known_scripts(staged)
    complaints = []
    for name in sorted(name for name, entry in walk(staged) if name.endswith(".html") and entry.is_file()):
        page = _read(staged / name)
        scripts, head = _inline_scripts(page), _HEAD.search(page)
        astray = [script for script in scripts if name != LOST and _RELATIVE.sub("", script) not in known]
        if astray:
            complaints.append(f"  {name}: holds a script of its own: {' '.join(astray[0].split())[:80]}")
        elif not head:
            complaints.append(f"  {name}: has no <head>")
        else:
            meta = _meta(tuple(dict.fromkeys(scripts)))
            (staged / name).write_bytes(f"{page[: head.end()]}{meta}{page[head.end() :]}".encode())
    if complaints:
        raise SiteError(
            "the built site was refused, for its policy would stop it:\n" + "\n".join(complaints[:_SHOWN]),
            hint="the last good site is kept; put scripts into a file below site_templates/assets/ and load that",
        )


def _known_scripts(staged: Path) -> frozenset[str]:
    """Return the scripts that may stand in a page, without where the site begins."""
    text = _read(staged / LOST) if (staged / LOST).is_file() else ""
    return frozenset(_WHERE.sub("", script) for script in _inline_scripts(text))


def _read(page: Path) -> str:
    return page.read_bytes().decode("utf-8", errors="replace")


def _inline_scripts(page: str) -> list[str]:
    """Return the text of every script in the page that would be executed and has no address."""
    return [
        text
        for attributes, text in _SCRIPT.findall(page)
        if text.strip() and not _SOURCE.search(attributes) and not _DATA.search(f"{attributes} ")
    ]


@lru_cache
def _meta(scripts: tuple[str, ...]) -> str:
    """Return the element that holds the policy; the encoding stands within the first kilobyte, where browsers look."""
    digests = (f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    words = "; ".join((*_DIRECTIVES, " ".join(("script-src 'self'", *digests))))
    return f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{words}">'
