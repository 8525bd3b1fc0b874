"""Is busy within one instruction of C, which no handler of Python interrupts."""

import signal

signal.signal(signal.SIGTERM, lambda *_: None)
print(len(str(7 ** (10**9))))
