"""The same records become the same site, byte for byte, under everything that should not matter."""

from figure import Figure
from ground import differences, ground
from stage import git, tree
from variations import built, may_be_nobody, variations


def run() -> Figure:
    """Build once plainly, then under each variation, and compare every file of the site."""
    with ground() as (made, top):
        git(made.old.root, "init", "--quiet")
        made.old.write(".gitignore", "build/\n")
        git(made.old.root, "add", ".")
        git(made.old.root, "commit", "--quiet", "--message", "as it is")
        plain, *others = variations()
        wanted = tree(built(made.old, top, plain).site)
        found = {one.name: differences(tree(built(made.old, top, one).site), wanted) for one in others}
    astray = [f"{name}: {names[:5]}" for name, names in found.items() if names]
    return Figure(
        what=f"{len(wanted)} files of a site under {len(found)} variations ({', '.join(found)})",
        promised="identical bytes",
        measured=f"{len(found) - len(astray)} of {len(found)} identical",
        ok=not astray,
        notes=(*astray, *(() if may_be_nobody() else ("another user: not measured, for that takes root and setpriv",))),
    )
