"""What must be said beside a figure: what limits it, and what it does not count."""
