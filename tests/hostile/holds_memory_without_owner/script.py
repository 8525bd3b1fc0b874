"""Takes more memory than its limit, in files of shared memory that it has open."""

import os
import time

kept = []
for number in range(50):
    kept.append(open(f"/dev/shm/hostile-{os.getpid()}-{number}", "wb", buffering=0))
    for _ in range(8):
        kept[-1].write(b"x" * (1 << 20))
time.sleep(600)
