"""Deciding whether a column writes the day or the month first, from its own cells and nothing else.

A part above twelve is a day. Where no cell has one, `03/04/2024` could be either: the reader is asked, and
the machine's locale never is. Dates with dots have the day first unless they show otherwise.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates.date_shapes import DateShape
from kpi_core.ingest.cells.few import FEW
from kpi_core.messages.message import Message
from kpi_core.patterns import regex


class Order(StrEnum):
    """Which of day and month is written first."""

    DMY = "dmy"
    MDY = "mdy"


class AmbiguousDate(ExportError):
    """A column in which day and month (or year) may be either way round."""


class OrderInDoubt(AmbiguousDate):
    """A column of which each date may have the day first or the month: another file of its list may decide."""


class YearInDoubt(AmbiguousDate):
    """A column in which what could be the day could be the year as well: only the user knows."""


class BothOrders(AmbiguousDate):
    """A column that has the day first in some dates and the month first in others, with an example of each."""

    def __init__(self, column: str, day_first: str, month_first: str, rows: tuple[int, int] | None = None) -> None:
        first, second = (f" in row {row}" for row in rows) if rows else ("", "")
        super().__init__(
            f"column `{column}` has the day first in some dates and the month first in others: "
            f"`{day_first}`{first} and `{month_first}`{second}",
            hint="export it again, or write all its dates one way, best as 2021-12-25: "
            "those up to the 12th are ambiguous",
        )
        self.column, self.day_first, self.month_first = column, day_first, month_first


_OVER_TWELVE = r"(?:1[3-9]|2\d|3[01])"
_UP_TO_TWELVE = r"(?:0?[1-9]|1[0-2])"
_WEEKDAY = r"^\s*(?:\p{L}+\.?,?\s+(?:den\s+)?)?"
_DAY_FIRST = rf"{_WEEKDAY}{_OVER_TWELVE}[-/]{_UP_TO_TWELVE}[-/]"
_MONTH_FIRST = rf"{_WEEKDAY}{_UP_TO_TWELVE}[-/]{_OVER_TWELVE}[-/]"
# What `26-01-05` begins with may be a year.
_SURE_DAY_FIRST = rf"{_WEEKDAY}{_OVER_TWELVE}(?:/{_UP_TO_TWELVE}/|-{_UP_TO_TWELVE}-\d{{4}})"
_SURE_MONTH_FIRST = rf"{_WEEKDAY}{_UP_TO_TWELVE}(?:/{_OVER_TWELVE}/|-{_OVER_TWELVE}-\d{{4}})"
_DOTTED_DAY_FIRST = rf"{_WEEKDAY}{_OVER_TWELVE}\.{_UP_TO_TWELVE}\.\d{{4}}"
_DOTTED_MONTH_FIRST = rf"{_WEEKDAY}{_UP_TO_TWELVE}\.{_OVER_TWELVE}\.\d{{4}}"
_PARTS = rf"{_WEEKDAY}(\d{{1,2}})[-/](\d{{1,2}})[-/]"
_EARLY = rf"^(?:\d{{4}}[-/.]\d\d?[-/.]{_UP_TO_TWELVE}(?:\D|$)|{_UP_TO_TWELVE}\.\d\d?\.\d{{4}})"
_SHORT_YEAR = regex(r"%d[/.]%m[/.]%y")
_DAYS_SEEN, _YEARS_SEEN = 6, 2
_BY_CHANCE = 0.001
_EARLY_DAYS = 12 / 30.4
"""The share of all days that are not past the 12th."""


def order_evidence(cells: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Two Boolean aggregates: whether any cell shows that the day is first, and any that the month is."""
    return cells.str.contains(_SURE_DAY_FIRST).any(), cells.str.contains(_SURE_MONTH_FIRST).any()


