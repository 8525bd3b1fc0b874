"""Prints without end and without ending a line."""

import sys

while True:
    sys.stdout.write("x" * 65536)
