"""What is wrong with one of many pages is found by whichever core looks at it."""

from pathlib import Path

import pytest
from secret_samples import secrets

from portfolio.errors import SiteError
from portfolio.publishing.searched import refuse_secrets
from portfolio.publishing.validate import validate_site
from portfolio.shares import FEWEST
from portfolio.workspace.root import Workspace

BOTH_SHARES = (f"page-{100}.html", f"page-{101}.html")
PAGE = '<!doctype html><html><head></head><body><a href="{}">on</a> {}</body></html>'


def staged_with(folder: Path, odd: str) -> list[Path]:
    """Write as many pages as are shared out; the two that differ are in the shares of two cores."""
    folder.mkdir()
    pages = [folder / f"page-{number:03}.html" for number in range(FEWEST)]
    for page in pages:
        page.write_text(odd if page.name in BOTH_SHARES else PAGE.format("page-001.html", "A word."), encoding="utf-8")
    return pages


def test_broken_links_are_found_in_every_share(tmp_path: Path) -> None:
    staged_with(tmp_path / "staged", PAGE.format("gone.html", ""))

    with pytest.raises(SiteError) as refused:
        validate_site(tmp_path / "staged", "/")

    assert [line.split(":")[0].strip() for line in str(refused.value).splitlines()[1:3]] == list(BOTH_SHARES)
    assert "gone.html" in str(refused.value)


def test_secrets_are_found_in_every_share(tmp_path: Path) -> None:
    secret = next(iter(secrets().values()))
    pages = staged_with(tmp_path / "staged", PAGE.format("page-001.html", secret))

    with pytest.raises(SiteError) as refused:
        refuse_secrets(Workspace(tmp_path), tmp_path / "staged", pages)

    assert [line.split(":")[0].strip() for line in str(refused.value).splitlines()[1:3]] == list(BOTH_SHARES)
    assert secret not in str(refused.value)
