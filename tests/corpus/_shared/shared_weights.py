"""Shared by several projects."""

WEIGHT = 2.5
