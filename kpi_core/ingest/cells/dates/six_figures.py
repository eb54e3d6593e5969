"""Dates of six figures without a mark between them: `260125` with the year first, as Swedes write it, `250126` with it last.

Which part is the year shows over the whole column: days go through a month where years hardly change, so that of two readings
one runs over weeks or years and the other over decades. Where that does not show it, the column is not read, with the way out. Of eight figures
(`25012026`) the year is the part that is one of our time.
"""

import polars as pl

from kpi_core.ingest.cells.dates.date_order import Order
from kpi_core.ingest.cells.dates.date_shapes import SERIAL_1900, SIX_FIGURES, DateShape
from kpi_core.ingest.cells.unfit_column import UnfitColumn
from kpi_core.messages.message import Message

_READINGS = {None: ("%y%m%d", "%d%m%y", "%m%d%y"), Order.DMY: ("%y%m%d", "%d%m%y"), Order.MDY: ("%y%m%d", "%m%d%y")}
_EIGHT = {None: ("%d%m%Y", "%m%d%Y"), Order.DMY: ("%d%m%Y",), Order.MDY: ("%m%d%Y",)}
_PACKED = "%Y%m%d"
_LONG_CELL = r"^(\d{7,8})(?: \d\d:\d\d(?::\d\d)?)?$"
_CELL = r"^(\d{6})(?: \d\d:\d\d(?::\d\d)?)?$"
_MOSTLY = 0.9
"""The share of the cells that must be a date: of numbers of anything else one in thirty is."""
_APART = 4
"""How many times as long as the shortest any other reading's time must be, for the shortest to be the right one."""


def with_six_figures(
    looks: dict[DateShape, int], dates: pl.Series, *, column: str, order: Order | None
) -> tuple[dict[DateShape, int], tuple[Message, ...]]:
    """The looks, those of six figures as the column shows them to be written, and what shows it; without them where they are no dates.

    Raises:
        UnfitColumn: more than one reading fits alike.
    """
    looks, shown = _with_eight_figures(looks, dates, column=column, order=order)
    short = {shape for shape in looks if shape.format.startswith(SIX_FIGURES)}
    if not short:
        return looks, shown
    others = {shape: cells for shape, cells in looks.items() if shape not in short}
    days = dates.str.extract(_CELL, 1).drop_nulls()
    read = {way: _days(days, way) for way in _READINGS[order]}
    fits = {way: values for way, values in read.items() if values.count() >= _MOSTLY * len(days)}
    if not fits:
        return others, ()
    spans = {way: _span(values) for way, values in fits.items()}
    way, *rest = sorted(fits, key=lambda one: spans[one])
    if any(spans[other] < _APART * max(spans[way], 1) for other in rest):
        hint = "pass --date-format %y%m%d where the year is first, %d%m%y where it is last"
        raise UnfitColumn(Message("six-figures-in-doubt", header=column, example=days[0]), hint=hint)
    if way != SIX_FIGURES:  # a spreadsheet drops the zero of the first to the ninth
        others = {shape: cells for shape, cells in others.items() if shape.format != SERIAL_1900}
    named = {DateShape(format=shape.format.replace(SIX_FIGURES, way)): looks[shape] for shape in short}
    first = fits[way].is_not_null().arg_true()[0]
    return {**others, **named}, (_shown(way, days[first], str(fits[way][first])),)


def _with_eight_figures(
    looks: dict[DateShape, int], dates: pl.Series, *, column: str, order: Order | None
) -> tuple[dict[DateShape, int], tuple[Message, ...]]:
    """The looks, those of eight figures with the year last where it is there, and what shows it.

    Raises:
        UnfitColumn: the day may be first, or the month.
    """
    packed = {shape for shape in looks if shape.format.partition(" ")[0] == _PACKED and is_of_figures(shape.format)}
    if not packed:
        return looks, ()
    days = dates.str.extract(_LONG_CELL, 1).drop_nulls().str.zfill(8)
    if days.is_empty() or _days(days, _PACKED).count() >= len(days) / 2:
        return looks, ()
    fits = {way: values for way in _EIGHT[order] if (values := _days(days, way)).count() >= _MOSTLY * len(days)}
    if len(fits) > 1:
        hint = "pass --date-format %d%m%Y where the day is first, %m%d%Y where the month is"
        raise UnfitColumn(Message("eight-figures-in-doubt", header=column, example=days[0]), hint=hint)
    if not fits:
        return looks, ()
    ((way, values),) = fits.items()
    others = {shape: cells for shape, cells in looks.items() if shape not in packed}
    named = {DateShape(format=shape.format.replace(_PACKED, way)): looks[shape] for shape in packed}
    first = values.is_not_null().arg_true()[0]
    return {**others, **named}, (_shown(way.lower(), days[first], str(values[first])),)


def _shown(way: str, example: str, at: str) -> Message:
    if way == SIX_FIGURES:
        return Message("six-figures-year-first", example=example, at=at)
    if way == "%d%m%y":
        return Message("six-figures-day-first", example=example, at=at)
    return Message("six-figures-month-first", example=example, at=at)


def _days(days: pl.Series, way: str) -> pl.Series:
    values = days.str.to_date(way, strict=False)
    return values.to_frame("day").select(pl.when(pl.col("day").dt.year().is_between(2000, 2099)).then("day"))["day"]


def _span(days: pl.Series) -> int:
    """The days from the first to the last."""
    return int((days.max() - days.min()).days)  # type: ignore[operator, union-attr]


def is_of_figures(strptime: str) -> bool:
    """Whether a format is one that is read here."""
    day, _, clock = strptime.partition(" ")
    return day in (*_READINGS[None], *_EIGHT[None], _PACKED) and clock in ("", "%H:%M", "%H:%M:%S")


def padded(text: pl.Expr, strptime: str) -> pl.Expr:
    """The cells that may be dates of six or eight figures, with the zero that a spreadsheet drops of their day or month; null for all others."""
    if strptime.partition(" ")[0] in _EIGHT[None]:
        return pl.when(text.str.contains(_LONG_CELL)).then(
            pl.when(text.str.contains(r"^\d{7}(?: |$)")).then("0" + text).otherwise(text)
        )
    is_day = text.str.contains(_CELL)
    if strptime.startswith(SIX_FIGURES):
        return pl.when(is_day).then(text)
    return pl.when(is_day).then(text).when(text.str.contains(r"^\d{5}$")).then(text.str.zfill(6))
