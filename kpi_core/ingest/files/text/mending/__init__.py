"""Delimited text whose rows do not fit its header: what can be read surely is, the rest is refused and never cut."""
