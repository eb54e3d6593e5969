"""Conditions on one row (`--where`): their SQL, what they may speak of, and the rows that meet them."""
