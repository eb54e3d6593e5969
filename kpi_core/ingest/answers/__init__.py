"""Answers of all files as one table: scales, invitations, one row an answer."""
