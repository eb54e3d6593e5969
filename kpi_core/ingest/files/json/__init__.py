"""JSON exports: which list is the table, and nested objects as columns."""
