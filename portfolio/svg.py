"""SVG rebuilt from an allow-list: what is left can be looked at, and does nothing when it is opened by itself."""

import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree as ET

MOST_BYTES = 8 << 20
_DEEPEST = 100
_MOST_DRAWN = 1_000_000
"""Elements drawn when every reference is followed; a few nested ones would draw billions."""
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_NAMES = frozenset(
    f"{{{_SVG}}}{name}"
    for name in "svg g defs path rect circle ellipse line polyline polygon text tspan textPath title desc use "  # noqa: SIM905
    "symbol clipPath mask pattern marker linearGradient radialGradient stop image style switch filter feGaussianBlur "
    "feOffset feMerge feMergeNode feColorMatrix feFlood feComposite feBlend".split()
)
_ATTRIBUTES = frozenset(
    "alignment-baseline aria-hidden aria-label aria-roledescription baseline-shift class clip-path clip-rule "  # noqa: SIM905
    "clipPathUnits color color-interpolation-filters cx cy d direction dominant-baseline dx dy dur fill fill-opacity "
    "fill-rule filter filterUnits flood-color flood-opacity font-family font-size font-stretch font-style font-variant "
    "font-weight fr fx fy gradientTransform gradientUnits height href id in in2 k1 k2 k3 k4 kerning lengthAdjust "
    "letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask maskContentUnits "
    "maskUnits mode offset opacity operator orient overflow paint-order patternContentUnits patternTransform "
    "patternUnits pathLength points preserveAspectRatio primitiveUnits r refX refY result role rotate rx ry "
    "shape-rendering spreadMethod startOffset stdDeviation stop-color stop-opacity stroke stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style text-anchor "
    "text-decoration text-rendering textLength transform transform-origin type values vector-effect version viewBox "
    "visibility width word-spacing writing-mode x x1 x2 y y1 y2".split()
)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["'](?!(?:utf-8|us-ascii)["'])""", re.IGNORECASE)
_UNSAFE_STYLE = re.compile(r"[\\@<]|/\*|expression|javascript:|url\(\s*['\"]?(?!#)|image-set|src\(", re.IGNORECASE)
_SPECIAL = frozenset("\\@<(:*")
"""Without any of them a value is not unsafe."""
_REFERENCE = re.compile(r"#|data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]*$")
_INNER = re.compile(r"""url\(\s*['"]?#([^'")]+)""")


class SvgError(ValueError):
    """A text is no SVG image, or one that would take too much to draw."""


def rebuilt(raw: bytes) -> tuple[bytes, ET.Element]:
    """Return the image with nothing in it but what may be there, and its root.

    Raises:
        SvgError: it is none; the message goes behind the file's name.
    """
    root = _parsed(raw)
    _clean(root)
    try:
        drawn = _drawn(root)
    except RecursionError as error:
        raise SvgError("refers from element to element too often: save it as PNG or WebP") from error
    if drawn > _MOST_DRAWN:
        raise SvgError(f"draws more than {_MOST_DRAWN:,} elements: save it as PNG or WebP")
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True), root


def is_passive(raw: bytes) -> bool:
    """Whether there is nothing in the image that `rebuilt` would take away."""
    if b"<!" in raw or b"<?" in raw.removeprefix(b"<?xml "):
        return False
    try:
        root = _parsed(raw)
        return not any(_astray(element) for element in root.iter()) and _drawn(root) <= _MOST_DRAWN
    except (SvgError, RecursionError):
        return False


def _parsed(raw: bytes) -> ET.Element:
    if len(raw) > MOST_BYTES:
        raise SvgError(f"is larger than {MOST_BYTES >> 20} MiB: save it as PNG or WebP")
    if b"<!ENTITY" in raw or b"\0" in raw or _ENCODING.search(raw):
        raise SvgError("declares entities, or is not in UTF-8")
    try:
        root = ET.fromstring(raw)  # noqa: S314 - no entity can be declared, see above
    except (ET.ParseError, ValueError) as error:
        raise SvgError("is not an SVG image") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise SvgError("is not an SVG image")
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > _DEEPEST:
            raise SvgError(f"nests deeper than {_DEEPEST} elements: save it as PNG or WebP")
    return root


def _clean(element: ET.Element) -> None:
    """Remove every element, attribute and reference that is not on the list, at any depth."""
    for child in list(element):
        if _is_known(child):
            _clean(child)
        else:
            element.remove(child)
    for name, value in list(element.attrib.items()):
        if not _may_stay(name, value):
            del element.attrib[name]


def _astray(element: ET.Element) -> bool:
    return not _is_known(element) or any(not _may_stay(*pair) for pair in element.attrib.items())


def _is_known(element: ET.Element) -> bool:
    if element.tag != f"{{{_SVG}}}style":
        return element.tag in _NAMES
    return not len(element) and not _UNSAFE_STYLE.search(element.text or "")


def _may_stay(name: str, value: str) -> bool:
    if name in ("href", f"{{{_XLINK}}}href"):
        return bool(_REFERENCE.match(value.strip()))
    return name in _ATTRIBUTES and not (_SPECIAL.intersection(value) and _UNSAFE_STYLE.search(value))


def _drawn(root: ET.Element) -> int:
    """Return how many elements are drawn when every reference is followed; one that leads to itself draws nothing."""
    known = {element.get("id"): element for element in root.iter()}
    on_the_way: set[str] = set()

    @cache
    def behind(name: str) -> int:
        if name in on_the_way or name not in known:
            return 0
        on_the_way.add(name)
        count = amount(known[name])
        on_the_way.discard(name)
        return count

    def amount(element: ET.Element) -> int:
        return sum(1 + sum(behind(name) for name in _referred(inner)) for inner in element.iter())

    return amount(root)


def _referred(element: ET.Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if value.startswith("#") and name.endswith("href"):
            yield value[1:]
        elif "url(" in value:
            yield from _INNER.findall(value)
