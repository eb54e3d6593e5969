"""What a figure goes with: ticket type, team, waiting time, what else customers said; and where to begin."""
