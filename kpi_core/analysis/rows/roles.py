"""The part each row plays in a measure: in the numerator, counted, left out, or outside of what was asked.

What decides are the engine's own expressions and states, row by row: rows of a role add up to the figures of a report.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.rows.reasons import NEGATIVE, WORDS, why
from kpi_core.analysis.rows.role import PLACE, ROLES, Role, as_cell, elsewhere
from kpi_core.analysis.rows.roles_over_time import roles_over_time
from kpi_core.engine.cells import TOTAL, Cell, is_of_months
from kpi_core.engine.compute import Engine
from kpi_core.engine.state_cache import home, own_rows
from kpi_core.engine.states import keys
from kpi_core.engine.states.sums import covered_days
from kpi_core.facts import TIMES
from kpi_core.messages.definitions import Defined
from kpi_core.messages.message import Message
from kpi_core.model.columns import DAYS
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import (
    Count,
    Distinct,
    Index,
    Kept,
    Measure,
    NetShare,
    Part,
    Repeated,
    Share,
    Stock,
    Sum,
    Survival,
)
from kpi_core.model.periods import Period
from kpi_core.quality.implausible_times import BY_CLOCK


def roles(engine: Engine, kpi: Kpi, part: Part, cell: Cell, raw: pl.DataFrame) -> pl.DataFrame:
    """Each row of the facts of a measure with its part in a cell: `_n`, `role`, `value`, `reason`, `_key`.

    What a count does not count is left out of nothing, but outside. `value` is what the measure takes from the row, in inside units. Where keys or respondents are counted and not rows,
    `_key` says whose row it is. `raw` is the table before the facts were derived, which shows the times left out.
    """
    table, dated_by = home(part)
    frame = _marked(engine.tables[table].frame, part, raw).with_columns(engine.day(table, dated_by).alias("_day"))
    if isinstance(part.measure, Stock | Kept | Survival):
        is_covered = bool(covered_days(cell.period, engine.sums(table, dated_by).covered))
        facts = replace(engine.tables[table], frame=frame)
        return roles_over_time(kpi, part, cell, facts, engine.clock, is_covered=is_covered)
    with_roles = frame.with_columns(_outside(kpi, part, cell, frame).alias("_outside")).with_columns(
        _key=_key(part.measure), value=_value(part.measure), _why=why(kpi, part.measure, frame.columns)
    )
    is_within = pl.col("_outside").is_null()
    counts = is_within & _counts(part.measure, cell, with_roles)
    top = pl.when(counts & _is_on_top(part.measure, counts)).then(pl.lit(Role.NUMERATOR))
    role = (
        top.when(counts)
        .then(pl.lit(Role.COUNTED))
        .when(is_within & pl.lit(not isinstance(kpi.measure, Count)))
        .then(pl.lit(Role.LEFT_OUT))
    )
    left = pl.coalesce("_why", as_cell(_left_out(part.measure, kpi)))
    return with_roles.select(
        PLACE,
        role=role.otherwise(pl.lit(Role.OUTSIDE)).cast(ROLES),
        value=pl.when(counts).then("value"),
        reason=pl.when(~counts).then(pl.coalesce("_outside", left)),
        _key="_key",
    )


def _marked(frame: pl.DataFrame, part: Part, raw: pl.DataFrame) -> pl.DataFrame:
    """The facts with the times that end before they begin marked, among those that the measure rests on."""
    roots = {name for fact in part.measure.facts() for name in fact.meta.root_names()}
    names = [name for name in TIMES if name in roots] if part.table == "tickets" else []
    own = [name for name in names if name in raw.columns]
    written = raw.select(PLACE, pl.col(own).name.prefix("_written "))
    marked = frame.join(written, on=PLACE, how="left", maintain_order="left").with_columns(
        pl.any_horizontal(pl.lit(value=False), *_negatives(name, frame, own))
        .fill_null(value=False)
        .alias(NEGATIVE + name)
        for name in names
    )
    return marked.drop(f"_written {name}" for name in own)


def _negatives(name: str, frame: pl.DataFrame, own: Sequence[str]) -> Iterator[pl.Expr]:
    """What may say that a time is negative: the instant that ends it, and the export's own column."""
    if "created_at" in frame.columns:
        ends = [until for until in BY_CLOCK.get(name, ()) if until in frame.columns]
        for until in ends[:1]:
            days = [pl.col(DAYS + one) for one in (until, "created_at") if DAYS + one in frame.columns]
            yield (pl.col(until) < pl.col("created_at")) & ~pl.any_horizontal(pl.lit(value=False), *days)
    if name in own:
        yield pl.col(f"_written {name}") < 0


