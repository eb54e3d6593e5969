"""Units compared with one another, two series side by side, and how often charts of chance alone have a signal."""
