"""The one sink: whatever becomes a page passes here, and nothing of a project can act as markup afterwards.

Three things read a page after us. YAML reads the front matter, so it is written by a YAML dumper. MkDocs and Material
print `title` and `description` without escaping, so they are escaped before they go in. Python-Markdown runs its
preprocessors (fences, snippets, whitespace) before it sets raw HTML aside, so the block is made inert for those.
"""

import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

import yaml
from jinja2 import Environment
from markupsafe import Markup, escape

from portfolio.values import codec
from portfolio.values.untrusted import Href, PageText

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_INERT = (("`", "&#96;"), ("~", "&#126;"), ("\t", "&#9;"))
_RELATIVE = re.compile(r"[A-Za-z0-9_.#?][A-Za-z0-9_./#?=&%+~-]*")
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_SCHEMES = ("http", "https", "mailto")


def without_control(text: str) -> str:
    """Return `text` without control characters; line feeds and tabs stay, other line ends become line feeds."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def document(*, title: str, description: str, html: Markup, extra: Mapping[str, object] | None = None) -> PageText:
    """Return a page of the docs tree: front matter and one raw block that Markdown leaves alone.

    Args:
        title: plain text.
        description: plain text.
        html: one element that starts with `<div`, its tags balanced, everything in it escaped already.
        extra: further front matter, from us and never from a project.
    """
    meta = {
        "title": line(title),
        "description": line(description),
        "hide": ["navigation", "toc"],
        **(extra or {}),
    }
    front = yaml.dump(meta, Dumper=_DUMPER, sort_keys=True, width=1 << 20)
    return PageText(f"---\n{front}---\n\n{block(html)}\n")


def machine_text(value: object) -> PageText:
    """Return a file for machines: strict JSON."""
    return PageText(codec.dumps(value))


def metadata_text(value: Mapping[str, object], comments: Sequence[str]) -> PageText:
    """Return a file for machines: YAML, every string quoted where it has to be, below lines of comment from us."""
    text = yaml.dump(_plain(value), Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=1 << 20)
    return PageText("".join(f"# {line}\n" for line in comments) + text)


def own_script(text: str) -> PageText:
    """Return a script put together from files of the templates, which hold nothing of a project."""
    return PageText(text)


def code_text(text: str) -> PageText:
    """Return a file of source code, which is offered to be saved and which no browser runs."""
    return PageText(without_control(text))


def xml_text(text: Markup) -> PageText:
    """Return a file for machines that a template made, everything in it escaped."""
    return PageText(f"{without_control(text).strip()}\n")


def in_script(value: object) -> str:
    """Return a value as JSON that may stand in a script element: nothing in it ends the element or begins another."""
    text = json.dumps(codec.encode(value), ensure_ascii=True, allow_nan=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def written_before(text: str) -> PageText:
    """Return a page of the docs tree that is known, by its digest, to be one of ours."""
    return PageText(text)


def from_template(environment: Environment, name: str, **values: object) -> Markup:
    """Return what a template makes of the values: each is escaped where it is shown, or the environment is not ours."""
    if environment.autoescape is not True:
        raise ValueError("an environment that does not escape")
    return Markup(environment.get_template(name).render(values).strip())  # noqa: S704 - escaped by the environment


def from_sanitiser(html: str) -> Markup:
    """Return HTML as it may be shown that the sanitiser or the highlighter has made, and nothing but they."""
    return Markup(html)  # noqa: S704 - see above


def block(html: Markup) -> str:
    """Return `html` so that no preprocessor of Markdown finds anything in it."""
    text = without_control(html).strip()
    for char, inert in _INERT:
        text = text.replace(char, inert)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def safe_address(address: str) -> Href | None:
    """Return the address if a link may lead there: the web, mail, or a path of this site."""
    cleaned = "".join(char for char in address if char.isprintable() and not char.isspace())
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return None
    if parts.scheme in _SCHEMES:
        return Href(cleaned)
    return Href(cleaned) if _RELATIVE.fullmatch(cleaned) else None


def path_address(path: str, anchor: str = "") -> Href:
    """Return a relative path, and a place in it, as they stand in an address."""
    return Href(quote(path, safe="/._-") + (f"#{quote(anchor)}" if anchor else ""))


def _plain(value: object) -> object:
    """Return the value with every string on one line, without control characters."""
    if isinstance(value, str):
        return " ".join(without_control(value).split())
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def line(text: str) -> str:
    """Return plain text as one line that may stand in an element or an attribute."""
    return str(escape(" ".join(without_control(text).split())))
