"""How every command speaks: whatever it says passes `plain`, for any of it may hold a project's text."""

import click

from portfolio.terminal import plain


def say(text: str, *, err: bool = False) -> None:
    """Print `text` and a line's end, made safe to show."""
    click.echo(plain(text), err=err)


def tell_runner(text: str, *, err: bool = False) -> None:
    """Print a command for the runner of a workflow, whose parts were escaped by whoever made it."""
    click.echo(text, err=err)
