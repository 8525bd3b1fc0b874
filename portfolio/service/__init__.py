"""A logged model behind HTTP: what `portfolio serve-model` starts."""
