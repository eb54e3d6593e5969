"""Drafting a mapping for a spreadsheet nobody knows: what its columns look like, what they may be, and the YAML."""
