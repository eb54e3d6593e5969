"""Exports of one desk taken one after another: how long what each of them says of its tickets holds.

An export of what was *changed* since some day, taken before the one before it was a day old by then, says of every ticket that it does
not have that nothing became of it. One of what was *opened* since some day says that of none: a ticket that is too old for it may have been
resolved meanwhile. The two differ in their oldest tickets, of which the first has few and the second as many as of any other day.
"""

from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.tables.duplicates import ENDS, ID
from kpi_core.model.columns import FOLLOWED
from kpi_core.model.tables import TABLES

FILE, UPDATED, CREATED = "_file", "updated_at", "created_at"
LEAST = timedelta(days=3)
"""How far the tickets of an export go back at least beyond its first change, where it was chosen by its changes."""
FEWEST = 3
"""Tickets opened before the first change of an export, of which fewer say nothing."""
THIN = 0.5
"""The share of the usual openings a day that it has at most of those days, where it was chosen by its changes."""
LONGEST, WEEKS, QUIET = timedelta(days=4), 4, 6.0
"""How long before the first change of an export the one before it may end, and of how many changes, by so many weeks before and after, it is no wonder that there are none."""
DONE = ("solved", "closed")


def with_followed(tickets: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Tickets with the instant up to which each of them is followed (`FOLLOWED`), where later exports follow any beyond its own.

    `rows` are those of all exports, the ones that lost against another with their number among them.
    """
    until = followed_until(rows) if rows[FILE].n_unique() > 1 else {}
    if not until:
        return tickets
    known = pl.DataFrame({FILE: list(until), FOLLOWED: list(until.values())}).with_columns(
        pl.col(FILE).cast(rows.schema[FILE]), pl.col(FOLLOWED).cast(pl.Datetime("ms"))
    )
    return tickets.join(known, on=FILE, how="left", maintain_order="left")


def followed_until(rows: pl.DataFrame) -> dict[int, datetime]:
    """By export the instant up to which nothing happened to the tickets that no later export has; nothing where no export follows another.

    Args:
        rows: the tickets of all exports, also those that lost against another with their number: `_file` and the columns of tickets.
    """
    exports = _exports(rows)
    if all(since is None for _, _, since in exports):
        return {}
    changes = rows.select(ID, UPDATED).drop_nulls().unique()[UPDATED]
    found: dict[int, datetime] = {}
    for place, (export, taken, _) in enumerate(exports):
        until = taken
        for _, later, since in exports[place + 1 :]:
            if since is not None and (since <= until or _is_quiet(until, since, changes)):
                until = max(until, later)
        found[export] = until
    return found if any(found[export] > taken for export, taken, _ in exports) else {}


def _is_quiet(until: datetime, since: datetime, changes: pl.Series) -> bool:
    """Whether it is no wonder that nothing changes between two instants, by other weeks: an export of the last month begins where the one before it ended."""
    first, last = changes.min(), changes.max()
    if since - until > LONGEST or not (isinstance(first, datetime) and isinstance(last, datetime)):
        return False
    shifts = (timedelta(days=7 * place) for place in range(-WEEKS, WEEKS + 1) if place)
    weeks = [(until + shift, since + shift) for shift in shifts if first <= until + shift and since + shift <= last]
    counts = [int(changes.is_between(*week, closed="none").sum()) for week in weeks]
    return bool(counts) and sum(counts) <= QUIET * len(counts)


def _exports(rows: pl.DataFrame) -> list[tuple[int, datetime, datetime | None]]:
    """The exports in the order they were taken in: their newest event, and since when they have every change, where they were chosen by it."""
    events = [name for name in TABLES["tickets"].events if name in rows.columns]
    if not events or not {UPDATED, CREATED} <= set(rows.columns):
        return []
    states = rows.select(FILE, UPDATED, CREATED, newest=pl.max_horizontal(*events), is_open=is_open(rows))
    since = states.group_by(FILE).agg(
        taken=pl.col("newest").max(), since=pl.col(UPDATED).min(), first=pl.col(CREATED).min(), last=pl.col(CREATED).max(),
        before=(pl.col(CREATED) < pl.col(UPDATED).min()).sum(), rows=pl.len(), open=pl.col("is_open").sum(),
    )  # fmt: skip
    return [
        (each[FILE], each["taken"], each["since"] if _is_of_changes(each) else None)
        for each in since.drop_nulls("taken").sort("taken", FILE).iter_rows(named=True)
    ]


def _is_of_changes(export: dict[str, datetime | int | None]) -> bool:
    """Whether an export has too few of its oldest tickets to have been chosen by their opening, and both open and resolved ones."""
    since, first, last = export["since"], export["first"], export["last"]
    if not (isinstance(since, datetime) and isinstance(first, datetime) and isinstance(last, datetime)):
        return False
    rows, before, still = export["rows"], export["before"], export["open"]
    assert isinstance(rows, int) and isinstance(before, int) and isinstance(still, int)  # noqa: PT018
    if since - first < LEAST or before < FEWEST or last <= since or still in (0, rows):
        return False
    usual = (rows - before) / ((last - since) / timedelta(days=1))
    return before / ((since - first) / timedelta(days=1)) <= THIN * usual


def is_open(tickets: pl.DataFrame) -> pl.Expr:
    """Whether nothing says that a ticket is resolved."""
    ends = [pl.col(name).is_not_null() for name in ENDS if name in tickets.columns]
    is_done = (
        [pl.col("status").cast(pl.String).is_in(DONE).fill_null(value=False)] if "status" in tickets.columns else []
    )
    return ~pl.any_horizontal(pl.lit(value=False), *ends, *is_done)
