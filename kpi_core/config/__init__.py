"""Files that users write: YAML with file and line in each fault, validation, and where the shipped files are."""
