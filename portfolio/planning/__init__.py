"""Which projects must run, and why: keys, the packages they stand on, and the reasons in words."""
