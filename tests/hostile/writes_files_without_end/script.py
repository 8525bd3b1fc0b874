"""Fills the disk by files that are each small enough."""

import time

for number in range(200):
    with open(f"{number}.bin", "wb") as file:
        file.write(b"x" * (1 << 20))
time.sleep(600)
