"""The work on files that is done apart from each other: in states, which are merged, and on a cluster."""
