"""Let the W3C's own checker read every page type: `python tests/site/w3c.py [--site DIR]`.

A command, not a test: it needs npm, Java and thirty megabytes. Every page of `--site` (`build/site`) is checked, with
style sheets left out. What the theme itself emits is listed in `THEME`, each with where it comes from; anything else
is an error of ours, and the exit code is 1.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

_TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(_TESTS))

from npm import installed  # noqa: E402 - also where this folder is not on the path

VERSION = "26.9.27"
THEME = {
    "^Attribute “autocomplete” is only allowed": "base.html, the checkboxes of menu and search",
}
"""What the theme emits and an override cannot mend, as a pattern of the message, and where it stands in the theme."""
_SECONDS = 600


def main() -> int:
    """Check; print what is wrong and how often; return the exit code."""
    parser = argparse.ArgumentParser(description="Let the W3C's checker read the built site.")
    parser.add_argument("--site", type=Path, default=_TESTS.parent / "build" / "site")
    asked = parser.parse_args()
    pages = sorted(asked.site.rglob("*.html"))
    known: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    for message in _checked(pages):
        if message["type"] != "error":
            continue
        why = next((why for pattern, why in THEME.items() if re.search(pattern, message["message"])), None)
        where = Path(message["url"].removeprefix("file:")).relative_to(asked.site.resolve()).as_posix()
        if why:
            known[f"{message['message']} ({why})"] += 1
        else:
            ours[
                f"{where}:{message.get('lastLine', 0)}: {message['message']}\n    {message.get('extract', '').strip()}"
            ] += 1
    print(f"{len(pages)} pages, {sum(ours.values())} errors, {sum(known.values())} of the theme's own")
    for told, times in (*known.most_common(), *ours.most_common()):
        print(f"{times:6} {told}")
    return 1 if ours else 0


def _checked(pages: list[Path]) -> list[dict[str, str]]:
    jar = installed("vnu-jar", VERSION) / "build" / "dist" / "vnu.jar"
    ended = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", *(str(page.resolve()) for page in pages)],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    found: list[dict[str, str]] = json.loads(ended.stderr)["messages"]
    return found


if __name__ == "__main__":
    raise SystemExit(main())
