"""Headers: which row they are in, what their words speak of, and the zone, unit or currency they name."""
