"""A project pinned to older libraries beside one on the newest, in one build; a command, for it installs 300 MB.

`python tests/long_environments.py` prints for each what it ran with and what its page shows, then builds again.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stage import Stage

OLDER = '"scikit-learn==1.3.2", "matplotlib==3.6.3", "numpy<2"'
NEWEST = "scikit-learn\nmatplotlib\n"
SCRIPT = """import matplotlib
import matplotlib.pyplot as plt
import sklearn
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

from portfolio import log_figure, log_metric, log_text

X, y = load_iris(return_X_y=True)
scores = cross_val_score(RandomForestClassifier(random_state=0), X, y, cv=5)
log_metric("accuracy", scores.mean(), scores=scores)
log_text("versions", f"scikit-learn {sklearn.__version__}, matplotlib {matplotlib.__version__}")
figure, axes = plt.subplots()
axes.plot(scores, "o-")
axes.set_xlabel("fold")
axes.set_ylabel("accuracy")
log_figure("folds", figure, alt="Accuracy of each fold.")
plt.figure()
plt.scatter(X[:, 0], X[:, 1], c=y)
plt.suptitle("Left open")
"""
EXPECTED = {"older": ("1.3.2", "3.6.3"), "newest": (None, None)}


def main() -> int:
    """Build the pair twice; return 0 where all is as it should be."""
    with tempfile.TemporaryDirectory(prefix="portfolio-pair-") as folder:
        stage = Stage(Path(folder))
        for slug in EXPECTED:
            stage.write(f"projects/{slug}/spec.toml", f'title = "The {slug}"\nsummary = "Iris, by a forest."\n')
        block = f'# /// script\n# requires-python = ">=3.11"\n# dependencies = [{OLDER}]\n# ///\n'
        stage.write("projects/older/script.py", block + SCRIPT)
        stage.write("projects/newest/script.py", SCRIPT)
        stage.write("projects/newest/requirements.txt", NEWEST)
        first, second = _build(stage), _build(stage)
        problems = [*_of_runs(first, second), *(each for slug in EXPECTED for each in _of(stage, slug))]
        sys.stdout.write("".join(f"wrong: {each}\n" for each in problems))
    return 1 if problems else 0


def _build(stage: Stage) -> dict[str, dict[str, object]]:
    """Build however long it takes; return what is said of each project."""
    with stage.start("-q", "build", "--json") as process:
        out, err = process.communicate()
    sys.stdout.write(err)
    return {row["slug"]: row for row in json.loads(out)["projects"]}


def _of_runs(first: dict[str, dict[str, object]], second: dict[str, dict[str, object]]) -> Iterator[str]:
    for slug, row in first.items():
        then = second[slug]["status"]
        sys.stdout.write(f"{slug}: {row['status']}, {row['metrics']}, {row['figures']} figures; then {then}\n")
        if (row["status"], row["figures"], then) != ("ran", 2, "fresh"):
            yield f"{slug}: {row['failure']}"


def _of(stage: Stage, slug: str) -> Iterator[str]:
    page = re.sub(r"\s+", " ", stage.page(slug)) if (stage.site / "projects" / slug).is_dir() else ""
    named = ("scikit-learn", "matplotlib")
    found = [re.search(rf"<dt>{name}</dt><dd>([^<]+)</dd>", page) for name in named]
    sides = sorted({name.rpartition("/")[2] for name in re.findall(r'src="([^"]*figures/[^"]+)"', page)})
    sys.stdout.write(f"{slug}: its page says {[each and each[1] for each in found]} and shows {', '.join(sides)}\n")
    for name, version, said in zip(named, EXPECTED[slug], found, strict=True):
        if said is None or (version or said[1]) != said[1] or f"{name} {said[1]}" not in page:
            yield f"{slug}: {name} is {said and said[1]} on its page"
    if sum(".dark." in side for side in sides) < len(sides) / 2:
        yield f"{slug}: not every figure has a dark side"


if __name__ == "__main__":
    raise SystemExit(main())
