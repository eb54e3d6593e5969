"""Fields: each column of a table read from the columns of a file, typed, with what could not be read."""
