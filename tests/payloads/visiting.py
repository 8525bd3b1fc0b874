"""A browser that notices whatever a page of payloads might do: run something, ask for something, or say an error."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, Route
from playwright.sync_api import TimeoutError as NotYetError

from payloads.carriers import Carrier, as_shown

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_CANARY = "window.ran = []; for (const name of ['owned', 'alert']) window[name] = (...what) => window.ran.push(name);"
_MOVE = """for (const one of document.querySelectorAll('a:not(code a), summary, img, h1'))
    one.dispatchEvent(new MouseEvent('mouseover'))"""
_PRESSES = 30
_OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"


@dataclass(slots=True)
class Watched:
    """A page in the browser, and all that it did and should not have done."""

    page: Page
    base: str
    did: list[str] = field(default_factory=list)

    def open(self, path: str) -> str:
        """Go to a path, open and touch what can be, and return the text a reader could see."""
        self.page.goto(self.base + path)
        self.page.evaluate(f"{_OPEN}; {_MOVE}")
        self.did += [f"{path}: ran {name}" for name in self.page.evaluate("window.ran")]
        return as_shown(self.page.evaluate("document.body.textContent"))

    def search(self, words: str) -> str:
        """Search for words and return what the results say."""
        self.page.goto(self.base)
        self.page.fill("[data-md-component=search-query]", words)
        found = self.page.locator(".md-search-result__item").first
        for _ in range(_PRESSES):  # a page that has just been loaded may not listen to the field yet
            self.page.press("[data-md-component=search-query]", "End")
            with suppress(NotYetError):
                found.wait_for(timeout=1000)
                break
        self.did += [f"search: ran {name}" for name in self.page.evaluate("window.ran")]
        return as_shown(self.page.evaluate("document.querySelector('.md-search-result').textContent"))


@contextmanager
def watched(browser: Browser, base: str, *, policy: bool) -> Iterator[Watched]:
    """Open a window on the site at `base`, its pages as they are or without the policy that would stop a script."""
    context = browser.new_context(bypass_csp=not policy)
    context.add_init_script(_CANARY)
    page = context.new_page()
    seen = Watched(page, base)

    def answer(route: Route) -> None:
        if not route.request.url.startswith((base, "data:", "blob:")):
            seen.did.append(f"asked for {route.request.url}")
            route.abort()
        elif policy or route.request.resource_type != "document":
            route.continue_()
        else:
            given = route.fetch()
            route.fulfill(response=given, body=_POLICY.sub("", given.text()))

    def dismiss(shown: Dialog) -> None:
        seen.did.append(f"dialog {shown.message}")
        shown.dismiss()

    context.route("**/*", answer)
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: seen.did.append(f"page error: {error}"))
    page.on("console", lambda said: seen.did.append(f"console: {said.text}") if said.type == "error" else None)
    try:
        yield seen
    finally:
        context.close()


def unread(carrier: Carrier, page: Page, text: str) -> list[str]:
    """Return the texts that are not on the carrier's page as they were written, wherever they should be."""
    alts: Sequence[Any] = page.evaluate("[...document.querySelectorAll('.pf-figure img')].map(one => one.alt)")
    described = [as_shown(str(alt)) for alt in alts]
    missing = []
    for payload in carrier.texts:
        wanted = as_shown(payload)
        places = 22 if payload in carrier.prose else 15
        if text.count(wanted) < places or wanted not in described:
            missing.append(f"{carrier.slug}: {payload!r}: {text.count(wanted)} times, alt {wanted in described}")
    return missing
