"""Is it load, or some teams' outcome? Never a ranking, never a mark."""
