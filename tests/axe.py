"""What axe-core finds wrong with a page for people who use it otherwise than by eye and mouse."""

from importlib.resources import files

from playwright.sync_api import Page

_SOURCE = files("axe_playwright_python").joinpath("axe.min.js")
_RUN = """async (within) => {
  const found = await axe.run(within ?? document);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""


def violations(page: Page, within: str | None = None) -> list[str]:
    """Return each violation in words, on the whole page or within what a selector names."""
    page.evaluate(_SOURCE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, within)
    return found
