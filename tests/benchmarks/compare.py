"""Measure `portfolio` beside other tools on the same projects, in the same run, and print ratios.

`python tests/benchmarks/compare.py [-n 10 30] [--peers NAME…] [--rounds 3] [--work DIR] [--out table.md]`. A command,
not a test: it downloads the peers, as pip is configured to, and takes an hour. See README.md beside it.
"""

# ruff: noqa: T201 - a command prints

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from environments import OURS, NotInstalledError, install, installed_version
from limit import fit
from measuring import adopt_orphans
from peers import ALL, PORTFOLIO, Peer
from rounds import DATA, Action, Bench, Measured, applies, make_bench, markers, measure, plain
from tables import Comparison, comparison, machine

from projects import slugs, write_data

ABOUT = """\
Wall time from the start of the command to its end; each cell is the median over the rounds of the ratio to `portfolio`
in the same round, tools taking turns at every action. In parentheses the scripts that really ran, as they told
themselves. *stale*: a script that had to run did not, or the page lacks the change. *touched*: new times, same content.
*one failing*: one script raises while another was edited; published means that the other's page shows its edit.
Threads of numerical libraries are as each tool leaves them: `portfolio` sets one, all others use all cores.
"""


def main() -> int:
    """Measure and print; return 0."""
    asked = _arguments()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        work = asked.work.resolve() if asked.work else Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        write_data(work / DATA)
        chosen = [peer for peer in ALL if peer is PORTFOLIO or not asked.peers or peer.name in asked.peers]
        benches, missing = _prepare(chosen, work)
        _tell(f"## Beside others\n\nMeasured {machine()}.\n\n{_versions(benches)}\n{ABOUT}", asked.out, "w")
        for count in asked.n:
            _tell(comparison(_compare(benches, missing, count, asked.rounds, work)), asked.out, "a")
    return 0


def _tell(text: str, out: Path | None, mode: str) -> None:
    """Print a part as soon as it is known; write it to the file `out`, too."""
    print(text, flush=True)
    if out:
        with out.open(mode, encoding="utf-8") as file:
            file.write(f"{text}\n")


def _arguments() -> argparse.Namespace:
    names = [peer.name for peer in ALL if peer is not PORTFOLIO]
    parser = argparse.ArgumentParser(description="Measure portfolio beside other tools.")
    parser.add_argument("-n", type=int, nargs="+", default=[10, 30], help="numbers of projects, two or more each")
    parser.add_argument("--peers", nargs="*", choices=names, metavar="NAME", help=f"only these of: {'; '.join(names)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, help="keep environments and workspaces in this folder")
    parser.add_argument("--out", type=Path, help="write the tables to this file, too")
    asked = parser.parse_args()
    if min(asked.n) < 2:
        parser.error("-n: two projects at least")
    return asked


def _prepare(peers: Sequence[Peer], work: Path) -> tuple[list[Bench], Mapping[str, str]]:
    """Install every peer; return those that are there, and why the others are not, by name."""
    benches, missing = [], {}
    for peer in peers:
        try:
            folder = work / "environments" / "-".join(plain(name) for name in peer.requires)
            scripts = install(peer.requires, folder) if peer.requires else OURS
        except NotInstalledError as error:
            missing[peer.name] = str(error)
            continue
        benches.append(make_bench(peer, scripts, work))
    return benches, missing


def _versions(benches: Sequence[Bench]) -> str:
    tools = {bench.peer.requires[0].partition("<")[0]: bench.scripts for bench in benches if bench.peer.requires}
    named = [f"{name} {installed_version(scripts, name)}" for name, scripts in tools.items()]
    return f"Peers: {', '.join(named) or 'none'}.\n"


def _compare(benches: Sequence[Bench], missing: Mapping[str, str], count: int, rounds: int, work: Path) -> Comparison:
    names = slugs(count)
    limits: list[float] = []
    found: dict[str, list[dict[Action, Measured]]] = {bench.peer.name: [] for bench in benches}
    failed: dict[str, str] = {}
    for number in range(rounds):
        limits.append(fit(names, work / DATA, work / "home").cpu)
        for measured in found.values():
            measured.append({})
        for action, marker in markers(number).items():
            for bench in [bench for bench in benches if bench.peer.name in found and applies(bench.peer, action)]:
                one = measure(bench, action, names, marker)
                _say(number, bench.peer.name, action, one)
                found[bench.peer.name][-1][action] = one
                if action is Action.COLD and (one.cost.code or one.stale):
                    failed[bench.peer.name] = _give_up(bench, one)
                    del found[bench.peer.name]
    return Comparison(count=count, limits=limits, rounds=found, missing={**missing, **failed})


def _give_up(bench: Bench, one: Measured) -> str:
    """Return why a tool is left out that cannot even build what is new; nothing can be compared without ours."""
    why = f"its first build failed: exit code {one.cost.code}, {one.runs} of {one.wanted} scripts ran"
    if bench.peer is PORTFOLIO:
        raise SystemExit(f"{bench.peer.name}: {why}; see {bench.output} (--work DIR keeps it)")
    return why


def _say(number: int, name: str, action: Action, one: Measured) -> None:
    """Say on standard error how far it is: an hour is long."""
    cost = one.cost
    print(
        f"round {number + 1}: {name}, {action.value}: {cost.wall:.2f} s, {cost.cpu:.2f} CPU s, {cost.memory:.0f} MB,"
        f" {one.runs} runs, exit code {cost.code}{', stale' if one.stale else ''}",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
