"""Which columns of a file hold dates, and whether anything in the file separates day from month.

Figures without marks (`20240301`, `1709301909`) are dates only under a header that speaks of time: most are ids.
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates import dates
from kpi_core.ingest.cells.few import FEW
from kpi_core.ingest.drafting.evidence import SeenColumn
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import SAMPLE
from kpi_core.ingest.headers.header_zones import zone_of_header
from kpi_core.ingest.headers.vocabulary import speaks_of
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_TIMELY = (
    "date",
    "time",
    "open",
    "close",
    "resolve",
    "update",
    "due",
    "reply",
    "sent",
    "order",
    "join",
    "lost",
    "spend",
)
_FIGURE = regex(r"\d")
_READABLE = 0.8
_MARKS = "-/. :"


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenDates:
    """A column of dates: its instants, null where a cell is none, and how they are written.

    `is_turnable` where the day could stand before or behind the month, `is_doubtful` where it is unknown which.
    `unread` counts the cells that say something and are no date; `is_zoned` whether the cells, or their header, name
    their time zone.
    """

    values: pl.Series
    unread: int
    is_turnable: bool
    is_doubtful: bool
    is_zoned: bool

    @property
    def has_clock(self) -> bool:
        """Whether any of them has a time of day."""
        return bool((self.values.dt.date().cast(pl.Datetime("ms")) != self.values).any())

    @property
    def span(self) -> Message:
        """From the first to the last, as `2022-01-03 to 2022-04-25`."""
        ends = (self.values.min(), self.values.max())
        low, high = (f"{end:%Y-%m-%d}" if isinstance(end, datetime) else str(end) for end in ends)
        return Message("from-to", low=low, high=high)


@dataclass(frozen=True, kw_only=True, eq=False)
class DateColumns:
    """The date columns of a file by place, their order, and what shows it."""

    choices: ReadingChoices
    order: dates.Order | None
    proof: Message | None
    found: dict[int, SeenDates]

    def read(self, cells: pl.Series, header: str) -> SeenDates | None:
        """The cells as dates under the file's order; None where too few of them are."""
        return _read(cells, header, self.order, self.choices.date_formats)


def date_columns(columns: Sequence[SeenColumn], choices: ReadingChoices) -> DateColumns:
    """The date columns among `columns`, in the order given by the user, else by one of them."""
    asked = dates.Order(choices.date_order) if choices.date_order else None
    seen_by_place = {column.place: seen for column in columns
            if (seen := _read(column.cells, column.header, asked, choices.date_formats))}  # fmt: skip
    order: dates.Order | None = asked
    proof: Message | None = Message("draft-as-told")
    if order is None:
        order, proof = _shown(
            [column for column in columns if column.place in seen_by_place and seen_by_place[column.place].is_turnable]
        )
        again = [
            column for column in columns if column.place not in seen_by_place or seen_by_place[column.place].is_doubtful
        ]
        for column in again if order else ():
            if seen := _read(column.cells, column.header, order, choices.date_formats):
                seen_by_place[column.place] = seen
    return DateColumns(choices=choices, order=order, proof=proof, found=seen_by_place)


def _shown(columns: Sequence[SeenColumn]) -> tuple[dates.Order | None, Message | None]:
    """The order of the first column that has one, and what shows it."""
    for column in columns:
        day, month = column.cells.to_frame("cell").select_seq(*_named(dates.order_evidence(pl.col("cell")))).row(0)
        if bool(day) is not bool(month):
            return (dates.Order.DMY if day else dates.Order.MDY), Message("draft-column-shows", header=column.header)
    return None, None


def _named(evidence: tuple[pl.Expr, pl.Expr]) -> tuple[pl.Expr, pl.Expr]:
    day, month = evidence
    return day.alias("day"), month.alias("month")


def _read(cells: pl.Series, header: str, order: dates.Order | None, formats: tuple[str, ...]) -> SeenDates | None:
    if not formats and not _may_be_dates(cells, header):
        return None
    text, cell = cells.alias("cell").to_frame(), pl.col("cell")
    if dates.may_be_missing(cells):
        text = text.select_seq(pl.when(~dates.is_missing_date(cell)).then(cell).alias("cell"))
    filled, sample = int(text["cell"].count()), text["cell"].head(SAMPLE)
    if not sample.count():
        return None
    reading, is_doubtful = _sniffed(sample, header, order, formats)
    if reading is None or (_is_bare(reading) and not speaks_of(header, *_TIMELY)):
        return None
    values = text.select_seq(dates.parse_dates(cell, reading).alias("value"))["value"]
    read = int(values.count())
    if read < _READABLE * filled:
        return None
    return SeenDates(values=values, unread=filled - read, is_turnable=reading.order is not None, is_doubtful=is_doubtful,
                     is_zoned=reading.zone != "naive" or zone_of_header(header) is not None)  # fmt: skip


def _may_be_dates(cells: pl.Series, header: str) -> bool:
    """Whether some cells have figures and, unless the header speaks of time, others than figures alone too: what shows at a glance of most columns."""
    if len(cells) <= FEW:
        filled = [cell for cell in cells.to_list() if cell]
        has_figures, are_bare = any(map(_FIGURE.search, filled)), all(map(str.isdecimal, filled))
    else:
        has_figures = bool(cells.str.contains(r"\d").any())
        are_bare = has_figures and not cells.str.contains(r"\D").any()
    return has_figures and (not are_bare or speaks_of(header, *_TIMELY))


def _sniffed(
    sample: pl.Series, header: str, order: dates.Order | None, formats: tuple[str, ...]
) -> tuple[dates.DateReading | None, bool]:
    """How the dates are written, None for no dates; and whether the day is taken to be first for want of evidence."""
    try:
        return dates.sniff_dates(sample, column=header, order=order, formats=formats), False
    except dates.AmbiguousDate:
        if order is None:
            return _sniffed(sample, header, dates.Order.DMY, formats)[0], True
        return None, False
    except ExportError:
        return None, False


def _is_bare(reading: dates.DateReading) -> bool:
    """Whether the dates are figures without marks."""
    return not any(mark in strptime for strptime in reading.formats for mark in _MARKS)
