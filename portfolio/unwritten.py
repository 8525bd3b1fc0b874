"""What of a project is still the text it began with: the starters' own sentences, where nobody replaced them."""

from collections.abc import Iterator, Sequence

from portfolio.completeness import Missing
from portfolio.starters.stock import paragraphs, stock, told
from portfolio.values.project import Project
from portfolio.values.scripts import is_notebook

_ASKED = "what did you find?"
"""How the title of a project that was just started ends."""
_MOST_BYTES = 1 << 20
"""Of a text in which the starters' sentences are looked for."""
_SHOWN = 60


def undefined(project: Project) -> Iterator[Missing]:
    """Yield what should have been written before the first run: finding, question, decision, data."""
    spec, file = project.spec, f"projects/{project.slug}/spec.toml"
    if spec.title.endswith(_ASKED):
        message, hint = (
            "is the question the project began with",
            'write title = "what you would say to somebody in a lift"',
        )
        yield Missing(file=file, key="title", message=message, hint=hint)
    said = [("summary", spec.summary), ("question", spec.question), ("decision", spec.decision)]
    hints = {
        "summary": "write what was asked of which data, and what came out",
        "question": "write what you wanted to know",
        "decision": "write who decides what with the answer",
        "data.name": "name your data under [[data]], with their own source and licence",
    }
    yield from _stock(file, [*said, *(("data.name", used.name) for used in spec.data)], hints)


def unpresented(project: Project) -> Iterator[Missing]:
    """Yield what should have been written once there was a result: limits, ideas, the script's purpose, the prose."""
    spec, folder = project.spec, f"projects/{project.slug}"
    said = [*(("limits", each) for each in spec.limits), *(("follow_up", each) for each in spec.follow_up)]
    hints = {"limits": "write what your result does not say", "follow_up": "write what you would try next"}
    yield from _stock(f"{folder}/spec.toml", said, hints)
    for number, line in enumerate(_text(project, spec.script).splitlines(), 1):
        if line in stock().script:
            message, hint = "says what the template's script said", "write in one line what your script does"
            yield Missing(file=f"{folder}/{spec.script}", key=str(number), message=message, hint=hint)
    for number, text in paragraphs(_text(project, "writeup.md")):
        if text in stock().writeup:
            message, hint = f"{_short(text)} is the template's", "write your own, or delete the heading with it"
            yield Missing(file=f"{folder}/writeup.md", key=str(number), message=message, hint=hint)
    yield from _told_in_notebook(project, folder)


def _told_in_notebook(project: Project, folder: str) -> Iterator[Missing]:
    """Yield the template's own words that a notebook still holds; its lines are nobody's to count."""
    if not is_notebook(project.spec.script):
        return
    for prose in told(_text(project, project.spec.script).encode()):
        for _, text in paragraphs(prose):
            if text in stock().writeup:
                message, hint = f"{_short(text)} is the template's", "write your own, or delete the cell"
                yield Missing(file=f"{folder}/{project.spec.script}", key="", message=message, hint=hint)


def _stock(file: str, said: Sequence[tuple[str, str | None]], hints: dict[str, str]) -> Iterator[Missing]:
    for key, text in said:
        if text and (key, text) in stock().spec:
            yield Missing(file=file, key=key, message=f"{_short(text)} is the template's", hint=hints[key])


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")


def _text(project: Project, name: str) -> str:
    path = project.folder / name
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= _MOST_BYTES else ""
    except (OSError, UnicodeDecodeError):
        return ""
