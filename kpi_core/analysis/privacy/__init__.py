"""Groups of few people stay hidden, and so does what would give them away."""
