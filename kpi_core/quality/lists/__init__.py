"""What was done to a list before it came here: blank cells filled in."""
