"""Tells the kernel not to end it with its keeper, and waits in a session of its own."""

import ctypes
import os
import time

ctypes.CDLL(None).prctl(1, 0)
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(1, 0)
time.sleep(600)
