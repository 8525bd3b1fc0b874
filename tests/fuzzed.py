"""Mutations of good input: pieces cut, doubled, swapped for odd ones; most of it stays well-formed."""

from collections.abc import Sequence

from hypothesis import strategies as st

_ODD = (
    *(
        b"",
        b"\0",
        b"\n",
        b'"',
        b"'",
        b"[",
        b"]",
        b"{",
        b"}",
        b"\\",
        b"\\ud800",
        b"-",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
    ),
    *(b"NaN", b"1e999", b"-1", b"9" * 400, b"true", b"null", b"..", b"../", b"/etc/passwd", b"\x1b[31m", b"::error::"),
    *(b"&a ", b"*a", b"<<: ", b"!!python/object:os.system ", b"[" * 70, b"a." * 70, b"<script>", "\u202e".encode()),
)


def mutated(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return inputs near one of `seeds`."""
    edit = st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(_ODD) | st.binary(max_size=6))
    return st.builds(_edited, st.sampled_from(seeds), st.lists(edit, max_size=6))


def _edited(raw: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, new in edits:
        start = int(place * len(raw))
        raw = raw[:start] + new + raw[start + length :]
    return raw
