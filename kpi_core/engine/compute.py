"""From facts to estimates: every KPI in every cell, read off the states that it needs."""

from datetime import date

import polars as pl

from kpi_core.engine import bounds, combined
from kpi_core.engine.cells import TOTAL, Cell, is_of_months
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import leaves, sides, whole
from kpi_core.engine.state_cache import States, home, name, own_rows
from kpi_core.engine.states import risk_sets, stocks
from kpi_core.engine.states.sums import covered_days
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import (
    CENTS,
    Count,
    Difference,
    Distinct,
    Index,
    Kept,
    Mean,
    NetShare,
    Part,
    Quantile,
    Ratio,
    Share,
    Stock,
    Sum,
    Survival,
)
from kpi_core.model.service_levels import Judged


class Engine(States):
    """Estimates of KPIs over facts."""

    def estimate(self, kpi: Kpi, cell: Cell) -> Estimate:
        """The KPI in a cell; EMPTY where it has no rows."""
        estimate = self._part(whole(kpi), cell)
        if kpi.unit is not Unit.SCORE or estimate.low is None:
            return estimate
        if kpi.name not in self.reaches:
            self.reaches[kpi.name] = bounds.ends(kpi, self.tables.get(kpi.table))
        return bounds.within(estimate, self.reaches[kpi.name])

    def value(self, kpi: Kpi, cell: Cell) -> Estimate:
        """The KPI in a cell without an interval where that would cost (quantiles), for trends."""
        if isinstance(kpi.measure, Quantile):
            return self.sorted_values(kpi.table, kpi.dated_by, kpi.measure, cell).quantile(cell, kpi.measure.at, None)
        return self.estimate(kpi, cell)

    def part(self, part: Part, cell: Cell) -> Estimate:
        """One part of a KPI in a cell."""
        return self._part(part, cell)

    def groups(self, kpi: Kpi, dimension: str) -> list[str | None]:
        """The groups of a dimension among the KPI's rows, largest first; none where its table lacks it."""
        part = next(leaves(kpi))
        table, dated_by = home(part)
        if dimension not in self.split(table):
            return []
        return self.sums(table, dated_by).groups(dimension)

    def rows(self, kpi: Kpi, cell: Cell) -> int:
        """Rows dated in the cell by the KPI's own date; of its own question or currency, where it has one.

        For an index the respondents who answered any of its questions.
        """
        if isinstance(kpi.measure, Index):
            parts = (
                pl.col(kpi.measure.question).is_in(list(kpi.measure.weights)) & pl.col(kpi.measure.score).is_not_null()
            )
            respondents = Distinct(pl.when(parts).then(pl.col(kpi.measure.respondent)))
            return self._leaf(Part(respondents, kpi.table, kpi.dated_by), cell).n
        held = self.sums(kpi.table, kpi.dated_by)
        return held.rows(cell) if (own := own_rows(kpi)) is None else held.sums(fact_key(own), cell).n

    def left_out(self, kpi: Kpi, estimate: Estimate, cell: Cell) -> int:
        """Rows of the cell that the estimate does not rest on, where both can be told apart: 0 for what lasts."""
        match kpi.measure:
            case Distinct():
                return self._key_days(kpi.table, kpi.dated_by, kpi.measure, cell).unkeyed(kpi.measure, cell)
            case Share() | Mean() | Quantile() | NetShare() | Index() | Sum():
                return self.rows(kpi, cell) - estimate.n
            case Ratio() if len({home(leaf) for leaf in leaves(kpi)}) == 1:
                return self.rows(kpi, cell) - estimate.n
        return 0

    def _part(self, part: Part, cell: Cell) -> Estimate:
        if not (both := sides(part)):
            return self._leaf(part, cell)
        first, second = (self._part(side, cell) for side in both)
        if first.value is None or second.value is None:
            return EMPTY
        match part.measure:
            case Ratio(is_by_day=True):
                tops, bottoms = (self._by_day(side, cell) for side in both)
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
        if facts.frame[dated_by].null_count() < facts.frame.height:
            return False
        return bool(facts.frame.select(part.measure.facts()[0].is_not_null().any()).item())

    def _leaf(self, part: Part, cell: Cell) -> Estimate:
        """What a measure comes to in a cell: asked for by results, by their changes and by what is hidden, found once."""
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
            case Count():
                return measure.finish(self._count(part, cell), len(self._covered_days(part, cell)))
            case Sum():
                return self._sum(part, measure, cell)
            case Judged():
                return self._judged(part, measure, cell)
            case Mean() | Share() | NetShare() | Index():
                return measure.finish(self.sums(table, dated_by).sums(name(measure), cell), self.confidence)
            case Quantile():
                return self.sorted_values(table, dated_by, measure, cell).quantile(cell, measure.at, self.confidence)
            case Distinct():
                found = self._key_days(table, dated_by, measure, cell).estimate(measure, cell, self.confidence)
                return found if found.n or cell.period.is_all or self._covered_days(part, cell) else EMPTY
        return self._lasting(part, cell)

    def _lasting(self, part: Part, cell: Cell) -> Estimate:
        measure, (table, _) = part.measure, home(part)
        match measure:
            case Survival():
                return risk_sets.survive(self._watch(table, measure), measure, cell, self.confidence)
            case Stock():
                return stocks.stock(self._span(table, measure), measure, cell, self.confidence)
            case Kept():
                is_covered = bool(self._covered_days(part, cell))
                return stocks.kept(self._span(table, measure), measure, cell, self.confidence) if is_covered else EMPTY
        raise AssertionError(f"{type(measure).__name__} is not of the closed set")

    def _judged(self, part: Part, measure: Judged, cell: Cell) -> Estimate:
        """The share of what is judged, with how many rows are not yet."""
        held = self.sums(*home(part))
        pending = held.sums(fact_key(measure.awaited()), cell).n
        return measure.judged(held.sums(name(measure), cell), pending, self.confidence)

    def _sum(self, part: Part, measure: Sum, cell: Cell) -> Estimate:
        """The sum of a cell; no rows, or a period cut through months of which only the whole is known: no value."""
        held = self.sums(*home(part))
        found = held.sums(name(measure), cell)
        coarse = measure.coarse()
        if found.n == 0 or (
            coarse is not None and not is_of_months(cell.period) and held.sums(fact_key(coarse), cell).n > 0
        ):
            return EMPTY
        return Estimate(value=found.total / CENTS, n=found.n)

    def _count(self, part: Part, cell: Cell) -> int:
        """Rows of a counting part in a cell."""
        return self.sums(*home(part)).sums(name(part.measure), cell).n

    def _by_day(self, part: Part, cell: Cell) -> dict[date | None, float]:
        """The sums of a part by day; None holds what is undated."""
        held, fact = self.sums(*home(part)), name(part.measure)
        if isinstance(part.measure, Sum):
            return {day: total / CENTS for day, total in held.daily(f"{fact}:s", cell).items()}
        return held.daily(f"{fact}:n", cell)

    def _covered_days(self, part: Part, cell: Cell) -> list[date]:
        return covered_days(cell.period, self.sums(*home(part)).covered)
