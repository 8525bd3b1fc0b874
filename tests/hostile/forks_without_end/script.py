"""Forks until nobody lets it; 1,500 times at most."""

import os
import time

for _ in range(1500):
    if os.fork() == 0:
        time.sleep(600)
time.sleep(600)
