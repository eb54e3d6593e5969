"""Exports of what was changed, none of them whole: tickets that were open before the first and never changed since are in none of them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ENDS
from kpi_core.ingest.tables.history.successive_exports import CREATED, Export, is_resolved
from kpi_core.messages.message import Message
from kpi_core.model.columns import FOLLOWED
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.report import MARKED

CODE, BETWEEN = "open-before", "days-between"
MARGIN = timedelta(hours=14)
"""How much further apart than they go back exports of what was changed were taken, from which days between them are in none."""
MONTH = timedelta(days=30)
"""How long after the first change tickets were opened of which one that is still open says that older ones are: a desk opens enough in a month."""
OPENED_BETWEEN, OPENED, FEWEST_GAPS = 3, 0.15, 2
"""Tickets opened between two exports, in number and as a share of those of a day, from which the desk was at work; and such gaps that are no chance."""
SEVERAL = 2
"""Tickets opened before the first change and resolved in the last export, from which some of that age are not resolved by chance alone."""


def open_before(tickets: pl.DataFrame, exports: Sequence[Export], reads: Sequence[FileRead]) -> list[Finding]:
    """The finding that older open tickets may be in no export, where some of that age were open when the last of these begins.

    None where days lie between the exports: many stand open then that are not.

    Args:
        tickets: as the newest row of each has them, with how far they are followed.
        exports: in the order in which they were taken.
        reads: the exports by the place of their file.
    """
    since = exports[0].since
    is_whole = since is not None and all(export.is_of_changes for export in exports)
    if FOLLOWED not in tickets.columns or since is None or not is_whole or busy_gaps(tickets, exports):
        return []
    last, done = exports[-1], pl.coalesce(*(name for name in ENDS if name in tickets.columns))
    old = tickets.filter(pl.col(CREATED) < since + MONTH).select(
        is_open=~is_resolved(tickets),
        is_late=(done >= last.since).fill_null(value=False),
        is_older=pl.col(CREATED) < since,
    )
    if not old["is_open"].any() and int((old["is_late"] & old["is_older"]).sum()) < SEVERAL:
        return []
    message = Message(
        "open-before", file=reads[exports[0].file].name, day=since.date(), last=reads[last.file].name,
        count=int((old["is_open"] | old["is_late"]).sum()),
    )  # fmt: skip
    return [
        Finding(code=CODE, message=message, kpis=("backlog*",), is_serious=True, consequence=Consequence.NO_VERDICT)
    ]


Gap = tuple[Export, Export]
"""Two exports one after another, of which the second begins after the first was taken."""


def days_between(tickets: pl.DataFrame, exports: Sequence[Export], reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on exports of the last so many days that were taken further apart than that: what became of tickets between them is in none.

    Either some overlap, which shows that each goes back as far as the others, and not to the first of its month; or tickets were opened
    between two that later ones have, so that the desk was at work, and yet none was last changed then.
    """
    gaps, days = _apart(exports), 0
    if gaps:
        days = round(_reach(exports) / timedelta(days=1))
    elif not (gaps := busy_gaps(tickets, exports)):
        return []
    first, (one, other) = gaps[0][0], gaps[-1]
    since, until = one.taken.date(), other.since.date() if other.since else other.taken.date()
    names = {"file": reads[one.file].name, "other": reads[other.file].name}
    message = (
        Message("days-between", **names, days=days, since=since, until=until, count=len(gaps))
        if days
        else Message("days-in-no-export", **names, since=since, until=until, count=len(gaps))
    )
    lost = sum((other.since - one.taken for one, other in gaps if other.since is not None), timedelta(0))
    share = lost / (exports[-1].taken - first.taken) if exports[-1].taken > first.taken else 1.0
    is_much = share > MARKED
    stands_open = Consequence.NO_VALUE if is_much else Consequence.NO_VERDICT
    from_then_on = ((first.taken.date(), exports[-1].taken.date()),)
    inside = tuple((one.taken.date(), other.since.date()) for one, other in gaps if other.since is not None)
    missing = Message("days-in-no-export-missing", since=since, until=until, count=len(gaps), share=share)
    return [
        Finding(code=BETWEEN, message=message, kpis=("backlog*",), is_serious=True, consequence=stands_open, days=from_then_on),
        Finding(
            code=BETWEEN, message=missing, kpis=_of_what_happened(exports, reads), is_serious=is_much, share=share,
            consequence=Consequence.NO_VERDICT if is_much else Consequence.NOTED, days=inside,
        ),
    ]  # fmt: skip


def _of_what_happened(exports: Sequence[Export], reads: Sequence[FileRead]) -> tuple[str, ...]:
    """The KPIs that count what is in the exports, without those of what is open: of tickets, and of the ratings inside them."""
    rated = {question.name for export in exports for question in reads[export.file].questions}
    of_tickets = tuple(name for name in OF["tickets"] if name != "backlog*")
    return (*of_tickets, *sorted(f"{name}*" for name in rated), *(("answers_received*",) if rated else ()))


def _reach(exports: Sequence[Export]) -> timedelta:
    """How far the exports go back at most."""
    return max((other.taken - other.since for other in exports[1:] if other.since is not None), default=timedelta(0))


def _apart(exports: Sequence[Export]) -> list[Gap]:
    """The gaps between exports of which some overlap, so that all go back as far."""
    pairs = [(one, other) for one, other in pairwise(exports) if other.since is not None]
    is_beyond = any(other.since < one.taken for one, other in pairs if other.since is not None)
    if not is_beyond or not any(other.is_of_changes for _, other in pairs):
        return []
    reach = _reach(exports)
    return [
        (one, other) for one, other in pairs
        if other.since is not None and other.since > one.taken and other.taken - one.taken > reach + MARGIN
    ]  # fmt: skip


def busy_gaps(tickets: pl.DataFrame, exports: Sequence[Export]) -> list[Gap]:
    """The gaps in which tickets were opened and none was last changed, where most pairs of exports have one: the desk was at work then.

    Where an export begins when the one before it was taken, some few tickets are opened before the first one changes for the last time.
    """
    pairs = [(one, other) for one, other in pairwise(exports) if other.is_of_changes]
    apart = [(one, other) for one, other in pairs if other.since is not None and other.since > one.taken]
    if not apart:
        return []
    days = (exports[-1].taken - exports[0].taken) / timedelta(days=1)
    opened = tickets[CREATED].drop_nulls()
    usual = int((opened > exports[0].taken).sum()) / max(days, 1.0)
    busy = [
        (one, other)
        for one, other in apart
        if int(opened.is_between(one.taken, other.since, closed="none").sum()) >= max(OPENED_BETWEEN, OPENED * usual)
    ]
    return busy if len(busy) >= max(FEWEST_GAPS, len(pairs) / 2) else []
