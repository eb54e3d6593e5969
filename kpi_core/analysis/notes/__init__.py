"""The notes that belong with a figure: what limits it, and what it does not count."""
