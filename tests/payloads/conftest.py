"""The site that carries every payload, built once by the real command line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Stage

from payloads.carriers import HERE, SVG, Carrier, grouped, write_carriers

PER_PROJECT = 40
Once = Callable[[str, Callable[[Path], None]], Path]


def write_runner(stage: Stage) -> None:
    """Write the project that is really run."""
    stage.write("projects/runs/spec.toml", 'title = "Runs"\nsummary = "Logs every payload."\n')
    shutil.copyfile(HERE / "runs.py", stage.projects / "runs" / "script.py")
    shutil.copyfile(HERE / "payloads.json", stage.projects / "runs" / "payloads.json")
    stage.write("projects/runs/drawn.svg.txt", SVG)
    stage.write("projects/runs/data.csv", '"=1+1",-1\n')
    stage.append(
        "projects/runs/spec.toml",
        '[[data]]\nname = "x"\npath = "data.csv"\npublish = true\nlicence = "CC0"\n',
    )


@pytest.fixture(scope="session")
def payload_site(once: Once, stage_in: Callable[..., Stage]) -> Stage:
    """Return the workspace with its site; nothing may change it."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        write_carriers(stage, PER_PROJECT)
        write_runner(stage)
        ran = stage.portfolio("build", variables={"CI": "1"})
        assert ran.code == 0, ran.err

    return Stage(once("payloads", build) / "workspace")


@pytest.fixture(scope="session")
def carried() -> tuple[Carrier, ...]:
    """Return the projects of the site with recorded runs."""
    return grouped(PER_PROJECT)
