"""Locks: what is installed, each file known by its hash, in our own form or in uv's.

Ours is that of pip: `name==version` with hashes, behind a head that holds the digest of what was asked for. No address
stands in it. uv's own, which `uv lock --script` writes, names its index, and `uv run` reads no other.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portfolio.words import normal

_ASKED = "# asked for: sha256:"
_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==(?P<version>[A-Za-z0-9.+!_-]+)"
    r"(?:[ \t]*;[ \t]*(?:(?!--)[\w \t.,'\"<>=!~()-])+?)?"
    r"(?:[ \t]+--hash=sha(?:256|384|512):[0-9a-f]{64,128})+[ \t]*"
)
_UNSIGNED = "is not a package in one version with the hashes of its files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A line that no lock holds."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfUv:
    """What a lock of uv's says."""

    requirements: frozenset[str]
    """What was asked for, as `comparable` writes it."""
    python: str
    packages: Mapping[str, str]


def head(slug: str, digest: str) -> str:
    """Return what stands above the pins of a project's lock."""
    return f"# Written by 'portfolio lock {slug}': what it asks for, every file known by its hash.\n{_ASKED}{digest}\n"


def asked_for(text: str) -> str:
    """Return the digest of what was asked for, as the head says; empty where it says nothing."""
    found = re.search(rf"^{re.escape(_ASKED)}([0-9a-f]{{64}})$", text, re.MULTILINE)
    return found[1] if found else ""


def body(text: str) -> str:
    """Return the pins alone."""
    lines = text.splitlines()
    return "".join(f"{line}\n" for line in lines if line.strip() and not line.lstrip().startswith("#"))


def first_problem(text: str) -> Unfit | None:
    """Return the first line that is no pin with hashes."""
    for number, pin in _pins(text):
        if not _PIN.fullmatch(pin):
            word = re.split(r"[\s=]", pin, maxsplit=1)[0][:40]
            return Unfit(line=number, message=f"{word!r} {_UNSIGNED}")
    return None


def packages(text: str) -> dict[str, str]:
    """Return the versions by name; those of one that depend on the system or the Python together."""
    found: dict[str, list[str]] = {}
    for _, pin in _pins(text):
        matched = _PIN.fullmatch(pin)
        if matched:
            found.setdefault(normal(matched["name"]), []).append(matched["version"])
    return _joined(found)


def is_of_uv(text: str) -> bool:
    """Whether the text has the form of uv's own locks."""
    return re.match(r"(?:\s*#.*\n|\s*\n)*version = \d+\s", text) is not None


def read_uv(text: str) -> OfUv | str:
    """Return what a lock of uv's says, or what is wrong with it."""
    try:
        table = tomllib.loads(text)
        asked = table.get("manifest", {}).get("requirements", [])
        found: dict[str, list[str]] = {}
        for package in table.get("package", []):
            if set(package.get("source", {})) != {"registry"}:
                return f"{str(package['name'])[:40]!r} is fetched from an address or a path, not from an index"
            found.setdefault(normal(str(package["name"])), []).append(str(package["version"]))
        wanted = frozenset(comparable(_written(each)) for each in asked)
        python = re.sub(r"\s+", "", str(table.get("requires-python", "")))
    except (tomllib.TOMLDecodeError, RecursionError, KeyError, TypeError, AttributeError) as error:
        return f"is not a lock of uv's: {error}"
    return OfUv(requirements=wanted, python=python, packages=_joined(found))


def comparable(requirement: str) -> str:
    """Return a requirement as it is compared: uv writes names, extras, versions and markers its own way."""
    plain, mark, _ = requirement.partition(";")
    found = re.match(r"\s*([A-Za-z0-9._-]+?)\s*(?:\[([^\]]*)\])?\s*\(?\s*((?:[<>=!~].*)?)$", plain.strip().rstrip(")"))
    if not found:
        return requirement
    extras = ",".join(sorted(normal(each.strip()) for each in (found[2] or "").split(",") if each.strip()))
    versions = ",".join(sorted(re.sub(r"\s+", "", each) for each in found[3].split(",") if each.strip()))
    return f"{normal(found[1])}[{extras}]{versions}{';' if mark else ''}"


def _written(table: Mapping[str, Any]) -> str:
    """Return as text what uv writes as a table."""
    extras = f"[{','.join(table['extras'])}]" if table.get("extras") else ""
    return f"{table['name']}{extras}{table.get('specifier', '')}{'; …' if table.get('marker') else ''}"


def _joined(found: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: ", ".join(sorted(set(versions))) for name, versions in sorted(found.items())}


def _pins(text: str) -> list[tuple[int, str]]:
    """Return the pins on a line each, with the number of the line on which they begin."""
    found: list[tuple[int, str]] = []
    kept, start = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if not kept and (not line.strip() or line.lstrip().startswith("#")):
            continue
        start = start if kept else number
        kept += f" {line.strip()}"
        if kept.endswith("\\"):
            kept = kept[:-1].rstrip()
            continue
        found.append((start, kept.strip()))
        kept = ""
    return [*found, (start, kept.strip())] if kept.strip() else found
