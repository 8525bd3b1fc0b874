"""Leaves a process that forks and ends, and its child too, 20,000 times, so that whoever looks comes late."""

import os

if os.fork() == 0:
    for _ in range(20_000):
        if os.fork():
            os._exit(0)
