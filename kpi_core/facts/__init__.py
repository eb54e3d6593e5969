"""Canonical rows to facts: the columns KPIs speak of, derived once, with the trade's rules about missing data.

Each derived column is built from whatever the export offers, best evidence first. One that cannot be built is
simply absent, and the KPIs that need it are reported as unavailable, with what they lack.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from kpi_core.facts.answers import derive_answers, surveyed
from kpi_core.facts.build import COMPLAINT_WORDS, INNATE, WANTS, Facts, Rules
from kpi_core.facts.business.costs import derive_costs
from kpi_core.facts.business.customers import derive_customers
from kpi_core.facts.business.leads import derive_leads
from kpi_core.facts.business.orders import derive_orders
from kpi_core.facts.clock.months import spread
from kpi_core.facts.clock.ticket_times import TIMES
from kpi_core.facts.conversations.messages import derive_messages
from kpi_core.facts.conversations.threads import with_threads
from kpi_core.facts.joins import CUSTOMER, CUSTOMER_KEYS, joined
from kpi_core.facts.open_hours import OpenHours
from kpi_core.facts.reviews import derive_reviews
from kpi_core.facts.tickets import derive_tickets
from kpi_core.threads import pool

__all__ = [
    "COMPLAINT_WORDS",
    "CUSTOMER",
    "CUSTOMER_KEYS",
    "INNATE",
    "TIMES",
    "WANTS",
    "Facts",
    "OpenHours",
    "Rules",
    "derive",
    "derive_answers",
    "derive_tickets",
    "joined",
    "spread",
    "surveyed",
    "with_threads",
]

OF_ONE_TABLE: Mapping[str, Callable[[pl.DataFrame], Facts]] = {
    "orders": derive_orders,
    "leads": derive_leads,
    "costs": derive_costs,
}


def derive(tables: Mapping[str, pl.DataFrame], rules: Rules, wanted: frozenset[str] | None = None) -> dict[str, Facts]:
    """The facts of every table that KPIs rest on.

    Tables with messages have been through `with_threads`, before any condition left rows out. `wanted` names the facts
    that are needed: the costly ones are derived only then (None: all).
    """
    known = spread(joined(tables))
    facts = {name: derive_one(known[name]) for name, derive_one in OF_ONE_TABLE.items() if name in known}
    if "customers" in known:
        facts["customers"] = derive_customers(known["customers"], rules)
    with pool(
        1, sum(frame.height for frame in known.values())
    ) as background:  # most of the work is of these two, and one leaves cores idle
        answers = background.submit(derive_answers, known["answers"], wanted) if "answers" in known else None
        if "tickets" in known:
            facts["tickets"] = derive_tickets(known["tickets"], rules, known.get("answers"), wanted)
        if "reviews" in known:
            facts["reviews"] = derive_reviews(known["reviews"], rules, wanted)
    if answers is not None:
        facts["answers"] = answers.result()
    if "messages" in known:
        facts["messages"] = derive_messages(known["messages"], rules)
    return {name: replace(found, zone=rules.zone) for name, found in facts.items()}
