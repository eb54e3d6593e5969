"""The states that estimates are made of, a module a kind, each with its three steps.

`partial` gathers a state of the rows of a table, `merge` puts the states of its parts together, `finish` reads an estimate off.
"""
