"""What changed against the baseline, judged by the days: the change, its interval, and the answer to the KPI's question."""

import math
from dataclasses import field, replace
from functools import cached_property

from kpi_core.analysis.changes.baselines import average
from kpi_core.analysis.changes.customer_changes import of_kept_with_history, of_repeated
from kpi_core.analysis.changes.flow_changes import flow_test, margin_of_flow, tickets_of
from kpi_core.analysis.changes.histories import LONG_ENOUGH, Histories
from kpi_core.analysis.changes.questions import FLOW, Question, lead_of, question_of
from kpi_core.analysis.changes.scaled_changes import (
    ScaledChange,
    bounds_of,
    cut,
    error_of,
    factor_error,
    is_of_days,
    log_error_of,
    margin_of,
    rises_of,
    within,
    within_scales,
    worth,
)
from kpi_core.analysis.changes.still_waiting import Unfair
from kpi_core.analysis.changes.time_changes import are_as_open, of_times, own_bounds, own_figure
from kpi_core.analysis.changes.untested import more_heads, reason, unchanged
from kpi_core.calendars import Calendar
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import DaySeries, Span
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import leaves, sides, whole
from kpi_core.engine.ranks import Ranks
from kpi_core.engine.state_cache import home
from kpi_core.kpis import BY_NAME
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import (
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
    Repeated,
    Share,
    Sum,
)
from kpi_core.model.periods import Period
from kpi_core.model.report import Answer, Change
from kpi_core.model.service_levels import Judged
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import (
    Contrast,
    Daily,
    Judgement,
    count_change,
    factor_less_one,
    mean_change,
    net_change,
    of_one_mix,
    ratio_change,
)

GIVEN = Message("flow-judged-by")
NO_FLOW = Message("flow-not-tested", days=LONG_ENOUGH)
OPENED = BY_NAME["tickets_created"]
CROSSED = Message("crossed")


