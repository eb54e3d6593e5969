"""Whether rows are the same thing: numbers that restart, and rows without a number."""
