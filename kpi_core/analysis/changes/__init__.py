"""What changed against the baseline, how sure that is, and what it is called."""
