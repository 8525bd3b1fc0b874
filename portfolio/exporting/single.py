"""A project's page as one HTML file: styles and images inside, nothing loaded, nothing executed."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path

from portfolio.exporting.tree import VOID, Node, local_file

_TYPES = {".svg": "image/svg+xml", ".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg"} | {
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
}
_FRAME = """
html { font-size: 125%; }
body { margin: 0; padding: 0 1rem 3rem; background: var(--pf-paper); color: var(--pf-ink); }
body { font-family: var(--pf-sans); }
.md-typeset .pf .pf-details > summary { display: list-item; padding-left: 0; cursor: pointer; }
.md-typeset a { color: var(--pf-accent); }
.md-typeset a:not([href]) { color: inherit; text-decoration: none; }
.md-typeset pre > code { display: block; overflow: auto; }
"""


def single_file(tree: Node, *, title: str, styles: str, folder: Path) -> str:
    """Return the whole document.

    Args:
        tree: the page, pruned.
        title: its title.
        styles: the site's own style sheet.
        folder: where its images lie.
    """
    css = "\n".join(line for line in styles.splitlines() if not line.startswith("@font-face")) + _FRAME
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{css}</style>\n</head>\n"
        f'<body class="md-typeset" data-md-color-scheme="default">\n{_html(tree, folder)}\n</body>\n</html>\n'
    )


def _html(node: Node | str, folder: Path) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    attributes = dict(node.attributes)
    if node.tag == "img":
        attributes.pop("loading", None)
        attributes["src"] = _embedded(attributes.get("src", ""), folder)
    shown = "".join(f' {name}="{escape(value)}"' if value else f" {name}" for name, value in attributes.items())
    inner = "".join(_html(child, folder) for child in node.children)
    return f"<{node.tag}{shown}>" if node.tag in VOID else f"<{node.tag}{shown}>{inner}</{node.tag}>"


def _embedded(source: str, folder: Path) -> str:
    path = local_file(source, folder)
    kind = _TYPES.get(path.suffix.lower()) if path else None
    if path is None or kind is None:
        return "data:,"
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"
