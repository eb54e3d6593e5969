"""What a report's page shows in addition to its figures: the answers of the other questions to the same files."""
