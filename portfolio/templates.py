"""Where templates, theme overrides and figure styles are looked for: the author's own first, then the shipped ones."""

from pathlib import Path

from portfolio.workspace.root import Workspace

_PACKAGE = Path(__file__).parent


def shipped_templates() -> Path:
    """Return the shipped folder: inside the package of a wheel, at the top of a checkout."""
    inside = _PACKAGE / "site_templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "site_templates"


def figure_style(workspace: Workspace) -> Path:
    """Return the figures' style sheet, the author's before the shipped one."""
    found = (folder / "figures.mplstyle" for folder in template_folders(workspace))
    return next((path for path in found if path.is_file()), Path())


def template_folders(workspace: Workspace) -> tuple[Path, ...]:
    """Return the folders in order of precedence; an author's folder may hold a single file."""
    shipped = shipped_templates()
    own = workspace.templates
    return (own, shipped) if own.is_dir() and own.resolve() != shipped.resolve() else (shipped,)
