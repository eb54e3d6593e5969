"""Deciding whether a column writes the day or the month first, from its own cells and nothing else.

A part above twelve is a day. Where no cell has one, `03/04/2024` could be either: the reader is asked, and
the machine's locale never is.
"""

from collections.abc import Iterable
from enum import StrEnum

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.date_shapes import DateShape


class Order(StrEnum):
    """Which of day and month is written first."""

    DMY = "dmy"
    MDY = "mdy"


class AmbiguousDate(ExportError):
    """A column in which day and month (or year) may be either way round."""


_OVER_TWELVE = r"(?:1[3-9]|2\d|3[01])"
_UP_TO_TWELVE = r"(?:0?[1-9]|1[0-2])"
_DAY_FIRST = rf"^\s*{_OVER_TWELVE}[-/]{_UP_TO_TWELVE}[-/]"
_MONTH_FIRST = rf"^\s*{_UP_TO_TWELVE}[-/]{_OVER_TWELVE}[-/]"


def order_evidence(cells: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Two Boolean aggregates: whether any cell shows that the day is first, and any that the month is."""
    return cells.str.contains(_DAY_FIRST).any(), cells.str.contains(_MONTH_FIRST).any()


def decide_order(
    looks: Iterable[DateShape], dates: pl.Series, *, column: str, order: Order | None
) -> tuple[Order | None, str]:
    """The order and what decided it; None where the looks leave no choice.

    Args:
        looks: the looks the column is read with.
        dates: cells of the column, without nulls.
        column: its header, for messages.
        order: what something outside the column tells.

    Raises:
        AmbiguousDate: both orders are possible, and `order` does not tell.
        ExportError: the cells contradict each other, or `order`.
    """
    turnable = [shape.format for shape in looks if shape.is_open]
    if not turnable:
        return None, "one reading only"
    day_first, month_first = (dates.filter(dates.str.contains(proof)) for proof in (_DAY_FIRST, _MONTH_FIRST))
    if len(day_first) and len(month_first):
        raise ExportError(
            f"column `{column}` has the day first in some dates and the month first in others: "
            f"`{day_first[0]}` and `{month_first[0]}`",
            hint="write all its dates one way, best as 2021-12-25",
        )
    if order is None and all(strptime.startswith("%d-%m-%y") for strptime in turnable):
        raise _ambiguous("year, month and day", column, dates)
    if len(day_first) or len(month_first):
        return _proven(Order.DMY if len(day_first) else Order.MDY, [*day_first, *month_first][0], column, order)
    if order is not None:
        return order, f"{_IN_WORDS[order]} as told"
    if _same_either_way(dates):
        return Order.DMY, "day and month are equal in every date"
    raise _ambiguous("day from month", column, dates)


_IN_WORDS = {Order.DMY: "day first", Order.MDY: "month first"}


def _proven(proven: Order, example: str, column: str, order: Order | None) -> tuple[Order, str]:
    if order not in (None, proven):
        raise ExportError(
            f"column `{column}` has the {_IN_WORDS[proven]}, as `{example}` shows", hint=f"pass --date-format {proven}"
        )
    return proven, f"{_IN_WORDS[proven]}: `{example}`"


def _same_either_way(dates: pl.Series) -> bool:
    parts = dates.str.extract_groups(r"^(\d{1,2})[-/](\d{1,2})[-/]").struct
    return bool((parts.field("1").cast(pl.Int8) == parts.field("2").cast(pl.Int8)).all())


def _ambiguous(what: str, column: str, dates: pl.Series) -> AmbiguousDate:
    example = dates.filter(dates.str.contains(r"^\d{1,2}[-/]\d"))[0]
    return AmbiguousDate(
        f"cannot tell {what} in column `{column}`, for example in `{example}`", hint="pass --date-format dmy or mdy"
    )
