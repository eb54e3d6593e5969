"""Whether the first event that a log has of a case is its opening: by the state before it, or by what it says.

A log of changes may begin in the middle of a case, or hold no opening at all: then its first row is any change.
"""

from collections.abc import Iterator

import polars as pl

from kpi_core.ingest.cells import missing
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import Events
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.records import dataclass

CASE = "_case"
OF_OPENINGS = ("tickets_created", "net_flow", "backlog*", "resolution_*", "requester_wait*", "first_reply*", "sla_*")
"""The KPIs that rest on when a case was opened."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Beginnings:
    """Whether the first event of a case is its opening (`fits`, over the events of one; None: each is, or it is unknown), and of how many it is not."""

    fits: pl.Expr | None = None
    cut: int = 0
    cases: int = 0

    @property
    def is_none(self) -> bool:
        """Whether no case begins with its opening: the log holds changes alone."""
        return self.fits is not None and self.cut == self.cases


def beginnings(match: Match, events: Events, rows: pl.DataFrame) -> Beginnings:
    """Which cases of a log begin with their opening."""
    fits = _fits(match, events, rows)
    if fits is None:
        return Beginnings()
    cases = rows.filter(pl.col(CASE).is_not_null()).group_by(CASE, maintain_order=True)
    begins = cases.agg(fits.alias("begins"))["begins"]
    cut = len(begins) - int(begins.sum())
    return Beginnings(fits=fits, cut=cut, cases=len(begins)) if cut else Beginnings()


def needed_columns(events: Events) -> tuple[str, ...]:
    """The headers that say what an event is, among which its opening is looked for."""
    return tuple(name for header in events.opening for name in header.split("|"))


def _fits(match: Match, events: Events, rows: pl.DataFrame) -> pl.Expr | None:
    place = match.index(events.before)
    if place is not None and f"c{place}" in rows.columns:
        return missing.clean(pl.col(f"c{place}")).first().is_null()
    for header, words in events.opening.items():
        place = match.index(header.split("|"))
        if place is not None and f"c{place}" in rows.columns:
            word = pl.col(f"c{place}").str.strip_chars().str.to_lowercase()
            return word.first().is_in([one.lower() for one in words]).fill_null(value=False)
    return None


def of_cut(name: Message | str, begun: Beginnings) -> Iterator[Finding]:
    """The finding on cases whose openings are not in the log."""
    if begun.is_none:
        yield Finding(code="cut-log", message=Message("log-without-openings", file=name), kpis=OF_OPENINGS)
    elif begun.cut:
        yield Finding(code="cut-log", message=Message("cut-log", file=name, count=begun.cut), kpis=OF_OPENINGS)
