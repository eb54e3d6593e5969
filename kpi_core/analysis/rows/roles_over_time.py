"""The part each row plays in what lasts: there at an instant, still there, gone, or waited for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from kpi_core.analysis.rows.reasons import why
from kpi_core.analysis.rows.role import PLACE, ROLES, Role, as_cell, elsewhere
from kpi_core.engine.cells import TOTAL, Cell, column_of
from kpi_core.engine.states import risk_sets, stocks
from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Gone, Kept, Part, Stock, StockAge, StockDays
from kpi_core.model.stocks_and_survival import Survival, SurvivalShare

LATER: Mapping[str, Message] = {"tickets": Message("row-opened-later"), "customers": Message("row-came-later")}
BEFORE: Mapping[str, Message] = {
    "tickets": Message("row-resolved-before-then"),
    "customers": Message("row-left-before-then"),
}
"""Why a row was not there, by table."""

ENDED = Message("row-ended-before-then")
NO_REACH = Message("row-the-files-do-not-reach-so-far")
NOBODY = pl.DataFrame(schema={PLACE: pl.UInt32, "value": pl.Float64, "is_top": pl.Boolean})


def roles_over_time(kpi: Kpi, part: Part, cell: Cell, facts: Facts, clock: Clock, *, is_covered: bool) -> pl.DataFrame:
    """Each row of some facts with its part in a cell: `_n`, `role`, `value`, `reason` and `_key`, which is null.

    `is_covered` says whether the table reaches into the cell's period at all: else nobody is known to have stayed.
    """
    measure, frame = part.measure, facts.frame
    is_split = cell.dimension != TOTAL and cell.dimension in frame.columns
    keys = (PLACE, *([cell.dimension] if is_split else []))
    is_known = (is_split or cell.dimension == TOTAL) and (is_covered or not isinstance(measure, Kept))
    if isinstance(measure, Survival):
        there = _watched(
            risk_sets.WatchesReader(
                state=risk_sets.partial(frame, measure, keys), clock=clock, open_hours=facts.open_hours
            ),
            measure,
            cell,
        )
        absent = _unwatched(measure, part.table or "", cell, clock)
    elif isinstance(measure, Stock | Kept):
        state = stocks.partial(frame, measure, keys)
        spans = stocks.SpansReader(state=state, clock=clock, open_hours=facts.open_hours)
        there, absent = _there(spans, measure, cell), _absent(spans, measure, part.table or "", cell)
    else:
        raise TypeError(f"{type(measure).__name__} does not last")
    there = there if is_known else NOBODY
    joined = frame.join(there, on=PLACE, how="left", maintain_order="left")
    role = pl.when("is_top").then(pl.lit(Role.NUMERATOR)).when(~pl.col("is_top")).then(pl.lit(Role.COUNTED))
    reason = pl.coalesce(why(kpi, measure, frame.columns), absent)
    if isinstance(measure, Kept) and not is_covered:
        reason = as_cell(NO_REACH)

    if cell.dimension != TOTAL:
        reason = elsewhere(cell, frame, reason)
    return joined.select(
        PLACE,
        role=role.otherwise(pl.lit(Role.OUTSIDE)).cast(ROLES),
        value="value",
        reason=pl.when(pl.col("is_top").is_null()).then(reason),
        _key=pl.lit(None, pl.String),
    )


def _watched(watched: risk_sets.WatchesReader, measure: Survival, cell: Cell) -> pl.DataFrame:
    """The rows under watch, with the age at which each left it: seconds, or 1 for in time where a target is asked about."""
    seen = watched.watched(cell).filter((pl.col("exits") >= 0) & (pl.col("exits") > pl.col("entries").fill_null(-1)))
    if isinstance(measure, SurvivalShare):
        in_time = pl.col("events") & (pl.col("exits") <= risk_sets.TARGET)
        return _given(seen, in_time, in_time)
    return _given(seen, pl.col("exits"), pl.col("events"))


def _there(spans: stocks.SpansReader, measure: Stock | Kept, cell: Cell) -> pl.DataFrame:
    """The rows that the figure rests on, with what each gives to it."""
    if isinstance(measure, Stock):
        return _stock(spans, measure, cell)
    start, end = spans.began(cell), spans.looked_at(cell)
    if start is None or end is None:
        return NOBODY
    went = spans.has_gone(cell, end)
    is_top = went if isinstance(measure, Gone) else ~went
    return _given(spans.open_at(cell, start, is_start=True), is_top, is_top)


def _stock(spans: stocks.SpansReader, measure: Stock, cell: Cell) -> pl.DataFrame:
    """What is there at the instant; of the days of work also the closings that it is divided by."""
    end = _instant(spans, measure, cell)
    if end is None:
        return NOBODY
    if isinstance(measure, StockAge):
        return _given(spans.aged(cell, end), pl.col("_age"), pl.lit(value=False))
    open_rows, one = spans.open_at(cell, end, is_start=measure.at_start), pl.lit(1)
    if not isinstance(measure, StockDays):
        return _given(open_rows, one, pl.lit(value=False))
    closed = spans.ended_within(cell, end - timedelta(days=measure.window), end)
    return pl.concat([_given(open_rows, one, pl.lit(value=True)), _given(closed, one, pl.lit(value=False))])


def _instant(spans: stocks.SpansReader, measure: Stock, cell: Cell) -> datetime | None:
    return spans.began(cell) if measure.at_start else spans.looked_at(cell)


def _given(rows: pl.DataFrame, value: pl.Expr, is_top: pl.Expr) -> pl.DataFrame:
    return rows.select(pl.col(column_of(PLACE)).alias(PLACE), value=value.cast(pl.Float64), is_top=is_top)


def _absent(spans: stocks.SpansReader, measure: Stock | Kept, table: str, cell: Cell) -> pl.Expr:
    """Why a row with an opening was not there."""
    at = spans.began(cell) if isinstance(measure, Kept) else _instant(spans, measure, cell)
    return _away(measure.opened, table, BEFORE.get(table, ENDED), at)


def _unwatched(measure: Survival, table: str, cell: Cell, clock: Clock) -> pl.Expr:
    """Why a row with an opening was never waited for."""
    first, last = cell.period.start and clock.instant(cell.period.start), clock.end_of(cell.period)
    is_before = pl.lit(value=False) if first is None else (measure.ended <= first).fill_null(value=False)
    before = (
        pl.when(is_before).then(as_cell(BEFORE.get(table, ENDED))).otherwise(as_cell(Message("row-never-waited-for")))
    )
    return _away(measure.opened, table, before, last)


def _away(opened: pl.Expr, table: str, before: pl.Expr | Message, at: datetime | None) -> pl.Expr:
    if at is None:
        return as_cell(NO_REACH)
    other = as_cell(before) if isinstance(before, Message) else before
    return pl.when(opened >= at).then(as_cell(LATER.get(table, Message("row-begun-later")))).otherwise(other)
