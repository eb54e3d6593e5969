"""Cells as values: numbers, durations and the spellings of nothing. No file and no mapping is known here."""
