"""The workspace's own settings: `[tool.portfolio]` of `pyproject.toml`, and `extra.portfolio` of `mkdocs.yml`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, StringConstraints

from portfolio.values.spec import Address, Line, Memory, Prose, Table, Tag


class Settings(Table):
    """Defaults of every run; a project's `[run]` overrides them."""

    timeout: Annotated[FiniteFloat, Field(gt=0, le=604_800)] = 600.0
    """Seconds of wall time for one run."""
    memory: Memory = "4GiB"
    threads: Annotated[int, Field(ge=1, le=1024)] = 1
    jobs: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Projects run at once; the number of cores unless given."""
    output_limit: Memory = "1GiB"
    """So much output ends a run; also the size of the largest file it may write, and a sixteenth of all of them."""
    require_sandbox: bool = False
    """Whether nothing is run unless every guard is on."""
    strict: bool = False
    executor: Literal["local", "dask"] = "local"
    """Where projects are run: by this machine, or by the workers of a Dask cluster."""
    scheduler: Annotated[str, StringConstraints(max_length=1000)] | None = None
    """An address such as 'tcp://host:8786', or a scheduler file; without, Dask uses the cores of this machine."""


class AuthorSettings(Table):
    """Who the author is, shown on the home page."""

    name: Line | None = None
    role: Line | None = None
    tagline: Prose | None = None
    links: Mapping[Tag, Address] = {}
    example: bool = False
    """Whether every page says that it shows example content."""
