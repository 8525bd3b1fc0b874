"""Moves its run's folder away and puts a link to another in its place."""

import os

run = os.environ["PORTFOLIO_RUN"]
os.rename(run, run + "-moved")
os.symlink("/etc", run)
os._exit(0)
