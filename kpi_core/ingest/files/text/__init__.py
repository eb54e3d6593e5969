"""Text files: encoding, dialect, broken and overlong lines."""
