"""What makes a number worth believing: comparisons, intervals and checks, for scripts to call."""
