"""The engine: facts to estimates. `partial` gathers mergeable states, `merge` joins them, `finish` makes estimates."""
