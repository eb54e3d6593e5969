"""Fields of time that need the whole file: the order of day and month, and clocks of two parts."""
