"""One module a command. Anything heavy is imported inside the function that needs it."""
