"""Deletes what it logged and where the result goes."""

import os
import shutil

shutil.rmtree(os.environ["PORTFOLIO_RUN"], ignore_errors=True)
