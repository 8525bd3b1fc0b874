"""Runs on other machines: what travels, what a worker does with it, and Dask, which takes it there and back."""
