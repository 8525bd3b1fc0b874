"""How to cite a project: BibTeX, every special character of which is kept from acting."""

import re

from portfolio.rendering.words import anchor, day_of
from portfolio.values.entry import Entry
from portfolio.values.site import Site

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def citation(entry: Entry, site: Site) -> str:
    """Return a BibTeX entry for the project's page."""
    project, day = entry.project, day_of(entry)
    author = site.author.name or site.name
    fields = {"author": _braced(author), "title": _braced(project.spec.title)}
    if day:
        fields |= {"year": str(day.year), "month": str(day.month)}
    if site.url:
        fields["url"] = f"{site.url.rstrip('/')}/projects/{project.slug}/"
    commit = entry.record.circumstances.commit if entry.record else None
    if commit is not None and project.spec.code:
        fields["note"] = f"Computed at commit {commit.sha[:12]}"
    elif not site.url:
        fields["note"] = _braced(site.name)
    family = anchor(author.split()[-1]) if author.split() else ""
    key = "-".join(part for part in (family, project.slug, fields.get("year", "")) if part)
    lines = "".join(f"  {name:<6} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}}}"


def _braced(text: str) -> str:
    """Return the text for BibTeX; capitals stay capitals."""
    plain = "".join(_SPECIAL.get(char, char) for char in text)
    return re.sub(r"\b(?=\w*[A-Z])(\w+)", r"{\1}", plain) if "\\" not in plain else plain
