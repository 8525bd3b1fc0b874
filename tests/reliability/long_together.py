"""Two commands at once in one workspace, fifty times; and commands that wait for a build that is killed."""

from figure import Figure
from ground import ground
from together import PAIRS, kill_the_holder, run_pair

TIMES = 50
_WAITING = (("build",), ("run",), ("verify", "minimal"), ("clean",))


def run(times: int = TIMES) -> list[Figure]:
    """Start pairs at once, then kill holders."""
    with ground() as (made, top):
        complaints = [said for number in range(times) for said in run_pair(made, top / "workspace", number)]
        killed = [kill_the_holder(made, top / "workspace", waiting) for waiting in _WAITING]
    astray = [said for _, found in killed for said in found]
    pairs = ", ".join(f"{' '.join(one)} | {' '.join(other)}" for one, other in PAIRS)
    return [
        Figure(
            what=f"two commands at once, {times} times ({pairs})",
            promised="0 corrupt",
            measured=f"{len(complaints)} complaints",
            ok=not complaints,
            notes=tuple(complaints[:10]),
        ),
        Figure(
            what="the holder killed while another waits (build, run, verify, clean)",
            promised="the next starts at once",
            measured=f"they ended {', '.join(f'{seconds:.1f}' for seconds, _ in killed)} s later",
            ok=not astray,
            notes=tuple(astray),
        ),
    ]
