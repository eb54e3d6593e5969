"""Facts of messages: whose turn it is, how long each customer waited, and what follows for the ticket."""
