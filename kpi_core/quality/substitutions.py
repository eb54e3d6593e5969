"""What was used in place of what: for each result the rows that rest on another column than the one that is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import leaves
from kpi_core.engine.state_cache import home
from kpi_core.engine.states.keys import days_of
from kpi_core.engine.states.sums import in_period
from kpi_core.facts.source_columns import rests_on
from kpi_core.messages.message import Message
from kpi_core.model.columns import INSTEAD
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Measure, Part
from kpi_core.model.periods import Period
from kpi_core.model.report import Substitution
from kpi_core.records import dataclass

MEANT: dict[str, Message | str] = {
    "is_resolved": "status",
    "answered": "ticket_id",
    "resolution_time": Message("span-from-to", first="created_at", last="resolved_at"),
    "first_resolution_time": Message("span-from-to", first="created_at", last="first_resolved_at"),
    "first_reply_time": Message("span-from-to", first="created_at", last="first_replied_at"),
    "reply_time": Message("meant-message"),
    "first_any_replied_at": Message("meant-second"),
}
"""What a mark stands for, where that is not the column that it names."""
STAND_INS = {
    "the time of resolution": Message("stand-in-time-of-resolution"),
    "the export's business hours": Message("stand-in-business-hours"),
    "the minute of the opening": Message("stand-in-minute-of-opening"),
}
"""What stands in for a column by the words of its mark, where it is no column itself."""
OWN = "the export's own "
"""Before the column that stands in for what it says itself."""
CALENDAR = "--calendar"
ByGroup = Mapping[str | None, Mapping[str, int]]
"""By group how many rows there are, by what is counted of them."""


@dataclass(kw_only=True, eq=False)
class SubstitutionReader:
    """Reads off what stands in for what; nothing is counted where nothing does."""

    engine: Engine
    _counted: dict[tuple[str, str, str, Period], ByGroup] = field(default_factory=dict)
    _marked: dict[tuple[Measure, str, str], list[str]] = field(default_factory=dict)

    def of(self, kpi: Kpi, cell: Cell) -> tuple[Substitution, ...]:
        """The substitutions of a KPI in a cell, each with the rows that rest on it."""
        found: dict[tuple[Message | str, Message | str], Substitution] = {}
        for leaf in leaves(kpi):
            for mark in self._marks(leaf):
                column, _, stand_in = mark.removeprefix(INSTEAD).partition(":")
                rows, of = self._rows(leaf, cell, mark)
                one = Substitution(column=_meant(column), stand_in=_named(stand_in), rows=rows, of=of)
                key = (one.column, one.stand_in)
                if rows and (key not in found or found[key].rows < rows):
                    found[key] = one
        return tuple(found.values())

    def _marks(self, leaf: Part) -> list[str]:
        """The marks in the part's table of what it rests on: found once, and asked for in every cell."""
        key = (leaf.measure, *home(leaf))
        if key not in self._marked:
            self._marked[key] = self._found(leaf)
        return self._marked[key]

    def _found(self, leaf: Part) -> list[str]:
        table, dated_by = home(leaf)
        marks = [name for name in self.engine.tables[table].frame.columns if name.startswith(INSTEAD)]
        if not marks:
            return []
        roots = {name for fact in leaf.measure.facts() for name in fact.meta.root_names()}
        needed = set(rests_on(table, [*sorted(roots), dated_by]))
        return [mark for mark in marks if mark.removeprefix(INSTEAD).partition(":")[0] in needed]

    def _rows(self, leaf: Part, cell: Cell, mark: str) -> tuple[int, int]:
        """The marked rows among those of the cell that the part rests on, and how many these are."""
        counted = self._by_group(*home(leaf), cell.dimension, days_of(leaf.measure, cell.period))
        fact, sums = _named_fact(leaf.measure), counted.get(cell.group)
        return (0, 0) if sums is None else (sums[f"{fact} {mark}"], sums[fact])

    def _by_group(self, table: str, dated_by: str, dimension: str, days: Period) -> ByGroup:
        """What `_sums` gives, counted once; of all rows by the groups of a dimension, which together are all."""
        key = (table, dated_by, dimension, days)
        if key not in self._counted:
            split = self.engine.split(table) if dimension == TOTAL else ()
            groups = list(self._by_group(table, dated_by, split[0], days).values()) if split else []
            whole: ByGroup = {None: {name: sum(each[name] for each in groups) for name in groups[0]}} if groups else {}
            self._counted[key] = whole if split else self._sums(*key)
        return self._counted[key]

    def _sums(self, table: str, dated_by: str, dimension: str, days: Period) -> ByGroup:
        """By group the rows of some days that each part of one date rests on, and the marked ones among them."""
        frame = self.engine.tables[table].frame
        parts = [leaf for kpi in self.engine.kpis for leaf in leaves(kpi) if home(leaf) == (table, dated_by)]
        pairs = {(_named_fact(leaf.measure), mark): _fact(leaf.measure) for leaf in parts for mark in self._marks(leaf)}
        facts = {name: fact for (name, _), fact in pairs.items()}
        is_split = dimension != TOTAL and dimension in frame.columns
        group = pl.col(dimension).cast(pl.String) if is_split else pl.lit(None, pl.String)
        rows = in_period(frame.lazy().with_columns(self.engine.day(table, dated_by).alias("day")), days).select(
            group.alias("group"),
            *(fact.alias(name) for name, fact in facts.items()),
            *((fact & pl.col(mark)).alias(f"{name} {mark}") for (name, mark), fact in pairs.items()),
        )  # fmt: skip
        sums = rows.group_by("group").agg(pl.all().sum()).collect()
        return {row.pop("group"): row for row in sums.iter_rows(named=True)}


@cache
def _named_fact(measure: Measure) -> str:
    return fact_key(_fact(measure))


def _fact(measure: Measure) -> pl.Expr:
    """Whether a row is one that a measure rests on."""
    if isinstance(measure, Index):
        return pl.col(measure.question).is_in(list(measure.weights)) & pl.col(measure.score).is_not_null()
    return measure.facts()[0].is_not_null()


def _meant(column: str) -> Message | str:
    return CALENDAR if column.endswith("_business") else MEANT.get(column, column)


def _named(stand_in: str) -> Message | str:
    if stand_in.startswith(OWN):
        return Message("stand-in-own", column=stand_in.removeprefix(OWN))
    return STAND_INS.get(stand_in, stand_in)


def stand_ins(columns: Sequence[str], column: str) -> list[Message | str]:
    """What stands in for a column, by the marks among the columns of its table's facts."""
    found = (name.removeprefix(INSTEAD).partition(":") for name in columns if name.startswith(INSTEAD))
    return [_named(stand_in) for meant, _, stand_in in found if column == meant or column == MEANT.get(meant)]
