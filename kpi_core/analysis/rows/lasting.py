"""The part each row plays in what lasts: there at an instant, still there, gone, or waited for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from kpi_core.analysis.rows.reasons import why
from kpi_core.analysis.rows.role import PLACE, ROLES, Role, elsewhere
from kpi_core.engine import spans as spanned
from kpi_core.engine.cells import TOTAL, Cell, Clock
from kpi_core.kpi import Kpi
from kpi_core.measures import Gone, Kept, Part, Stock, StockAge, StockDays, Survival

LATER: Mapping[str, str] = {"tickets": "opened later", "customers": "came later"}
BEFORE: Mapping[str, str] = {"tickets": "resolved before then", "customers": "left before then"}
"""Why a row was not there, by table."""

Lasting = Stock | Kept | Survival

NO_REACH = "the files do not reach so far"
NOBODY = pl.DataFrame(schema={PLACE: pl.UInt32, "value": pl.Float64, "is_top": pl.Boolean})


def lasting_roles(
    kpi: Kpi, part: Part, cell: Cell, frame: pl.DataFrame, clock: Clock, *, is_covered: bool
) -> pl.DataFrame:
    """Each row of some facts with its part in a cell: `_n`, `role`, `value`, `reason` and `_key`, which is null.

    `is_covered` says whether the table reaches into the cell's period at all: else nobody is known to have stayed.
    """
    measure = part.measure
    if not isinstance(measure, Stock | Kept | Survival):
        raise TypeError(f"{type(measure).__name__} does not last")
    is_split = cell.dimension != TOTAL and cell.dimension in frame.columns
    spans = spanned.gather(frame, measure, (PLACE, *([cell.dimension] if is_split else [])), clock)
    is_told = (is_split or cell.dimension == TOTAL) and (is_covered or not isinstance(measure, Kept))
    there = _there(spans, measure, cell) if is_told else NOBODY
    told = frame.join(there, on=PLACE, how="left", maintain_order="left")
    role = pl.when("is_top").then(pl.lit(Role.NUMERATOR)).when(~pl.col("is_top")).then(pl.lit(Role.COUNTED))
    reason = pl.coalesce(why(kpi, measure, frame.columns), _absent(spans, measure, part.table or "", cell))
    if isinstance(measure, Kept) and not is_covered:
        reason = pl.lit(NO_REACH)

    if cell.dimension != TOTAL:
        reason = elsewhere(cell, frame, reason)
    return told.select(
        PLACE,
        role=role.otherwise(pl.lit(Role.OUTSIDE)).cast(ROLES),
        value="value",
        reason=pl.when(pl.col("is_top").is_null()).then(reason),
        _key=pl.lit(None, pl.String),
    )


def _there(spans: spanned.Spans, measure: Lasting, cell: Cell) -> pl.DataFrame:
    """The rows that the figure rests on, with what each gives to it."""
    match measure:
        case Survival():
            entered = pl.when(pl.col("entries") > 0).then("entries").otherwise(-1)
            seen = spans.watched(cell).filter((pl.col("exits") >= 0) & (pl.col("exits") > entered))
            return _given(seen, pl.col("exits"), pl.col("events"))
        case Kept():
            start, end = spans.began(cell), spans.looked_at(cell)
            if start is None or end is None:
                return NOBODY
            went = spans.has_gone(cell, end)
            is_top = went if isinstance(measure, Gone) else ~went
            return _given(spans.open_at(cell, start, is_start=True), is_top, is_top)
    return _stock(spans, measure, cell)


def _stock(spans: spanned.Spans, measure: Stock, cell: Cell) -> pl.DataFrame:
    """What is there at the instant; of the days of work also the closings that it is divided by."""
    end = _instant(spans, measure, cell)
    if end is None:
        return NOBODY
    held, one = spans.open_at(cell, end, is_start=measure.at_start), pl.lit(1)
    if isinstance(measure, StockAge):
        return _given(held, (pl.lit(end) - pl.col("opened")).dt.total_seconds(), pl.lit(value=False))
    if not isinstance(measure, StockDays):
        return _given(held, one, pl.lit(value=False))
    closed = spans.ended_within(cell, end - timedelta(days=measure.window), end)
    return pl.concat([_given(held, one, pl.lit(value=True)), _given(closed, one, pl.lit(value=False))])


def _instant(spans: spanned.Spans, measure: Stock, cell: Cell) -> datetime | None:
    return spans.began(cell) if measure.at_start else spans.looked_at(cell)


def _given(rows: pl.DataFrame, value: pl.Expr, is_top: pl.Expr) -> pl.DataFrame:
    return rows.select(PLACE, value=value.cast(pl.Float64), is_top=is_top)


def _absent(spans: spanned.Spans, measure: Lasting, table: str, cell: Cell) -> pl.Expr:
    """Why a row with an opening was not there."""
    ended = measure.ended if isinstance(measure, Survival) else measure.closed
    match measure:
        case Survival():
            first, last = cell.period.start and spans.clock.instant(cell.period.start), spans.clock.end_of(cell.period)
        case Kept():
            first = last = spans.began(cell)
        case _:
            first = last = _instant(spans, measure, cell)
    if last is None:
        return pl.lit(NO_REACH)
    is_before = pl.lit(value=False) if first is None else (ended <= first).fill_null(value=False)
    later, before = LATER.get(table, "begun later"), BEFORE.get(table, "ended before then")
    return pl.when(measure.opened >= last).then(pl.lit(later)).when(is_before).then(pl.lit(before)).otherwise(
        pl.lit("never waited for" if isinstance(measure, Survival) else before)
    )  # fmt: skip
