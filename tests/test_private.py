"""What a run leaves tells neither whose machine it was nor where on it things lay."""

import getpass
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Stage, tree

from portfolio.running import scrub

HOME = "/home/jsmith42"
SCRIPT = """
from pathlib import Path
import json, warnings
import portfolio as p
here = Path.cwd()
said = f"{here}/data.csv in {Path.home()}/models"
print(said)
p.log_metric("m", 1.0, unit="s", method=f"read from {here}")
p.log_text("t", said)
p.log_table("table", [{"path": str(Path.home() / "models" / "x"), "n": 1}])
Path("rows.csv").write_text(f"a,b\\n1,{said}\\n")
Path("notes.json").write_text(json.dumps({"where": said}))
p.log_artifact("notes.json")
warnings.warn(f"old: {said}")
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{HOME}/models/x.bin", "~/models/x.bin"),
        (f"in {HOME}.", "in ~."),
        ("run by jsmith42 on gpu-box-7", "run by user on host"),
        ("jsmith42@gpu-box-7.lab.example.org:~$", "user@host:~$"),
        ("on gpu-box-7.lab.example.org", "on host"),
        ("gpu-box-71 and my_jsmith42_x", "gpu-box-71 and my_jsmith42_x"),
    ],
)
def test_user_machine_and_home_are_not_told(text: str, shown: str) -> None:
    homeless = scrub.private(text, {f"{HOME}/": "~/", HOME: "~"})

    assert scrub.nameless(homeless, "jsmith42", "gpu-box-7.lab.example.org") == shown


@pytest.mark.parametrize(("user", "host"), [("max", "penguin"), ("root", "localhost"), ("iris", "ubuntu")])
def test_names_that_are_words_stay_in_results(user: str, host: str) -> None:
    text = "mean 3.1 max 7.0 iris penguin root mean square, ubuntu localhost"

    assert scrub.nameless(text, user, host) == text


def test_nothing_a_run_leaves_names_a_place_of_this_machine(
    workspace: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home" / "ada-example"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    stage = workspace("minimal")
    stage.write("projects/tells/spec.toml", 'title = "T"\nsummary = "S"\n')
    stage.write("projects/tells/script.py", SCRIPT)

    outcome = stage.run("tells")["tells"]

    assert outcome.failure is None
    kept = tree(stage.root / "build" / "records") | tree(stage.projects / "tells")
    assert len(outcome.record.files) == 3 if outcome.record else False
    for name, content in kept.items():
        assert str(tmp_path).encode() not in content, name
        assert b"scratch" not in content or name.endswith("record.json"), name
        assert not re.search(rb"/home/[a-z]", content), name
    assert getpass.getuser()
