"""The lock beside what a project asks for, refused where it answers something else."""

from dataclasses import replace
from pathlib import Path

from portfolio.values.environment import Lock, Needs
from portfolio.workspace import pins
from portfolio.workspace.asked import Place, RefusedError, text_of


def answered(needs: Needs, folder: Path, shown: str) -> Needs:
    """Return what is asked for with its lock, if it has one.

    Raises:
        RefusedError: the lock cannot be read, or is of something else.
    """
    path = folder / f"{needs.file}.lock"
    if needs.lock or not path.is_file():
        return needs
    place = Place(shown=f"{shown}/{path.name}")
    remedy = f"portfolio lock {folder.name}"
    text = text_of(path, place)
    if pins.is_of_uv(text):
        found = pins.read_uv(text)
        remedy = f"uv lock --script {shown}/{needs.file}"
        if isinstance(found, str):
            raise RefusedError(place.problem(0, found, f"rm {place.shown} && {remedy}"))
        fits = found.requirements == frozenset(map(pins.comparable, needs.requirements))
        fits = fits and needs.python in ("", found.python)
        lock = Lock(file=path.name, text=text, packages=found.packages, of_uv=True)
    else:
        problem = pins.first_problem(text)
        if problem:
            raise RefusedError(place.problem(problem.line, problem.message, remedy))
        fits = pins.asked_for(text) == needs.digest
        lock = Lock(file=path.name, text=pins.body(text), packages=pins.packages(text))
    if not fits:
        raise RefusedError(place.problem(0, f"is not of what {needs.file} asks for now", remedy))
    return replace(needs, lock=lock)
