"""Units held against one another, and two series side by side."""
