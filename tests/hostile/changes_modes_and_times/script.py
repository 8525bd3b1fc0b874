"""Takes away the rights to its large data and dates it back."""

import os

os.chmod("large.bin", 0)
os.utime("large.bin", (0, 0))
os.chmod(os.path.dirname(os.path.realpath("large.bin")), 0o777)
