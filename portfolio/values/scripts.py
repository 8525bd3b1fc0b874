"""What a project's script may be: a Python file, or a notebook."""

NOTEBOOK = ".ipynb"


def is_notebook(name: str) -> bool:
    """Whether a script of that name is a notebook."""
    return name.endswith(NOTEBOOK)