def _outside(kpi: Kpi, part: Part, cell: Cell, frame: pl.DataFrame) -> pl.Expr:
    """Why a row is not what was asked about: another group, question, currency or time; null where it is."""
    undated = pl.coalesce(
        why(kpi, part.measure, frame.columns), as_cell(Message("row-without-date", column=part.dated_by or ""))
    )
    reason: pl.Expr = pl.when(~_is_in(_days(part, cell))).then(
        pl.when(pl.col("_day").is_null()).then(undated).otherwise(as_cell(Message("row-outside-the-period")))
    )
    own = _own(kpi, part)
    if own is not None:
        reason = pl.when(~own[0].fill_null(value=False)).then(as_cell(own[1])).otherwise(reason)
    return reason if cell.dimension == TOTAL else elsewhere(cell, frame, reason)


def _days(part: Part, cell: Cell) -> Period:
    return keys.window(part.measure, cell.period) if isinstance(part.measure, Distinct) else cell.period


def _is_in(period: Period) -> pl.Expr:
    if period.start is None or period.end is None:
        return pl.lit(value=True)
    return pl.col("_day").is_between(period.start, period.end, closed="left").fill_null(value=False)


def _own(kpi: Kpi, part: Part) -> tuple[pl.Expr, Message] | None:
    """Which rows a KPI speaks of, and the reason for the others."""
    if isinstance(part.measure, Index):
        is_asked = pl.col(part.measure.question).is_in(list(part.measure.weights))
        return is_asked & pl.col(part.measure.score).is_not_null(), Message("row-another-question-or-not-answered")
    rows = own_rows(kpi) if part.table == kpi.table else None
    if rows is None:
        return None
    if kpi.speaks_of is not None:
        return rows.is_not_null(), WORDS[frozenset(kpi.speaks_of.meta.root_names())]
    return rows.is_not_null(), Message("row-another-question" if kpi.asks else "row-in-another-currency")


def _key(measure: Measure) -> pl.Expr:
    match measure:
        case Distinct():
            return measure.key.cast(pl.String)
        case Index():
            return pl.col(measure.respondent).cast(pl.String)
    return pl.lit(None, pl.String)


def _value(measure: Measure) -> pl.Expr:
    """What the measure takes from a row: 1 or 0 of a share, +1, 0 or −1 of a net share, else the amount or time itself."""
    match measure:
        case Sum():
            return measure.of.cast(pl.Float64)
        case Distinct():
            return pl.lit(None, pl.Float64)
        case Index():
            return measure.facts()[0].max().over(measure.respondent).cast(pl.Float64)
    return measure.facts()[0].cast(pl.Float64)


def _counts(measure: Measure, cell: Cell, frame: pl.DataFrame) -> pl.Expr:
    """Whether a row of the cell is part of the figure."""
    if isinstance(measure, Distinct):
        return pl.col("_key").is_not_null()
    if isinstance(measure, Sum) and (coarse := measure.coarse()) is not None and not is_of_months(cell.period):
        within = frame.filter(pl.col("_outside").is_null())
        if within.select(coarse.is_not_null().any()).item():
            return pl.lit(value=False)
    return pl.col("value").is_not_null()


def _is_on_top(measure: Measure, counts: pl.Expr) -> pl.Expr:
    match measure:
        case Share():
            return pl.col("value") == 1
        case NetShare():
            return pl.col("value") != 0
        case Repeated():
            return (counts.sum().over("_key") > 1).fill_null(value=False)
    return pl.lit(value=False)


def _left_out(measure: Measure, kpi: Kpi) -> Message:
    if isinstance(measure, Sum):
        return Message("row-months-cut")
    if not kpi.left_out:
        return Message("row-not-part-of-it")
    if kpi.own is not None and kpi.own.left_out is not None:
        return kpi.own.left_out
    return Message("left-out", what=Defined("left_out", kpi.name, kpi.left_out))
