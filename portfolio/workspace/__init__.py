"""Find the root, read its configuration, discover projects: everything is parsed before anything runs."""
