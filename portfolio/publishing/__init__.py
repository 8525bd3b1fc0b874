"""From pages to the live site: docs tree, site engine, validation, one atomic exchange."""
