"""The running tool as one wheel, for a workspace to install without an index: `vendor/`, known by its hash.

Written from what is installed, be that a wheel or a checkout, so it needs neither a network nor a build. The same
content has the same bytes and the same name: a digest of it follows the version.
"""

import base64
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path

from portfolio.errors import UsageError
from portfolio.version import __version__

NAME = "finished-portfolio"
PIN = "vendor/portfolio.txt"
_PACKAGE = Path(__file__).parent
_WITHIN = {"site_templates": "portfolio/site_templates", "requirements.txt": "portfolio/requirements.txt"}
"""What stands at the top of a checkout and inside the package of a wheel."""
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PIN_HEAD = "# The tool itself, as a wheel known by its hash; 'portfolio upgrade' replaces both."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """The tool, ready to be installed."""

    name: str
    content: bytes

    @property
    def path(self) -> str:
        """Where it lies in a workspace."""
        return f"vendor/{self.name}"

    @property
    def pin(self) -> str:
        """The requirements file that installs it and nothing else of that name."""
        return f"{_PIN_HEAD}\n./{self.path} --hash=sha256:{sha256(self.content).hexdigest()}\n"


def requirements(extras: Sequence[str]) -> tuple[str, ...]:
    """Return what the tool requires, with the optional parts named, as its own metadata say."""
    found = []
    for line in _installed().requires or ():
        wanted, _, marker = line.partition(";")
        extra = re.search(r"""extra\s*==\s*["']([\w-]+)["']""", marker)
        if extra is None or extra[1] in extras:
            rest = re.sub(r"""\s*(?:and\s*)?extra\s*==\s*["'][\w-]+["']""", "", marker).strip()
            found.append(f"{wanted.strip()}; {rest}" if rest else wanted.strip())
    return tuple(sorted(set(found)))


def wheel() -> Wheel:
    """Return the running tool as a wheel.

    Raises:
        UsageError: it was not installed, so nobody knows what it requires.
    """
    content = dict(sorted(_content()))
    summed = sha256()
    for name, data in content.items():
        summed.update(f"{name}\0{len(data)}\0".encode() + data)
    version = f"{__version__}+{summed.hexdigest()[:10]}"
    folder = f"{NAME.replace('-', '_')}-{version}.dist-info"
    content |= {f"{folder}/{name}": data for name, data in _metadata(version).items()}
    content[f"{folder}/RECORD"] = _record(content, f"{folder}/RECORD")
    return Wheel(name=f"{NAME.replace('-', '_')}-{version}-py3-none-any.whl", content=_zipped(content))


def shipped(name: str) -> Path:
    """Return a file that stands at the top of a checkout and inside the package of a wheel."""
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name


def _installed() -> Distribution:
    try:
        return distribution(NAME)
    except PackageNotFoundError as error:
        message = "the tool is not installed, so what it requires is not known"
        raise UsageError(message, hint="pip install -e . in its checkout, or install a wheel of it") from error


def _content() -> Iterator[tuple[str, bytes]]:
    for path in _PACKAGE.rglob("*"):
        name = path.relative_to(_PACKAGE)
        if path.is_file() and "__pycache__" not in name.parts and name.parts[0] not in _WITHIN:
            yield f"portfolio/{name.as_posix()}", path.read_bytes()
    for beside, target in _WITHIN.items():
        top = shipped(beside)
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                below = path.relative_to(top).as_posix()
                yield target if below == "." else f"{target}/{below}", path.read_bytes()


def _metadata(version: str) -> Mapping[str, bytes]:
    """Return the files of the wheel's `dist-info`; what they say is what was installed, but for the version."""
    found = _installed()
    stated = found.read_text("METADATA") or ""
    licence = found.read_text("licenses/LICENSE")
    own = {"licenses/LICENSE": licence.encode()} if licence else {}
    return {
        "METADATA": re.sub(r"(?m)^Version: .*$", f"Version: {version}", stated, count=1).encode(),
        "WHEEL": b"Wheel-Version: 1.0\nGenerator: portfolio\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": b"[console_scripts]\nportfolio = portfolio.cli.main:main\n",
        **own,
    }


def _record(content: Mapping[str, bytes], own: str) -> bytes:
    lines = []
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{own},,"]).encode() + b"\n"


def _zipped(content: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()
