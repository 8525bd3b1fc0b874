"""Prints without end; the workspace's output_limit ends it."""

while True:
    print("x" * 10_000)
