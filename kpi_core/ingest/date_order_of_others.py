"""Dates of one file that do not separate day from month, read as those of another file with the same headers, which do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from kpi_core.ingest.cells.dates.date_order import Order, OrderInDoubt, shows_order
from kpi_core.ingest.file_read import SAMPLE, Choices
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.read import Part, Scanned
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import Kind
from kpi_core.records import dataclass

IN_WORDS = {Order.DMY: "the day first", Order.MDY: "the month first"}

SPANS = {
    "created_at": ("first_replied_at", "first_resolved_at", "resolved_at", "closed_at", "converted_at"),
    "acquired_at": ("lost_at",),
    "offered_at": ("answered_at",),
    "reviewed_at": ("replied_at",),
}
"""What comes after what."""


def as_its_sister(
    error: OrderInDoubt,
    others: Sequence[Scanned | Part],
    choices: Choices,
    scan: Callable[[Choices], tuple[Scanned | Part, ...]],
) -> tuple[Scanned | Part, ...]:
    """A file scanned in the order of the files that have its headers.

    Raises:
        OrderInDoubt: `error`, where none of them decides, they differ, or the file's own rows speak against it.
    """
    ordered = [
        (order, other) for other in others if isinstance(other, Scanned) and (order := _order_of(other)) is not None
    ]
    for order in dict.fromkeys(order for order, _ in ordered):
        found = scan(replace(choices, cells=replace(choices.cells, date_order=order)))
        sisters = [each for each in ordered if {_headers(one) for one in found} == {_headers(each[1])}]
        if sisters and {each for each, _ in sisters} == {order}:
            _check_own_rows(error, found, order, sisters[0][1].raw.name, choices, scan)
            message = Message(
                "day-first-as-another-file" if order is Order.DMY else "month-first-as-another-file",
                file=found[0].raw.name, other=sisters[0][1].raw.name,
            )  # fmt: skip
            finding = Finding(code="order-of-another-file", message=message)
            return tuple(replace(one, findings=(*one.findings, finding)) for one in found)
    raise error


def _check_own_rows(
    error: OrderInDoubt,
    found: Sequence[Scanned | Part],
    order: Order,
    sister: str,
    choices: Choices,
    scan: Callable[[Choices], tuple[Scanned | Part, ...]],
) -> None:
    """Refuses an order of another file of which the file's own rows speak against.

    More of them would end before they begin, or a few days in a row would be the same day of many months.

    Raises:
        OrderInDoubt: they do.
    """
    other = Order.DMY if order is Order.MDY else Order.MDY
    turned = scan(replace(choices, cells=replace(choices.cells, date_order=other)))
    if (backwards := sum(map(_backwards, found))) > (fewer := sum(map(_backwards, turned))):
        rows = (
            "1 row would end before it begins" if backwards == 1 else f"{backwards:,} rows would end before they begin"
        )
        why = f"{rows}, with {IN_WORDS[other]} {fewer or 'none'}"
    elif (spread := _spread(found)) and (close := _spread(turned)) and _is_scattered(spread, close):
        days = f"{spread.days} days lie over {spread.reach} days"
        why = f"its {days}, with {IN_WORDS[other]} over {close.reach}"
    else:
        return
    text = f"{error.message}: with {IN_WORDS[order]}, as in {sister}, {why}"
    hint = f"say it in a mapping of this file alone (`date_order: {other}`), or write its dates as 2021-12-25"
    raise OrderInDoubt(text, where=found[0].raw.name, hint=hint) from error


@dataclass(frozen=True, kw_only=True)
class _Spread:
    """How the days of a file lie: how many there are, the days from the first to the last, and whether all begin a month."""

    days: int
    reach: int
    rows: int
    are_firsts: bool


FEWEST_DAYS, TIMES = 3, 4
"""From how many different days on they say how dates are written, and how many times closer they must lie in one order than in the other."""
ROWS_A_DAY = 1.5
"""Rows a day from which a list is of what happens, and not of one row a month."""


def _spread(files: Sequence[Scanned | Part]) -> _Spread | None:
    """How the days lie on which the rows of a file begin, or happened; None where it has no dates."""
    instants = [
        one.scan.frame[field.name].drop_nulls()
        for one in files
        if isinstance(one, Scanned)
        for field in one.scan.fields
        if field.kind is Kind.INSTANT
    ]
    dates = max(instants, key=len, default=pl.Series(dtype=Kind.INSTANT.dtype)).dt.date()
    first, last = dates.min(), dates.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    are_firsts = bool((dates.dt.day() == 1).all())
    return _Spread(days=dates.n_unique(), reach=(last - first).days + 1, rows=len(dates), are_firsts=are_firsts)


def _is_scattered(spread: _Spread, close: _Spread) -> bool:
    """Whether days lie far apart in one order that lie close in the other: the same day of every month, of days in a row.

    What begins on the first of months, and what has a row a month, lies so by itself.
    """
    if spread.are_firsts or spread.days < FEWEST_DAYS or spread.rows < ROWS_A_DAY * spread.days:
        return False
    return spread.reach >= TIMES * close.reach


def _backwards(one: Scanned | Part) -> int:
    """How many rows of a file end before they begin."""
    if not isinstance(one, Scanned):
        return 0
    frame = one.scan.frame
    ends = [
        pl.col(end) < pl.col(begin)
        for begin, after in SPANS.items()
        for end in after
        if begin in frame.columns and end in frame.columns
    ]
    return int(frame.select(pl.any_horizontal(ends).sum()).item()) if ends else 0


def _headers(one: Scanned | Part) -> tuple[str, ...]:
    return tuple(map(normal, one.match.headers))


def _order_of(other: Scanned) -> Order | None:
    """Which of day and month the dates of a file show to be first; None where they do not, or both are."""
    places = sorted({found.place for found in other.scan.fields if found.kind is Kind.INSTANT})
    if not places:
        return None
    rows = other.raw.sample(skip=other.match.skip, rows=SAMPLE)
    shown = [
        rows.select(
            one.any().alias(str(order)) for order, one in zip(Order, shows_order(pl.col(f"c{place}")), strict=True)
        ).row(0)
        for place in places
    ]
    orders = {order for pair in shown for order, is_shown in zip(Order, pair, strict=True) if is_shown}
    return orders.pop() if len(orders) == 1 else None
