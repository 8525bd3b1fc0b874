"""Draws from every generator that the tool seeds."""

import random

import numpy as np

from portfolio import log_metric

log_metric("from_random", random.random())
log_metric("from_numpy", np.random.rand())
log_metric("from_hash", hash("a string") % 1_000_003)
