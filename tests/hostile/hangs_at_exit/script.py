"""Ends well, and then does not."""

import atexit
import time

atexit.register(time.sleep, 600)
