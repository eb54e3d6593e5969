"""Reports that are made again and again: the project file written, checked and shown, and its jobs run."""
