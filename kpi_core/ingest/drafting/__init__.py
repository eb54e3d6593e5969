"""A draft of a mapping for an unknown spreadsheet: what its columns look like, what they may be, and the YAML."""
