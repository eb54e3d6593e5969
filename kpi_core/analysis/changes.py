"""What changed against the baseline, judged by the days: the change, its interval, and the answer to the KPI's question."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from kpi_core.analysis.baselines import average
from kpi_core.analysis.questions import FIRST_REPLY, FLOW, Question, question_of
from kpi_core.calendars import Calendar
from kpi_core.contrasts import (
    FEWEST_DAYS,
    FEWEST_ROWS,
    Contrast,
    Daily,
    History,
    Judgement,
    count_change,
    factor_less_one,
    kinds_of_days,
    mean_change,
    net_change,
    of_one_mix,
    ratio_change,
)
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.engine.daily import MOST_LAG, DaySeries, Ranks, Span
from kpi_core.engine.plan import needs, sides, whole
from kpi_core.engine.states import home
from kpi_core.estimates import Estimate
from kpi_core.judged import Judged
from kpi_core.kpi import Kpi, Unit
from kpi_core.kpis import BY_NAME
from kpi_core.measures import (
    Count,
    Difference,
    Distinct,
    Gone,
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
from kpi_core.periods import Period
from kpi_core.report import Answer, Change

YEAR = timedelta(days=365)
"""How far back the days are looked at that tell how much they vary."""
WARM_UP = timedelta(days=30)
"""Days after the first, in which a file of tickets created from then on has too few endings."""
LONG_ENOUGH = 120
"""Days of history from which net flow is judged given the arrivals, and a warm-up can be spared."""
FLOW_FREEDOM = 20
MATURE = timedelta(days=60)
WAITING = 0.03
"""The share of tickets that may wait for a reply beyond that of the baseline, before their times are no fair sample."""
HALVINGS = 12
"""Steps to a factor of times, before the last stretch is taken as straight."""
FARTHEST = 7.0
"""The logarithm of a factor beyond which times have no bound."""
FEW = f"not tested: it takes {FEWEST_DAYS} days of history, and {FEWEST_ROWS} rows on each side that differ from one another"
CROSSED = "not called a change: all the times together, or the tickets behind it, went another way than this figure"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A tested change in a KPI's own unit: from `Judgement` to the value's unit by `unit`, and whether it is too small to matter."""

    tested: Judgement
    unit: Callable[[float], float | None]
    is_small: bool
    calendar: float | None = None


