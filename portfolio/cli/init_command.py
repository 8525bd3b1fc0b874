"""`portfolio init`: make a new portfolio in a folder, or a copy of the template one's own."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import UsageError

if TYPE_CHECKING:
    from portfolio.adopting import Adopted
    from portfolio.identity import Identity

_SHOWN = 12


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
@click.option("--here", is_flag=True, help="Make the copy of the template in DIR your own.")
@click.option("--name", default="", metavar="TEXT", help="Your name, shown on the home page.")
@click.option("--role", default="", metavar="TEXT", help='What you are, such as "Data scientist".')
@click.option("--tagline", default="", metavar="TEXT", help="One line of what you do for others.")
@click.option("--site-name", default="", metavar="TEXT", help="Name of the site; your name unless given.")
@click.option("--site-url", default="", metavar="URL", help="Address of the site, where it is not GitHub's own.")
@click.option("--link", "links", multiple=True, metavar="LABEL=URL", help="A link of yours; may be repeated.")
@click.option("--drop-tool/--keep-tool", default=None, help="Drop the tool's source, tests and workflows.")
@click.option("--drop-examples/--keep-examples", default=None, help="Drop the template's projects and its CV.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    globals_: Globals,
    folder: Path,
    *,
    name: str,
    role: str,
    tagline: str,
    site_name: str,
    site_url: str,
    links: tuple[str, ...],
    here: bool,
    drop_tool: bool | None,
    drop_examples: bool | None,
) -> int:
    """Make a new portfolio in DIR, or here: with a finished project, and a workflow that publishes it.

    No file is replaced. With --here, in a copy of the template, your name is put in, and what you do not need can go;
    all of it has to be committed before, so git brings it back. On a terminal what is not given is asked for; without
    one nothing is asked, and nothing dropped unless told so.
    """
    from portfolio.upgrading import is_template  # noqa: PLC0415 - --help answers without it

    target = globals_.folder / folder
    if here and is_template(target):
        who = _identity(name, role, tagline, site_name, site_url, links)
        drops = (
            _wants(drop_tool, "Drop the tool's own source, tests and workflows? The tool stays, as a wheel in vendor/"),
            _wants(drop_examples, "Drop the example projects and the example's CV"),
        )
        return _adopt(globals_, target, who, drops)
    if drop_tool is not None or drop_examples is not None:
        raise UsageError(f"{target}: holds no copy of the template", hint="portfolio init, without --drop or --keep")
    return _start(globals_, target, _identity(name, role, tagline, site_name, site_url, links))


def _identity(name: str, role: str, tagline: str, site_name: str, site_url: str, links: tuple[str, ...]) -> "Identity":
    """Return who the author is; asked for where there is somebody to ask."""
    from portfolio.identity import Identity  # noqa: PLC0415
    from portfolio.workspace.config import refuse_identity  # noqa: PLC0415

    given = dict(_link(text) for text in links)
    if _has_terminal() and not name:
        name = click.prompt("Your name", default="", show_default=False)
        role = role or click.prompt("What you are, such as Data scientist", default="", show_default=False)
        tagline = tagline or click.prompt("What you do for others, in one line", default="", show_default=False)
        for label in [] if given else ["Code", "Mail"]:
            address = click.prompt(f"Address of your {label.lower()}, or nothing", default="", show_default=False)
            given |= (
                {label: f"mailto:{address}" if "@" in address and ":" not in address else address} if address else {}
            )
    who = Identity(name=name, role=role, tagline=tagline, site_name=site_name, site_url=site_url, links=given)
    refuse_identity(who)
    return who


def _link(text: str) -> tuple[str, str]:
    label, equals, address = text.partition("=")
    if not equals:
        raise UsageError(f"--link {text}: is no label with an address", hint="--link Code=https://github.com/you")
    return label.strip(), address.strip()


def _wants(given: bool | None, question: str) -> bool:  # noqa: FBT001 - the option as it came
    if given is not None:
        return given
    return _has_terminal() and click.confirm(question, default=True)


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _start(globals_: Globals, target: Path, who: "Identity") -> int:
    from portfolio.starting import start_workspace  # noqa: PLC0415

    for path in start_workspace(target, who):
        if not globals_.quiet:
            say(f"wrote {path}")
    if not globals_.quiet:
        go = "" if target.resolve() == Path.cwd() else f"cd {target} && "
        say(f"next: {go}portfolio new my-first")
    return 0


def _adopt(globals_: Globals, target: Path, who: "Identity", drops: tuple[bool, bool]) -> int:
    from portfolio.adopting import adopt  # noqa: PLC0415

    adopted = adopt(target, who, drop_tool=drops[0], drop_examples=drops[1])
    if not globals_.quiet:
        _say(adopted, drop_tool=drops[0])
    return 0


def _say(adopted: "Adopted", *, drop_tool: bool) -> None:
    from portfolio.adopting import CV  # noqa: PLC0415
    from portfolio.words import plural  # noqa: PLC0415

    for path in adopted.written:
        say(f"wrote {path}")
    if adopted.dropped:
        say(f"dropped {plural(len(adopted.dropped), 'file')} of the template")
    if CV in adopted.dropped:
        say(f"dropped {CV}, the example's CV; one of yours under that name becomes a page")
    for path in adopted.kept[:_SHOWN]:
        say(f"kept {path}, which you changed")
    if len(adopted.kept) > _SHOWN:
        say(f"kept {len(adopted.kept) - _SHOWN} more that you changed")
    if drop_tool:
        say("next: pip install --require-hashes -r requirements.txt, then: portfolio build")
    if adopted.dropped:
        say("undo: git stash --include-untracked")
