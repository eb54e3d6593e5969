"""What must be said of dates: unknown zones, days or months without times, unequal periods."""
