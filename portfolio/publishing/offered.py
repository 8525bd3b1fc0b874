"""A project's file as the site may offer it: a cache, a pull request and a folder of data are strangers' work.

What a run leaves is looked at when it is collected; here it is what comes to lie in the docs tree that counts.
"""

from pathlib import Path

from portfolio import cells, svg
from portfolio.errors import SiteError

_BLANK = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def offered(source: Path) -> bytes:
    """Return the bytes to offer of a project's file: an SVG that only shows, a CSV file with neutral cells.

    Raises:
        SiteError: a file that is called CSV cannot be read as such.
    """
    raw, suffix = source.read_bytes(), source.suffix.lower()
    if suffix == ".svg" and not svg.is_passive(raw):
        try:
            return svg.rebuilt(raw)[0]
        except svg.SvgError:
            return _BLANK
    try:
        return cells.neutral_csv(raw) if suffix in cells.SUFFIXES else raw
    except cells.CellsError as error:
        shown = "/".join(source.parts[-3:])
        raise SiteError(f"{shown}: {error}", hint="give it another ending than .csv or .tsv") from error
