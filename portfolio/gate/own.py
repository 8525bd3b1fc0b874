"""The secrets this process knows: values of its own variables that look secret, in the forms in which they leak."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, urlsplit

from portfolio.gate.shapes import looks_random

_SECRET_NAME = re.compile(
    r"TOKEN|SECRET|PASS(WORD|WD|PHRASE)?(?![A-Z])|PWD(?<!^PWD)(?<!^OLDPWD)|CREDENTIAL|API_?KEY|(?<![A-Z])KEY(?![A-Z])"
    r"|PRIVATE|(?<![A-Z])(PAT|DSN|AUTH)(?![A-Z])|COOKIE|WEBHOOK",
    re.IGNORECASE,
)
_PUBLIC_NAME = re.compile(r"(^|_)(SHA|COMMIT|REF|VERSION|HASH|DIGEST|PATH|DIR|HOME|FILE|SOCK|ID|LEVEL|GPG_KEY)$")
_SHORTEST, _SHORTEST_WORD = 8, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One variable whose value must not be published."""

    name: str
    forms: tuple[str, ...]
    """The value as it may stand in a file, its bytes read as Latin-1."""


def own_secrets(environment: Mapping[str, str]) -> tuple[Own, ...]:
    """Return the variables that look secret by their name or by their value, sorted by name."""
    found = ((name, list(_secrets(name, value))) for name, value in sorted(environment.items()))
    return tuple(Own(name=name, forms=_forms(secrets)) for name, secrets in found if secrets)


def fingerprint(owned: Iterable[Own]) -> str:
    """Return what tells other secrets from these; too short to find out by it what they are."""
    text = json.dumps([own.forms for own in owned])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _secrets(name: str, value: str) -> Iterator[str]:
    password = _password(value)
    if password:
        yield password
    elif _is_secret_name(name):
        if len(value) >= _SHORTEST and not _is_plain(value):
            yield value
    elif not _PUBLIC_NAME.search(name) and re.fullmatch(r"[A-Za-z0-9_+=~.-]+", value) and looks_random(value):
        yield value


def _is_secret_name(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _PUBLIC_NAME.search(name)


def _is_plain(value: str) -> bool:
    """Whether a value is one word, a number or a place, which a page may show for another reason."""
    is_word = value.isalpha() and (value.islower() or value.isupper() or value.istitle())
    if (is_word or value.replace(".", "").isdigit()) and len(value) < _SHORTEST_WORD:
        return True
    return value.startswith(("/", "~", "./")) and _exists(value)


def _exists(value: str) -> bool:
    try:
        return Path(value).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _password(value: str) -> str:
    """Return the password within an address, such as a database's."""
    try:
        found = urlsplit(value).password if "://" in value and "@" in value else None
    except ValueError:
        return ""
    return found if found and len(found) >= _SHORTEST - 2 else ""


def _forms(secrets: Iterable[str]) -> tuple[str, ...]:
    forms: dict[str, None] = {}
    for secret in secrets:
        for text in dict.fromkeys((secret, unquote(secret), secret.strip())):
            raw = text.encode("utf-8", "surrogateescape")
            spoken = (text, quote(raw, safe=""), quote_plus(raw), quote(raw), json.dumps(text)[1:-1])
            written = (form.encode("utf-8", "surrogateescape").decode("latin-1") for form in spoken)
            forms |= dict.fromkeys((*written, *_in_base64(raw)))
    return tuple(form for form in forms if len(form) >= _SHORTEST - 2)


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield what stands in any Base64 text that holds `raw`, at each of the three places it may begin at."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + raw)
        inner = encoded[(0, 2, 3)[shift] : 8 * (shift + len(raw)) // 6].decode()
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))
