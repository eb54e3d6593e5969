"""Dates whose day and month may have changed places."""
