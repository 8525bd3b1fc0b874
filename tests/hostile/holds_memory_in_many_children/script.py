"""Takes more memory than its limit, in processes that each stay below it."""

import os
import time

for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(b"x") * (60 << 20)
        time.sleep(600)
time.sleep(600)
