"""How many rows found their customer, where a split or a condition rests on what only the list of customers knows."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.config.plurals import some
from kpi_core.facts.joins import CUSTOMER, OF_CUSTOMERS
from kpi_core.model.findings import Finding

CODE = "customer-match"
FEW = 0.5
"""The share of rows with a customer below which it is serious."""


def customer_findings(
    given: Mapping[str, pl.DataFrame], joined: Mapping[str, pl.DataFrame], asked: Sequence[str]
) -> Iterator[Finding]:
    """For each table that lacks one of the columns asked for and was given it by its customers.

    Args:
        given: the tables as the files have them.
        joined: the same with what their customers are known to be.
        asked: the dimensions and the columns of the condition.
    """
    for name in OF_CUSTOMERS:
        frame = joined.get(name)
        if frame is None or frame.is_empty() or CUSTOMER not in frame.columns:
            continue
        if not any(column in frame.columns and column not in given[name].columns for column in asked):
            continue
        found = frame.height - frame[CUSTOMER].null_count()
        share = found / frame.height
        whose = "its" if frame.height == 1 else "their"
        text = f"{found:,} of {some(frame.height, name.removesuffix('s'), 'finds')} {whose} customer, by number or e-mail address"
        if found < frame.height:
            text += "; the others are in no group that only the list of customers knows"
        yield Finding(code=CODE, message=text, share=share, is_serious=share < FEW)
