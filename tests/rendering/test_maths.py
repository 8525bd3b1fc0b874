"""Formulas of a write-up: drawn by the browser, and unable to do anything else."""

from typing import Any

import pytest


def test_formulas_become_mathml_and_prices_stay_prices(bench: Any) -> None:
    bench.add(files={"writeup.md": "A $x_1^2$ for $5 and $10.\n\n$$\n\\sum_{i=1}^n \\hat{y}_i\n$$\n\n`$a$`\n"})

    text = bench.page().text

    assert '<math display="inline"><mrow><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></mrow></math>' in text
    assert "for $5 and $10." in text
    assert '<math display="block">' in text
    assert "∑" in text
    assert "<code>$a$</code>" in text


@pytest.mark.parametrize(
    "formula",
    [
        r"\text{<img src=x onerror=alert(1)>}",
        r"\href{javascript:alert(1)}{x}",
        r"\class{pf-notice}{x}",
        r"\style{color:red}{x}",
        r"</math><script>alert(1)</script>",
    ],
)
def test_no_formula_can_act(bench: Any, tags: Any, formula: str) -> None:
    bench.add(files={"writeup.md": f"$${formula}$$"})

    found = [(name, attributes) for name, attributes in tags(bench.page().text.partition("pf-writeup")[2])]

    assert not [name for name, _ in found if name in ("img", "script")]
    shown = [attributes for name, attributes in found if name.startswith("m") and name != "main"]
    assert shown
    assert not [given for given in shown if set(given) & {"href", "style", "class", "onerror"}]


def test_a_formula_that_cannot_be_read_costs_its_own_page(bench: Any) -> None:
    bench.add(files={"writeup.md": r"So $\left( x$."})
    bench.add("two")

    rendered = bench.render()

    assert set(rendered.failures) <= {"one"}
