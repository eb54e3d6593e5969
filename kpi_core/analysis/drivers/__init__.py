"""What a figure goes with: ticket type, team, waiting time, what else customers answered; and where to begin."""
