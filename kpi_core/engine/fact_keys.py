"""What a fact is known by: the serialization of its expression, for its text prints different expressions alike.

`ROUND(x, 1)` and `ROUND(x, 3)`, and any two `IN` lists of SQL, read the same as text: two KPIs would share one fact.
"""

from functools import cache
from hashlib import blake2b

import polars as pl

from kpi_core.model.measures import Measure


def fact_key(*facts: pl.Expr) -> str:
    """The same text for the same expressions, whoever made them, and another for others."""
    digest = blake2b(digest_size=16)
    for fact in facts:
        digest.update(fact.meta.serialize())
    return digest.hexdigest()


@cache
def measure_key(measure: Measure) -> str:
    """The key of all the facts of a measure."""
    return fact_key(*measure.facts())
