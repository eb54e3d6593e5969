"""What `inspect` says: the files, what is wrong with them, the KPIs they can feed, and files that cannot be read."""
