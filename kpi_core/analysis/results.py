"""Estimates to results: the baseline, the change, what is suppressed, what is not final, and the notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from functools import cached_property
from itertools import takewhile

import polars as pl

from kpi_core.analysis.changes.baselines import average
from kpi_core.analysis.changes.change import Changes
from kpi_core.analysis.changes.design_effects import DesignEffects
from kpi_core.analysis.finality import Finality
from kpi_core.analysis.notes.business_figures import growth, reach
from kpi_core.analysis.notes.figures import left_out, notes, scale_note, unrated_share, zero_share
from kpi_core.analysis.notes.how_many import Resolutions
from kpi_core.analysis.privacy.small_groups import Privacy
from kpi_core.analysis.request import Request
from kpi_core.analysis.responses.unanswered import UnansweredReader, is_of_answers
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import DaySeries
from kpi_core.engine.plan import fed_by
from kpi_core.engine.widening import widened
from kpi_core.messages.message import Message
from kpi_core.model.estimates import EMPTY, HIDDEN, Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Survival
from kpi_core.model.periods import Period
from kpi_core.model.report import Immature, KpiResult, Query
from kpi_core.model.tables import TABLES
from kpi_core.quality.coverage.covered_days import Coverage
from kpi_core.quality.coverage.gaps import empty_periods
from kpi_core.quality.substitutions import SubstitutionReader
from kpi_core.quality.trust import TrustReader
from kpi_core.records import dataclass
from kpi_core.stats.dependence import Widening


@dataclass(kw_only=True, eq=False)
class ResultWriter:
    """Turns estimates into results, with what holds for each."""

    engine: Engine
    request: Request
    query: Query
    covered: Mapping[str, Coverage]
    trust: TrustReader
    substitutions: SubstitutionReader
    privacy: Privacy
    evidence: Mapping[str, Message | None] = field(default_factory=dict)
    _empty: dict[str, frozenset[Period]] = field(default_factory=dict)
    _known_scales: dict[tuple[str, Period], frozenset[tuple[float, float]]] = field(default_factory=dict)

    @cached_property
    def _finality(self) -> Finality:
        return Finality(engine=self.engine)

    @cached_property
    def _resolutions(self) -> Resolutions:
        return Resolutions(engine=self.engine)

    @cached_property
    def _unanswered(self) -> UnansweredReader:
        return UnansweredReader(engine=self.engine)

    @cached_property
    def changes(self) -> Changes:
        """What judges the changes between the two periods, where there are two."""
        assert self.query.baseline is not None
        return Changes(engine=self.engine, period=self.query.period, baseline=self.query.baseline,
                       confidence=self.request.confidence, calendar=self.request.rules.calendar, series=self._series)  # fmt: skip

    @cached_property
    def effects(self) -> DesignEffects:
        """What gives how much wider the intervals of single periods are than rows that know nothing of each other make them."""
        return DesignEffects(engine=self.engine, series=self._series, period=self.query.period, calendar=self.request.rules.calendar)  # fmt: skip

    @cached_property
    def _series(self) -> DaySeries:
        return DaySeries(engine=self.engine)

    def results(self, kpis: Sequence[Kpi]) -> Iterator[KpiResult]:
        """Totals first, then dimension by dimension, group by group."""
        for kpi in kpis:
            yield self._result(kpi, TOTAL, None)
        for dimension in self.request.by:
            for kpi in kpis:
                for group in self.privacy.groups(kpi, dimension):
                    result = self._result(kpi, dimension, group)
                    if (
                        result.estimate.n
                        or (result.baseline and result.baseline.n)
                        or result.suppressed
                        or result.trust
                    ):
                        yield result

    def _result(self, kpi: Kpi, dimension: str, group: str | None) -> KpiResult:
        cell = Cell(period=self.query.period, dimension=dimension, group=group)
        named = {} if dimension == TOTAL else {dimension: group}
        estimate = self.engine.estimate(kpi, cell)
        if self.privacy.hides(kpi, cell):
            least, is_of_people = self.privacy.fewest(kpi, cell), self.privacy.is_of_people(kpi, cell)
            # Which of the hidden people have few rows would reveal too much.
            why = Message("fewer-rows-or-hidden" if is_of_people else "fewer-rows", least=least)
            return KpiResult(kpi=kpi, period=cell.period, group=named, estimate=EMPTY, suppressed=True, notes=(why,), fewest=None if is_of_people else least)  # fmt: skip
        by = self.effects.of(kpi, cell, estimate)
        estimate = estimate if by is None else widened(self.engine, kpi, cell, estimate, by)
        result = KpiResult(kpi=kpi, period=cell.period, group=named, estimate=estimate, design_effect=None if by is None else by.effect, notes=(*self._notes(kpi, estimate, cell), *_of_same(estimate, by)),
                           excluded=self._excluded(kpi, estimate, cell), trend=self._trend(kpi, cell),
                           final=self._final(kpi), is_cut_off=self._is_cut_off(kpi, cell.period), immature=self._immature(kpi, cell), trust=self.trust.of(kpi, cell, estimate.n),
                           substitutions=self.substitutions.of(kpi, cell))  # fmt: skip
        return self._compared(result, cell)

    def _compared(self, result: KpiResult, cell: Cell) -> KpiResult:
        """The result with its baseline and change, unless one of the two cannot be compared yet."""
        period, kpi = self.query.baseline, result.kpi
        if period is None:
            return result
        before = replace(cell, period=period)
        baseline = average(self.engine, kpi, cell, period.steps_like(self.query.period), period)
        if not baseline.n or self.privacy.hides(kpi, before) or self._is_withheld(kpi, before, baseline):
            return result
        baseline = self.effects.widened(kpi, before, baseline)
        result = replace(result, baseline=baseline)
        reason = self._incomparable(kpi, period)
        if reason is not None:
            return replace(result, notes=(*result.notes, reason), barred=reason)
        growth_note = growth(kpi, self.engine, cell, before)
        moved = self.changes.of(kpi, cell, result.estimate, baseline)
        remarks = [moved.note] if moved and moved.note else []
        return replace(result, change=moved, notes=(*result.notes, *growth_note, *remarks))

    def _is_withheld(self, kpi: Kpi, cell: Cell, estimate: Estimate) -> bool:
        """Whether too little of a cell was understood for a value."""
        trust = self.trust.of(kpi, cell, estimate.n)
        return trust is not None and trust.is_withheld

    def _incomparable(self, kpi: Kpi, baseline: Period) -> Message | None:
        if self._finality.of(kpi, self.query.period):
            return Message("not-compared-until-final")
        if self._finality.of(kpi, baseline):
            return Message("baseline-not-final")
        covers = self._covers(kpi).values()
        if not all(cover.completes(period) for cover in covers for period in (self.query.period, baseline)):
            return Message("period-not-complete")
        if (
            kpi.table == "answers"
            and kpi.asks
            and self._scales(kpi.asks, self.query.period) != self._scales(kpi.asks, baseline)
        ):
            return Message("scale-changed")
        return None

    def _covers(self, kpi: Kpi) -> dict[str, Coverage]:
        """What the tables that a KPI rests on cover."""
        tables = sorted(fed_by(kpi))
        return {table: self.covered[table] for table in tables if table in self.covered}

    def _scales(self, question: str, period: Period) -> frozenset[tuple[float, float]]:
        if (question, period) not in self._known_scales:
            rows = self._scales_by_day.filter(pl.col("question") == question)
            if period.start is not None and period.end is not None:
                rows = rows.filter(pl.col("day").is_between(period.start, period.end, closed="left"))
            self._known_scales[question, period] = frozenset(
                rows.select("scale_low", "scale_high").unique().iter_rows()
            )
        return self._known_scales[question, period]

    @cached_property
    def _scales_by_day(self) -> pl.DataFrame:
        """Which scales each question's answers of each day are on; questions that have but one are left out."""
        scale = ["question", "scale_low", "scale_high"]
        facts = self.engine.tables["answers"]
        used = facts.scales.select(scale).unique()
        several = used.filter(pl.col("question").is_duplicated())["question"].unique()
        of_several = pl.col("score").is_not_null() & pl.col("question").is_in(several.implode())
        day = pl.lit(self.engine.day("answers", "answered_at")).alias("day")
        dated = (
            facts.frame.lazy()
            .select(*scale, day, of_several.alias("is_on_scale"))
            .filter("is_on_scale")
            .drop("is_on_scale")
        )
        return dated.unique().collect(engine="streaming")

    def _trend(self, kpi: Kpi, cell: Cell) -> tuple[Estimate, ...]:
        """The estimates of the trend, of groups only where it is asked for; what is withheld keeps its n alone, what is hidden is empty.

        Kaplan–Meier only for the report's own period, since each curve is a pass.
        """
        if isinstance(kpi.measure, Survival) or (cell.dimension != TOTAL and not self.request.is_long):
            return ()
        cells = [replace(cell, period=period) for period in self.query.trend]
        found = ((each, self.effects.widened(kpi, each, self.engine.value(kpi, each), by_days=True)) for each in cells)
        missing = self._missing(kpi)
        return tuple(HIDDEN if each.period in missing else self._shown(kpi, each, estimate) for each, estimate in found)

    def _missing(self, kpi: Kpi) -> frozenset[Period]:
        """The periods of the trend that look missing from the files of the KPI's table."""
        events, calendar = TABLES[kpi.table].events, self.request.rules.calendar
        if kpi.table not in self.covered or not events or events[0] not in self.engine.tables[kpi.table].frame.columns:
            return frozenset()
        if kpi.table not in self._empty:
            days = self.engine.rows_by_day(kpi.table, events[0])
            closed = calendar.is_closed if calendar else None
            self._empty[kpi.table] = frozenset(empty_periods(days, self.query.trend, closed))
        return self._empty[kpi.table]

    def _shown(self, kpi: Kpi, cell: Cell, estimate: Estimate) -> Estimate:
        is_of_all = cell.dimension == TOTAL and not self.privacy.is_of_people(kpi, cell)
        if not is_of_all and self.privacy.hides(kpi, cell):
            return HIDDEN
        return Estimate(value=None, n=estimate.n) if self._is_withheld(kpi, cell, estimate) else estimate

    def _final(self, kpi: Kpi) -> int | None:
        """How many periods of the trend there are up to the newest that is final; None where that is the last."""
        young = [
            *takewhile(
                lambda one: self._finality.of(kpi, one) or self._is_cut_off(kpi, one), reversed(self.query.trend)
            )
        ]
        return len(self.query.trend) - len(young) if young else None

    def _is_cut_off(self, kpi: Kpi, period: Period) -> bool:
        """Whether a period was not over when the files were exported, and days with rows of the KPI may follow."""
        today = self.engine.clock.today
        if period.end is None or today is None or today >= period.end - timedelta(days=1):
            return False
        return any(cover.is_cut_off(period) for cover in self._covers(kpi).values())

    def _immature(self, kpi: Kpi, cell: Cell) -> Immature | None:
        """What is shown with a value that may still change: from when it is final, and the newest period that is."""
        ripe = self._finality.of(kpi, cell.period)
        if ripe is None:
            return None
        final = self._final(kpi)
        for period in reversed(self.query.trend[:final]):
            then = replace(cell, period=period)
            estimate = self.engine.estimate(kpi, then)
            is_hidden = self.privacy.hides(kpi, then) or self._is_withheld(kpi, then, estimate)
            if estimate.value is not None and estimate.n and not is_hidden:
                return Immature(final_at=ripe, newest=period, estimate=self.effects.widened(kpi, then, estimate))
        return Immature(final_at=ripe)

    def _excluded(self, kpi: Kpi, estimate: Estimate, cell: Cell) -> dict[Message, int]:
        left = self.engine.left_out(kpi, estimate, cell)
        if left <= 0:
            return {}
        if is_of_answers(kpi):
            return self._unanswered.of(kpi, cell, left)
        return {left_out(kpi, self.engine.tables[kpi.table]): left}

    def _notes(self, kpi: Kpi, estimate: Estimate, cell: Cell) -> Iterator[Message]:
        if (note := self._finality.note(kpi, cell.period)) is not None:
            yield note
        covers = self._covers(kpi)
        if any(cell.period.start and cover.last.date() < cell.period.start for cover in covers.values()):
            yield Message("not-covered")
        if cell.dimension != TOTAL:
            return
        yield from notes(kpi, estimate, self.engine.tables)
        if (counted := self._resolutions.of(kpi, cell)) is not None:
            yield counted.message
        yield from reach(kpi, estimate.value, cell.period, covers, self.engine.tables)
        frame, days = self.engine.tables[kpi.table].frame, self.engine.day(kpi.table, kpi.dated_by)
        scale = scale_note(kpi, self.engine.tables, self.evidence)
        for remark in (scale, zero_share(kpi, frame, days, cell), unrated_share(kpi, frame, days, cell)):
            if remark is not None:
                yield remark


SAID = 1.5
"""The design effect of rows of the same customers from which it is said."""


def _of_same(estimate: Estimate, by: Widening | None) -> tuple[Message, ...]:
    """The note that an interval is wide because rows are of the same customers."""
    if by is None or not by.is_of_customers or by.effect < SAID:
        return ()
    return (Message("of-same-customers", rows=max(round(estimate.n / by.effect), 1)),)
