"""Waits for a child as the kernel does for a started program, without listening to signals."""

import ctypes

libc = ctypes.PyDLL(None)
if libc.vfork() == 0:
    libc.sleep(600)
    libc._exit(0)
