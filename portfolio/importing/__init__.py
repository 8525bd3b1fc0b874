"""Work that was done elsewhere, brought here as recorded projects: read only, and never called recomputed."""
