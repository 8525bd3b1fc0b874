"""Entries to pages: the one place that escapes. Templates decide the layout, values what they show."""
