"""What the core has to say, as data: a key with its values; and the sentences of each language that say it."""
