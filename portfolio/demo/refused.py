"""Why a model cannot be tried in the page."""


class RefusedError(ValueError):
    """The model is not among those that run in the page; the message says what is in the way, and what to change."""
