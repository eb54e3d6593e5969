"""The stable form of answers for machines, and as CSV."""
