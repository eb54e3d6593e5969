"""Small groups of people stay hidden: an agent or customer with fewer than five rows, and what would give one away.

A total less the groups that are shown is what the hidden ones come to, so there are always two of them at least, with
five rows or more together. Rows that name nobody are nobody's: they hide no one, and are told by other figures anyway.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from kpi_core.analysis.request import Request
from kpi_core.analysis.trust import TrustReader
from kpi_core.conditions import columns_of, parse_condition
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import leaves
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpi import Kpi
from kpi_core.measures import Distinct
from kpi_core.periods import Period
from kpi_core.report import Query

PRIVATE = frozenset({"agent", "customer_id", "customer_email"})
"""The columns that name people."""
SMALL = 5
"""Fewest rows shown for one of them."""

Group = str | None


def names_of_people(dataset: Dataset) -> frozenset[str]:
    """What the columns that name people are called: their own names, and the headers that they are read from."""
    columns = [spec for read in dataset.reads for name, spec in read.mapping.columns.items() if name in PRIVATE]
    return PRIVATE | {header.casefold() for spec in columns for header in spec.headers}


def is_of_few(engine: Engine, request: Request, names: frozenset[str]) -> bool:
    """Whether the condition of a request leaves the rows of so few people that all there is to show is about them."""
    asked = columns_of(parse_condition(request.where)) if request.where else ()
    private = [name for name in asked if name.casefold() in names]
    frames = [facts.frame for facts in engine.tables.values()]
    left = [frame[name].drop_nulls().n_unique() for frame in frames for name in private if name in frame.columns]
    return any(0 < people < SMALL for people in left)


def fewest(kpi: Kpi, request: Request, *, is_of_people: bool) -> int:
    """The fewest rows that are shown of a KPI, as the request says or else as the KPI does and five of people."""
    return request.min_n if request.min_n is not None else max(kpi.min_n, SMALL if is_of_people else 1)


def protected(rows: Mapping[Group, int], least: int = SMALL) -> frozenset[Group]:
    """The groups to hide: those with fewer rows, and the smallest others until what is hidden is two groups and enough rows.

    Of equals the last go first. Where that is not to be had, all of them, those without a row too: whose the few rows
    are must not show.
    """
    ranked = sorted((group for group in reversed(list(rows)) if rows[group]), key=lambda group: rows[group])
    if not ranked or rows[ranked[0]] >= least:
        return frozenset()
    for count in range(2, len(ranked) + 1):
        hidden, next_one = ranked[:count], ranked[count : count + 1]
        is_enough = sum(rows[group] for group in hidden) >= least
        if is_enough and all(rows[group] >= least for group in next_one):
            return frozenset(hidden)
    return frozenset(rows)


@dataclass(kw_only=True, eq=False)
class Privacy:
    """Which cells of a report are hidden. `is_private` says of a group of a dimension, or of `TOTAL`, whether it is about people."""

    engine: Engine
    request: Request
    query: Query
    trust: TrustReader
    is_private: Callable[[str, Group], bool]
    _named: dict[str, list[str]] = field(default_factory=dict)
    _hidden: dict[tuple[Kpi, str, Period, tuple[Period, ...]], Collection[Group]] = field(default_factory=dict)

    def groups(self, kpi: Kpi, dimension: str) -> list[Group]:
        """The groups of a dimension among the KPI's rows, largest first; then the people that only other tables name."""
        own = self.engine.groups(kpi, dimension)
        if not own or not self.is_private(dimension, ""):
            return own
        if dimension not in self._named:
            frames = [facts.frame for facts in self.engine.tables.values() if dimension in facts.frame.columns]
            words = {name for frame in frames for name in frame[dimension].unique().cast(pl.String).drop_nulls()}
            self._named[dimension] = sorted(words)
        return [*own, *(name for name in self._named[dimension] if name not in own)]

    def is_of_people(self, cell: Cell) -> bool:
        """Whether a cell is about a person or a few."""
        return self.is_private(cell.dimension, cell.group)

    def fewest(self, kpi: Kpi, cell: Cell) -> int:
        """The fewest rows of a cell that is shown."""
        return fewest(kpi, self.request, is_of_people=self.is_of_people(cell))

    def hides(self, kpi: Kpi, cell: Cell) -> bool:
        """Whether a cell is hidden.

        Of the parts of a period that is shown itself, a group that is hidden in one is hidden in all: they add up.
        """
        if not self.is_of_people(cell):
            least = self.fewest(kpi, cell)
            return least > 1 and 0 < self.engine.value(kpi, cell).n < least
        periods = self._looked_at(cell.period)
        return any(cell.group in self._few(kpi, cell.dimension, period, parts) for period, parts in periods)

    def _looked_at(self, period: Period) -> Iterator[tuple[Period, tuple[Period, ...]]]:
        """A period, and of one that is compared and holds it all parts, and what is left without them."""
        yield period, ()
        for whole in (self.query.period, self.query.baseline):
            if whole is not None and _is_part(period, whole):
                parts = tuple(each for each in self.query.trend if _is_part(each, whole))
                yield from ((part, ()) for part in parts)
                yield whole, parts

    def _few(self, kpi: Kpi, dimension: str, period: Period, but: tuple[Period, ...]) -> Collection[Group]:
        """The groups to hide in a period without some of its parts, by each of the counts that their results tell of."""
        key = (kpi, dimension, period, but)
        if key not in self._hidden:
            groups = [None] if dimension == TOTAL else self.groups(kpi, dimension)
            cells = [Cell(period=period, dimension=dimension, group=group) for group in groups]
            people = {cell.group: cell for cell in cells if self.is_of_people(cell)}
            least = max((self.fewest(kpi, cell) for cell in people.values()), default=0)
            counts = zip(*(self._rows(kpi, cell, but) for cell in people.values()), strict=True)
            found = (protected(dict(zip(people, rows, strict=True)), least) for rows in counts)
            self._hidden[key] = frozenset[Group]().union(*found)
        return self._hidden[key]

    def _rows(self, kpi: Kpi, cell: Cell, but: tuple[Period, ...]) -> list[int]:
        """The counts of a cell less those of some parts of its period, where these have the same."""
        parts = (self._counts(kpi, replace(cell, period=part)) for part in but)
        return [max(count - sum(less), 0) for count, *less in zip(self._counts(kpi, cell), *parts, strict=False)]

    def _counts(self, kpi: Kpi, cell: Cell) -> tuple[int, ...]:
        """How many rows a result tells of: counted, in its parts, and for the report's own period left out, awaited, finished, read."""
        estimate = self.engine.value(kpi, cell)
        parts = [
            leaf for leaf in leaves(kpi) if leaf.measure is not kpi.measure and not isinstance(leaf.measure, Distinct)
        ]
        counted = (estimate.n, *(self.engine.part(leaf, cell).n for leaf in parts))
        if cell.period != self.query.period:
            return counted
        trust = self.trust.of(kpi, cell, estimate.n)
        return (
            *counted,
            estimate.n + max(self.engine.left_out(kpi, estimate, cell), 0),
            estimate.n + int(estimate.parts.get("pending", 0)),
            int(estimate.parts.get("finished", 0)),
            trust.of if trust is not None else 0,
        )


def _is_part(period: Period, whole: Period) -> bool:
    """Whether a period is one of several in another."""
    if whole.start is None or whole.end is None or period == whole:
        return period != whole
    return (
        period.start is not None and period.end is not None and whole.start <= period.start and period.end <= whole.end
    )
