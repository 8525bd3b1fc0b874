"""Starts workers by every method there is, which never end."""

import multiprocessing
import time

if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        multiprocessing.get_context(method).Process(target=time.sleep, args=(600,)).start()
