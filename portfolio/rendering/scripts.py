"""The modules of the demo as one script: a browser loads them on first use, and every file is a round trip."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from portfolio.errors import SiteError
from portfolio.rendering.escape import own_script
from portfolio.values.page import Asset, Page

FOLDER = PurePosixPath("assets", "demo")
_ENTRY = "page"
_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)


def bundled_assets(assets: tuple[Asset, ...]) -> tuple[tuple[Asset, ...], tuple[Page, ...]]:
    """Return the assets without the demo's modules, and the script that stands for them."""
    parts = {asset.path.stem: asset for asset in assets if asset.path.parent == FOLDER and asset.path.suffix == ".js"}
    if _ENTRY not in parts:
        return assets, ()
    sources = {name: asset.source.read_text(encoding="utf-8") for name, asset in parts.items()}
    page = Page(path=FOLDER / f"{_ENTRY}.js", text=own_script(bundled(sources, _ENTRY)))
    return tuple(asset for asset in assets if asset not in parts.values()), (page,)


def bundled(sources: Mapping[str, str], entry: str) -> str:
    """Return one module that does what `entry` does with the others, each in a function where its names are its own.

    Raises:
        SiteError: a module imports or exports in another way than all of ours do.
    """
    wrapped = [_wrapped(name, sources[name]) for name in dict.fromkeys(_in_order(sources, entry, ()))]
    exports = ", ".join(_exports(sources[entry]))
    return "\n".join([*wrapped, f"export const {{ {exports} }} = {entry}_js;", ""])


def _in_order(sources: Mapping[str, str], name: str, above: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules that `name` needs, each before what needs it."""
    if name not in sources or name in above:
        raise _refused(name, "is not there, or imports itself")
    for _, needed in _IMPORT.findall(sources[name]):
        yield from _in_order(sources, needed, (*above, name))
    yield name


def _wrapped(name: str, source: str) -> str:
    body = _IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {found[2]}_js;\n", source)
    body = _EXPORT.sub(r"\1 \2", body)
    if re.search(r"^(?:import|export)\b", body, re.MULTILINE):
        raise _refused(name, "imports or exports in a way that is not bundled")
    return f"const {name}_js = (() => {{\n{body.strip()}\nreturn {{ {', '.join(_exports(source))} }};\n}})();"


def _exports(source: str) -> list[str]:
    return [name for _, name in _EXPORT.findall(source)]


def _refused(name: str, why: str) -> SiteError:
    hint = 'write import { name } from "./module.js"; and export before function or const, each on a line of its own'
    return SiteError(f"site_templates/{FOLDER}/{name}.js: {why}", hint=hint)
