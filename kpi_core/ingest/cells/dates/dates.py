"""Reading dates: which strptime formats a column needs is seen in a sample, then the column is read with them.

Explicit formats are four times as fast as guessing and cannot change from one cell to the next. Day first or
month first is decided by the column's own cells; where none decides, the reader is asked, never the locale.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import pairwise

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates.date_order import (
    AmbiguousDate,
    BothOrders,
    Order,
    YearInDoubt,
    begin_with_years,
    decide_order,
    order_evidence,
    ordered_formats,
    with_years_first,
)
from kpi_core.ingest.cells.dates.date_shapes import (
    EPOCH_MILLISECONDS,
    EPOCH_SECONDS,
    SERIAL_1900,
    SERIAL_1904,
    SERIALS,
    DateShape,
    Zone,
    in_english,
    is_month,
    is_week,
    is_yearless,
    shape_of,
    with_offset,
    zone_of,
)
from kpi_core.ingest.cells.dates.six_figures import is_of_figures, padded, with_six_figures
from kpi_core.ingest.cells.few import FEW
from kpi_core.ingest.cells.missing import are_clean, clean
from kpi_core.ingest.cells.unfit_column import UnfitColumn
from kpi_core.messages.message import Message
from kpi_core.model.columns import filled
from kpi_core.patterns import regex
from kpi_core.records import dataclass

__all__ = [
    "AmbiguousDate",
    "BothOrders",
    "DateReading",
    "Order",
    "YearInDoubt",
    "begin_with_years",
    "is_missing_date",
    "may_be_missing",
    "order_evidence",
    "parse_dates",
    "sniff_dates",
]


@dataclass(frozen=True, kw_only=True)
class DateReading:
    """How the dates of one column are written.

    Args:
        formats: strptime formats, tried in order.
        order: day or month first; None where the formats leave it no choice.
        evidence: what decided it.
        zone: `naive` for wall clocks, `utc` and `offset` for instants that say where they are.
        in_words: whether months, halves of the day or zones are words to be put into English first.
        is_assumed: whether the evidence is a guess that a reader of the report must know.
    """

    formats: tuple[str, ...]
    order: Order | None = None
    evidence: tuple[Message, ...] = ()
    zone: Zone = "naive"
    in_words: bool = False
    is_assumed: bool = False

    @property
    def is_day(self) -> bool:
        """Whether it reads no time of day; unknown for numbers before they are read."""
        counted = (EPOCH_SECONDS, EPOCH_MILLISECONDS, *SERIALS)
        return not any("%H" in name or "%I" in name or name in counted for name in self.formats)

    @property
    def is_month(self) -> bool:
        """Whether it reads months without a day, if only in some cells."""
        return any(map(is_month, self.formats))


_NOTHING_SEEN = DateReading(formats=("%Y-%m-%d %H:%M:%S",), evidence=(Message("no-date-in-sample"),))
_MISSING = (
    r"(?i)^\s*(?:"
    r"(?:1900|0001|0000|1970)(?:0[01]0[01]|[-/.]0?[01][-/.]0?[01])(?:\D|$)"
    r"|(?:9999|2999)[-/.]?12[-/.]?31(?:\D|$)"
    r"|31[-/.\s]{1,2}12[-/.\s]{1,2}(?:9999|2999)(?:\D|$)"
    r"|1899-12-3[01]"
    r"|0?[01][-/.\s]{1,2}(?:0?[01]|jan[a-z]*|tammikuuta)[-/.\s]{1,2}(?:1900|0001|0000|1970)(?:\D|$)"
    r"|jan[a-z]*\.? 0?1,? (?:1900|1970)(?:\D|$)"
    r"|0+$)"
)
_YEARS_OF_NONE = ["1900", "0001", "0000", "1970", "9999", "2999", "1899"]
"""What a date that stands for none has in it, if it is not of zeros alone."""
_FIGURE = regex(r"\d")
_SERIAL = r"^\d{5}(?:[.,]\d{1,17})?$"
_DAYS_TO_1970 = {SERIAL_1900: 25_569, SERIAL_1904: 25_569 - 1_462}
_NAMED_ZONE = regex(r"\d:\d\d(?:[ap]m|\s|[\d:.])*\s\(?([A-Z]{2,5}|[A-Z]\w+/\w+)\)?$", re.IGNORECASE)
_FIRST = datetime(1990, 1, 1)
_FIRST_OF_TWO_DIGITS = datetime(2000, 1, 1)
_END = datetime(2101, 1, 1)


def is_missing_date(cell: pl.Expr) -> pl.Expr:
    """Whether the cell is a date that stands for none, at any time of day and however written.

    These are 1900-01-01, 0001-01-01, 0000-00-00, a spreadsheet's day zero (1899-12-30 and -31, 1900-01-00),
    the epoch (1970-01-01), the end that never comes (9999-12-31) and a lone 0. Null for null.
    """
    return cell.str.contains(_MISSING)


def may_be_missing(cells: pl.Series) -> bool:
    """Whether a cell of a sample may be a date that stands for none: mostly none may, which is found before a pattern is compiled."""
    if len(cells) <= FEW:
        texts = [cell.strip() for cell in cells.to_list() if cell]
        together = "\n".join(texts)
        return any(year in together for year in _YEARS_OF_NONE) or any(text and not text.strip("0") for text in texts)
    text = cells.drop_nulls().str.strip_chars()
    is_zero = (text.str.strip_chars("0") == "") & (text != "")
    return bool((text.str.contains_any(_YEARS_OF_NONE) | is_zero).any())


def sniff_dates(
    sample: pl.Series, *, column: str, order: Order | None = None, formats: Sequence[str] = (), is_1904: bool = False
) -> DateReading:
    """Decides how a column writes its dates.

    Args:
        sample: some of its cells; nulls allowed. Cells that are no date are passed over.
        column: its header, for messages.
        order: day or month first, where that is known from outside the column.
        formats: strptime formats to use instead of looking; `excel` and `excel1904` for numbers of days.
        is_1904: whether the workbook counts days from 1904.

    A sample without any date settles on `2024-03-01 14:05:09`, which cannot be misread.

    Raises:
        AmbiguousDate: day and month could be either way round, and `order` is not given.
        ExportError: none of its cells is a date, some are day first and others month first, or `order` is refuted.
    """
    cells = sample.cast(pl.String).alias("cell")
    if not are_clean(cells):
        cells = cells.to_frame().select_seq(clean(pl.col("cell"), are_few=True))["cell"]
    dates = filled(cells)
    if may_be_missing(dates):
        dates = dates.to_frame().filter(~is_missing_date(pl.col("cell")))["cell"]
    if dates.is_empty():
        return _declared(tuple(formats)) if formats else _NOTHING_SEEN
    reading = _declared(tuple(formats)) if formats else _seen(dates, column, order)
    if is_1904 and not formats:
        reading = replace(reading, formats=tuple(_of_1904(strptime) for strptime in reading.formats))
    if not _reads(reading, dates):
        raise _no_date(dates, column, given=bool(formats))
    return reading


def _of_1904(strptime: str) -> str:
    return SERIAL_1904 if strptime == SERIAL_1900 else strptime


def _reads(reading: DateReading, dates: pl.Series) -> bool:
    try:
        return bool(dates.to_frame("cell").select_seq(parse_dates(pl.col("cell"), reading).is_not_null().any()).item())
    except pl.exceptions.ComputeError:
        return False  # polars refuses some formats outright, such as an hour without minutes


def _declared(formats: tuple[str, ...]) -> DateReading:
    if len({zone_of([with_offset(strptime)]) == "naive" for strptime in formats}) > 1:
        raise ExportError("the date formats mix wall clocks with instants that name their zone: " + ", ".join(formats))
    in_words = any(name in strptime for strptime in formats for name in ("%B", "%b", "GMT", "UTC", "%Z"))
    formats = tuple(map(with_offset, formats))
    return DateReading(
        formats=formats, evidence=(Message("formats-as-told"),), zone=zone_of(formats), in_words=in_words
    )


def _seen(dates: pl.Series, column: str, order: Order | None) -> DateReading:
    masks = _masks(dates)
    if not any("9" in mask for mask, _, _ in masks):
        raise _no_date(dates, column)
    plain, worded = _looks(masks), {}
    if any(_has_word(mask) for mask, _, _ in masks):
        worded = _looks(_masks(dates.to_frame("cell").select_seq(in_english(pl.col("cell")))["cell"]))
    named = any("%B" in shape.format for shape in worded)
    in_words = named or sum(worded.values()) > sum(plain.values())
    looks = worded if in_words else plain
    if not looks:
        raise _no_date(dates, column)
    looks, short = with_six_figures(
        looks if order else with_years_first(looks, dates), dates, column=column, order=order
    )
    if not looks:
        raise _no_date(dates, column)
    looks, counted = _with_serials(looks, dates)
    looks, left_out = _of_one_zone(looks if order else _without_stray_short_years(looks))
    if counted and SERIAL_1900 in {shape.format for shape in looks}:
        left_out = (*left_out, *counted)
    order, evidence = decide_order(looks, dates, column=column, order=order)
    formats = dict.fromkeys(ordered_formats(looks, dates, order))
    return DateReading(
        formats=tuple(name for name in formats if "%S" not in name or name.replace("%S", "%S%.f") not in formats),
        order=order,
        evidence=(*(() if (counted or short) and order is None else (evidence,)), *short, *left_out),
        zone=zone_of(formats),
        in_words=in_words,
        is_assumed=bool(counted or short),
    )


def _with_serials(looks: dict[DateShape, int], dates: pl.Series) -> tuple[dict[DateShape, int], tuple[Message, ...]]:
    """The looks, with numbers of days only where all of them are days of our time and nothing turned the others.

    A spreadsheet that expected another order leaves as text the dates it could not read: next to those its numbers are
    of days whose day and month have changed places.
    """
    serial = next((shape for shape in looks if shape.format == SERIAL_1900), None)
    if serial is None:
        return looks, ()
    others = {shape: cells for shape, cells in looks.items() if shape != serial}
    numbers = dates.filter(dates.str.contains(_SERIAL))
    instants = numbers.to_frame("cell").select(_parsed(pl.col("cell"), SERIAL_1900).alias("cell"))["cell"]
    if instants.null_count() or (others and any(shape.is_open or shape.is_dotted for shape in others)):
        return (others, (Message("numbers-of-days-left-out"),)) if others else (looks, ())
    return looks, (Message("numbers-of-days", example=numbers[0], at=instants[0]),)


def _masks(dates: pl.Series) -> list[tuple[str, str, int]]:
    """The cells with 9 for each figure: each such once, with the least of its cells and their number."""
    if len(dates) <= FEW:
        alike: dict[str, list[str]] = {}
        for cell in dates.to_list():
            alike.setdefault(_FIGURE.sub("9", cell), []).append(cell)
        return [(mask, min(cells), len(cells)) for mask, cells in alike.items()]
    mask = pl.col("cell").str.replace_all(r"\d", "9").alias("mask")
    found = dates.to_frame("cell").group_by(mask).agg(pl.col("cell").min().alias("example"), pl.len().alias("cells"))
    return found.rows()


def _has_word(mask: str) -> bool:
    """Whether two letters stand together in a date, or one with a dot."""
    return any(first.isalpha() and (second.isalpha() or second == ".") for first, second in pairwise(mask))


def _looks(masks: Iterable[tuple[str, str, int]]) -> dict[DateShape, int]:
    """The looks among the cells with their numbers, the most frequent first."""
    looks: dict[DateShape, int] = {}
    for _, example, cells in masks:
        if shape := shape_of(example):
            looks[shape] = looks.get(shape, 0) + cells
    return dict(sorted(looks.items(), key=lambda look: (-look[1], look[0].format)))


def _without_stray_short_years(looks: dict[DateShape, int]) -> dict[DateShape, int]:
    """Leaves out `24-03-01` next to `2024-03-01`: its day is unknown, and one such cell stops no file."""
    starts = {shape.format[:8] for shape in looks}
    if "%Y-%m-%d" not in starts or "%d-%m-%Y" in starts:
        return looks
    return {shape: cells for shape, cells in looks.items() if not shape.format.startswith("%d-%m-%y")}


def _of_one_zone(looks: dict[DateShape, int]) -> tuple[dict[DateShape, int], tuple[Message, ...]]:
    """Wall clocks or instants, whichever are more: the two cannot be put on one line of time."""
    naive = {shape: cells for shape, cells in looks.items() if shape.zone == "naive"}
    placed = {shape: cells for shape, cells in looks.items() if shape.zone != "naive"}
    if not naive or not placed:
        return looks, ()
    if sum(naive.values()) >= sum(placed.values()):
        return naive, (Message("zoned-dates-left-out"),)
    return placed, (Message("bare-dates-left-out"),)


def _no_date(dates: pl.Series, column: str, *, given: bool = False) -> ExportError:
    if not given and is_week(dates[0]):
        return UnfitColumn(
            Message("weeks-in-column", header=column, example=dates[0]),
            hint="name a column that holds the day\n"
            "pass --date-format with the pattern of the week, such as %G-W%V, to date each row by its Monday",
        )
    if not given and is_yearless(dates[0]):
        return UnfitColumn(
            Message("no-year-in-column", header=column, example=dates[0]),
            hint="write its dates with their year, best as 2026-01-25",
        )
    if not given and (found := _NAMED_ZONE.search(dates[0])):
        return UnfitColumn(
            Message("unknown-zone-in-column", header=column, zone=found[1], example=dates[0]),
            hint="write the offset instead, such as +10:00",
        )
    return UnfitColumn(
        Message("no-date-in-given-format" if given else "no-date-in-column", header=column, example=dates[0]),
        hint="give its format in the mapping, such as `%d/%m/%Y %H:%M`",
    )


def parse_dates(cell: pl.Expr, reading: DateReading) -> pl.Expr:
    """The instant as a naive Datetime("ms"): UTC where the cell names its offset, else its own wall clock.

    Null where no format fits the whole cell, and where the year lies outside 1990–2100 (2000–2069 for years of
    two digits): `%Y` would read `24` as the year 24, and 1900-01-01 stands for no date. A format that reads a week
    (`%G-W%V`) gives its Monday. Give it a plain column,
    cleaned in an earlier step: polars computes a compound `cell` twice.
    """
    text = in_english(cell) if reading.in_words else cell
    instants = [_parsed(text, strptime) for strptime in reading.formats]
    return instants[0] if len(instants) == 1 else pl.coalesce(*instants)


def _parsed(text: pl.Expr, strptime: str) -> pl.Expr:
    if strptime in (EPOCH_SECONDS, EPOCH_MILLISECONDS):
        instant = _since_epoch(text, strptime)
    elif strptime in SERIALS:
        instant = _since_day_zero(text, strptime)
    else:
        whole = _of_whole_days(text) if strptime.startswith("%Y%m%d") else text
        whole = padded(text, strptime) if is_of_figures(strptime) and not strptime.startswith("%Y%m%d") else whole
        if "%V" in strptime and "%u" not in strptime:
            whole, strptime = pl.concat_str(whole, pl.lit(" 1")), f"{strptime} %u"  # the Monday of the week
        instant = whole.str.to_datetime(strptime, time_unit="ms", strict=False, exact=True, cache=False)
        if zone_of([strptime]) == "offset":
            instant = instant.dt.replace_time_zone(None)
    first = _FIRST_OF_TWO_DIGITS if "%y" in strptime else _FIRST
    return pl.when(instant.is_between(_moment(first), _moment(_END), closed="left")).then(instant)


@cache
def _moment(instant: datetime) -> pl.Expr:
    return pl.lit(instant, dtype=pl.Datetime("ms"))


def _since_epoch(text: pl.Expr, strptime: str) -> pl.Expr:
    digits, factor = (10, 1000) if strptime == EPOCH_SECONDS else (13, 1)
    number = pl.when(text.str.len_bytes() == digits).then(text).cast(pl.Int64, strict=False)
    return (number * factor).cast(pl.Datetime("ms"))


def _since_day_zero(text: pl.Expr, strptime: str) -> pl.Expr:
    # To the second: fractions of a day are written with fewer digits than they have.
    days = pl.when(text.str.contains(_SERIAL)).then(text).str.replace(",", ".", literal=True).cast(pl.Float64)
    seconds = ((days - _DAYS_TO_1970[strptime]) * 86_400).round()
    return (seconds.cast(pl.Int64) * 1_000).cast(pl.Datetime("ms"))


def _of_whole_days(text: pl.Expr) -> pl.Expr:
    # Without marks between the parts, strptime reads `2024031` as the first of March.
    return pl.when(text.str.contains(r"^\d{8}(?:\D|\d{4}$|\d{6}|$)")).then(text)
