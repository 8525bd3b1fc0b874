"""Who a site is of, written into `mkdocs.yml` line by line, and into a CV: everything else stays as it is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NOBODYS = "example.org"
"""The host of the template's links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What an author says of themselves; what is empty is left as it stands."""

    name: str = ""
    role: str = ""
    tagline: str = ""
    site_name: str = ""
    site_url: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


def with_identity(text: str, who: Identity, *, example: bool = False) -> str:
    """Return the text of a `mkdocs.yml` that names the author, and says whether it shows example content."""
    lines = text.splitlines()
    named = who.site_name or who.name
    if named:
        lines = _with_line(lines, "site_name", named)
    if who.tagline and any(line.startswith("site_description:") for line in lines):
        lines = _with_line(lines, "site_description", who.tagline)
    if who.site_url:
        lines = [line for line in lines if not re.match(r"#\s*site_url:", line)]
        lines = _with_line(lines, "site_url", who.site_url)
    return "\n".join(_with_author(lines, who, example=example)) + "\n"


def cv_with_identity(text: str, who: Identity) -> str:
    """Return the text of the template's CV with the author in it: how to reach the template's person is gone."""
    document = json.loads(text)
    old = document["basics"]
    mails = [url.removeprefix("mailto:") for url in who.links.values() if url.startswith("mailto:")]
    profiles = [{"network": label, "url": url} for label, url in who.links.items() if not url.startswith("mailto:")]
    document["basics"] = {
        "name": who.name,
        "label": who.role or old["label"],
        **({"email": mails[0]} if mails else {}),
        **({"summary": who.tagline} if who.tagline else {}),
        "profiles": profiles,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _with_line(lines: list[str], key: str, value: str) -> list[str]:
    new = f"{key}: {_quoted(value)}"
    if any(line.startswith(f"{key}:") for line in lines):
        return [new if line.startswith(f"{key}:") else line for line in lines]
    place = next((place for place, line in enumerate(lines, 1) if line.startswith("site_name:")), 0)
    return [*lines[:place], new, *lines[place:]]


def _with_author(lines: list[str], who: Identity, *, example: bool) -> list[str]:
    """Return the lines with the author's own in place of those below `extra.portfolio`."""
    head = next((place for place, line in enumerate(lines) if re.fullmatch(r"  portfolio:\s*", line)), None)
    if head is None:
        top = next((place for place, line in enumerate(lines) if re.fullmatch(r"extra:\s*", line)), None)
        before, after = (lines[: top + 1], lines[top + 1 :]) if top is not None else ([*lines, "", "extra:"], [])
        return [*before, "  portfolio:", *_author([], who, example=example), *after]
    end = head + 1
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith("   ")):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return [*lines[: head + 1], *_author(lines[head + 1 : end], who, example=example), *lines[end:]]


def _author(old: list[str], who: Identity, *, example: bool) -> list[str]:
    """Return the lines below `extra.portfolio`: the old ones where nothing new is given."""
    new = {key: value for key in ("name", "role", "tagline") if (value := str(getattr(who, key)))}
    links_go = who.links or (who.name and any(_NOBODYS in line for line in old))
    kept = _without(old, {*new, "example", *(["links"] if links_go else [])})
    said = [f"    {key}: {_quoted(value)}" for key, value in new.items()]
    linked = ["    links:", *(f"      {_quoted(label)}: {_quoted(url)}" for label, url in who.links.items())]
    marked = ["    example: true # says so on every page; delete this line when what is shown is yours"]
    return [*said, *kept, *(linked if who.links else []), *(marked if example else [])]


def _without(lines: list[str], keys: set[str]) -> list[str]:
    """Return lines of a mapping without these keys, and what is below them; a remark about one goes with it."""
    kept, dropping = [], False
    for line in lines:
        found = re.match(r"    (?:# ?)?([\w]+):", line)
        if found:
            dropping = found[1] in keys
        elif not re.match(r"     |    # {2,}", line):
            dropping = False
        if not dropping:
            kept.append(line)
    return kept


def _quoted(text: str) -> str:
    """Return a YAML scalar; plain where nothing in it could mean something."""
    is_plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 .'-]*[A-Za-z0-9.]|https?://[\w./~-]+", text)
    reserved = text.lower() in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    return text if is_plain and not reserved else json.dumps(text, ensure_ascii=False)
