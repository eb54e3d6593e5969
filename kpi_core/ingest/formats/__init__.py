"""Formats: mappings as data, and which of them a file is in."""
