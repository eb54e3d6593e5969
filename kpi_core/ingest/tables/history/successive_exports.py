"""Successive exports of one desk: when each was taken, what it holds, and how long what it says of its tickets stays true.

An export of what was *changed* since some day, which is no later than when the one before it was taken, says of every ticket that it does not
have that nothing became of it. One of what was *opened* since some day says that of none: a ticket that is too old for it may have been
resolved meanwhile. The two differ in their oldest tickets, of which the first has few and the second as many as of any other day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.tables.duplicates import ENDS, ID
from kpi_core.model.columns import FOLLOWED
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

FILE, UPDATED, CREATED = "_file", "updated_at", "created_at"
DONE = ("solved", "closed")
LEAST = timedelta(days=3)
"""How far the tickets of an export go back at least beyond its first change, where it was chosen by its changes."""
FEWEST = 3
"""Tickets opened before the first change of an export, of which fewer say nothing."""
THIN = 0.5
"""The share of the usual openings a day that it has at most of those days, where it was chosen by its changes."""
LONGEST, WEEKS, QUIET = timedelta(days=4), 4, 6.0
"""How long before the first change of an export the one before it may end, and of how many changes, by so many weeks before and after, it is no wonder that there are none."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export of tickets, by the place of its `file`.

    It was `taken` at its newest event. `first` and `last` are its oldest and newest opening, `since` its first change (None where it has no
    times of changes), `before` how many of its tickets were opened before that, `rows` how many there are, `open` how many of them are open.
    """

    file: int
    taken: datetime
    first: datetime
    last: datetime
    since: datetime | None
    before: int
    rows: int
    open: int

    @property
    def is_of_changes(self) -> bool:
        """Whether it was chosen by its changes: it has both open and resolved tickets, and too few of the oldest to have been chosen by their opening."""
        if self.since is None or self.since - self.first < LEAST or self.last <= self.since:
            return False
        if self.before < FEWEST or self.open in (0, self.rows):
            return False
        usual = (self.rows - self.before) / ((self.last - self.since) / timedelta(days=1))
        return self.before / ((self.since - self.first) / timedelta(days=1)) <= THIN * usual


def exports_of(rows: pl.DataFrame) -> list[Export]:
    """The exports in the order in which they were taken; those without a dated opening are left out.

    `rows` are the tickets of all exports, also those that lost against another with their number: `_file` and the columns of tickets.
    """
    if CREATED not in rows.columns:
        return []
    events = [name for name in TABLES["tickets"].events if name in rows.columns]
    created, changed = pl.col(CREATED), pl.col(UPDATED) if UPDATED in rows.columns else pl.lit(None, pl.Datetime("ms"))
    known = rows.select(FILE, created, changed=changed, newest=pl.max_horizontal(*events), is_open=~is_resolved(rows))
    found = known.group_by(FILE).agg(
        taken=pl.col("newest").max(), first=created.min(), last=created.max(), since=pl.col("changed").min(),
        before=(created < pl.col("changed").min()).sum(), rows=pl.len(), open=pl.col("is_open").sum(),
    )  # fmt: skip
    dated = found.rename({FILE: "file"}).drop_nulls("first").sort("taken", "file")
    return [Export(**each) for each in dated.iter_rows(named=True)]


def is_resolved(tickets: pl.DataFrame) -> pl.Expr:
    """Whether each ticket is resolved: by its status, else by a time of its resolution."""
    ends = [pl.col(name).is_not_null() for name in ENDS if name in tickets.columns]
    by_time = pl.any_horizontal(pl.lit(value=False), *ends)
    if "status" not in tickets.columns:
        return by_time
    return pl.coalesce(pl.col("status").cast(pl.String).is_in(DONE), by_time)


def with_followed(tickets: pl.DataFrame, rows: pl.DataFrame, exports: Sequence[Export]) -> pl.DataFrame:
    """Tickets with the instant up to which each of them is followed (`FOLLOWED`), where later exports follow any beyond its own."""
    until = followed_until(rows, exports)
    if not until:
        return tickets
    known = pl.DataFrame(
        {FILE: list(until), FOLLOWED: list(until.values())}, {FILE: rows.schema[FILE], FOLLOWED: pl.Datetime("ms")}
    )
    return tickets.join(known, on=FILE, how="left", maintain_order="left")


def followed_until(rows: pl.DataFrame, exports: Sequence[Export]) -> dict[int, datetime]:
    """By export the instant up to which nothing happened to the tickets that no later export has; nothing where no export follows another.

    One follows another only where they have a ticket in common: another desk's says nothing of these.
    """
    if not any(export.is_of_changes for export in exports):
        return {}
    changes = rows.select(ID, UPDATED).drop_nulls().unique()[UPDATED]
    numbers = {export.file: rows.filter(pl.col(FILE) == export.file)[ID].implode() for export in exports}
    found: dict[int, datetime] = {}
    for place, export in enumerate(exports):
        until, newest = export.taken, export.file
        for later in exports[place + 1 :]:
            if later.is_of_changes and _reaches_back(later, until, changes):
                if not numbers[later.file].explode().is_in(numbers[newest]).any():
                    continue
                until, newest = max(until, later.taken), later.file
        found[export.file] = until
    return found if any(found[export.file] > export.taken for export in exports) else {}


def _reaches_back(export: Export, until: datetime, changes: pl.Series) -> bool:
    """Whether an export begins where another ends: by its first change, or because it is no wonder, by other weeks, that nothing changes between the two."""
    first, last, since = changes.min(), changes.max(), export.since
    if since is None or since <= until:
        return since is not None
    if since - until > LONGEST or not (isinstance(first, datetime) and isinstance(last, datetime)):
        return False
    shifts = (timedelta(days=7 * place) for place in range(-WEEKS, WEEKS + 1) if place)
    weeks = [(until + shift, since + shift) for shift in shifts if first <= until + shift and since + shift <= last]
    counts = [int(changes.is_between(*week, closed="none").sum()) for week in weeks]
    return bool(counts) and sum(counts) <= QUIET * len(counts)
