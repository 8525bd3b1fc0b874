"""Ends at once with a block of shared memory that nobody will free."""

import os
import time
from multiprocessing.shared_memory import SharedMemory

kept = SharedMemory(f"hostile-{os.getpid()}", create=True, size=8 << 20)
kept.buf[:] = b"x" * (8 << 20)
time.sleep(0.5)
os._exit(0)
