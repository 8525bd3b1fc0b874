"""The command line: one thin module a command; exit codes are chosen in `main` alone."""
