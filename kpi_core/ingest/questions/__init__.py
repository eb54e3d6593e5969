"""Survey questions of one file: which columns are one, what they ask, and what their answers are."""
