"""The demo's modules as one script: each in its own scope, and a module that cannot be taken in is refused."""

import pytest

from portfolio.errors import SiteError
from portfolio.rendering.scripts import bundled

INNER = "const own = 1;\nexport const shared = own;\n"
ENTRY = 'import { shared } from "./inner.js";\n\nconst own = 2;\nexport function open() {\n  return own + shared;\n}\n'


def test_a_module_comes_before_what_needs_it_and_nothing_is_imported_any_more() -> None:
    script = bundled({"page": ENTRY, "inner": INNER}, "page")

    assert script.index("const inner_js") < script.index("const page_js")
    assert "import" not in script
    assert script.endswith("export const { open } = page_js;\n")


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY.replace("./inner", "./gone"),
        ENTRY.replace("./inner", "./page"),
        ENTRY.replace("{ shared }", "* as shared"),
        ENTRY.replace("export function open", "export default function open"),
        ENTRY.replace("export function", "export class"),
    ],
    ids=["gone", "itself", "all", "default", "class"],
)
def test_what_cannot_be_taken_in_is_refused(entry: str) -> None:
    with pytest.raises(SiteError, match=r"site_templates/assets/demo/\w+.js: "):
        bundled({"page": entry, "inner": INNER}, "page")
