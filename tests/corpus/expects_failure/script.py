"""Shows how something fails."""

from portfolio import log_metric

log_metric("tried", 3)
print("about to fail")
raise RuntimeError("as announced")
