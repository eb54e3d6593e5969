"""Cells as dates: their shapes, day before month or after it, time zones and summer time."""
