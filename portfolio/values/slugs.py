"""What names look like; apart from the spec, so that matching one does not import pydantic."""

SLUG = r"[a-z0-9][a-z0-9-]{0,63}"
NAME = r"[a-z][a-z0-9_]*"
