"""Notebooks as tests write them."""

import json
from typing import Any


def prose(text: str) -> dict[str, Any]:
    """Return a cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(text: str, *tags: str, saved: tuple[Any, ...] = (), count: int | None = None) -> dict[str, Any]:
    """Return a cell of code."""
    listed = {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "metadata": listed, "source": text, "outputs": list(saved), "execution_count": count}


def printed(text: str) -> dict[str, Any]:
    """Return what a cell printed when its notebook was saved."""
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any], language: str = "python", nbformat: int = 4) -> str:
    """Return a notebook's text."""
    kernel = {"display_name": language, "language": language, "name": language}
    document = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": nbformat, "nbformat_minor": 4}
    return json.dumps(document)


SPEC = 'title = "A notebook"\nsummary = "It shows what it shows."\nscript = "analysis.ipynb"\n'
WHOLE = (
    prose("# First words\n\nBefore any code, $x^2$."),
    code("%matplotlib inline\nimport matplotlib.pyplot as plt\nimport pandas as pd\nimport portfolio"),
    code("print('printed before')\nplt.plot([1, 2, 3])\nplt.title('A line')\nplt.show()\nprint('printed after')"),
    code("pd.DataFrame({'city': ['Ulm', 'Bern'], 'people': [128_928, 134_591]})"),
    prose("Words in between: [above](#First-words), [another](../other.ipynb), [this](analysis.ipynb), [none](#gone)."),
    code("portfolio.log_metric('people', 263_519)\nportfolio.log_table('cities', [{'city': 'Ulm'}])\n'the value'"),
    code(
        "class Fit:\n"
        "    def _repr_html_(self):\n        return '<table><tr><td>intercept</td></tr></table>'\n"
        "    def _repr_latex_(self):\n        return r'\\begin{tabular}{l} intercept \\end{tabular}'\n"
        "Fit()"
    ),
    code("from IPython.display import HTML, display\nHTML('<script>evil()</script><b>bold</b>')"),
    code("raise ValueError('this was meant')", "raises-exception"),
    code("print('code is folded')", "hide-input"),
    code("print('output is folded')", "hide-output"),
    code("print('nobody sees this')", "remove-cell"),
    code("print('without its code')", "remove_input"),
)
