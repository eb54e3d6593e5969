"""Whether targets are reached: where each stands, its pace, what is short, whether it can be met at all, and what to do."""
