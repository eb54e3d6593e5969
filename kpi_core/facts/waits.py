"""How long customers waited for us, from the spans that a log of states records: by the clock, and in opening hours."""

import polars as pl

from kpi_core.facts.build import Builder, Rules
from kpi_core.facts.open_hours import OpenHours
from kpi_core.model.columns import LONGEST
from kpi_core.model.tables import WAITED

AT = "_at"


def waits(build: Builder, rules: Rules) -> None:
    """The time in the spans of each ticket; a ticket without a log keeps what the export has by the clock.

    With a calendar there are no business times but its own: a log's are those of the tickets it knows, the others have none. A
    log whose times run backwards may add up to less than nothing, on both clocks.
    """
    if not build.has(*WAITED):
        return
    begins, ends = WAITED
    hours = None if rules.open_hours is None else rules.open_hours.of_groups(build.frame)
    lists = build.frame.select(*WAITED, hours=pl.lit("") if hours is None else hours).with_row_index(AT)
    spans = lists.drop_nulls(WAITED).explode(WAITED).with_columns(
        clock=(pl.col(ends) - pl.col(begins)).dt.total_seconds(), first=pl.min_horizontal(WAITED), last=pl.max_horizontal(WAITED)
    )  # fmt: skip
    if rules.open_hours is not None:
        spans = spans.with_columns(open=pl.lit(_opened(rules.open_hours, spans, is_split=hours is not None)))
    sums = spans.group_by(AT).agg(pl.col(name).sum() for name in ("clock", "open") if name in spans.columns)
    joined = lists.join(sums, on=AT, how="left", maintain_order="left")
    known = pl.col(begins).is_not_null()
    clock = joined.select(
        pl.when(known).then(pl.col("clock").fill_null(0)).clip(-LONGEST, LONGEST).cast(pl.Int32)
    ).to_series()
    written = [pl.col("requester_wait_time")] if build.has("requester_wait_time") else []
    build.add(requester_wait_time=pl.coalesce(pl.lit(clock), *written))
    if rules.open_hours is not None:
        is_before = pl.col("clock") < 0
        passed = pl.when(is_before).then(pl.min_horizontal("open", -1)).otherwise(pl.col("open").fill_null(0))
        opened = joined.select(pl.when(known).then(passed).clip(-LONGEST, LONGEST).cast(pl.Int32)).to_series()
        build.add(requester_wait_time_business=pl.lit(opened))


def _opened(open_hours: OpenHours, spans: pl.DataFrame, *, is_split: bool) -> pl.Series:
    """The open seconds of each span, less than 0 where it runs backwards and anything between is open."""
    passed = open_hours.between(spans["hours"] if is_split else None, spans["first"], spans["last"])
    return passed * (1 - 2 * (spans["clock"] < 0).cast(pl.Int64))
