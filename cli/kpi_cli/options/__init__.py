"""The options that commands share, each written once as a field of a group; see `expanded`."""
