"""The notes on dates: unknown zones, days or months without times, unequal periods."""
