"""The engine: facts to estimates. `partial` collects mergeable states, `merge` joins them, `finish` makes estimates."""
