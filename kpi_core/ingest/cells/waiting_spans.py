"""How long customers waited for us by a log of states: the spans are kept until a calendar shows what was open of them."""

import polars as pl

from kpi_core.model.tables import WAITED
from kpi_core.records import dataclass

WAIT = "requester_wait_time"
"""The column that is computed from the states of a case."""
ROW = "_row"
IS_KNOWN = "_is_known"


@dataclass(frozen=True, kw_only=True, eq=False)
class Waits:
    """By row number (`_row`) a list of the instants at which waits began, and one of those at which they ended.

    The lists are empty where a customer never waited, null where it is unknown. `is_utc`: they are UTC, not wall
    clocks; `zone` is the one that the header of their column names.
    """

    frame: pl.DataFrame
    is_utc: bool
    zone: str | None = None

    def joined_to(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with their waits, in order."""
        return rows.join(self.frame, on=ROW, how="left", maintain_order="left")


def waits_of(cases: pl.DataFrame, *, is_utc: bool, zone: str | None = None) -> Waits:
    """The waits of cases whose events were folded with `spans`."""
    lists = [pl.when(IS_KNOWN).then(name).alias(name) for name in WAITED]
    return Waits(frame=cases.select(ROW, *lists), is_utc=is_utc, zone=zone)


def spans(at: pl.Expr, fit: pl.Expr) -> tuple[pl.Expr, ...]:
    """When runs of events that fit begin and end, an event lasting until the next, and whether that is known.

    Of the last event of a case the duration is unknown, so it adds nothing.
    """
    begins, ends = WAITED
    is_first = fit & ~fit.shift(1).fill_null(value=False)
    is_last = fit & ~fit.shift(-1).fill_null(value=False)
    until = pl.coalesce(at.shift(-1), at)
    return at.filter(is_first).alias(begins), until.filter(is_last).alias(ends), _is_known(at, fit).alias(IS_KNOWN)


def seconds(at: pl.Expr, fit: pl.Expr) -> pl.Expr:
    """Seconds by the clock from each event that fits to the next; null where that is unknown."""
    return pl.when(_is_known(at, fit)).then(pl.when(fit).then(at.shift(-1) - at).sum().dt.total_seconds())


def _is_known(at: pl.Expr, fit: pl.Expr) -> pl.Expr:
    """Whether a case has events, and the times from those that fit to the next are known."""
    lacks = fit & (at.is_null() | at.shift(-1).is_null())
    return (fit.len() > 0) & ~lacks.slice(0, fit.len() - 1).any()