def shows_order(cell: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Whether a cell shows that its day is first, and whether it shows that its month is, dots included."""
    return (
        cell.str.contains(_DAY_FIRST) | cell.str.contains(_DOTTED_DAY_FIRST),
        cell.str.contains(_MONTH_FIRST) | cell.str.contains(_DOTTED_MONTH_FIRST),
    )


def begin_with_years(dates: pl.Series) -> bool:
    """Whether all cells begin with four figures, as of a year: none of them shows an order, which is found before a pattern is compiled."""
    if len(dates) <= FEW:
        return all(cell[:4].isascii() and cell[:4].isdecimal() for cell in dates.to_list() if cell is not None)
    return dates.str.head(4).cast(pl.UInt16, strict=False).null_count() == dates.null_count()


def ordered_formats(looks: Collection[DateShape], dates: pl.Series, order: Order | None) -> list[str]:
    """The strptime format of each look; those with dots have the month first only where their own cells show it."""
    dotted = any(shape.is_dotted for shape in looks) and bool(dates.str.contains(_DOTTED_MONTH_FIRST).any())
    turned = [(shape.is_open and order is Order.MDY) or (shape.is_dotted and dotted) for shape in looks]
    return [shape.month_first if turn else shape.format for shape, turn in zip(looks, turned, strict=True)]


def decide_order(
    looks: Iterable[DateShape], dates: pl.Series, *, column: str, order: Order | None
) -> tuple[Order | None, Message]:
    """The order and what decided it; None where the looks leave no choice.

    Args:
        looks: the looks the column is read with.
        dates: cells of the column, without nulls.
        column: its header, for messages.
        order: as known from outside the column.

    Raises:
        BothOrders: the cells contradict each other.
        AmbiguousDate: both orders are possible and `order` is not given, the cells refute it, or a spreadsheet has
            turned some of them.
    """
    looks = list(looks)
    turnable = [shape.format for shape in looks if shape.is_open]
    short = next((shape.format for shape in looks if _SHORT_YEAR.match(shape.format)), None)
    if short is not None and len(looks) == 1 and _year_is_first(dates):
        hint = f"pass --date-format '{short.replace('%d', '%_').replace('%y', '%d').replace('%_', '%y')}' where the year is first"
        raise _ambiguous("year, month and day", column, dates, YearInDoubt, hint)
    day_first, month_first = (dates.clear(), dates.clear()) if begin_with_years(dates) else _showing(dates)
    if len(day_first) and len(month_first):
        raise BothOrders(column, day_first[0], month_first[0])
    if not turnable:
        dotted = month_first.filter(month_first.str.contains(_DOTTED_MONTH_FIRST)) if len(month_first) else month_first
        if len(dotted):
            return Order.MDY, Message("month-first", example=dotted[0])
        return None, Message("one-reading-only")
    _check_not_turned(dates, column)
    if order is None and all(strptime.startswith("%d-%m-%y") for strptime in turnable) and not _year_is_last(dates):
        hint = f"pass --date-format '{turnable[0].replace('%d-%m-%y', '%y-%m-%d')}' where the year is first, dmy or mdy where it is last"
        raise _ambiguous("year, month and day", column, dates, YearInDoubt, hint)
    if len(day_first):
        day_first = day_first.filter(day_first.str.contains(_DAY_FIRST))  # dots say nothing about strokes
    if len(day_first) or len(month_first):
        return _proven(Order.DMY if len(day_first) else Order.MDY, [*day_first, *month_first][0], column, order)
    if order is not None:
        return order, Message("day-first-as-told" if order is Order.DMY else "month-first-as-told")
    if _same_either_way(dates):
        return Order.DMY, Message("day-equals-month")
    raise _ambiguous("day from month", column, dates, OrderInDoubt)


def _showing(dates: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The cells that show that their day is first, and those that show that their month is."""
    shown = dates.to_frame("cell").select_seq(*map(pl.Expr.alias, shows_order(pl.col("cell")), ("day", "month")))
    day_first, month_first = (dates.filter(column) if column.any() else dates.clear() for column in shown)
    return day_first, month_first


MONTH_FIRST = ("month-first", "month-first-as-told")
"""The keys of the messages about dates that are read with the month first."""
_IN_WORDS = {Order.DMY: "day first", Order.MDY: "month first"}


def _check_not_turned(dates: pl.Series, column: str) -> None:
    """Refuses what a spreadsheet leaves that expected the other order: dates up to the 12th turned, the rest as text."""
    days = dates.str.extract(r"^(\S+)").unique(maintain_order=True)
    other = days.filter(~days.str.contains(_PARTS))
    left = days.filter(days.str.contains(_PARTS))
    sure = left.filter(left.str.contains(_DAY_FIRST) | left.str.contains(_MONTH_FIRST))
    early = other.filter(other.str.contains(_EARLY))
    if len(left) > len(sure) or len(other) > len(early):
        return
    if _EARLY_DAYS ** len(early) * (1 - _EARLY_DAYS) ** len(sure) < _BY_CHANCE and len(early) and len(sure):
        raise AmbiguousDate(
            f"column `{column}` was turned by a spreadsheet: its dates up to the 12th are written as `{early[0]}`, all "
            f"later ones as `{sure[0]}`, so day and month of the former have changed places",
            hint="read the file as it was exported, before a spreadsheet opened and saved it",
        )


def _proven(proven: Order, example: str, column: str, order: Order | None) -> tuple[Order, Message]:
    if order not in (None, proven):
        message = f"column `{column}` has the {_IN_WORDS[proven]}, as `{example}` shows"
        raise AmbiguousDate(message, hint=f"pass --date-format {proven}")
    return proven, Message("day-first" if proven is Order.DMY else "month-first", example=example)


def _same_either_way(dates: pl.Series) -> bool:
    parts = dates.str.extract_groups(_PARTS).struct
    return bool((parts.field("1").cast(pl.Int8) == parts.field("2").cast(pl.Int8)).all())


def _year_is_first(dates: pl.Series) -> bool:
    """Whether the first of three parts between strokes or dots is the year: hardly any differ, while the last go through a month."""
    parts = dates.str.extract_groups(r"^(\d\d)[/.]\d\d?[/.](\d\d?)(?:\D|$)").struct
    first, last = (parts.field(name).cast(pl.Int8).drop_nulls() for name in ("1", "2"))
    few, many = first.n_unique(), last.n_unique()
    goes_through_a_month = (many >= _DAYS_SEEN and few <= _YEARS_SEEN) or (
        many >= 2 * _DAYS_SEEN and few <= 2 * _YEARS_SEEN
    )
    return goes_through_a_month and int(str(last.max() or 99)) <= 31


def _year_is_last(dates: pl.Series) -> bool:
    """Whether the last of three parts of two digits is the year: hardly any differ, while the first go through a month."""
    parts = dates.str.extract_groups(r"^(\d\d?)-\d\d?-(\d\d)(?:\D|$)").struct
    first, last = (parts.field(name).cast(pl.Int8).drop_nulls() for name in ("1", "2"))
    return first.n_unique() >= _DAYS_SEEN and last.n_unique() <= _YEARS_SEEN and int(str(first.max() or 99)) <= 31


def with_years_first(looks: dict[DateShape, int], dates: pl.Series) -> dict[DateShape, int]:
    """The looks, with the year first in `26-01-05` where the first part hardly changes while the last goes through a month: as days and years it were the other way round."""
    if not looks or not all(shape.format.startswith("%d-%m-%y") for shape in looks):
        return looks
    parts = dates.str.extract_groups(r"^(\d\d)-(\d\d)-(\d\d)(?:\D|$)").struct
    first, middle, last = (parts.field(name).cast(pl.Int8) for name in ("1", "2", "3"))
    if (
        first.null_count()
        or first.n_unique() > _YEARS_SEEN
        or last.n_unique() < _DAYS_SEEN
        or not last.is_between(1, 31).all()
        or not middle.is_between(1, 12).all()
    ):
        return looks
    return {DateShape(format=shape.format.replace("%d-%m-%y", "%y-%m-%d")): cells for shape, cells in looks.items()}


def _ambiguous(
    what: str,
    column: str,
    dates: pl.Series,
    kind: type[AmbiguousDate] = AmbiguousDate,
    hint: str = "pass --date-format dmy or mdy",
) -> AmbiguousDate:
    fitting = dates.filter(dates.str.contains(_PARTS) | dates.str.contains(r"^\d\d-\d\d-\d\d"))
    example = fitting[0] if len(fitting) else dates[0]
    return kind(f"cannot tell {what} in column `{column}`, for example in `{example}`", hint=hint)
