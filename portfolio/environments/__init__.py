"""Environments of projects: resolved and made by uv, kept below the cache, by what was asked for."""