@dataclass(kw_only=True, eq=False)
class Changes:
    """Judges changes between two periods of an engine's KPIs."""

    engine: Engine
    period: Period
    baseline: Period
    confidence: float
    calendar: Calendar | None = None
    _series: DaySeries = field(init=False)
    _effects: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _answers: dict[tuple[str, str, str | None], Answer | None] = field(default_factory=dict)
    _histories: dict[Span, History] = field(default_factory=dict)
    _flows: dict[tuple[str, str | None], Judgement | None] = field(default_factory=dict)
    _waiting: dict[str, dict[str | None, tuple[float, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reads daily series off the engine's states."""
        self._series = DaySeries(engine=self.engine)

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
        told = self._told(kpi, cell, new, old) if value is not None else None
        if answer is None and told is not None and isinstance(kpi.measure, Judged):
            answer = Answer(question=kpi.name, p=told.tested.p, rises=told.tested.difference > 0)
        if told is None or answer is None:
            waits = self._waits(cell) if question.name == FIRST_REPLY and kpi.table == "tickets" else None
            note = "" if answer is not None or not _has_test(kpi) else waits or FEW
            return Change(value=value, answer=answer, note=note)
        found = told.tested
        low, high = (told.unit(bound) for bound in found.bounds(self.confidence))
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Change(
            value=value, low=low, high=high, p=found.p, rises=_rises(kpi, found), answer=answer, is_small=told.is_small,
            error=_error(low, high, found.reach(self.confidence)), freedom=found.freedom, rows=found.rows, calendar=told.calendar,
        )  # fmt: skip

    def of_share(self, part: Part) -> tuple[float, float, Judgement] | None:
        """A share that no KPI is, in both periods, with its test; None where it cannot be tested."""
        span, cell = self._span(part), Cell(period=self.period)
        if span is None:
            return None
        history, daily = self._history(span), self._series.sums(part, cell, span)
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
        if lead is None or (question.name == FIRST_REPLY and self._waits(cell) is not None):
            return None
        tested = self._flow(cell) if question.name == FLOW else self._test_of(lead, cell)
        if tested is None:
            return None
        return Answer(question=question.name, p=tested.p, rises=tested.difference > 0)

    def _waits(self, cell: Cell) -> str | None:
        """What is said where many more of the period's tickets than of the baseline's still wait: their times are not known yet."""
        if cell.dimension not in self._waiting:
            self._waiting[cell.dimension] = self._still_waiting(cell.dimension)
        now, then = self._waiting[cell.dimension].get(cell.group, (0.0, 0.0))
        if now - then <= WAITING:
            return None
        return f"not tested: {now:.0%} of the tickets still wait for a reply, {then:.0%} of those compared with"

    def _still_waiting(self, dimension: str) -> dict[str | None, tuple[float, float]]:
        """The share of each group's tickets that wait for a first reply, of the period and of the baseline."""
        frame = self.engine.tables["tickets"].frame
        names = ("awaits_reply", "tells_replies", "first_reply_time", "is_resolved")
        if not {*names, *([dimension] if dimension != TOTAL else [])} <= set(frame.columns):
            return {}
        group = pl.lit(None, pl.String) if dimension == TOTAL else pl.col(dimension).cast(pl.String)
        rows = frame.lazy().select(
            "awaits_reply", "tells_replies", day=self.engine.day("tickets", "created_at"), group=group,
            waits=pl.col("first_reply_time").is_null() & ~pl.col("is_resolved").fill_null(value=True),
        ).filter(pl.col("awaits_reply") & pl.col("tells_replies"))  # fmt: skip
        shares = [
            pl.col("waits")
            .filter(pl.col("day").is_between(period.start, period.end, closed="left"))
            .mean()
            .fill_null(0.0)
            for period in (self.period, self.baseline)
        ]
        found = rows.group_by("group").agg(shares[0].alias("now"), shares[1].alias("then")).collect()
        return {name: (now, then) for name, now, then in found.iter_rows()}

    def _test_of(self, kpi: Kpi, cell: Cell) -> Judgement | None:
        """A KPI's own test, in its own terms."""
        if not isinstance(kpi.measure, Kept | Repeated):
            return self._tested(kpi, cell)
        new = self.engine.estimate(kpi, replace(cell, period=self.period))
        told = self._told(kpi, cell, new, average(self.engine, kpi, cell, self._each_step, self.baseline))
        return None if told is None else told.tested

    def _lead(self, question: Question, kpi: Kpi) -> Kpi | None:
        """The KPI whose test answers a question, as this report has it; None where the files cannot feed it."""
        if question.lead == kpi.name:
            return kpi
        lead = next((one for one in self.engine.kpis if one.name == question.lead), BY_NAME[question.lead])
        held = self.engine.tables
        fed = all(
            table in held and column in held[table].frame.columns and column in held[table].available
            for table, column in needs(lead)
        )
        return lead if fed else None

    def _told(self, kpi: Kpi, cell: Cell, new: Estimate, old: Estimate) -> Told | None:
        """The KPI's own test, in its own unit."""
        if new.value is None or old.value is None:
            return None
        if question_of(kpi).name == FLOW:
            return self._flow_told(kpi, cell, new)
        if isinstance(kpi.measure, Kept):
            days = ((self.period.days or 0), (self.baseline.days or 0) / self._steps)
            return _of_kept(kpi, new, old, days, self.confidence)
        if isinstance(kpi.measure, Repeated):
            return _of_repeated(kpi, new, old, self.confidence)
        tested = self._tested(kpi, cell)
        if tested is None:
            return None
        if isinstance(kpi.measure, Quantile):
            return self._times_told(kpi, cell, tested, old.value)
        if not tested.is_log:
            margin = worth(kpi, old.value)
            small = _within(tested, self.confidence, lambda bound: abs(bound) <= margin)
            return Told(tested=tested, unit=lambda bound: bound, is_small=small, calendar=tested.calendar)
        expected = new.value * math.exp(-tested.difference)
        small = _within(tested, self.confidence, lambda bound: abs(factor_less_one(bound)) <= kpi.worth_knowing)
        return Told(
            tested=tested,
            unit=lambda bound: expected * factor_less_one(bound),
            is_small=small,
            calendar=expected - old.value,
        )

    def _tested(self, kpi: Kpi, cell: Cell) -> Judgement | None:
        """The test of a KPI's change in one group, with no smaller a design effect than the whole lends it."""
        contrast, factor = self._contrast(kpi, cell)
        if contrast is None:
            return None
        borrowed = 1.0
        key = (kpi.definition, kpi.currency or "")
        if cell.dimension == TOTAL:
            self._effects[key] = (contrast.long_run.effect, math.fsum(contrast.rows))
        elif (whole_ := self._whole_effect(kpi, key)) is not None and whole_[1] > 0:
            borrowed = 1 + max(0.0, whole_[0] - 1) * min(math.fsum(contrast.rows) / whole_[1], 1.0)
        return contrast.tested(borrowed).scaled(factor)

    def _whole_effect(self, kpi: Kpi, key: tuple[str, str]) -> tuple[float, float] | None:
        if key not in self._effects:
            self._tested(kpi, Cell(period=self.period))
        return self._effects.get(key)

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
        if (span := self._span(part)) is None:
            return None
        history, daily = self._history(span), self._series.sums(part, cell, span)
        if isinstance(measure, Count):
            return count_change(daily.tops, history)
        if kpi.asks and (scales := self._series.by_scale(part, kpi.asks, cell, span)):
            daily = of_one_mix(daily, scales)
        is_log = isinstance(measure, Mean) and kpi.unit in (Unit.SECONDS, Unit.MONEY)
        return mean_change(daily, history, is_share=isinstance(measure, Share), is_log=is_log)

    def _amount(self, part: Part, cell: Cell) -> tuple[Contrast | None, float]:
        """Amounts by day, which may be negative; in the unit of the whole period."""
        if (span := self._span(part)) is None or self._is_coarse(part, cell):
            return None, 1.0
        history = self._history(span)
        return net_change(self._series.sums(part, cell, span).tops, history), float(history.lengths()[0])

    def _times(self, part: Part, measure: Quantile, cell: Cell) -> Contrast | None:
        """Times by their rank among the earlier ones: the whole of them moved, not the median alone."""
        span = self._span(part)
        ranks = None if span is None else self._ranks(part, measure, span)
        if span is None or ranks is None:
            return None
        key = (*home(part), str(measure.of))
        return mean_change(self._series.ranked(ranks, key, cell, span), self._history(span))

    def _ranks(self, part: Part, measure: Quantile, span: Span) -> Ranks | None:
        return None if self.period.start is None else self._series.ranks(part, measure, span, self.period.start)

    def _times_told(self, kpi: Kpi, cell: Cell, tested: Judgement, old: float) -> Told | None:
        """The factor by which times are longer: every one that, taken out of them, leaves no more than chance between the two."""
        part = whole(kpi)
        assert isinstance(kpi.measure, Quantile)
        span = self._span(part)
        ranks = None if span is None else self._ranks(part, kpi.measure, span)
        if ranks is None:
            return None
        times = self._series.times(part, kpi.measure, replace(cell, period=self.period))
        level = ranks.mean_rank(times)

        def factor(left: float) -> float | None:
            """The logarithm of the factor that leaves a difference of mean ranks of `tested.difference − left`."""
            wanted = level - left
            low, high = -FARTHEST, FARTHEST
            above, below = (ranks.mean_rank(times, math.exp(-end)) for end in (low, high))
            if not below < wanted < above:
                return None
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                rank = ranks.mean_rank(times, math.exp(-middle))
                if rank > wanted:
                    low, above = middle, rank
                else:
                    high, below = middle, rank
            return low + (high - low) * (above - wanted) / (above - below) if above > below else (low + high) / 2

        def unit(bound: float) -> float | None:
            found = factor(bound)
            return None if found is None else old * factor_less_one(found)

        def is_near(bound: float) -> bool:
            found = factor(bound)
            return found is not None and abs(factor_less_one(found)) <= kpi.worth_knowing

        return Told(tested=tested, unit=unit, is_small=_within(tested, self.confidence, is_near))

    def _ratio(self, measure: Ratio, part: Part, cell: Cell) -> Contrast | None:
        first, second = sides(part)
        if isinstance(measure.first.measure, Difference | Distinct) or (span := self._span(first, second)) is None:
            return None
        if self._is_coarse(first, cell) or self._is_coarse(second, cell):
            return None
        history, tops = self._history(span), self._series.sums(first, cell, span).tops
        if measure.is_per_head:
            found = count_change(tops, history, of_events=isinstance(first.measure, Count))
            return None if found is None else self._a_head(found, second, cell)
        rows = self._series.sums(second, cell, span).tops
        return ratio_change(Daily(tops=tops, rows=rows), history, of_counts=not measure.is_by_day)

    def _a_head(self, found: Contrast, heads: Part, cell: Cell) -> Contrast | None:
        """A flow for each head: the heads are counted. Where most have a row or two, there are more of them in more days."""
        now, then = (
            self.engine.part(heads, replace(cell, period=period)).value for period in (self.period, self.baseline)
        )
        if not now or not then:
            return None
        months = self._steps
        if months > 1:
            each = (self.engine.part(heads, replace(cell, period=step)).value or 0.0 for step in self._each_step)
            then = math.fsum(each) / months
        grows = (
            isinstance(heads.measure, Distinct)
            and min(found.rows[0] / now, found.rows[1] / months / max(then, 1)) < FEWEST_ROWS
        )
        shift = found.calendar + math.log(months) if grows else 0.0
        return replace(
            found, difference=found.difference + shift - math.log(now / then), calendar=found.calendar - shift
        )

    def _net(self, part: Part, cell: Cell) -> tuple[Contrast | None, float]:
        """One count less another, day by day; in the unit of the whole period."""
        first, second = sides(part)
        if (span := self._span(first, second)) is None:
            return None, 1.0
        came, went = (self._series.sums(side, cell, span).tops for side in (first, second))
        history = self._history(span)
        tops = [one - other for one, other in zip(came, went, strict=True)]
        if self._is_coarse(first, cell) or self._is_coarse(second, cell):
            return None, 1.0
        is_of_counts = isinstance(first.measure, Count) and isinstance(second.measure, Count)
        events = [one + other for one, other in zip(came, went, strict=True)] if is_of_counts else None
        return net_change(tops, history, events), float(history.lengths()[0])

    def _is_coarse(self, part: Part, cell: Cell) -> bool:
        """Whether amounts are known by the month alone, so that days tell nothing of how they vary."""
        if not isinstance(part.measure, Sum) or (coarse := part.measure.coarse()) is None:
            return False
        held = self.engine.sums(*home(part))
        return any(held.sums(str(coarse), replace(cell, period=period)).n for period in (self.period, self.baseline))

    def _flow(self, cell: Cell) -> Judgement | None:
        """The test of the flow of a group, which several KPIs are twins of."""
        if (key := (cell.dimension, cell.group)) not in self._flows:
            self._flows[key] = self._flow_of(cell)
        return self._flows[key]

    def _flow_of(self, cell: Cell) -> Judgement | None:
        """How many fewer tickets were resolved than the arrivals of the period and of the month before it let expect.

        A burst on the last day of a month is resolved in the next: what is left after that is judged by what sums over as many
        days of the history came to.
        """
        net = BY_NAME["net_flow"]
        created, resolved = sides(whole(net))
        begun, start, end = self._series.begins(created), self.period.start, self._end()
        if begun is None or start is None or end is None or start >= end:
            return None
        first = max(begun, start - YEAR - WARM_UP) + WARM_UP
        days = (start - first).days
        length = (end - start).days
        if days < LONG_ENOUGH or days < 2 * length:
            return None
        profile = self._series.lags(cell.dimension, first, start - MATURE).get(cell.group)
        if profile is None:
            return None
        early = Span(first=first - WARM_UP, last=end)
        came = self._series.sums(created, cell, early).tops
        went = self._series.sums(resolved, cell, early).tops[WARM_UP.days :]
        due = [
            math.fsum(came[day + WARM_UP.days - lag] * profile[lag] for lag in range(MOST_LAG + 1))
            for day in range(len(went))
        ]
        short = [one - other for one, other in zip(due, went, strict=True)]
        return _short_of(short, days, length, _open_at_edges(came, profile, days))

    def _flow_told(self, kpi: Kpi, cell: Cell, new: Estimate) -> Told | None:
        """The flow's test in the unit of one of its twins: tickets, or the share of those created."""
        tested = self._flow(cell)
        if tested is None or new.value is None or kpi.unit is Unit.DAYS:
            return None
        made = self.engine.part(sides(whole(BY_NAME["net_flow"]))[0], replace(cell, period=self.period)).value
        if not made:
            return None
        margin = BY_NAME["resolution_rate"].worth_knowing * made
        small = _within(tested, self.confidence, lambda bound: abs(bound) <= margin)
        scale = -1 / made if kpi.unit is Unit.SHARE else 1.0
        return Told(tested=replace(tested, rows=made), unit=lambda bound: bound * scale, is_small=small)

    def _span(self, *parts: Part) -> Span | None:
        """The days that tell how a KPI varies: a year before the period, or to its baseline, as far as all its parts reach."""
        begun: dict[str, date] = {}
        for part in parts:
            table, day = home(part)[0], self._series.begins(part)
            if day is not None:
                begun[table] = min(begun.get(table, day), day)
        start, old, end = self.period.start, self.baseline.start, self._end()
        if (
            len(begun) < len({home(part)[0] for part in parts})
            or start is None
            or old is None
            or end is None
            or end <= start
        ):
            return None
        first = max(begun.values())
        if any(self._is_of_endings(part) for part in parts):
            later = first + WARM_UP
            first = later if (end - later).days >= LONG_ENOUGH and later <= old else first
        first = max(first, min(start - YEAR, old))
        span = Span(first=first, last=end)
        return span if span.days >= FEWEST_DAYS and (self.baseline.end or end) > first else None

    def _is_of_endings(self, part: Part) -> bool:
        """Whether a part counts what ended, so that a file of tickets created from some day begins with too few."""
        table, dated_by = home(part)
        return table == "tickets" and dated_by != "created_at"

    def _end(self) -> date | None:
        """The end of the period, as far as the files reach."""
        end, today = self.period.end, self.engine.clock.today
        return end if end is None or today is None else min(end, today + timedelta(days=1))

    def _history(self, span: Span) -> History:
        if span not in self._histories:
            days = [span.first + timedelta(days=place) for place in range(span.days)]
            closed = None
            if (calendar := self.calendar) is not None:
                closed = lambda place: calendar.is_closed_for_once(days[place])  # noqa: E731
            start, old, end = self.period.start, self.baseline.start, self.baseline.end
            assert start is not None
            assert old is not None
            assert end is not None
            self._histories[span] = History(
                kinds=kinds_of_days([day.weekday() for day in days], closed),
                now=slice(span.place(start), span.days),
                then=slice(max(span.place(old), 0), span.place(end)),
            )
        return self._histories[span]

    @property
    def _steps(self) -> int:
        return len(self._each_step)

    @cached_property
    def _each_step(self) -> tuple[Period, ...]:
        """The baseline in steps as long as the period."""
        return self.baseline.steps_like(self.period)


def worth(kpi: Kpi, old: float) -> float:
    """The change worth knowing in the value's own unit: as it stands for shares, points and scores, of the value for all else."""
    return kpi.worth_knowing * (1.0 if kpi.unit in (Unit.SHARE, Unit.POINTS, Unit.SCORE) else abs(old))


def _open_at_edges(came: Sequence[float], profile: Sequence[float], days: int) -> float:
    """Tickets open at the end of a day of the history that are resolved within a month of their opening: the mean of one day a month."""
    done = [0.0]
    for lag in range(MOST_LAG + 1):
        done.append(done[-1] + profile[lag])
    found = [
        math.fsum(came[day + WARM_UP.days - ago] * (done[-1] - done[ago]) for ago in range(1, MOST_LAG + 1))
        for day in range(0, days, MOST_LAG)
    ]
    return math.fsum(found) / len(found)


def _short_of(short: Sequence[float], days: int, length: int, edge: float) -> Judgement:
    """The surplus of the last `length` days over the mean of the `days` before, by all sums of as many days among those."""
    before, now = short[:days], math.fsum(short[days:])
    mean = math.fsum(before) / days
    sums, running = [], math.fsum(value - mean for value in before[:length])
    sums.append(running)
    for day in range(length, days):
        running += before[day] - before[day - length]
        sums.append(running)
    variance = max(math.fsum(value * value for value in sums) / len(sums), edge)
    error = math.sqrt(variance * (1 + length / days))
    return Judgement(difference=now - length * mean, error=error, freedom=FLOW_FREEDOM, is_log=False, rows=1.0)


def _of_repeated(kpi: Kpi, new: Estimate, old: Estimate, confidence: float) -> Told | None:
    """The share of customers who came back, where the two windows have no day in common."""
    if new.value is None or old.value is None or not are_apart(new.parts, old.parts) or min(new.n, old.n) < FEWEST_ROWS:
        return None
    share = (new.parts["k"] + old.parts["k"] + 1) / (new.n + old.n + 2)
    error = math.sqrt(share * (1 - share) * (1 / new.n + 1 / old.n))
    tested = Judgement(
        difference=new.value - old.value, error=error, freedom=math.inf, is_log=False, rows=2 / (1 / new.n + 1 / old.n)
    )
    small = _within(tested, confidence, lambda bound: abs(bound) <= kpi.worth_knowing)
    return Told(tested=tested, unit=lambda bound: bound, is_small=small)


def are_apart(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    """Whether two windows have no day in common; `all` has every day."""
    edges = [side.get(edge) for side in (new, old) for edge in ("from", "to")]
    return None not in edges and (new["from"] >= old["to"] or old["from"] >= new["to"])


def _of_kept(kpi: Kpi, new: Estimate, old: Estimate, days: tuple[float, float], confidence: float) -> Told | None:
    """Customers lost for each there was and day: their rate, as a factor."""
    is_gone = isinstance(kpi.measure, Gone)
    if min(days) < 1 or new.n < 1 or old.n < 1:
        return None
    gone = [(side.parts["k"] if is_gone else side.n - side.parts["k"]) for side in (new, old)]
    heads = [new.n, old.n]
    if max(gone) < FEWEST_ROWS:
        return None
    half = 0.0 if min(gone) else 0.5
    rates = [(one + half) / (n * length) for one, n, length in zip(gone, heads, days, strict=True)]
    error = math.sqrt(math.fsum(1 / (one + half) for one in gone))
    tested = Judgement(
        difference=math.log(rates[0] / rates[1]),
        error=error,
        freedom=math.inf,
        is_log=True,
        rows=2 / (1 / heads[0] + 1 / heads[1]),
    )
    usual = rates[1] * days[0]
    sign = 1 if is_gone else -1
    small = _within(tested, confidence, lambda bound: abs(usual * factor_less_one(bound)) <= kpi.worth_knowing)
    return Told(tested=tested, unit=lambda bound: sign * usual * factor_less_one(bound), is_small=small)


def _within(tested: Judgement, confidence: float, is_near: Callable[[float], bool]) -> bool:
    """Whether both ends of the interval of two one-sided tests are near (90 % where the report's is 95 %)."""
    if tested.error == 0:
        return False
    return all(is_near(bound) for bound in tested.bounds(2 * confidence - 1))


def _rises(kpi: Kpi, tested: Judgement) -> bool | None:
    """Which way the value went after the calendar."""
    up = tested.difference > 0
    if isinstance(kpi.measure, Kept) and not isinstance(kpi.measure, Gone):
        return not up
    return up if question_of(kpi).name != FLOW else up is not question_of(kpi).falls(kpi)


def _error(low: float | None, high: float | None, reach: float) -> float | None:
    """One standard error in the value's own unit, of an interval that reaches so many of them to each side."""
    return None if low is None or high is None else abs(high - low) / (2 * reach)


def _has_test(kpi: Kpi) -> bool:
    """Whether its change is tested at all where the rows are enough."""
    return isinstance(kpi.measure, Count | Sum | Mean | Share | NetShare | Index | Quantile)
