"""Files of open tickets only, or of resolved ones only, next to others that have both: their months are no months like the others'."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.engine.plan import fed_by
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.quality.coverage.ticket_flow import LEAST_RESOLVED, Flow, curve, left_at

CODE = "one-state-beside"
FEW = 20
"""Tickets of a file, below which that all are open or none says nothing."""
EXPECTED = 8.0
"""Resolved (or open) tickets to be expected in it by what became of the others', of which none is no chance."""


def files_of_one_state(flow: Flow, files: Sequence[str], kpis: Sequence[Kpi], clock: Clock) -> Iterator[Finding]:
    """The finding on a file whose tickets are all open, or all resolved, where those of the others let expect some of either."""
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if "tickets" in fed_by(kpi)))
    for (place,), own in flow.rows.group_by("file", maintain_order=True):
        open_ = own["is_open"]
        is_of_open = bool(open_.all())
        if own.height < FEW or not (is_of_open or not open_.any()):
            continue
        others = flow.rows.filter(pl.col("file") != place)
        if others["age"].count() < LEAST_RESOLVED or clock.as_of is None:
            continue
        ages, left = curve(others, clock.as_of)
        waited = own.select((pl.lit(clock.as_of, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds()).to_series()
        still = left_at(waited, ages, left)
        never = float(left[-1]) if len(left) else 0.0
        # Those that are never resolved may have been tidied away.
        expected = float((1 - still).sum() if is_of_open else ((still - never) / max(1 - never, 1e-9)).sum())
        if expected < EXPECTED or not isinstance(place, int):
            continue
        file, count = files[place], own.height
        text = (
            Message("file-of-open", file=file, count=count, expected=round(expected))
            if is_of_open
            else Message("file-of-resolved", file=file, count=count, expected=round(expected))
        )
        days = own.select(clock.day("created").min().alias("first"), clock.day("created").max().alias("last")).row(0)
        yield Finding(
            code=CODE, message=text, kpis=names, is_serious=True, consequence=Consequence.NO_VERDICT, days=(days,)
        )  # fmt: skip
        if is_of_open:
            yield Finding(
                code=CODE, message=text, kpis=OF_RESOLUTIONS, is_serious=True, consequence=Consequence.NO_VALUE, days=(days,)
            )  # fmt: skip


OF_RESOLUTIONS = (
    "tickets_resolved", "net_flow", "resolution_rate", "resolution_rate_cohort", "successful_resolution_rate",
    "complaint_resolution_rate", "resolved_within*", "sla_resolution_rate*",
)  # fmt: skip
"""What a file of open tickets gives too few resolved ones for."""
