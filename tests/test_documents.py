"""The documents show what works: their files are written, their commands run, and the demo keeps its promises."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from stage import REPOSITORY, SECONDS, Once, Stage, environment, portfolio

DOCS = REPOSITORY / "docs"
BLOCK = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
BIN = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def follow(name: str, folder: Path) -> list[tuple[str, int, str]]:
    """Write the files of a document and type its commands, in order; return how each command ended."""
    told = []
    for block in BLOCK.finditer((DOCS / name).read_text(encoding="utf-8")):
        if block["file"]:
            (folder / block["file"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["language"] == "console":
            for line in block["text"].splitlines():
                ended = _type(line.removeprefix("$ "), folder)
                told.append((line, ended.returncode, ended.stdout + ended.stderr))
                folder = folder / "work" if " init work" in line else folder
    return told


def _type(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env=environment({"PATH": BIN}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def guided(once: Once) -> Path:
    """Return the folder in which somebody followed the guide, with what they were told."""

    def go(folder: Path) -> None:
        (folder / "told.txt").write_text(repr(follow("guide.md", folder)), encoding="utf-8")

    return once("guide", go)


def test_the_guide_leads_to_a_complete_project(guided: Path) -> None:
    told = (guided / "told.txt").read_text(encoding="utf-8")
    codes = re.findall(r"\('\$ ([^']*?)', (\d+),", told)

    assert len(codes) == 9
    assert {code for _, code in codes} == {"0"}, told
    (project,) = Stage(guided / "work").portfolio("next", "progression", "--json").document["projects"]
    assert project["complete"], project["missing"]


def test_the_commands_on_publishing_work(guided: Path) -> None:
    told = follow("publishing.md", guided / "work")

    assert [line for line, _, _ in told] == [
        "$ portfolio run three-wines --out runs/one",
        "$ portfolio build --frozen --from-runs runs/one",
        "$ portfolio upgrade --check",
        "$ portfolio upgrade",
    ]
    assert [code for _, code, _ in told] == [0] * 4, told


def test_what_stands_for_gitlab_builds_a_site_there(guided: Path) -> None:
    text = (DOCS / "publishing.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"<!-- gitlab -->\n```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    job: dict[str, Any] = yaml.safe_load(written)["pages"]
    lines = [line for line in job["script"] if not line.startswith("python -m pip")]
    address = "https://ada.gitlab.io/work"

    ended = _type(f"export CI_PAGES_URL={address}\n" + "\n".join(lines), guided / "work")

    assert ended.returncode == 0, ended.stderr
    assert len(job["script"]) - len(lines) == 1
    home = guided / "work" / job["artifacts"]["paths"][0] / "index.html"
    assert f'href="{address}/' in home.read_text(encoding="utf-8")


def test_the_demo_keeps_what_the_readme_promises(tmp_path: Path) -> None:
    ended = _type(f"{DOCS / 'demo.sh'} {tmp_path}", REPOSITORY)

    said = ended.stdout
    assert ended.returncode == 0, said + ended.stderr
    assert "1 project: 1 fresh · site unchanged" in said
    assert "2 projects: 1 ran, 1 fresh" in said
    before, after = re.findall(r"card: ([^;]*); page: (.*)", said)
    assert "3.3" in before[0].split()
    assert "3.3" in before[1].split()
    assert "3.5" in after[0].split()
    assert "3.5" in after[1].split()
    assert "3 projects: 1 ran, 2 fresh" in said
    assert "is a result of the run, typed by hand" in said
    assert "write {{ metrics.mean_price.value }}" in said
    assert said.rstrip().endswith("its page is still there")
    page = (tmp_path / "demo/build/site/projects/gallery/index.html").read_text(encoding="utf-8")
    assert "figures/" in page


def test_a_shell_completes_commands_and_options() -> None:
    def completed(words: str, place: int) -> list[str]:
        variables = {"PATH": BIN, "_PORTFOLIO_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)}
        ended = subprocess.run(
            ["portfolio"], env=environment(variables), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return [line.partition(",")[2] for line in ended.stdout.splitlines()]

    line = re.search(r"```console\n\$ (.*)\n```", (DOCS / "faq.md").read_text(encoding="utf-8"))[1]  # type: ignore[index]
    loaded = _type(f"{line}\ncomplete -p portfolio", REPOSITORY)

    assert completed("portfolio ne", 1) == ["new", "next"]
    assert completed("portfolio new x --from", 3) == ["--from", "--from-idea"]
    assert "_portfolio_completion" in loaded.stdout, loaded.stderr


def test_links_in_the_documents_lead_to_files_and_headings() -> None:
    for document in (*DOCS.glob("*.md"), *DOCS.glob("*/*.md")):
        text = document.read_text(encoding="utf-8")
        for path, anchor in re.findall(r"\]\((?!https?://)([^)#]*)#?([^)]*)\)", text):
            target = document.parent / path if path else document
            assert target.is_file(), f"{document.name}: {path}"
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
            names = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert not anchor or anchor in names, f"{document.name}: #{anchor}"


def test_no_document_tells_anyone_to_install_a_bare_name() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*DOCS.glob("*.md"), REPOSITORY / "README.md")]

    assert [text for text in texts if re.search(r"pip install (?:-\S+ )*(?:finished-)?portfolio\b", text)] == []


def test_the_shipped_readme_names_commands_there_are(tmp_path: Path) -> None:
    portfolio("init", "mine", folder=tmp_path)
    shown = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")

    named = set(re.findall(r"(?:^|[`&;] ?)portfolio ([a-z]+)", shown, re.MULTILINE))

    assert {"new", "serve", "build", "check", "lock", "upgrade"} <= named
    assert {name: portfolio(name, "--help", folder=tmp_path).code for name in named} == dict.fromkeys(named, 0)
