"""Exports whose rows are not cases yet: logs, letters, long surveys and files of sums, reshaped."""
