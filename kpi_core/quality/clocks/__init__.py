"""Whether the clocks of the files agree: with each other, and with the times that they state."""
