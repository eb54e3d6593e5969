"""Files to canonical tables: rows with one key as one row, answers and messages with their tickets."""
