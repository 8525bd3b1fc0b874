"""Kill -9 at 200 moments spread over every phase of a build: half by the clock, half at steps of its own."""

from figure import Figure
from ground import ground
from kills import Broken, Trees, check_next, kill, steps_of_a_build

KILLS = 200


def run(kills: int = KILLS) -> Figure:
    """Kill, look at the site, build again, compare with a clean build: each in a workspace of its own."""
    broken = Broken()
    with ground() as (made, top):
        trees = Trees.of(made)
        steps, seconds = steps_of_a_build(made, top / "counted")
        for number in range(kills):
            stage, moment = made.edited(top / "workspace"), number // 2 / (kills / 2)
            if number % 2:
                kill(stage, trees, broken, after=moment * seconds)
            else:
                kill(stage, trees, broken, step=1 + round(moment * (steps - 1)))
            check_next(stage, trees, broken, f"kill {number}")
    where = ", ".join(f"{phase} {number}" for phase, number in broken.phases.most_common())
    return Figure(
        what=f"{kills} kills -9 in a build of {steps} steps and {seconds:.1f} s",
        promised="0 broken sites, next build equals a clean one, 0 leftovers",
        measured=f"{len(broken.sites)} broken sites, {len(broken.builds)} next builds astray, {len(broken.left)} left",
        ok=not broken.all,
        notes=(f"where they fell: {where}", *broken.all[:20]),
    )
