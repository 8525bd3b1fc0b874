"""Models as files that others can load and judge: what `log_model` writes."""
