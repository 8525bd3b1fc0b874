"""Figures as pages show them: a light and a dark image of which Material shows one, or a single image."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portfolio.rendering.escape import path_address
from portfolio.rendering.files import beneath
from portfolio.values.page import Asset
from portfolio.values.record import Figure
from portfolio.values.untrusted import Href

_IMAGES = frozenset({".svg", ".png", ".webp", ".jpg", ".jpeg", ".gif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """What a template shows of a figure; addresses are relative to the project's page."""

    name: str
    light: Href
    dark: Href | None
    alt: str
    caption: str
    width: int
    height: int
    step: str | None
    data: Href | None
    """A CSV file with the numbers it was drawn from."""


def figure_view(figure: Figure, files: Path | None, *, data: bool = True) -> FigureView | None:
    """Return the figure for a template, with its numbers if `data`; None if its file is not there."""
    if not _image(figure.light, files):
        return None
    return FigureView(
        name=figure.name,
        light=path_address(figure.light),
        dark=path_address(figure.dark) if figure.dark and _image(figure.dark, files) else None,
        alt=figure.alt,
        caption=figure.caption,
        width=figure.width,
        height=figure.height,
        step=figure.step,
        data=path_address(figure.data) if data and figure.data and _csv(figure.data, files) else None,
    )


def figure_assets(figure: Figure, files: Path | None, folder: PurePosixPath, *, data: bool = True) -> tuple[Asset, ...]:
    """Return the figure's images, and its numbers if `data`, to be copied beside the project's page."""
    found = [(relative, _image(relative, files)) for relative in (figure.light, figure.dark) if relative]
    found += [(figure.data, _csv(figure.data, files))] if data and figure.data else []
    return tuple(Asset(path=folder / relative, source=source) for relative, source in found if source)


def _csv(relative: str, files: Path | None) -> Path | None:
    return beneath(files, relative) if files and relative.endswith(".csv") else None


def _image(relative: str, files: Path | None) -> Path | None:
    if files is None or PurePosixPath(relative).suffix.lower() not in _IMAGES:
        return None
    return beneath(files, relative)
