"""A folder that remembers: exports that were ingested, as they were written, version by version.

What files mean is settled over all of them, so a store keeps no figures and no merged tables but each export as columns of
text, and a report over a store is the report over its files. `folder` is where things lie, `versions` the Delta table of exports,
`ingesting` how one gets in, `reading` how a version comes out, `forgetting` how a customer is erased from all of it.
"""
