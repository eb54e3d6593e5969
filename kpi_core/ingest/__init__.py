"""The only package that opens exports: from bytes to canonical tables, with every refused row accounted for."""
