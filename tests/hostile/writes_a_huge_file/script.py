"""Writes one file larger than it may."""

with open("huge.bin", "wb") as file:
    for _ in range(64):
        file.write(b"x" * (1 << 20))
