"""The repository's own projects in a workspace of the tests', built once for all processes of a run."""

import shutil
from pathlib import Path

from stage import REPOSITORY, MakeStage, Once, Stage

SLUGS = sorted(path.parent.name for path in (REPOSITORY / "projects").glob("*/spec.toml"))


def real_site(once: Once, stage_in: MakeStage) -> Stage:
    """Return the workspace with its site; nothing may change it."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        stage.projects.rmdir()
        left_out = shutil.ignore_patterns("__pycache__", "portfolio-output")
        shutil.copytree(REPOSITORY / "projects", stage.projects, ignore=left_out)
        for name in ("mkdocs.yml", "resume.json"):
            if (REPOSITORY / name).is_file():
                shutil.copyfile(REPOSITORY / name, stage.root / name)
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("real", build) / "workspace")
