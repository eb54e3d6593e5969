"""How long customers waited for us, from the spans that a log of states tells: by the clock, and in opening hours."""

import polars as pl

from kpi_core.facts.build import Builder, Rules
from kpi_core.tables import WAITED

AT = "_at"


def waits(build: Builder, rules: Rules) -> None:
    """The time in the spans of each ticket; a ticket without a log keeps what the export has.

    With a calendar there are no business times but its own: a log's tell the tickets it knows, the others have none.
    """
    if not build.has(*WAITED):
        return
    begins, ends = WAITED
    hours = None if rules.open_hours is None else rules.open_hours.of_groups(build.frame)
    lists = build.frame.select(*WAITED, hours=pl.lit("") if hours is None else hours).with_row_index(AT)
    spans = lists.drop_nulls(WAITED).explode(WAITED)
    lasted = (pl.col(ends) - pl.col(begins)).dt.total_seconds()
    told = {"requester_wait_time": spans.select(AT, seconds=lasted)}
    if rules.open_hours is not None:
        passed = rules.open_hours.between(None if hours is None else spans["hours"], spans[begins], spans[ends])
        told["requester_wait_time_business"] = spans.select(AT, seconds=passed)
    for name, parts in told.items():
        whole = lists.join(parts.group_by(AT).agg(pl.col("seconds").sum()), on=AT, how="left", maintain_order="left")
        waited = pl.when(lists[begins].is_not_null()).then(whole["seconds"].fill_null(0)).cast(pl.Int32)
        build.add(**{name: pl.coalesce(waited, name) if name == "requester_wait_time" and build.has(name) else waited})
