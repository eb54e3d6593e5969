"""What the days show about segments: how their rows vary together, and which of them moved unlike the others."""

import math
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property

from kpi_core.analysis.changes.histories import Histories
from kpi_core.analysis.why.strata import Group
from kpi_core.calendars import Calendar
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import DaySeries, Span
from kpi_core.engine.plan import whole
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Count, Index, Mean, NetShare, Share
from kpi_core.model.report import Query
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import Contrast, Daily, History, Judgement, count_change, mean_change, of_one_mix
from kpi_core.stats.mix_and_rate import Effects
from kpi_core.stats.segment_days import added, borrowed, effects, less


@dataclass(kw_only=True, eq=False)
class Days:
    """The days of a KPI, of the whole and of its segments; those of measures that add up row by row."""

    engine: Engine
    query: Query
    kpi: Kpi
    calendar: Calendar | None = None
    _histories: Histories = field(init=False)

    def __post_init__(self) -> None:
        """Reads daily series off the engine's states."""
        assert self.query.baseline is not None
        self._histories = Histories(
            series=DaySeries(engine=self.engine), clock=self.engine.clock, period=self.query.period,
            baseline=self.query.baseline, calendar=self.calendar,
        )  # fmt: skip

    @cached_property
    def _span(self) -> Span | None:
        part = whole(self.kpi)
        if not isinstance(part.measure, Count | Share | NetShare | Mean | Index):
            return None
        return self._histories.span(part)

    @cached_property
    def _history(self) -> History | None:
        return None if self._span is None else self._histories.history(self._span)

    @cached_property
    def _total(self) -> Daily | None:
        return self._of(TOTAL, None)

    def _of(self, dimension: str, group: str | None) -> Daily | None:
        if self._span is None:
            return None
        cell = Cell(period=self.query.period, dimension=dimension, group=group)
        return self._histories.series.sums(whole(self.kpi), cell, self._span)

    def effects(self, dimension: str, groups: Sequence[Group]) -> tuple[Effects, float] | None:
        """The design effects of mix and rate on both sides, and the degrees of freedom; None where there are no such days."""
        history, total = self._history, self._total
        if history is None or total is None or isinstance(whole(self.kpi).measure, Count):
            return None
        return effects(history, total, self._series(dimension, groups, total), [_values(one) for one in groups])

    def _series(self, dimension: str, groups: Sequence[Group], total: Daily) -> list[Daily]:
        """The days of each group; those of the groups that are not shown are what all that are leave of everything."""
        shown = [self._of(dimension, one.name) for one in groups if one.result is not None]
        known = [one for one in shown if one is not None]
        rest = [less(total, known)] if len(known) < len(groups) else []
        return [*known, *rest]

    def unlike(self, dimension: str, group: Group, rest: Sequence[Group], groups: Sequence[Group]) -> Judgement | None:
        """The change of a group less that of some others of all, after the calendar; None where there are too few rows or days.

        What the others changed by is measured within them, so that it is none of their mix. Both are taken to vary by themselves: days that
        are bad for all make the two more alike than that, which errs on the safe side.
        """
        history, total = self._history, self._total
        own = self._of(dimension, group.name)
        if history is None or total is None or own is None or not rest:
            return None
        series = self._series(dimension, groups, total)
        others = [one for one, whose in zip(series, groups, strict=True) if whose in rest]
        together = added(others)
        if not isinstance(whole(self.kpi).measure, Count):
            together = of_one_mix(together, others)
        every = self._contrast(total, history)
        sides = [self._contrast(one, history) for one in (own, together)]
        if every is None or None in sides:
            return None
        mine, theirs = (one.tested(borrowed(every, one)) for one in sides if one is not None)
        return Judgement(
            difference=mine.difference - theirs.difference, error=math.hypot(mine.error, theirs.error),
            freedom=min(mine.freedom, theirs.freedom), is_log=mine.is_log, rows=mine.rows,
            calendar=mine.calendar - theirs.calendar,
        )  # fmt: skip

    def _contrast(self, daily: Daily, history: History) -> Contrast | None:
        measure = whole(self.kpi).measure
        if isinstance(measure, Count):
            return count_change(daily.tops, history)
        is_log = isinstance(measure, Mean) and self.kpi.unit in (Unit.SECONDS, Unit.MONEY)
        return mean_change(daily, history, is_share=isinstance(measure, Share), is_log=is_log)


def _values(group: Group) -> tuple[float, float]:
    """The value of a group before and after; where it has no rows, that of the other side."""
    old, new = group.old.rate, group.new.rate
    known = old if old is not None else new if new is not None else 0.0
    return (known if old is None else old), (known if new is None else new)
