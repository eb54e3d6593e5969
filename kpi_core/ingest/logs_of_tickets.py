"""A log of changes beside the list of the tickets that it is of: one help desk's, whatever their formats are called.

Numbers are told apart by source, as ticket 1 of two companies is two tickets. A log has no source of its own where most of its
numbers, or of those of the list, are among the other's and were opened at the same time there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from kpi_core.ingest.duplicates import CLOCKS, ID, OF_TICKETS
from kpi_core.ingest.export import FileRead
from kpi_core.plurals import in_short
from kpi_core.report import Finding
from kpi_core.tables import TABLES

KEY = TABLES["tickets"].key
MOST = 0.5
"""The share of the numbers that must be shared, and of these that must be of one time."""


def with_their_tickets(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the rows of logs known by the source of the tickets that they are of, and what must be said of it."""
    numbered = [
        place
        for place, read in enumerate(reads)
        if read.mapping.table == "tickets" and KEY in read.narrow.frame.columns and read.used.height
    ]
    logs = _by_source(reads, [place for place in numbered if reads[place].mapping.events is not None])
    lists = _by_source(reads, [place for place in numbered if reads[place].mapping.events is None])
    done, findings = list(reads), list[Finding]()
    for salt, places in logs.items():
        others = {source: own for source, own in lists.items() if source != salt}
        found = {source: _shared(reads, places, own) for source, own in others.items()}
        best = max(found, key=lambda source: found[source].shared, default=None)
        if best is None or not found[best].are_shared:
            continue
        findings.append(_said(reads, places, others[best], found[best]))
        if found[best].are_same:
            for place in places:
                done[place] = replace(reads[place], used=reads[place].used.with_columns((pl.col(KEY) ^ best).alias(ID)))
    return done, findings


def _by_source(reads: Sequence[FileRead], places: Sequence[int]) -> dict[int, list[int]]:
    """Files by what makes the key of a row (`_id`) of its number: that is one for all of a source."""
    found: dict[int, list[int]] = {}
    for place in places:
        row = reads[place].used.row(0, named=True)
        found.setdefault(row[KEY] ^ row[ID], []).append(place)
    return found


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """How many numbers a log and a list of tickets have in common (`shared`), of the fewer of the two (`of`), and how many at one time."""

    shared: int
    of: int
    dated: int
    same: int

    @property
    def are_shared(self) -> bool:
        """Whether most numbers are in both."""
        return self.shared > MOST * self.of

    @property
    def are_same(self) -> bool:
        """Whether they are of the same tickets; without times to tell it, they are."""
        return self.same > MOST * self.dated or not self.dated


def _shared(reads: Sequence[FileRead], logs: Sequence[int], lists: Sequence[int]) -> _Shared:
    """What a log and a list of tickets have in common."""
    one, other = (_openings([reads[place] for place in places]) for places in (logs, lists))
    both = one.join(other, on=KEY, suffix="_listed")
    apart = (both["created_at"] - both["created_at_listed"]).abs().drop_nulls()
    return _Shared(
        shared=both.height, of=min(one.height, other.height), dated=len(apart), same=int((apart <= CLOCKS).sum())
    )


def _openings(reads: Sequence[FileRead]) -> pl.DataFrame:
    """Each number of some files with when it was opened."""
    at = pl.col("created_at")
    parts = [
        read.used.select(
            KEY, at if "created_at" in read.used.columns else pl.lit(None, pl.Datetime("ms")).alias("created_at")
        )
        for read in reads
    ]
    return pl.concat(parts).drop_nulls(KEY).group_by(KEY).agg(at.min())


def _said(reads: Sequence[FileRead], logs: Sequence[int], lists: Sequence[int], found: _Shared) -> Finding:
    log, listed = (in_short([reads[place].name for place in places], 3) for places in (logs, lists))
    if found.are_same:
        text = f"{log} is the log of the tickets of {listed}: {found.shared:,} of {found.of:,} numbers are in both, and each is one ticket"
        return Finding(code="log-of-tickets", text=text)
    text = (
        f"{found.shared:,} of {found.of:,} numbers of {log} are in {listed} too, opened at other times: they are taken for another help desk's,"
        " so both count; --source NAME makes one of them"
    )
    return Finding(code="log-of-tickets", text=text, kpis=OF_TICKETS, is_serious=True)
