"""Which of several columns is the opening of a case: the one by which the fewest end before they begin.

Common names decide first; a column that makes many rows impossible is given up for another that does not and that
dates as many rows. The rows counted are all of the file, those that were read anyway.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.drafting.candidates import LOWEST
from kpi_core.ingest.fields.narrow_scan import MASK, NarrowScan
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.vocabulary import says, vocabulary
from kpi_core.messages.message import Message

OPENING = "created_at"
_ENDS = ("first_replied_at", "first_resolved_at", "resolved_at", "closed_at")
_MANY = 0.05
_FEWEST = 2
_AS_MANY = 0.95


def likelier_opening(
    scan: NarrowScan, match: Match, again: Callable[[Match], NarrowScan]
) -> tuple[Match, Message] | None:
    """The file's match with another opening, tried by reading it `again`, and the findings on it; None to leave it as it is."""
    used = _used(scan)
    wrong, judged = _impossible(used)
    if match.mapping.table != "tickets" or not match.mapping.fallback or wrong < max(_MANY * judged, _FEWEST):
        return None
    dated, was = used[OPENING].count(), _header(scan)
    best, fewest, header = None, float(wrong), was
    for other in _others(match, was):
        try:
            tried = again(other)
        except ExportError:
            continue
        rows = _used(tried)
        if OPENING not in rows.columns or rows[OPENING].count() < _AS_MANY * dated:
            continue
        count, _ = _impossible(rows)
        if count < fewest / 2:
            best, fewest, header = other, count, _header(tried)
    if best is None:
        return None
    return best, Message("likelier-opening", header=header, name=OPENING, other=was, wrong=wrong, cases=judged)


def _used(scan: NarrowScan) -> pl.DataFrame:
    return scan.frame.filter(pl.col(MASK) == 0)


def _impossible(used: pl.DataFrame) -> tuple[int, int]:
    """How many cases end before they begin, of how many that have both."""
    ends = [pl.col(name) for name in _ENDS if name in used.columns]
    if OPENING not in used.columns or not ends:
        return 0, 0
    first = pl.min_horizontal(ends)
    wrong, judged = used.select(
        wrong=(first < pl.col(OPENING)).sum(), judged=(first.is_not_null() & pl.col(OPENING).is_not_null()).sum()
    ).row(0)
    return int(wrong), int(judged)


def _header(scan: NarrowScan) -> str:
    return next((field.header for field in scan.fields if field.name == OPENING), OPENING)


def _others(match: Match, was: str) -> Iterator[Match]:
    """The file read with each other column for the opening that common names or the words of its header allow."""
    spec = match.mapping.columns.get(OPENING, ColumnSpec())
    known, phrases = match.places(spec.headers), vocabulary().columns["tickets"][OPENING]
    places = [*known, *(at for at, header in enumerate(match.headers) if says(header, phrases, "ticket") >= LOWEST)]
    for place in dict.fromkeys(places):
        header = match.headers[place]
        if header and header != was.partition(" + ")[0]:
            columns = {**match.mapping.columns, OPENING: spec.model_copy(update={"headers": (header,), "time": ()})}
            yield replace(match, mapping=match.mapping.model_copy(update={"columns": columns}))
