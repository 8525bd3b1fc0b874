"""Where a run happened, as far as a page may say so: never the name of a machine."""

import re
from collections.abc import Mapping

CI = "CI"
_RUN = re.compile(r"https://[A-Za-z0-9.-]{1,200}/[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}/actions/runs/\d{1,20}")


def place_of_run(variables: Mapping[str, str]) -> str:
    """Return nothing on a machine of one's own, `CI` in continuous integration, or the web address of the run there."""
    if not variables.get("CI"):
        return ""
    parts = (variables.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
    address = f"{'/'.join(parts)}/actions/runs/{variables.get('GITHUB_RUN_ID', '')}"
    return address if _RUN.fullmatch(address) else CI
