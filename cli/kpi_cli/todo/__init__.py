"""The list of what to do: as a calendar, and with what is kept of it from run to run."""
