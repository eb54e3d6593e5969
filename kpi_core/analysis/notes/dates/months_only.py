"""The notes on what files date by months without days: whole months can be counted, and nothing finer."""

from collections.abc import Iterator, Mapping, Sequence

from kpi_core.engine.cells import is_of_months
from kpi_core.engine.plan import leaves
from kpi_core.facts import Facts
from kpi_core.facts.clock.months import months_of
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import counted
from kpi_core.model.columns import MONTHS
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period

CODE = "months-only"
WAITS = {
    ("tickets", "created_at"): ("first_reply_within*", "resolved_within*", "resolution_rate_cohort", "complaint_resolution_rate",
                                "*_km*", "backlog_age*", "fcr_no_re*", "sla_*_rate", "channels_per_case"),
    ("tickets", "resolved_at"): ("resolved_within*", "resolution_rate_cohort", "complaint_resolution_rate", "resolution_time_km*",
                                 "resolution_time_business_km*", "fcr_no_re*", "sla_resolution_rate"),
    ("tickets", "first_replied_at"): ("first_reply_within*", "first_reply_time_km*", "first_reply_time_business_km*"),
    ("messages", "sent_at"): ("reply_time*", "first_reply_time*", "first_reply_within*"),
    ("reviews", "reviewed_at"): ("review_reply_time*",),
    ("reviews", "replied_at"): ("review_reply_time*",),
}  # fmt: skip
"""The KPIs that rest on how much time lies between a date and another."""


def months_alone(facts: Mapping[str, Facts], period: Period, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """What files date by months alone, with the KPIs that go by it and those of which nothing is known for it."""
    for table, known in facts.items():
        for name in months_of(known.frame):
            dated = (
                known.frame.filter(known.frame[name].is_not_null())
                if name in known.frame.columns
                else known.frame.clear()
            )
            count = int(dated[MONTHS + name].sum())
            if not count or table == "costs":
                continue
            rows = counted(table, dated.height)
            touched = tuple(kpi.name for kpi in kpis if _goes_by(kpi, table, name))
            if is_of_months(period):
                whole = Message("months-whole", column=name, count=count, rows=rows)
                yield Finding(code=CODE, message=whole, kpis=touched)
            else:
                yield _no_value(Message("months-no-parts", column=name, count=count, rows=rows), touched)
            if (table, name) in WAITS:
                yield _no_value(Message("months-no-times", column=name, count=count, rows=rows), WAITS[table, name])


def _goes_by(kpi: Kpi, table: str, date: str) -> bool:
    """Whether a date says in which period rows of a KPI lie; of customers all do, since they come and go."""
    homes = {(leaf.table or kpi.table, leaf.dated_by or kpi.dated_by) for leaf in leaves(kpi)}
    return (table, date) in homes or (table == "customers" and any(home == table for home, _ in homes))


def _no_value(text: Message, kpis: tuple[str, ...]) -> Finding:
    return Finding(code=CODE, message=text, kpis=kpis, consequence=Consequence.NO_VALUE)
