"""Tries to write everywhere else: into home, temporary files of others, the workspace, the store, the site."""

import os
from pathlib import Path

workspace = Path(os.environ["WORKSPACE"])
places = [Path.home() / ".bashrc", Path.home() / "planted", Path("/tmp/planted-by-hostile"), Path("/var/tmp/planted-by-hostile")]
places += [workspace / name for name in ("mkdocs.yml", "planted", "build/planted", "build/records/planted", "build/site/planted")]
places += [workspace / "build/cache/digests.json", workspace / "projects/bystander/script.py", workspace / "projects/planted"]
places += [Path(os.environ["PORTFOLIO_RUN"]).parent / "planted"]
for place in places:
    try:
        with place.open("a") as file:
            file.write("planted")
    except PermissionError:
        continue
    raise AssertionError(f"wrote {place}")
for place in (workspace / "mkdocs.yml", workspace / "projects/bystander/script.py"):
    for act in (os.unlink, lambda path: os.truncate(path, 0), lambda path: os.rename(path, "stolen")):
        try:
            act(place)
        except OSError:
            continue
        raise AssertionError(f"changed {place}")
