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


def figure_view(figure: Figure, files: Path | None) -> FigureView | None:
    """Return the figure for a template, or None if its file is not there."""
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
    )


def figure_assets(figure: Figure, files: Path | None, folder: PurePosixPath) -> tuple[Asset, ...]:
    """Return the figure's images, to be copied beside the project's page."""
    assets = []
    for relative in (figure.light, figure.dark):
        source = _image(relative, files) if relative else None
        if relative and source:
            assets.append(Asset(path=folder / relative, source=source))
    return tuple(assets)


def _image(relative: str, files: Path | None) -> Path | None:
    if files is None or PurePosixPath(relative).suffix.lower() not in _IMAGES:
        return None
    return beneath(files, relative)
