"""`portfolio verify`: run again, and say whether the numbers come back."""

from typing import TYPE_CHECKING

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say

if TYPE_CHECKING:
    from portfolio.verifying import Verified


@click.command("verify")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--runs", type=click.IntRange(2, 100), default=2, show_default=True, help="How often each is run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, slugs: tuple[str, ...], runs: int, *, as_json: bool) -> int:
    """Run SLUGs, or all projects, several times and say what moved. Nothing is stored and no page changes.

    Where `strace` is installed, the last run is traced: that also shows what native code and started programs read, and
    a file that decides numbers and is not known to do so is named.
    """
    from portfolio.cli.progress import reporter  # noqa: PLC0415 - --help answers without it
    from portfolio.reading import Options  # noqa: PLC0415
    from portfolio.verifying import verify  # noqa: PLC0415

    with reporter(globals_) as told:
        found = verify(globals_.workspace(), Options(slugs=slugs), runs, told)
    ok = all(verified.ok for verified in found)
    if as_json:
        rows = [
            {
                "slug": verified.slug,
                "status": "fine" if verified.ok else "failed" if verified.failure else "moved",
                "runs": verified.runs,
                "moved": {change.name: [change.old, change.new] for change in verified.moved},
                "differing": list(verified.differing),
                "unseen": list(verified.unseen),
                "traced": verified.traced,
                "failure": {"kind": verified.failure.kind.value, "message": verified.failure.message}
                if verified.failure
                else None,
            }
            for verified in found
        ]
        print_json({"ok": ok, "problems": [], "projects": rows})
        return 0 if ok else 1
    for verified in found:
        for line in _lines(verified):
            say(line.replace("\n", " "))
    if found and not any(verified.traced for verified in found):
        say("note: what native code and started programs read was not watched: install strace", err=True)
    return 0 if ok else 1


def _lines(verified: "Verified") -> list[str]:
    """Return what to say of one project."""
    slug = verified.slug
    if verified.failure:
        return [f"{slug}: {verified.failure.kind.value}: {verified.failure.message}"]
    said = [f"{slug}: {change.name} moved: {_number(change.old)} → {_number(change.new)}" for change in verified.moved]
    said += [f"{slug}: reads {name}, which no key counts: declare it under [[data]]" for name in verified.unseen]
    if not said:
        said = [f"{slug}: {verified.runs} runs agree"]
    if verified.differing:
        said.append(f"  not alike, though no number moved: {', '.join(verified.differing[:5])}")
    return said


def _number(value: float | None) -> str:
    return "absent" if value is None else f"{value:.6g}"
