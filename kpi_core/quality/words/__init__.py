"""Words that split a group: two languages, two spellings, several agents in one cell."""
