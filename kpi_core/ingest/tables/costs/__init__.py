"""Costs that stand twice: totals of other sheets, and versions of one list."""
