"""How many rows found their customer, where a split or a condition rests on what only the list of customers knows."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.facts.joins import CUSTOMER, OF_CUSTOMERS
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import counted
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
        text = Message(
            "customers-found" if found == frame.height else "customers-found-of-some",
            found=found, rows=counted(name, frame.height), count=frame.height,
        )  # fmt: skip
        yield Finding(code=CODE, message=text, share=share, is_serious=share < FEW)
