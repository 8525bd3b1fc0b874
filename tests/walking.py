"""Walk a site in Chromium as a reader would, from its home page over every link, below a path of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from browsing import chromium, served, visit
from playwright.sync_api import Page, Response

_DOWNLOADS = (
    *(".csv", ".py", ".zip", ".json", ".yaml", ".skops", ".onnx", ".ipynb", ".bib"),
    *(".xml", ".txt", ".png", ".svg", ".webp", ".md"),
)


def walk(site: Path, place: Path, name: str = "mine") -> tuple[list[str], list[str]]:
    """Serve `site` under `/<name>/` and follow every link within it; return the pages seen and what went wrong.

    Args:
        site: a built site.
        place: an empty folder to serve from.
        name: the repository's name, as GitHub Pages has it in the address.
    """
    shutil.copytree(site, place / name)
    seen: list[str] = []
    with served(place) as top, chromium() as browser, visit(browser, top) as visited:
        page, wrong = visited.page, visited.complaints
        page.on("response", lambda answer: wrong.append(_said(answer)) if answer.status >= 400 else None)
        waiting = [f"{top}{name}/"]
        while waiting:
            address = waiting.pop()
            seen.append(urlsplit(address).path)
            page.goto(address)
            page.wait_for_load_state("networkidle")
            wrong += [f"{address}: {image} is not shown" for image in _unseen(page)]
            links = [
                urldefrag(link).url for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            ]
            for link in dict.fromkeys(links):
                path = urlsplit(link).path
                if not link.startswith(top) or path in seen or link in waiting:
                    continue
                if path.endswith(_DOWNLOADS):
                    seen.append(path)
                    answer = page.request.get(link)
                    wrong += [f"{link}: {answer.status}"] if answer.status >= 400 else []
                else:
                    waiting.append(link)
    return seen, wrong


def _unseen(page: Page) -> Iterator[str]:
    """Yield the images that could not be loaded; those that are only not loaded yet count as seen."""
    found = "all => all.filter(i => i.complete && i.naturalWidth === 0 && i.offsetParent).map(i => i.src)"
    yield from page.eval_on_selector_all("img[src]", found)


def _said(answer: Response) -> str:
    return f"{answer.url}: {answer.status}"
