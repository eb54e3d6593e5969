"""What only the cells of a column show: a number of its own in every row, words of a status, which date comes first.

For headers in a language nobody foresaw, or that say nothing (`col3`); all of it is marked as unsure.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.drafting.candidates import BY_CELLS, Candidate
from kpi_core.ingest.drafting.date_columns import DateColumns
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile
from kpi_core.ingest.drafting.fitting import Fit, fit
from kpi_core.ingest.fields.words import categories
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.vocabulary import spoken, vocabulary
from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind, Table

_MOSTLY = 0.9
_MOST_WORDS = 15
_ENOUGH = 5
_SOONEST = 200 * 86_400
"""Seconds: what lies longer before the first reply on average is no opening (a purchase, a birthday)."""
OPENINGS = {"tickets": "created_at", "answers": "answered_at", "messages": "sent_at", "orders": "ordered_at",
             "customers": "acquired_at", "reviews": "reviewed_at", "leads": "created_at", "costs": "spent_at"}  # fmt: skip
"""The instant of each table at which a row begins."""
_ENDINGS = {"tickets": "resolved_at", "leads": "converted_at", "customers": "lost_at"}


def by_cells(file: SeenFile, table: Table, dates: DateColumns, taken: Sequence[Candidate]) -> list[Candidate]:
    """Candidates for what the headers left open, each for a place and a column of its own."""
    found = list(taken)
    for one in (_key, _words, _dates, _customer):
        used = {candidate.column.place for candidate in found} | {c.time.place for c in found if c.time}
        left = [column for column in file.columns if column.place not in used and column.filled]
        filled = {candidate.name for candidate in found if not candidate.is_question}
        found += [candidate for candidate in one(left, table, dates, found) if candidate.name not in filled]
    return found[len(taken) :]


def _is_open(column: SeenColumn, table: Table, *subjects: str) -> bool:
    """Whether nothing in the header speaks of something else."""
    allowed = {"ticket", vocabulary().rows.get(table.name, ""), *subjects}
    return all(not word or word & allowed for word in spoken(column.header))


def _candidate(name: str, column: SeenColumn, found: Fit, reason: Message) -> Candidate:
    return Candidate(name=name, column=column, score=BY_CELLS, fit=found, reasons=(reason,))


def _key(
    left: Sequence[SeenColumn], table: Table, dates: DateColumns, taken: Sequence[Candidate]
) -> Iterator[Candidate]:
    if any(candidate.name == table.key for candidate in taken):
        return
    for column in left:
        is_number = (
            column.is_unique
            and column.filled >= _ENOUGH
            and column.place not in dates.found
            and column.length <= 40
            and not column.is_email
        )
        if is_number and not column.cells.str.contains(r"\s|[.,]\d").any() and _is_open(column, table, "id", "count"):
            found = fit(column, Kind.KEY, ColumnSpec(), dates)
            if found is not None:
                yield _candidate(table.key, column, found, Message("only-no-two-alike"))
            return


def _words(
    left: Sequence[SeenColumn], table: Table, dates: DateColumns, taken: Sequence[Candidate]
) -> Iterator[Candidate]:
    """Statuses and priorities by their words."""
    for one in table.columns:
        if one.kind not in (Kind.STATUS, Kind.PRIORITY) or any(candidate.name == one.name for candidate in taken):
            continue
        for column in left:
            found = fit(column, one.kind, ColumnSpec(), dates) if 1 < len(column.words) <= _MOST_WORDS else None
            if found is not None and found.share >= _MOSTLY and _is_open(column, table, "status", "state", "priority"):
                yield _candidate(
                    one.name,
                    column,
                    found,
                    Message("only-words-of-status" if one.kind is Kind.STATUS else "only-words-of-priority"),
                )
                break


def _customer(
    left: Sequence[SeenColumn], table: Table, dates: DateColumns, taken: Sequence[Candidate]
) -> Iterator[Candidate]:
    name = "customer_email" if table.name == "customers" else "customer_id"
    if table.column(name) is None or any(candidate.name == name for candidate in taken):
        return
    for column in left:
        found = fit(column, Kind.KEY, ColumnSpec(), dates) if column.is_email else None
        if found is not None and _is_open(column, table, "email", "customer", "id"):
            yield _candidate(name, column, found, Message("only-addresses"))
            return


def _dates(
    left: Sequence[SeenColumn], table: Table, dates: DateColumns, taken: Sequence[Candidate]
) -> Iterator[Candidate]:
    """The opening is the earliest date and there in nearly every row; the end lies later and is sometimes missing."""
    open_ones = [
        column for column in left if column.place in dates.found and _is_open(column, table, "date", "time", "id")
    ]
    known = {candidate.name: candidate for candidate in taken if not candidate.is_question}
    opening, ending = OPENINGS.get(table.name, ""), _ENDINGS.get(table.name, "")
    events = [candidate for candidate in taken if candidate.name in table.events]
    if opening and opening not in known:
        others = [dates.found[column.place].values for column in open_ones]
        others += [candidate.fit.values for candidate in events if candidate.fit.values is not None]
        first = next((column for column in open_ones if _is_first(dates.found[column.place].values, others)), None)
        if first is not None and (found := fit(first, Kind.INSTANT, ColumnSpec(), dates)):
            reason = Message("only-earliest-date" if len(others) > 1 else "only-date-there-is")
            known[opening] = _candidate(opening, first, found, reason)
            open_ones.remove(first)
            yield known[opening]
    has_end = ending in known or "closed_at" in known
    if ending and not has_end and opening in known and (begun := known[opening].fit.values) is not None:
        solved = known.get("status")
        for column in open_ones:
            found = fit(column, Kind.INSTANT, ColumnSpec(), dates)
            if found is not None and _is_end(found, begun, solved):
                yield _candidate(ending, column, found, Message("only-later-dates"))
                return


def _is_first(dates: pl.Series, others: Sequence[pl.Series]) -> bool:
    if dates.null_count() > (1 - _MOSTLY) * len(dates):
        return False
    for other in others:
        gaps = (other - dates).dt.total_seconds().drop_nulls()
        median = gaps.median()
        if len(gaps) and (
            (gaps < 0).sum() > (1 - _MOSTLY) * len(gaps) or not isinstance(median, int | float) or median > _SOONEST
        ):
            return False
    return True


def _is_end(found: Fit, begun: pl.Series, status: Candidate | None) -> bool:
    ended = found.values
    if ended is None or not ended.null_count():
        return False
    gaps = (ended - begun).dt.total_seconds().drop_nulls()
    return len(gaps) > 0 and int((gaps < 0).sum()) <= (1 - _MOSTLY) * len(gaps) and _agrees(ended, status)


def _agrees(ended: pl.Series, status: Candidate | None) -> bool:
    """Whether the end is there where the status says so; nothing to say without a status."""
    if status is None:
        return True
    words = categories(Kind.STATUS) | {
        word.lower(): meaning for word, meaning in status.fit.settings.get("values", {}).items()
    }
    solved = status.column.cells.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    return int((solved.is_in(["solved", "closed"]) == ended.is_not_null()).sum()) >= _MOSTLY * len(ended)
