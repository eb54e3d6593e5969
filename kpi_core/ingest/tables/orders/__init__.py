"""Orders from their lines and their credits."""