@dataclass(kw_only=True, eq=False)
class Changes:
    """Judges changes between two periods of an engine's KPIs."""

    engine: Engine
    period: Period
    baseline: Period
    confidence: float
    calendar: Calendar | None = None
    series: DaySeries | None = None
    _series: DaySeries = field(init=False)
    _effects: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _answers: dict[tuple[str, str, str | None], Answer | None] = field(default_factory=dict)
    _histories: Histories = field(init=False)
    _flows: dict[tuple[str, str | None], Judgement | None] = field(default_factory=dict)
    _reaches: dict[tuple[str, str, str | None], tuple[ScaledChange, float] | None] = field(default_factory=dict)
    _unfair: Unfair = field(init=False)
    _tests: dict[tuple[Kpi, Cell], Judgement | None] = field(default_factory=dict)
    _factors: dict[tuple[Kpi, Cell, float], ScaledChange | None] = field(default_factory=dict)
    _mixed: set[tuple[str, str]] = field(default_factory=set)
    """KPIs of answers on several scales."""

    def __post_init__(self) -> None:
        """Reads daily series off the engine's states."""
        self._series = self.series or DaySeries(engine=self.engine)
        self._unfair = Unfair(
            engine=self.engine, period=self.period, baseline=self.baseline,
            created=lambda cell: self.tested(OPENED, cell), opened=lambda cell: self._series.count(whole(OPENED), cell),
        )  # fmt: skip
        self._histories = Histories(
            series=self._series, clock=self.engine.clock, period=self.period, baseline=self.baseline, calendar=self.calendar
        )  # fmt: skip

    def of(self, kpi: Kpi, cell: Cell, new: Estimate, old: Estimate) -> Change | None:
        """The change of a KPI in one group; None without anything to compare.

        Its interval is of what is left after the calendar, in the value's own unit. The answer to its question comes with it, by
        which it is judged.
        """
        question = question_of(kpi)
        answer = self._answer(question, kpi, cell)
        if answer is not None and question.falls(kpi):
            answer = replace(answer, rises=not answer.rises)
        value = None if new.value is None or old.value is None else new.value - old.value
        if value is None and (answer is None or old.n == 0):
            return None
        if question.name == FLOW:
            return self._flow_change(kpi, cell, new, old, answer)
        scaled = self._scaled(kpi, cell, new, old) if value is not None else None
        is_own = scaled is not None and isinstance(kpi.measure, Judged)
        if answer is None and scaled is not None and is_own and not self._unfair.lacking(question.name, cell):
            answer = Answer(question=kpi.name, p=scaled.tested.p, rises=scaled.tested.difference > 0)
        if scaled is None and answer is not None:
            return self._as_lead(question, kpi, cell, Change(value=value, answer=answer), (new, old))
        if scaled is None or answer is None:
            waits = self._unfair.of(question.name, cell) if kpi.table == "tickets" else None
            days = (self._series, self._histories)
            same = (
                None if waits else unchanged(kpi, cell, (new, old), self.confidence, days, self.engine, self._each_step)
            )
            return same or Change(value=value, note=waits or self._why_not(question, kpi, cell, new, old))
        found = scaled.tested
        low, high = (scaled.unit(bound) for bound in found.bounds(self.confidence))
        if low is not None and high is not None and low > high:
            low, high = high, low
        rises: bool | None = rises_of(kpi, found)
        is_small, is_crossed = scaled.is_small, False
        is_factor = found.is_log or isinstance(kpi.measure, Quantile)
        log_error = factor_error(kpi, (low, high), old.value, found.reach(self.confidence)) if is_factor else None
        error = error_of(low, high, found.reach(self.confidence))
        is_wide, note = False, None
        if _key(kpi) in self._mixed and value is not None:
            note = within_scales(kpi, value, scaled.calendar or 0.0)
            low, high = bounds_of(value, low, high)
        if isinstance(kpi.measure, Quantile) and value is not None:
            rises = None if not value else value > 0
            own = own_figure(value, (low, high), own_bounds(new, old), worth(kpi, old.value or 0.0), is_small=is_small)
            (low, high), is_small, is_crossed, is_wide = own
        low, high = cut(kpi, low, high, self.engine.reach_of(kpi))
        return Change(
            value=value, low=low, high=high, p=found.p, rises=rises, answer=answer, is_small=is_small, is_crossed=is_crossed, is_wide=is_wide, error=error,
            log_error=log_error, freedom=found.freedom, rows=0.0 if is_of_days(kpi) else found.rows, effect=found.effect, calendar=scaled.calendar,
            note=note,
        )  # fmt: skip

    def _as_lead(
        self, question: Question, kpi: Kpi, cell: Cell, change: Change, sides: tuple[Estimate, Estimate]
    ) -> Change:
        """A change that another KPI's test judges: times reach as far as that does, as a share of what they were.

        Tickets still open are in no test of times: where their share is another one, that times hardly changed says nothing of theirs.
        """
        new, old = sides
        lead = self._lead(question, kpi)
        if lead is None or lead.name == kpi.name:
            return change
        if not isinstance(lead.measure, Quantile):
            return replace(change, note=Message("judged-by-lead", lead=lead.name))
        key = (question.name, cell.dimension, cell.group)
        if key not in self._reaches:
            before = average(self.engine, lead, cell, self._each_step, self.baseline)
            led = self._scaled(lead, cell, self.engine.estimate(lead, replace(cell, period=self.period)), before)
            self._reaches[key] = None if led is None or not before.value else (led, before.value)
        change = replace(change, note=Message("judged-by-times", lead=lead.name))
        if (reach := self._reaches[key]) is None or kpi.unit is not lead.unit or not old.value:
            return change
        tested, usual = reach[0].tested, reach[1]
        low, high = (reach[0].unit(bound) for bound in tested.bounds(self.confidence))
        error = error_of(low, high, tested.reach(self.confidence))
        is_near = are_as_open(new, old) and abs(change.value or 0.0) <= worth(kpi, old.value)
        return replace(
            change, error=None if error is None else error / usual * old.value, freedom=tested.freedom, rows=tested.rows, effect=tested.effect,
            log_error=log_error_of(low, high, usual, tested.reach(self.confidence)), is_small=reach[0].is_small and is_near,
        )  # fmt: skip

    def _why_not(self, question: Question, kpi: Kpi, cell: Cell, new: Estimate, old: Estimate) -> Message:
        """Why a change is not tested."""
        is_coarse = any(self._is_coarse(leaf, cell) for leaf in leaves(kpi))
        part = whole(kpi)
        is_long = not sides(part) and self._histories.span(part) is not None
        return reason(kpi, new, old, is_alone=question.lead == kpi.name, is_coarse=is_coarse, is_long=is_long)

    def of_share(self, part: Part) -> tuple[float, float, Judgement] | None:
        """A share that no KPI is, in both periods, with its test; None where it cannot be tested."""
        span, cell = self._histories.span(part), Cell(period=self.period)
        if span is None:
            return None
        history, daily = self._histories.history(span), self._series.sums(part, cell, span)
        found = mean_change(daily, history, is_share=True)
        if found is None:
            return None
        now, then = (math.fsum(daily.tops[side]) / math.fsum(daily.rows[side]) for side in (history.now, history.then))
        return now, then, found.tested()

    def _answer(self, question: Question, kpi: Kpi, cell: Cell) -> Answer | None:
        """The test that answers a question in one group."""
        key = (question.name, cell.dimension, cell.group)
        if key not in self._answers:
            self._answers[key] = self._asked(question, kpi, cell)
        return self._answers[key]

    def _asked(self, question: Question, kpi: Kpi, cell: Cell) -> Answer | None:
        lead = self._lead(question, kpi)
        if lead is None or self._unfair.of(question.name, cell) is not None:
            return None
        if question.name == FLOW and self.baseline.end != self.period.start:
            return None
        tested = self._flow(cell) if question.name == FLOW else self._test_of(lead, cell)
        if tested is None:
            return None
        return Answer(question=question.name, p=tested.p, rises=tested.difference > 0)

    def _test_of(self, kpi: Kpi, cell: Cell) -> Judgement | None:
        """A KPI's own test, in its own terms."""
        if not isinstance(kpi.measure, Kept | Repeated):
            return self.tested(kpi, cell)
        new = self.engine.estimate(kpi, replace(cell, period=self.period))
        scaled = self._scaled(kpi, cell, new, average(self.engine, kpi, cell, self._each_step, self.baseline))
        return None if scaled is None else scaled.tested

    def _lead(self, question: Question, kpi: Kpi) -> Kpi | None:
        """The KPI whose test answers a question, as this report has it; None where the files cannot feed it."""
        return kpi if question.lead == kpi.name else lead_of(question, self.engine)

    def _scaled(self, kpi: Kpi, cell: Cell, new: Estimate, old: Estimate) -> ScaledChange | None:
        """The KPI's own test, in its own unit."""
        if new.value is None or old.value is None:
            return None
        if isinstance(kpi.measure, Kept):
            days = ((self.period.days or 0), (self.baseline.days or 0) / self._steps)
            return of_kept_with_history(self.engine, kpi, cell, self._each_step[-1], (new, old), days, self.confidence)
        if isinstance(kpi.measure, Repeated):
            return of_repeated(kpi, new, old, self.confidence)
        tested = self.tested(kpi, cell)
        if tested is None:
            return None
        if isinstance(kpi.measure, Quantile):
            return self._change_of_times(kpi, cell, tested, old.value)
        if not tested.is_log:
            margin = margin_of(kpi, new.value, old.value)
            small = within(tested, self.confidence, lambda bound: abs(bound) <= margin)
            calendar = new.value - old.value - tested.difference if _key(kpi) in self._mixed else tested.calendar
            return ScaledChange(tested=tested, unit=lambda bound: bound, is_small=small, calendar=calendar)
        expected = new.value * math.exp(-tested.difference)
        small = within(tested, self.confidence, lambda bound: abs(factor_less_one(bound)) <= kpi.worth_knowing)
        return ScaledChange(
            tested=tested,
            unit=lambda bound: expected * factor_less_one(bound),
            is_small=small,
            calendar=expected - old.value,
        )

    def tested(self, kpi: Kpi, cell: Cell) -> Judgement | None:
        """The test of a KPI's change in one group: asked for by its question and by its own change, made once."""
        if (key := (kpi, cell)) not in self._tests:
            self._tests[key] = self._made_test(kpi, cell)
        return self._tests[key]

    def _made_test(self, kpi: Kpi, cell: Cell) -> Judgement | None:
        """The test, with no smaller a design effect than the whole lends it."""
        contrast, factor = self._contrast(kpi, cell)
        if contrast is None:
            return None
        if cell.dimension == TOTAL:
            self._effects[_key(kpi)] = (contrast.long_run.effect, math.fsum(contrast.rows))
            of = BY_NAME["tickets_created"] if isinstance(kpi.measure, Count) and kpi.table == "answers" else None
        else:
            of = kpi
        return contrast.tested(self._borrowed(of, contrast)).scaled(factor)

    def _borrowed(self, of: Kpi | None, contrast: Contrast) -> float:
        """The least design effect of a part of a whole: of a group, or of the answers that come of tickets."""
        if of is None:
            return 1.0
        if _key(of) not in self._effects:
            self.tested(of, Cell(period=self.period))
        effect, rows = self._effects.get(_key(of), (1.0, 0.0))
        return 1 + max(0.0, effect - 1) * min(math.fsum(contrast.rows) / rows, 1.0) if rows else 1.0

    def _contrast(self, kpi: Kpi, cell: Cell) -> tuple[Contrast | None, float]:
        """The contrast of a KPI's days, and what turns its unit into the value's."""
        part = whole(kpi)
        match kpi.measure:
            case Ratio():
                return self._ratio(kpi.measure, part, cell), 1.0
            case Difference():
                return self._net(part, cell)
            case Sum():
                return self._amount(part, cell)
            case Count() | Mean() | Share() | NetShare() | Index():
                return self._additive(kpi, part, cell), 1.0
            case Quantile() if kpi.measure.at == 0.5:
                return self._times(part, kpi.measure, cell), 1.0
        return None, 1.0

    def _additive(self, kpi: Kpi, part: Part, cell: Cell) -> Contrast | None:
        measure = part.measure
        if (span := self._histories.span(part)) is None:
            return None
        history, daily = self._histories.history(span), self._series.sums(part, cell, span)
        if isinstance(measure, Count):
            return count_change(daily.tops, history)
        if kpi.asks and (scales := self._series.by_scale(part, kpi.asks, cell, span)):
            daily = of_one_mix(daily, scales)
            if len(scales) > 1:
                self._mixed.add(_key(kpi))
        is_log = isinstance(measure, Mean) and kpi.unit in (Unit.SECONDS, Unit.MONEY)
        return mean_change(daily, history, is_share=isinstance(measure, Share), is_log=is_log)

    def _amount(self, part: Part, cell: Cell) -> tuple[Contrast | None, float]:
        """Amounts by day, which may be negative; in the unit of the whole period."""
        if (span := self._histories.span(part)) is None or self._is_coarse(part, cell):
            return None, 1.0
        history = self._histories.history(span)
        return net_change(self._series.sums(part, cell, span).tops, history), float(history.lengths()[0])

    def _times(self, part: Part, measure: Quantile, cell: Cell) -> Contrast | None:
        """Times by their rank among the earlier ones: the whole of them moved, not the median alone."""
        if (span := self._histories.span(part)) is None or (ranks := self._ranks(part, measure, span)) is None:
            return None
        key = (*home(part), fact_key(measure.of))
        return mean_change(self._series.ranked(ranks, key, cell, span), self._histories.history(span))

    def _ranks(self, part: Part, measure: Quantile, span: Span) -> Ranks | None:
        return None if self.period.start is None else self._series.ranks(part, measure, span, self.period.start)

    def _change_of_times(self, kpi: Kpi, cell: Cell, tested: Judgement, old: float) -> ScaledChange | None:
        """A change of times by their test, for a KPI itself and for those that it leads; made once."""
        if (key := (kpi, cell, old)) not in self._factors:
            self._factors[key] = self._made_factor(kpi, cell, tested, old)
        return self._factors[key]

    def _made_factor(self, kpi: Kpi, cell: Cell, tested: Judgement, old: float) -> ScaledChange | None:
        part = whole(kpi)
        assert isinstance(kpi.measure, Quantile)
        if (span := self._histories.span(part)) is None or (ranks := self._ranks(part, kpi.measure, span)) is None:
            return None
        times = self._series.times(part, kpi.measure, replace(cell, period=self.period))
        return of_times(kpi, ranks, times, tested, old, self.confidence)

    def _ratio(self, measure: Ratio, part: Part, cell: Cell) -> Contrast | None:
        first, second = sides(part)
        # How many different ones there are varies by chance too, and no day shows by how much.
        if isinstance(first.measure, Difference | Distinct) or isinstance(second.measure, Distinct):
            return None
        if (span := self._histories.span(first, second)) is None:
            return None
        if self._is_coarse(first, cell) or self._is_coarse(second, cell):
            return None
        history, tops = self._histories.history(span), self._series.sums(first, cell, span).tops
        if measure.is_per_head:
            found = count_change(tops, history, of_events=isinstance(first.measure, Count))
            more = more_heads(self.engine, second, cell, self.period, self._each_step)
            return None if found is None or more is None else replace(found, difference=found.difference - more)
        rows = self._series.sums(second, cell, span).tops
        return ratio_change(Daily(tops=tops, rows=rows), history, of_counts=not measure.is_by_day)

    def _net(self, part: Part, cell: Cell) -> tuple[Contrast | None, float]:
        """One count less another, day by day; in the unit of the whole period."""
        first, second = sides(part)
        if (span := self._histories.span(first, second)) is None:
            return None, 1.0
        came, went = (self._series.sums(side, cell, span).tops for side in (first, second))
        history = self._histories.history(span)
        tops = [one - other for one, other in zip(came, went, strict=True)]
        if self._is_coarse(first, cell) or self._is_coarse(second, cell):
            return None, 1.0
        is_of_counts = isinstance(first.measure, Count) and isinstance(second.measure, Count)
        events = [one + other for one, other in zip(came, went, strict=True)] if is_of_counts else None
        return net_change(tops, history, events), float(history.lengths()[0])

    def _is_coarse(self, part: Part, cell: Cell) -> bool:
        """Whether amounts are known by the month alone, so that days do not show how they vary."""
        if not isinstance(part.measure, Sum) or (coarse := part.measure.coarse()) is None:
            return False
        sums, fact = self.engine.sums(*home(part)), fact_key(coarse)
        return any(sums.sums(fact, replace(cell, period=one)).n for one in (self.period, self.baseline))

    def _flow(self, cell: Cell) -> Judgement | None:
        """The test of the flow of a group, which several KPIs are twins of."""
        if (key := (cell.dimension, cell.group)) not in self._flows:
            self._flows[key] = flow_test(
                self._series, cell, self.period.start, self._histories.end(), self.baseline.start
            )
        return self._flows[key]

    def _flow_change(self, kpi: Kpi, cell: Cell, new: Estimate, old: Estimate, answer: Answer | None) -> Change | None:
        """A change of one of the flow's twins: the figure's own, judged by the flow given the arrivals.

        What is judged is no difference of the two figures, so that neither has an interval: they have the reach of the test, a rate in
        shares of what was created, and what went another way than the flow is not called. It is no change worth knowing only where one of
        that reach about the figure's own change is none either.
        """
        if new.value is None or old.value is None:
            return None
        value = new.value - old.value
        tested = self._flow(cell) if answer is not None else None
        made = self._series.count(sides(whole(BY_NAME["net_flow"]))[0], replace(cell, period=self.period))
        if tested is None or answer is None or not made:
            return Change(value=value, note=NO_FLOW if answer is None else None)
        is_rate = kpi.unit is Unit.SHARE
        unit = tickets_of(kpi, new, made)
        margin = margin_of_flow(kpi, old.value or 0.0, made)
        size = abs(value) * (made if is_rate else 1.0)
        reach = tested.reach(2 * self.confidence - 1) * tested.error
        is_small = margin is not None and within(tested, self.confidence, lambda bound: abs(bound) <= margin)
        is_small = is_small and margin is not None and size + reach <= margin
        return Change(
            value=value, rises=value > 0 if value else None, note=GIVEN, answer=answer, is_small=is_small,
            error=None if unit is None else tested.error * unit, freedom=tested.freedom, rows=0.0 if is_of_days(kpi) else made,
        )  # fmt: skip

    @property
    def _steps(self) -> int:
        return len(self._each_step)

    @cached_property
    def _each_step(self) -> tuple[Period, ...]:
        """The baseline in steps as long as the period."""
        return self.baseline.steps_like(self.period)


def _key(kpi: Kpi) -> tuple[str, str]:
    return kpi.definition, kpi.currency or ""
