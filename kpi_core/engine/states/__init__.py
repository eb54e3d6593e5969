"""The states that estimates are made of, a module a kind: sums, values, keys, stocks, risk sets."""
