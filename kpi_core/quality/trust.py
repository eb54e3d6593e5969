"""How many rows of a result could not be understood: cells in unknown words, and rows that the files' own faults refuse.

A row with an unread cell is looked for where it would count if the cell were read: by the KPI's date, else by the one it
came in by. A refused row has neither date nor group, so of those the whole table's share counts everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cache

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import CURRENCY, leaves
from kpi_core.engine.state_cache import home
from kpi_core.engine.states.keys import STOCKS_AND_CURVES, days_of
from kpi_core.engine.states.sums import in_period
from kpi_core.facts.business.costs import ONCE
from kpi_core.facts.source_columns import BY_TIME, rests_on
from kpi_core.messages.message import Message, Text
from kpi_core.model.columns import UNREAD
from kpi_core.model.findings import UNKNOWN_RATING, Source
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Measure, Part
from kpi_core.model.periods import Period
from kpi_core.model.report import Trust
from kpi_core.model.tables import TABLES, Kind
from kpi_core.quality.gate import accounted
from kpi_core.records import dataclass

ELSE_DATED = {
    ("tickets", "resolved_at"): "created_at",
    ("messages", "asked_at"): "sent_at",
    ("customers", "lost_at"): "acquired_at",
    ("answers", "answered_at"): "offered_at",
}
"""The date that a row without the other came in by."""
CALLED = {
    "is_resolved": Message("unknown-status-words"),
    BY_TIME: Message("unreadable-resolution-times"),
    "created_at": Message("blank-openings"),
    "resolved_at": Message("blank-resolutions"),
    "score": Message("unreadable-answers"),
    "given": Message("unreadable-answers"),
    "author": Message("unknown-author-words"),
    "order_state": Message("unknown-order-state-words"),
    "is_complaint": Message("complaints-and-others-in-one"),
    CURRENCY: Message("amounts-without-currency"),
}
COUNTED_ALL_THE_SAME = ("priority", "is_merged", "is_spam")
"""Columns whose unread cells leave a row among those that are counted: as one of no word, as one that is neither."""
LEFT_OUT = "left out"
UNDATED = Message("rows-without-a-date")
Cut = tuple[str, str, tuple[str, ...], str, str]
"""Table, date, unread columns, which rows of it, and the dimension that splits them."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The rows of a table that faults of theirs refuse, of those that are cases at all."""

    rows: int
    of: int
    reasons: Mapping[Text, int]


def refused(sources: Sequence[Source]) -> dict[str, Refused]:
    """By table the rows that its files lose to a fault in a cell; tables that lose none are not named.

    An unreadable rating inside a ticket is an answer with an unread cell: it is counted as that, and not here again.
    """
    found: dict[str, Refused] = {}
    for source in sources:
        counts, cases = accounted(source)
        counts = {reason: count for reason, count in counts.items() if reason != UNKNOWN_RATING}
        so_far = found.get(source.table, Refused(rows=0, of=0, reasons={}))
        reasons = {why: counts.get(why, 0) + so_far.reasons.get(why, 0) for why in {**so_far.reasons, **counts}}
        found[source.table] = Refused(rows=so_far.rows + sum(counts.values()), of=so_far.of + cases, reasons=reasons)
    return {table: one for table, one in found.items() if one.rows}


