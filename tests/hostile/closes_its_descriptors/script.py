"""Closes every file it finds open."""

import os

os.closerange(0, 4096)
