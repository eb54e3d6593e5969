"""Exports as columns: kept in Parquet as rows of text, with what is known of them as plain data."""
