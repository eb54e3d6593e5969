"""Small groups of people stay hidden: an agent or customer with fewer than five rows, and what would give one away.

A total less the groups that are shown is the total of the hidden ones, so there are always two of them at least, with
five rows or more together. Rows without a name belong to nobody: they hide no one, and other figures show them anyway.
A group that is in effect one agent's is the agent, and what a condition leaves out of few people is looked at as what it leaves.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

import polars as pl

from kpi_core.analysis.privacy.condition_sides import SMALL, are_few
from kpi_core.analysis.privacy.crossed_totals import Crossing
from kpi_core.analysis.request import Request
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import leaves
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Distinct
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.quality.trust import TrustReader
from kpi_core.records import dataclass

PRIVATE = frozenset({"agent", "customer_id", "customer_email"})
"""The columns that name people."""
AGENTS = frozenset({"agent"})
GROUPS = frozenset({"group"})
"""The columns that name groups of agents."""

Group = str | None


def called(dataset: Dataset, names: frozenset[str]) -> frozenset[str]:
    """What some columns are called: their own names, and the headers that they are read from."""
    columns = [spec for read in dataset.reads for name, spec in read.mapping.columns.items() if name in names]
    return names | {header.casefold() for spec in columns for header in spec.headers}


def is_of_few(engine: Engine, request: Request, names: frozenset[str]) -> bool:
    """Whether the condition of a request leaves the rows of so few people that all there is to show is about them."""
    asked = columns_of(parse_condition(request.where)) if request.where else ()
    private = [name for name in asked if name.casefold() in names]
    return any(are_few(facts.frame, private) for facts in engine.tables.values())


def fewest(kpi: Kpi, request: Request, *, is_of_people: bool) -> int:
    """The fewest rows that are shown of a KPI, as the request says or else as the KPI does and five of people."""
    return request.min_n if request.min_n is not None else max(kpi.min_n, SMALL if is_of_people else 1)


def protected(rows: Mapping[Group, int], least: int = SMALL, of: Collection[Group] | None = None) -> frozenset[Group]:
    """The groups to hide: those with fewer rows, and the smallest others until what is hidden is two groups and enough rows.

    `of` are those that are about people (None: all of them); the others are hidden for their sake alone. Of equals the last by
    name go first. Where that is not to be had, all of them, those without a row too: whose the few rows are must not show.
    """
    few = {group for group in (rows if of is None else of) if 0 < rows[group] < least}
    if not few:
        return frozenset()
    by_name = sorted((group for group in rows if rows[group]), key=lambda group: group or "", reverse=True)
    ranked = sorted(by_name, key=lambda group: (group not in few, rows[group]))
    for count in range(max(len(few), 2), len(ranked) + 1):
        if sum(rows[group] for group in ranked[:count]) >= least:
            return frozenset(ranked[:count])
    return frozenset(rows)


@dataclass(kw_only=True, eq=False)
class Privacy:
    """Which cells of a report are hidden.

    Attributes:
        is_private: whether a group of a dimension, or of `TOTAL`, is about people.
        sides: of the rows of few people that a condition takes or leaves for who they are.
        teams: what the columns of agents are called, and those of their groups.
    """

    engine: Engine
    request: Request
    query: Query
    trust: TrustReader
    is_private: Callable[[str, Group], bool]
    sides: Sequence[Engine] = ()
    teams: Sequence[Collection[str]] = ()
    _in_groups: dict[str, Mapping[Group, frozenset[Group]]] = field(default_factory=dict)
    _named: dict[str, list[str]] = field(default_factory=dict)
    _of_people: dict[tuple[str, str], bool] = field(default_factory=dict)
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

    def is_of_people(self, kpi: Kpi, cell: Cell) -> bool:
        """Whether a cell is about a person or a few, or would give away one that is."""
        if self.sides or self.is_private(cell.dimension, cell.group):
            return True
        return cell.group is not None and (
            self._is_crossed(kpi, cell.dimension) or self._has_people(kpi, cell.dimension)
        )

    def _has_people(self, kpi: Kpi, dimension: str) -> bool:
        """Whether any group of a dimension is about people."""
        key = (kpi.table, dimension)
        if key not in self._of_people:
            self._of_people[key] = dimension != TOTAL and any(
                self.is_private(dimension, group) for group in self.groups(kpi, dimension)
            )
        return self._of_people[key]

    def fewest(self, kpi: Kpi, cell: Cell) -> int:
        """The fewest rows of a cell that is shown."""
        return fewest(kpi, self.request, is_of_people=self.is_of_people(kpi, cell))

    def hides(self, kpi: Kpi, cell: Cell) -> bool:
        """Whether a cell is hidden.

        Of the parts of a period that is shown itself, a group that is hidden in one is hidden in all: they add up.
        """
        if not self.is_private(cell.dimension, cell.group):
            least = fewest(kpi, self.request, is_of_people=False)
            if least > 1 and 0 < self.engine.value(kpi, cell).n < least:
                return True
        if not self.is_of_people(kpi, cell):
            return False
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
        """The groups to hide in a period without some of its parts."""
        key = (kpi, dimension, period, but)
        if key not in self._hidden:
            hidden = (
                self._together(kpi, period, but)[self._crossed.index(dimension)]
                if self._is_crossed(kpi, dimension)
                else self._alone(kpi, dimension, period, but)
            )
            for side in self.sides:
                groups = self._groups_of(kpi, dimension)
                total = self._protected(side, kpi, _cells(period, TOTAL, [None]), but)
                hidden |= (
                    frozenset(groups) if total else self._protected(side, kpi, _cells(period, dimension, groups), but)
                )
            self._hidden[key] = hidden
        return self._hidden[key]

    def _groups_of(self, kpi: Kpi, dimension: str) -> Sequence[Group]:
        return [None] if dimension == TOTAL else self.groups(kpi, dimension)

    def _alone(self, kpi: Kpi, dimension: str, period: Period, but: tuple[Period, ...]) -> frozenset[Group]:
        """The groups of a dimension to hide by each of the counts that their results show."""
        groups = self._groups_of(kpi, dimension)
        people = [group for group in groups if self.is_private(dimension, group)]
        named = [group for group in groups if group is not None or group in people] if people else []
        engine = self._of_agents if self.names_groups(dimension) else self.engine
        return self._protected(engine, kpi, _cells(period, dimension, named), but, people)

    @cached_property
    def _crossed(self) -> tuple[str, ...]:
        """The dimensions of agents and of their groups, where both are shown, else none."""
        found = [next((name for name in self.query.by if name.casefold() in names), "") for names in self.teams]
        return tuple(found) if all(found) else ()

    def _is_crossed(self, kpi: Kpi, dimension: str) -> bool:
        """Whether a dimension is of agents or their groups, and the rows of a KPI have and show both."""
        names = self._crossed
        return dimension in names and set(names) <= set(self.engine.split(kpi.table))

    def _together(self, kpi: Kpi, period: Period, but: tuple[Period, ...]) -> tuple[frozenset[Group], frozenset[Group]]:
        """The agents and groups to hide where both are shown, by each of the counts that their results show."""
        least = fewest(kpi, self.request, is_of_people=True)
        agents, groups = (self._by_count(kpi, name, period, but) for name in self._crossed)
        found = [self._crossing(kpi.table, *both, least) for both in zip(agents, groups, strict=True)]
        return frozenset[Group]().union(*(each for each, _ in found)), frozenset[Group]().union(
            *(each for _, each in found)
        )

    def _by_count(self, kpi: Kpi, dimension: str, period: Period, but: tuple[Period, ...]) -> list[dict[Group, int]]:
        """By each count that results show, how many rows that name an agent the groups of a dimension have."""
        cells = _cells(period, dimension, self.groups(kpi, dimension))
        rows = {cell.group: self._rows(self._of_agents, kpi, cell, but) for cell in cells}
        return [dict(zip(rows, counts, strict=True)) for counts in zip(*rows.values(), strict=True)]

    def _crossing(
        self, table: str, agents: Mapping[Group, int], groups: Mapping[Group, int], least: int
    ) -> tuple[frozenset[Group], frozenset[Group]]:
        """The agents and groups to hide by how many rows each have."""
        few = [
            {group for group, count in rows.items() if 0 < count < least and self.is_private(name, group)}
            for name, rows in zip(self._crossed, (agents, groups), strict=True)
        ]
        if not any(few):
            return frozenset(), frozenset()
        crossing = Crossing(agents=agents, groups=groups, groups_of=self._teams(table), least=least)
        return crossing.hidden(*few)

    def hidden(self, table: str, rows: Mapping[str, Mapping[Group, int]]) -> dict[str, frozenset[Group]]:
        """By dimension the groups to hide of some that are shown together, by how many rows of a table each have."""
        found = {}
        for dimension, counts in rows.items():
            people = {group for group in counts if self.is_private(dimension, group)}
            named = {group: count for group, count in counts.items() if group is not None or group in people}
            found[dimension] = protected(named, self.least, people)
        if self._crossed and set(self._crossed) <= rows.keys():
            agents, groups = (rows[name] for name in self._crossed)
            found |= zip(self._crossed, self._crossing(table, agents, groups, self.least), strict=True)
        return found

    @cached_property
    def _of_agents(self) -> Engine:
        """The rows that name an agent: how many do not is known from the tickets per agent."""
        named = {name: table for name, table in self.engine.tables.items() if "agent" in table.frame.columns}
        if not any(table.frame["agent"].has_nulls() for table in named.values()):
            return self.engine
        only = {name: replace(table, frame=table.frame.drop_nulls("agent")) for name, table in named.items()}
        return self.engine.on({**self.engine.tables, **only})

    @property
    def least(self) -> int:
        """The fewest rows that are shown of people."""
        return self.request.min_n if self.request.min_n is not None else SMALL

    def names_agents(self, dimension: str) -> bool:
        """Whether a dimension names agents."""
        return any(dimension.casefold() in names for names in self.teams[:1])

    def names_groups(self, dimension: str) -> bool:
        """Whether a dimension names groups of agents."""
        return any(dimension.casefold() in names for names in self.teams[1:])

    def _teams(self, table: str) -> Mapping[Group, frozenset[Group]]:
        """The groups that each agent has rows in."""
        if table not in self._in_groups:
            pairs = self.engine.tables[table].frame.select(pl.col(self._crossed).cast(pl.String)).unique()
            found: dict[Group, set[Group]] = {}
            for who, where in pairs.iter_rows():
                found.setdefault(who, set()).add(where)
            self._in_groups[table] = {who: frozenset(groups) for who, groups in found.items()}
        return self._in_groups[table]

    def _protected(
        self,
        engine: Engine,
        kpi: Kpi,
        cells: Sequence[Cell],
        but: tuple[Period, ...],
        people: Collection[Group] | None = None,
    ) -> frozenset[Group]:
        """The groups of some cells to hide, for the sake of those that are about people (None: all of them)."""
        least = fewest(kpi, self.request, is_of_people=True)
        rows = {
            cell.group: self._rows(engine, kpi, cell, but) for cell in cells if people is None or cell.group in people
        }
        if not any(0 < count < least for counts in rows.values() for count in counts):
            return frozenset()
        rows = {cell.group: rows.get(cell.group) or self._rows(engine, kpi, cell, but) for cell in cells}
        by_count = (dict(zip(rows, counts, strict=True)) for counts in zip(*rows.values(), strict=True))
        return frozenset[Group]().union(*(protected(counts, least, people) for counts in by_count))

    def _rows(self, engine: Engine, kpi: Kpi, cell: Cell, but: tuple[Period, ...]) -> list[int]:
        """The counts of a cell less those of some parts of its period, where these have the same."""
        parts = (self._counts(engine, kpi, replace(cell, period=part)) for part in but)
        return [
            max(count - sum(less), 0) for count, *less in zip(self._counts(engine, kpi, cell), *parts, strict=False)
        ]

    def _counts(self, engine: Engine, kpi: Kpi, cell: Cell) -> tuple[int, ...]:
        """How many rows a result shows: counted, in its parts, and for the report's own period left out, awaited, finished, read."""
        estimate = engine.value(kpi, cell)
        parts = [
            leaf for leaf in leaves(kpi) if leaf.measure is not kpi.measure and not isinstance(leaf.measure, Distinct)
        ]
        counted = (estimate.n, *(engine.part(leaf, cell).n for leaf in parts))
        if cell.period != self.query.period:
            return counted
        trust = self.trust.of(kpi, cell, estimate.n) if engine is self.engine else None
        return (
            *counted,
            estimate.n + max(engine.left_out(kpi, estimate, cell), 0),
            estimate.n + estimate.parts.rows_awaited,
            estimate.parts.rows_finished,
            trust.of if trust is not None else 0,
        )


def _cells(period: Period, dimension: str, groups: Iterable[Group]) -> list[Cell]:
    return [Cell(period=period, dimension=dimension, group=group) for group in groups]


def _is_part(period: Period, whole: Period) -> bool:
    """Whether a period is one of several in another."""
    if whole.start is None or whole.end is None or period == whole:
        return period != whole
    return (
        period.start is not None and period.end is not None and whole.start <= period.start and period.end <= whole.end
    )
