"""Dates written day first in some rows and month first in others, where every one of them can be read.

No cell decides then; the order of things does. Rows of an export follow one another in time, ids rise with it, and
nothing ends before it begins: what breaks such an order, and would not with day and month of one date turned, was
written the other way round. A few are enough, since chance mends few.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import MASK, ROW, key_column, steps
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Given, Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind
from kpi_core.quality.day_month.turned_dates import turned
from kpi_core.records import dataclass

JUMP = timedelta(days=20)
"""Between neighbours; turning a date moves it by some 27 days at least."""

NEAR = timedelta(days=7)
LONG = timedelta(days=14)
"""Within which a ticket is mostly done with."""

FEW = 4
"""Fewer mended breaks than these may be chance."""

MENDED = 2
"""How many breaks must be mended for each that is not."""

SORTED = 0.6
"""The share of neighbours that may be far apart in rows that follow one another: half of them are mixed at worst."""

LOOKED_AT = 20_000
"""Neighbours looked at, from the first that are far apart on."""

BEFORE = 100
"""Rows before the first that are far apart: one of them has a date."""

BY_ID = 1_000
"""Rows put in the order of their ids."""

ENDS = {
    "created_at": ("first_replied_at", "first_resolved_at", "resolved_at", "closed_at", "updated_at"),
    "offered_at": ("answered_at",),
    "acquired_at": ("lost_at",),
}
"""What cannot come before what."""


@dataclass(frozen=True, kw_only=True)
class Breaks:
    """Breaks of an order: how many there are, how many turning one date mends, and the first of these.

    `first` is a row with its date, and the row and date that it breaks with.
    """

    count: int
    mended: int
    first: tuple[int, datetime, int, datetime] | None = None

    @property
    def is_certain(self) -> bool:
        """Whether so many are mended that it is no chance."""
        return self.mended >= FEW and self.mended >= MENDED * (self.count - self.mended)


def swapped_dates(dataset: Dataset) -> Iterator[Finding]:
    """A serious finding for each date column of a file that turning some of its dates would put in order."""
    for read in dataset.reads:
        headers = {field.name: field.header for field in read.narrow.fields if field.kind is Kind.INSTANT}
        key = TABLES[read.mapping.table].key
        rows = read.narrow.frame.select(pl.col(ROW, MASK, *headers), pl.col(f"^{key}$"))
        if read.refused_counts:
            rows = rows.filter(pl.col(MASK) == 0)
        if rows.height < FEW:
            continue
        found = list(_unsorted(read, rows, headers)) or list(_ended_before(read, rows, headers))
        yield from found


def _unsorted(read: FileRead, rows: pl.DataFrame, headers: dict[str, str]) -> Iterator[Finding]:
    """Columns out of step with the order of the rows, or of the ids."""
    ids: pl.DataFrame | None = None
    for name, header in headers.items():
        dated = rows.select(ROW, date=name)
        if dated.height > LOOKED_AT and _is_mixed(dated.head(LOOKED_AT)):  # so that a large file is not gone through
            dated = dated.head(LOOKED_AT)
        breaks, order = _breaks_in(dated), "row"
        if breaks.count >= FEW and not breaks.is_certain:
            ids = _ids(read, rows) if ids is None else ids
            by_id = ids.join(dated.head(BY_ID), on=ROW, maintain_order="left").select(ROW, "date")
            breaks, order = _breaks_in(by_id), "id"
        if breaks.is_certain:
            yield _finding(
                Message(
                    "swapped-from-row-to-row" if order == "row" else "swapped-from-id-to-id", file=read.name, header=header,
                    mended=breaks.mended, count=breaks.count, days=JUMP.days, example=_example(breaks),
                )
            )  # fmt: skip


def _is_mixed(dated: pl.DataFrame) -> bool:
    """Whether rows that are dated follow no order in time at all."""
    date = pl.col("date").drop_nulls()
    far, height = dated.select_seq((date.diff().abs() > JUMP).sum(), date.len().alias("height")).row(0)
    return bool(far > SORTED * height)


def _breaks_in(dated: pl.DataFrame) -> Breaks:
    """The jumps in dates that should rise or fall (`_row`, `date`), read as they are or all turned, whichever jumps less.

    Rows without a date part nobody from the next that has one.
    """
    date = pl.col("date").forward_fill() if dated["date"].has_nulls() else pl.col("date")
    far = dated.select((date.diff().abs() > JUMP).alias("far"))["far"]
    jumps = int(far.sum())
    if jumps < FEW or jumps > SORTED * dated["date"].count():
        return Breaks(count=jumps, mended=0)
    first = far.fill_null(value=False).arg_max() or 0
    part = dated.slice(max(first - BEFORE, 0), LOOKED_AT).drop_nulls()
    part = part.with_columns(other=pl.coalesce(turned(pl.col("date")), "date"))
    as_read = _mended(part)
    all_turned = _mended(part.rename({"date": "other", "other": "date"}))
    return min(as_read, all_turned, key=lambda breaks: breaks.count)


def _mended(part: pl.DataFrame) -> Breaks:
    """The jumps between neighbours in `date`, and those that `other` in the place of one of the two closes."""
    before = pl.all().shift(1).name.suffix(" before")
    jumps = part.with_columns(before).filter((pl.col("date") - pl.col("date before")).abs() > JUMP)
    if jumps.is_empty():
        return Breaks(count=0, mended=0)
    one, two = pl.col("other") - pl.col("date before"), pl.col("date") - pl.col("other before")
    mended = jumps.filter((one.abs() <= NEAR) | (two.abs() <= NEAR))
    shown = (f"{ROW} before", "date before", ROW, "date")
    return Breaks(count=jumps.height, mended=mended.height, first=next(mended.select(shown).iter_rows(), None))


def _ids(read: FileRead, rows: pl.DataFrame) -> pl.DataFrame:
    """The first rows (`_row`) in the order of the numbers in their ids; none where ids have no numbers or repeat."""
    nothing = pl.DataFrame(schema={ROW: pl.UInt32})
    scanned = read.narrow
    key = next((field for field in scanned.fields if field.name == TABLES[read.mapping.table].key), None)
    if key is None:
        return nothing
    number = pl.col(key.text_name).str.extract(r"(\d{1,18})\D*$").cast(pl.Int64)
    first = steps(scanned.raw.sample(skip=scanned.skip, rows=BY_ID).lazy(), scanned.cleaned, [key])
    ids = first.select(key_column(key), id=number).collect().drop_nulls()
    if ids["id"].n_unique() < ids.height:
        return nothing
    return rows.head(BY_ID).select(ROW, key.name).join(ids, on=key.name).sort("id").select(ROW)


def _ended_before(read: FileRead, rows: pl.DataFrame, headers: dict[str, str]) -> Iterator[Finding]:
    """The two columns of which one ends before the other begins, in most rows that do so because of one turned date."""
    pairs = [(begun, ended) for begun, ends in ENDS.items() for ended in ends if {begun, ended} <= set(headers)]
    found = {pair: _breaks_of(rows, *pair) for pair in pairs}
    decided = {pair: breaks for pair, breaks in found.items() if breaks.is_certain}
    if decided:
        begun, ended = max(decided, key=lambda pair: decided[pair].mended)
        breaks = decided[begun, ended]
        yield _finding(
            Message(
                "swapped-ends", file=read.name, begun=headers[begun], ended=headers[ended],
                mended=breaks.mended, count=breaks.count, example=_example(breaks),
            )
        )  # fmt: skip


def _breaks_of(rows: pl.DataFrame, begun: str, ended: str) -> Breaks:
    is_wrong = rows[begun] - rows[ended] > timedelta(days=1)
    if not is_wrong.any():  # mostly so
        return Breaks(count=0, mended=0)
    wrong = rows.select(ROW, begun=begun, ended=ended).filter(is_wrong)
    mended = (turned(pl.col("ended")) - pl.col("begun"), pl.col("ended") - turned(pl.col("begun")))
    put_right = wrong.filter(pl.any_horizontal(time.is_between(timedelta(0), LONG) for time in mended))
    first = next(put_right.select(ROW, "begun", pl.col(ROW).alias("same"), "ended").iter_rows(), None)
    return Breaks(count=wrong.height, mended=put_right.height, first=first)


def _example(breaks: Breaks) -> Given:
    """The first rows that turning one date puts in order; nothing where none is known."""
    if breaks.first is None:
        return ""
    row, one, after, other = breaks.first
    dates = {"one": one.date(), "other": other.date()}
    if row == after:
        return Message("as-in-row", row=str(row), **dates)
    return Message("as-in-rows", row=str(row), after=str(after), **dates)


def _finding(message: Message) -> Finding:
    return Finding(code="swapped-dates", message=message, is_serious=True)
