"""Units compared with one another, and two series side by side."""