@dataclass(kw_only=True, eq=False)
class TrustReader:
    """Reads off how far each result is understood; nothing is counted where every cell and row was."""

    engine: Engine
    refused: Mapping[str, Refused]
    undated: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """By table and the date that places its rows, how many have none, of how many: they lie in no period."""
    _marked: dict[str, frozenset[str]] = field(default_factory=dict)
    _by_days: dict[Cut, pl.DataFrame] = field(default_factory=dict)
    _counted: dict[tuple[Cut, Period], Mapping[str | None, Mapping[str, int]]] = field(default_factory=dict)

    def of(self, kpi: Kpi, cell: Cell, n: int) -> Trust | None:
        """The trust of a KPI in a cell that rests on `n` rows: that of its least understood part; None where all is."""
        found = [self._placed(leaf, cell, n, self._leaf(kpi, leaf, cell, n)) for leaf in leaves(kpi)]
        return min((one for one in found if one.share < 1), key=lambda one: one.share, default=None)

    def _placed(self, leaf: Part, cell: Cell, n: int, trust: Trust) -> Trust:
        """The trust of a part with the rows that lie in no period, which may be any period's, among those that are lost."""
        blank, whole = self.undated.get(home(leaf), (0, 0))
        if (
            not blank or cell.period.is_all or (cell.dimension != TOTAL and not n)
        ):  # a group without rows is none of the period
            return trust
        lost = self.refused.get(home(leaf)[0], Refused(rows=0, of=0, reasons={})).rows
        reasons = {**trust.reasons, UNDATED: blank}
        return replace(trust, refused=trust.refused + blank, read=max(trust.read, whole + lost), reasons=reasons)

    def _leaf(self, kpi: Kpi, leaf: Part, cell: Cell, n: int) -> Trust:
        table, _ = home(leaf)
        gone = self.refused.get(table, Refused(rows=0, of=0, reasons={}))
        columns = self._unread(kpi, leaf, cell)
        if not columns:
            return Trust(unread=0, of=0, refused=gone.rows, read=gone.of, reasons=gone.reasons)
        counts = self._counts(kpi, leaf, cell, columns)
        if isinstance(leaf.measure, STOCKS_AND_CURVES):
            whole = self.engine.part(leaf, cell).n if leaf.measure is not kpi.measure else n
            counts["of"] = max(counts["unread"], whole + counts[LEFT_OUT])
        reasons: dict[Text, int] = {_called(name): counts[name] for name in columns if counts[name]}
        return Trust(
            unread=counts["unread"], of=counts["of"], refused=gone.rows, read=gone.of, reasons={**reasons, **gone.reasons}
        )  # fmt: skip

    def _unread(self, kpi: Kpi, leaf: Part, cell: Cell) -> tuple[str, ...]:
        """The columns with unread cells that the part, or the way its rows are split, rests on."""
        table, dated_by = home(leaf)
        if table not in self._marked:
            columns = self.engine.tables[table].frame.columns
            self._marked[table] = frozenset(name.removeprefix(UNREAD) for name in columns if name.startswith(UNREAD))
        marked = self._marked[table]
        if not marked:
            return ()
        split = {cell.dimension} if cell.dimension != TOTAL else set()
        split |= {CURRENCY} if kpi.currency else set()
        asked = table == "answers" and bool(kpi.asks or isinstance(kpi.measure, Index))
        placed_by = None if cell.period.is_all else dated_by  # everything there is holds rows without a date too
        return tuple(sorted(marked & {*_needed(leaf.measure, table, placed_by, is_asked=asked), *split}))

    def _counts(self, kpi: Kpi, leaf: Part, cell: Cell, columns: tuple[str, ...]) -> dict[str, int]:
        """The rows of the cell (`of`), those with an unread cell (`unread`), and how many of these are left out and for each column."""
        table, dated_by = home(leaf)
        own = _own_rows(kpi, table)
        key = (table, dated_by, columns, str(own), cell.dimension)
        if key not in self._by_days:
            self._by_days[key] = self._by_day(table, dated_by, columns, own, cell.dimension)
        days = days_of(leaf.measure, cell.period)
        if (key, days) not in self._counted:
            sums = in_period(self._by_days[key], days).drop("day").group_by("group").agg(pl.all().sum())
            self._counted[key, days] = {row.pop("group"): row for row in sums.iter_rows(named=True)}
        counts = self._counted[key, days].get(cell.group)
        return dict(counts) if counts else dict.fromkeys(("of", "unread", LEFT_OUT, *columns), 0)

    def _by_day(
        self, table: str, dated_by: str, columns: Sequence[str], own: pl.Expr | None, dimension: str
    ) -> pl.DataFrame:
        """Rows and unread ones by day and group; a row whose own date may hang on an unread cell by the one it came in by."""
        frame = self.engine.tables[table].frame
        hits = [_is_unread(frame, name).alias(name) for name in columns]
        days = [self.engine.day(table, dated_by).alias("day")]
        if (other := ELSE_DATED.get((table, dated_by))) in frame.columns and other is not None:
            days.append(self.engine.day(table, other).alias("came"))
        group = [pl.lit(None, pl.String).alias("group")]
        if dimension != TOTAL:
            known = dimension if dimension in frame.columns else None
            group = [(pl.col(known).cast(pl.String) if known else pl.lit(None, pl.String)).alias("group")]
        kept = frame.lazy().select(
            *hits, *group, *(pl.lit(day) for day in days), own=pl.lit(value=True) if own is None else own
        )
        if len(days) > 1:
            kept = kept.with_columns(
                day=pl.when(pl.any_horizontal(*columns)).then(pl.coalesce("day", "came")).otherwise("day")
            )
        leaving = [name for name in columns if name not in (*COUNTED_ALL_THE_SAME, dimension)]
        sums = [
            pl.len().alias("of"),
            pl.any_horizontal(*columns).sum().alias("unread"),
            pl.any_horizontal(pl.lit(value=False), *leaving).sum().alias(LEFT_OUT),
            *(pl.col(name).sum() for name in columns),
        ]
        if ONCE in frame.columns:
            kept = kept.filter(frame[ONCE])
        return kept.filter("own").group_by("day", "group").agg(sums).collect()


def _called(column: str) -> Message:
    own = next((one for table in TABLES.values() if (one := table.column(column)) is not None), None)
    is_measure = own is not None and own.kind in (Kind.DURATION, Kind.COUNT, Kind.NUMBER, Kind.INSTANT)
    if (known := CALLED.get(column)) is not None:
        return known
    return Message("unreadable-in" if is_measure else "unknown-words-in", column=column)


def _is_unread(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Whether a row's cell says something unread that nothing else has supplied since."""
    marked = pl.col(UNREAD + column).fill_null(value=False)
    return marked & pl.col(column).is_null() if column in frame.columns else marked


@cache
def _needed(measure: Measure, table: str, dated_by: str | None, *, is_asked: bool) -> frozenset[str]:
    """The columns that a measure rests on, as an export has them; with the score where a question is asked."""
    roots = {name for fact in measure.facts() for name in fact.meta.root_names()} | ({"score"} if is_asked else set())
    return frozenset(rests_on(table, [*sorted(roots), *([dated_by] if dated_by else [])]))


def _own_rows(kpi: Kpi, table: str) -> pl.Expr | None:
    """Which rows of a table the KPI would rest on: those of its questions that say something, or of its currency."""
    if table == "answers" and (kpi.asks or isinstance(kpi.measure, Index)):
        names = list(kpi.measure.weights) if isinstance(kpi.measure, Index) else [kpi.asks]
        return pl.col("question").is_in(names)
    if kpi.currency and table == kpi.table:
        return pl.col(CURRENCY).eq(kpi.currency).fill_null(value=True)
    return None
