"""What a report's page tells beside its figures: the answers of the other questions to the same files."""
