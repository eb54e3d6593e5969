"""A log of changes next to the list of the tickets that it is of: one help desk's, whatever their formats are called.

Numbers are kept apart by source, as ticket 1 of two companies is two tickets. A log has no source of its own where most of its
numbers, or of those of the list, are among the other's and were opened at the same time there; one without openings where most of
what it records came after these. When a ticket was opened, the list says.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import CLOCKS, ID, OF_TICKETS
from kpi_core.ingest.tables.silent_files import CUT
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

KEY = TABLES["tickets"].key
OPENED = "created_at"
BEGAN = "_began"
"""The working column of the first change of a log."""
FIRSTS = ("first_replied_at", "first_resolved_at", "reopens")
"""What a log knows of a ticket only where it was opened on the log's first day or later."""
MOST = 0.5
"""The share of the numbers that must be shared, and of these that must be of one time."""


def with_their_tickets(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the rows of logs known by the source of the tickets that they are of, and the findings on it."""
    numbered = [
        place
        for place, read in enumerate(reads)
        if read.mapping.table == "tickets" and KEY in read.narrow.frame.columns and read.used.height
    ]
    logs = _by_source(reads, [place for place in numbered if reads[place].mapping.events is not None])
    lists = _by_source(reads, [place for place in numbered if reads[place].mapping.events is None])
    done, findings = list(reads), list[Finding]()
    for salt, places in logs.items():
        # Next to lists of its own source only a log without openings has something to learn.
        others = {one: own for one, own in lists.items() if one != salt or reads[places[0]].raw.lacks_openings}
        found = {source: _shared(reads, places, own) for source, own in others.items()}
        best = max(found, key=lambda source: found[source].shared, default=None)
        if best is None or not found[best].are_shared:
            continue
        findings.append(_finding(reads, places, others[best], found[best]))
        if found[best].are_same:
            listed = _openings([reads[place] for place in others[best] if OPENED not in reads[place].days])
            for place in places:
                used = reads[place].used.with_columns((pl.col(KEY) ^ best).alias(ID))
                covered = _opened_as_listed(used, listed)
                done[place] = replace(
                    reads[place], used=covered if reads[place].raw.lacks_openings else covered.drop(BEGAN, strict=False)
                )
    for place in (place for places in logs.values() for place in places if reads[place].raw.lacks_openings):
        known = [done[other] for own in lists.values() for other in own]
        done[place] = replace(done[place], used=_without_openings(done[place].used, known))
    return done, findings


def _opened_as_listed(log: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The rows of a log with the openings that the list of its tickets says, where it says them."""
    if OPENED not in log.columns:
        return log
    joined = log.join(listed.rename({OPENED: "_listed"}), on=KEY, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_listed", OPENED).alias(OPENED), pl.col(OPENED).min().alias(BEGAN)).drop(
        "_listed"
    )


def _without_openings(log: pl.DataFrame, lists: Sequence[FileRead]) -> pl.DataFrame:
    """The rows of a log of changes alone: opened when a list says; what came first is known of those opened since the day it begins."""
    if OPENED not in log.columns:
        return log
    ids = [read.used.filter(pl.col(OPENED).is_not_null())[ID] for read in lists if OPENED in read.used.columns]
    is_listed = pl.any_horizontal(pl.lit(value=False), *(pl.col(ID).is_in(each.implode()) for each in ids))
    opened = pl.when(is_listed).then(OPENED)
    firsts = [name for name in FIRSTS if name in log.columns]
    if BEGAN not in log.columns:
        return log.with_columns(opened.alias(OPENED))
    is_whole = ~(is_listed & (pl.col(OPENED) < pl.col(BEGAN).dt.truncate("1d")))
    kept = [pl.when(is_whole).then(name).alias(name) for name in firsts]
    return log.with_columns(opened.alias(OPENED), (~is_whole).fill_null(value=False).alias(CUT), *kept).drop(BEGAN)


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
        """Whether they are of the same tickets; without times to decide it, they are."""
        return self.same > MOST * self.dated or not self.dated


def _shared(reads: Sequence[FileRead], logs: Sequence[int], lists: Sequence[int]) -> _Shared:
    """What a log and a list of tickets have in common."""
    one, other = (_openings([reads[place] for place in places]) for places in (logs, lists))
    both = one.join(other, on=KEY, suffix="_listed")
    after = (both[OPENED] - both[f"{OPENED}_listed"]).drop_nulls()
    follows = any(reads[place].raw.lacks_openings for place in logs)
    is_same = (after >= -CLOCKS) & ((after <= CLOCKS) | follows)
    return _Shared(shared=both.height, of=min(one.height, other.height), dated=len(after), same=int(is_same.sum()))


def _openings(reads: Sequence[FileRead]) -> pl.DataFrame:
    """Each number of some files with when it was opened."""
    at = pl.col(OPENED)
    parts = [
        read.used.select(KEY, at if OPENED in read.used.columns else pl.lit(None, pl.Datetime("ms")).alias(OPENED))
        for read in reads
    ]
    if not parts:
        return pl.DataFrame(schema={KEY: pl.UInt64(), OPENED: pl.Datetime("ms")})
    return pl.concat(parts).drop_nulls(KEY).group_by(KEY).agg(at.min())


def _finding(reads: Sequence[FileRead], logs: Sequence[int], lists: Sequence[int], found: _Shared) -> Finding:
    log, listed = ([reads[place].name for place in places] for places in (logs, lists))
    message = Message(
        "log-of-tickets" if found.are_same else "log-of-other-tickets",
        log=log, files=listed, shared=found.shared, numbers=found.of,
    )  # fmt: skip
    if found.are_same:
        return Finding(code="log-of-tickets", message=message)
    return Finding(code="log-of-tickets", message=message, kpis=OF_TICKETS, is_serious=True)
