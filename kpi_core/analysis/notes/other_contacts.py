"""The facts of a ticket that rest on its customer's other tickets: by all of them, those too that a condition leaves out."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpi_core.facts import Facts, Rules, derive

OF_OTHERS = ("repeat_after", "channels", "is_case")
"""Facts of a ticket that rest on other tickets of its customer."""
KEY = "ticket_id"


def by_all(
    facts: Mapping[str, Facts], whole: Mapping[str, pl.DataFrame], rules: Rules, wanted: frozenset[str]
) -> Mapping[str, Facts]:
    """The facts of some tickets with what rests on the customer's others taken from the whole table.

    Args:
        facts: of the rows that a condition leaves.
        whole: the tables without the condition.
        rules: as those of the facts.
        wanted: the facts that are needed.
    """
    tickets = facts.get("tickets")
    names = [] if tickets is None else [name for name in OF_OTHERS if name in tickets.frame.columns]
    if tickets is None or not names or not wanted.intersection(names):
        return facts
    frame = derive({"tickets": whole["tickets"]}, rules, wanted.intersection(OF_OTHERS))["tickets"].frame
    rest = tickets.frame.drop(names).join(frame.select(KEY, *names), on=KEY, how="left", maintain_order="left")
    return {**facts, "tickets": replace(tickets, frame=rest.select(tickets.frame.columns))}
