"""Ignores and blocks whatever can be, and so does what it starts."""

import os
import signal
import time

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.fork()
os.setsid() if os.getpid() != os.getsid(0) else None
while True:
    time.sleep(0.1)
