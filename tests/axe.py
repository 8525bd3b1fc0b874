"""axe-core on a page in the browser: what somebody who does not see it, or uses no mouse, could not perceive or do.

It comes with a package of the extra `test`, so no npm is needed; nothing of it is ever shipped.
"""

from importlib.resources import files

from playwright.sync_api import Page

_SOURCE = files("axe_playwright_python").joinpath("axe.min.js")
_ALL_OPEN = """
for (const each of document.querySelectorAll('details')) each.open = true
for (const each of document.querySelectorAll('pre code')) while (each.childNodes.length > 150) each.lastChild.remove()
"""
"""Of long code the beginning is enough, where axe would look at each word's colour."""
_RUN = """async (within) => {
  const found = await axe.run(within ?? document);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""


def violations(page: Page, within: str | None = None) -> list[str]:
    """Return each violation in words, within what a selector names, or on the whole page with all that is folded."""
    if within is None:
        page.evaluate(_ALL_OPEN)
    page.evaluate(_SOURCE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, within)
    return found
