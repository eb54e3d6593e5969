"""How the days of each KPI vary together, for the intervals of single periods: estimated from the days of its history."""

from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import field
from datetime import date, timedelta

from kpi_core.analysis.changes.histories import Histories
from kpi_core.analysis.changes.questions import lead_of, question_of
from kpi_core.calendars import Calendar
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import DaySeries
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import sides, whole
from kpi_core.engine.same_customers import SameCustomers
from kpi_core.engine.state_cache import home
from kpi_core.engine.widening import widened
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Additive, Count, Index, Mean, NetShare, Part, Quantile, Ratio, Share, Sum
from kpi_core.model.periods import Period
from kpi_core.model.stocks_and_survival import Survival
from kpi_core.records import dataclass
from kpi_core.stats.comparisons.false_alarms import likeness_of_days
from kpi_core.stats.contrasts import Daily, History
from kpi_core.stats.dependence import Dependence, Widening, of_days, of_rows, residuals, residuals_of_counts

Key = tuple[str, str, str, str | None]
"""A KPI by its definition and currency, in a group of a dimension."""


@dataclass(kw_only=True, eq=False)
class DesignEffects:
    """Estimates the design effects of an engine's KPIs from the history of a period; of groups no less than the whole lends them.

    What a period is compared with has no part in it, so that a figure has one interval in whatever report it stands.
    """

    engine: Engine
    series: DaySeries
    period: Period
    calendar: Calendar | None = None
    _histories: Histories = field(init=False)
    _found: dict[Key, Dependence | None] = field(default_factory=dict)
    _customers: SameCustomers = field(init=False)

    def __post_init__(self) -> None:
        """Takes the days that the changes are seen among too."""
        self._customers = SameCustomers(engine=self.engine, usual=self.period)
        self._histories = Histories(
            series=self.series, clock=self.engine.clock, period=self.period, baseline=None, calendar=self.calendar
        )

    def begin(self, workers: Executor) -> None:
        """Begins to rank the times of all KPIs in the background, which is most of the work."""
        for kpi in self.engine.kpis:
            if isinstance(kpi.measure, Quantile) and kpi.measure.at == 0.5:
                workers.submit(self._dependence, kpi, TOTAL, None)

    def widened(self, kpi: Kpi, cell: Cell, estimate: Estimate, *, by_days: bool = False) -> Estimate:
        """An estimate of a cell with the interval that its days and customers ask for; with `by_days` without a look at the customers, as trends of many periods are."""
        by = self._of_days(kpi, cell, estimate) if by_days else self.of(kpi, cell, estimate)
        return estimate if by is None else widened(self.engine, kpi, cell, estimate, by)

    def of(self, kpi: Kpi, cell: Cell, estimate: Estimate) -> Widening | None:
        """The design effect of a cell's interval, of its days or of the customers whose rows they are; None where it has none, or neither is known."""
        if estimate.value is None or (estimate.low is None and estimate.high is None):
            return None
        by_days, by_customers = self._of_days(kpi, cell, estimate), self._customers.of(kpi, cell)
        if by_customers is None or by_customers[0] <= (1.0 if by_days is None else by_days.effect):
            return by_days
        return Widening(effect=by_customers[0], freedom=by_customers[1], is_of_customers=True)

    def _of_days(self, kpi: Kpi, cell: Cell, estimate: Estimate) -> Widening | None:
        """The design effect of a cell's days; None where it has no interval, or there is no history."""
        if estimate.value is None or (estimate.low is None and estimate.high is None):
            return None
        own = self._dependence(kpi, cell.dimension, cell.group)
        if own is None:
            return None
        of_all = self._dependence(kpi, TOTAL, None) if cell.dimension != TOTAL else None
        days = self._days(kpi, cell)
        return own.widening(of_all, estimate.n / days if days else own.a_day)

    def _days(self, kpi: Kpi, cell: Cell) -> int:
        """The days of a cell that the files reach; 0 where that is unknown."""
        part = self._part_of(kpi)
        if part is None or (span := self._histories.span(part)) is None:
            return 0
        first = max(cell.period.start or span.first, self.series.begins(part, span.last) or span.first)
        last = min(cell.period.end or span.last, span.last)
        return max((last - first).days, 0)

    def _dependence(self, kpi: Kpi, dimension: str, group: str | None) -> Dependence | None:
        key = (kpi.definition, kpi.currency or "", dimension, group)
        if key not in self._found:
            self._found[key] = self._estimated(kpi, Cell(period=self.period, dimension=dimension, group=group))
        return self._found[key]

    def _estimated(self, kpi: Kpi, cell: Cell) -> Dependence | None:
        """How the days of a KPI vary together in one group."""
        part = self._part_of(kpi)
        found = None if part is None else self._days_of(part, cell)
        if part is None or found is None:
            return None
        daily, history = found
        if sides(part):
            return of_days(daily, history)
        return of_rows(daily, history, is_share=isinstance(part.measure, Share | Quantile))

    def _days_of(self, part: Part, cell: Cell) -> tuple[Daily, History] | None:
        """Each day of a group's history: the sum and the rows of a part, or both its sums; of a quantile the rows that are no longer."""
        both = sides(part)
        if (span := self._histories.span(*(both or (part,)))) is None:
            return None
        history = self._histories.history(span)
        if both:
            if any(self._is_coarse(side) for side in both):
                return None
            over, under = (self.series.sums(side, cell, span).tops for side in both)
            return Daily(tops=over, rows=under), history
        if not isinstance(part.measure, Quantile):
            return self.series.sums(part, cell, span), history
        ranks = self.series.ranks(part, part.measure, span, self.period.start or span.last)
        if ranks is None:
            return None
        key = (*home(part), fact_key(part.measure.of))
        return self.series.shares_up_to(ranks, part.measure.at, key, cell, span), history

    def alike(self, kpi: Kpi, cell: Cell, step: int, without: AbstractSet[date] = frozenset()) -> float | None:
        """How far neighbouring periods of so many days go together in one group (their correlation), by its days; None where they do not show it.

        The days in `without` are left out.
        """
        counted = whole(kpi)
        part = counted if isinstance(counted.measure, Count) else self._part_of(kpi)
        found = None if part is None else self._days_of(part, cell)
        if part is None or found is None or not any(found[0].rows):
            return None
        daily, history = found
        off = (
            residuals_of_counts(daily.tops, history)
            if part is counted and isinstance(part.measure, Count)
            else residuals(daily, history)
        )
        end = self._histories.end()
        assert end is not None
        days = [end - timedelta(days=left) for left in range(history.days, 0, -1)]
        return likeness_of_days([None if day in without else one for day, one in zip(days, off, strict=True)], step)

    def _is_coarse(self, part: Part) -> bool:
        """Whether amounts of the period are known by the month alone, so that days do not show how they vary."""
        if not isinstance(part.measure, Sum) or (coarse := part.measure.coarse()) is None:
            return False
        return self.engine.sums(*home(part)).sums(fact_key(coarse), Cell(period=self.period)).n > 0

    def _part_of(self, kpi: Kpi) -> Part | None:
        """The rows whose days a KPI's dependence is estimated from; of a survival curve those of the times that its question is about. None of any other kind."""
        part = whole(kpi)
        match part.measure:
            case Share() | Mean() | NetShare() | Index() | Quantile():
                return part
            case Ratio(is_by_day=True) if all(isinstance(side.measure, Additive) for side in sides(part)):
                return part
            case Survival():
                led = lead_of(question_of(kpi), self.engine)
                return whole(led) if led is not None and isinstance(led.measure, Quantile) else None
        return None
