"""Fails after it logged something."""

from portfolio import log_metric

log_metric("before", 1)


def deep() -> None:
    raise ValueError("the reason is said here")


deep()
