"""Which of two is better, and is the difference real: two periods, before and after a day, two segments, two companies."""
