"""Leaves a pipe where the result is read, which would be waited for without end."""

import os

os.mkfifo(os.path.join(os.environ["PORTFOLIO_RUN"], "result.json"))
os._exit(0)
