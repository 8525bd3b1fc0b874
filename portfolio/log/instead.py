"""What is logged in place of a figure that cannot be drawn here: its numbers, and what to install."""

from portfolio.log.drawn import UndrawnError
from portfolio.log.sink import Log


def log_instead(log: Log, name: str, undrawn: UndrawnError, said: str) -> None:
    """Log the numbers of figure `name` as a table, or that it is missing; `said` is its caption and alt text."""
    kind = "text" if undrawn.numbers is None else "table"
    wishes = (f"{name}_{number}" if number > 1 else name for number in range(1, 10_000))
    free = log.claim(kind, next(wish for wish in wishes if not log.has(kind, wish)), "log_figure")
    if undrawn.numbers is None:
        kept = "a text says so"
        log.write("text", free, text=f"{said} This figure was not drawn: {undrawn.why}.")
    else:
        kept = f"its numbers are the table {free}"
        log.place("tables", f"{free}.csv").write_text(undrawn.numbers, encoding="utf-8", newline="")
        log.write("table", free, file=f"tables/{free}.csv", caption=f"{said} The figure was not drawn: its numbers.")
    print(f"log_figure({name!r}): not drawn, {undrawn.why}; {kept}. {undrawn.remedy}")  # noqa: T201 - for the author
