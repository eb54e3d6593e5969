"""From facts to estimates: every KPI in every cell, read off the states that it needs."""

from collections.abc import Sequence
from datetime import date

from kpi_core.engine import bounds, combined
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import leaves, respondents, sides, whole
from kpi_core.engine.state_cache import States, home, own_rows
from kpi_core.engine.states.marks import MarksPlan
from kpi_core.engine.states.sums import count_days, covered_days, digests
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import (
    Additive,
    Difference,
    Distinct,
    Index,
    Kept,
    Part,
    Quantile,
    Ratio,
    Stock,
    Survival,
)
from kpi_core.model.periods import ALL, Period


class Engine(States):
    """Estimates of KPIs over facts."""

    def estimate(self, kpi: Kpi, cell: Cell) -> Estimate:
        """The KPI in a cell; EMPTY where it has no rows."""
        estimate = self._part(whole(kpi), cell)
        if kpi.unit is not Unit.SCORE or estimate.low is None:
            return estimate
        return bounds.within(estimate, self.reach_of(kpi))

    def reach_of(self, kpi: Kpi) -> tuple[float, float] | None:
        """The lowest and highest value that a mean of marks can have; None for anything else."""
        if kpi.unit is not Unit.SCORE:
            return None
        if kpi.name not in self.reaches:
            marks = (
                self.state(MarksPlan(table=kpi.table)) if bounds.is_of_marks(kpi) and kpi.table in self.tables else None
            )
            self.reaches[kpi.name] = bounds.ends(kpi, self.tables.get(kpi.table), marks)
        return self.reaches[kpi.name]

    def value(self, kpi: Kpi, cell: Cell) -> Estimate:
        """The KPI in a cell without an interval where that would cost (quantiles), for trends."""
        if isinstance(kpi.measure, Quantile):
            return self.values(kpi.table, kpi.dated_by, kpi.measure).finish(kpi.measure, cell, None)
        return self.estimate(kpi, cell)

    def part(self, part: Part, cell: Cell) -> Estimate:
        """One part of a KPI in a cell."""
        return self._part(part, cell)

    def groups(self, kpi: Kpi, dimension: str) -> list[str | None]:
        """The groups of a dimension among the KPI's rows, largest first; none where its table lacks it."""
        part = leaves(kpi)[0]
        table, dated_by = home(part)
        if dimension not in self.split(table):
            return []
        return self.sums(table, dated_by).groups(dimension)

    def rows(self, kpi: Kpi, cell: Cell) -> int:
        """Rows dated in the cell by the KPI's own date; of its own question or currency, where it has one.

        For an index the respondents who answered any of its questions.
        """
        if isinstance(kpi.measure, Index):
            return self._leaf(Part(respondents(kpi.measure), kpi.table, kpi.dated_by), cell).n
        sums = self.sums(kpi.table, kpi.dated_by)
        return sums.rows(cell) if (own := own_rows(kpi)) is None else sums.sums(fact_key(own), cell).n

    def find_spans(self, periods: Sequence[Period]) -> None:
        """Finds the stocks and curves of all groups in some periods, which are kept: each takes long, and may be computed in the background."""
        for kpi in self.kpis:
            if isinstance(whole(kpi).measure, Stock | Kept | Survival):
                for dimension in self.split(kpi.table):
                    for group in self.groups(kpi, dimension):
                        for period in periods:
                            self.estimate(kpi, Cell(period=period, dimension=dimension, group=group))

    def left_out(self, kpi: Kpi, estimate: Estimate, cell: Cell) -> int:
        """Rows of the cell that the estimate does not rest on, where both can be distinguished: 0 for stocks and curves."""
        measure = kpi.measure
        if isinstance(measure, Distinct):
            return self.keys(kpi.table, kpi.dated_by, measure, cell.dimension).unkeyed(measure, cell)
        is_of_one_home = isinstance(measure, Ratio) and len({home(leaf) for leaf in leaves(kpi)}) == 1
        return self.rows(kpi, cell) - estimate.n if measure.leaves_out or is_of_one_home else 0

    def _part(self, part: Part, cell: Cell) -> Estimate:
        if not (both := sides(part)):
            return self._leaf(part, cell)
        first, second = (self._part(side, cell) for side in both)
        if first.value is None or second.value is None:
            return EMPTY
        match part.measure:
            case Ratio(is_by_day=True):
                tops, bottoms = (self.by_day(side, cell) for side in both)
                covered = {day for side in both for day in self._covered_days(side, cell)}
                return combined.by_day(first, second, tops, bottoms, covered, self.confidence)
            case Ratio(is_per_head=True):
                return combined.each(first, second, first.n)
            case Difference():
                return combined.difference(first, second)
        return combined.each(first, second, second.n)

    def is_undated(self, part: Part) -> bool:
        """Whether the part has rows and the files no such date at all, so that they lie in no period.

        Where the files have the date and no row of the part has it yet (no ticket is resolved), its number is known: 0.
        """
        table, dated_by = home(part)
        facts = self.tables[table]
        if dated_by in facts.available or dated_by not in facts.frame.columns:
            return False
        return self.sums(table, dated_by).state.days is None and self._has_rows(part)

    def _has_rows(self, part: Part) -> bool:
        """Whether any row, dated or not, has the fact of a measure."""
        (table, dated_by), measure = home(part), part.measure
        match measure:
            case Additive():
                return self.sums(table, dated_by).sums(digests(measure)[0], Cell(period=ALL)).n > 0
            case Quantile():
                return self.values(table, dated_by, measure).has_values
            case Distinct():
                return self.keys(table, dated_by, measure, TOTAL).has_keys
            case Stock() | Kept():
                return not self.spans(table, measure).frame.is_empty()
            case Survival():
                return not self.watches(table, measure).frame.is_empty()
        raise AssertionError(f"{type(measure).__name__} is not of the closed set")

    def _leaf(self, part: Part, cell: Cell) -> Estimate:
        """The estimate of a measure in a cell: asked for by results, by their changes and by what is hidden, found once."""
        key = (part.measure, *home(part), cell)
        if key not in self.found:
            self.found[key] = self._found(part, cell)
        return self.found[key]

    def _found(self, part: Part, cell: Cell) -> Estimate:
        table, dated_by = home(part)
        if table not in self.tables or (cell.dimension != TOTAL and cell.dimension not in self.split(table)):
            return EMPTY
        if not cell.period.is_all and self.is_undated(part):
            return EMPTY
        measure = part.measure
        match measure:
            case Additive():
                return self.sums(table, dated_by).finish(measure, cell, self.confidence)
            case Quantile():
                return self.values(table, dated_by, measure).finish(measure, cell, self.confidence)
            case Distinct():
                found = self.keys(table, dated_by, measure, cell.dimension).finish(measure, cell, self.confidence)
                return found if found.n or cell.period.is_all or self._covers(part, cell) else EMPTY
            case Kept() if not self._covers(part, cell):
                return EMPTY
            case Stock() | Kept():
                return self.spans(table, measure).finish(measure, cell, self.confidence)
            case Survival():
                return self.watches(table, measure).finish(measure, cell, self.confidence)
        raise AssertionError(f"{type(measure).__name__} is not of the closed set")

    def _covers(self, part: Part, cell: Cell) -> bool:
        """Whether the part's table covers a day of the cell."""
        return count_days(cell.period, self.sums(*home(part)).covered) > 0

    def by_day(self, part: Part, cell: Cell) -> dict[date | None, float]:
        """The sums of a part by day; None holds what is undated."""
        assert isinstance(part.measure, Additive)
        sums, daily, scale = self.sums(*home(part)), part.measure.daily, part.measure.scale
        found = sums.daily(f"{digests(part.measure)[0]}:{daily}", cell)
        return found if scale == 1 else {day: total / scale for day, total in found.items()}

    def _covered_days(self, part: Part, cell: Cell) -> list[date]:
        return covered_days(cell.period, self.sums(*home(part)).covered)
