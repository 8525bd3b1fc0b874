"""Play the example in R of `docs/any-command.md` as it is written there, and say whether its page is whole.

`python tests/r_example.py [--keep DIR]`. A command, not a test: R is installed by hand, as by `apt-get install
r-base-core`. Run it when you change that page or what is taken from `$PORTFOLIO_RUN`.
"""

# ruff: noqa: T201 - a command prints

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from stage import REPOSITORY, Stage

SPEC = 'title = "Heavy cars go less far"\nsummary = "Fitted in R."\n[run]\ncommand = ["Rscript", "analysis.R"]\n'
SHOWN = ("figures/fit.svg", "figures/fit.dark.svg", "Heavy cars go less far.", "One number a term.", "(Intercept)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build a workspace with the example; return 0 where its page shows all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="use this folder and leave everything in it")
    options = parser.parse_args(arguments)
    if shutil.which("Rscript") is None:
        raise SystemExit("Rscript is not here: install R, as by apt-get install r-base-core")
    with tempfile.TemporaryDirectory(prefix="r-") as temporary:
        stage = Stage((options.keep or Path(temporary)).resolve())
        text = (REPOSITORY / "docs" / "any-command.md").read_text(encoding="utf-8")
        stage.write("projects/cars/analysis.R", text.split("```r\n")[1].split("```")[0])
        stage.write("projects/cars/spec.toml", SPEC)
        ran = stage.portfolio("build", "--json")
        print(ran.err)
        row = ran.projects["cars"]
        page = stage.page("cars") if ran.code == 0 else ""
    missing = [each for each in SHOWN if each not in page]
    print(
        row["metrics"], f"{row['figures']} figure, {row['tables']} table; missing on the page: {missing or 'nothing'}"
    )
    found = {name: round(value, 4) for name, value in row["metrics"].items()}
    return 0 if found == {"r_squared": 0.7528, "cars": 32} and not missing and "0.7528" in page else 1


if __name__ == "__main__":
    sys.exit(main())
