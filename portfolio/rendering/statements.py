"""Where a script's statements stand now, so that a warning finds its line again after a comment moved it."""

import ast


def statement_lines(source: str) -> list[int]:
    """Return the first line of every statement, in order of position; element i belongs to statement i.

    A source that does not parse has none.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    places = sorted((node.lineno, node.col_offset) for node in ast.walk(tree) if isinstance(node, ast.stmt))
    return [line for line, _ in places]
