"""An archive that has the same bytes whenever and wherever it is made."""

import io
import zipfile
from pathlib import PurePosixPath

from portfolio.publishing.offered import offered
from portfolio.values.page import Archive

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold; it says nothing."""


def zipped(archive: Archive) -> bytes:
    """Return the zip: its files as the site offers them, and not compressed, for compressors differ.

    Raises:
        SiteError: see `offered`.
    """
    contents = {file.path: offered(file.source) for file in archive.files}
    contents |= {made.path: made.text.encode("utf-8", "replace") for made in archive.texts}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_STORED) as opened:
        for path in sorted(contents):
            info = zipfile.ZipInfo(str(PurePosixPath(archive.path.stem) / path), date_time=_EPOCH)
            info.external_attr, info.create_system = 0o100644 << 16, 3  # a plain file, as written on Unix
            opened.writestr(info, contents[path])
    return stream.getvalue()
