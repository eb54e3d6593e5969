"""The protocol of states: parts of a table put together are the whole, however it was split; and every state can be sent elsewhere.

Each kind of state is gathered of the parts of a made-up table, some of them empty, pickled, put together in any order, and
compared with the state of the whole table row by row, and with what its readers say.
"""

import pickle
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars import col

from kpi_core.engine import ranks
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.states.keys import KeyDaysPlan, KeysReader
from kpi_core.engine.states.lags import Lags, LagsPlan
from kpi_core.engine.states.marks import Marks, MarksPlan
from kpi_core.engine.states.risk_sets import WatchesPlan, WatchesReader
from kpi_core.engine.states.scale_days import ScaleDaysPlan
from kpi_core.engine.states.state import Plan, Reader, State, merged
from kpi_core.engine.states.stocks import SpansPlan, SpansReader
from kpi_core.engine.states.sums import DaySums, DaySumsPlan, SumsReader, digests
from kpi_core.engine.states.values import Values, ValuesPlan, ValuesReader
from kpi_core.facts import Facts
from kpi_core.model.clock import Clock
from kpi_core.model.estimates import Estimate
from kpi_core.model.measures import (
    Count,
    Distinct,
    Gone,
    Index,
    Kept,
    Mean,
    Measure,
    NetShare,
    Quantile,
    Repeated,
    Share,
    Stock,
    StockAge,
    StockDays,
    Sum,
)
from kpi_core.model.periods import ALL, parse_period
from kpi_core.model.service_levels import Judged
from kpi_core.model.stocks_and_survival import Survival, SurvivalMean, SurvivalShare, SurvivalTime

START = datetime(2026, 1, 1)
SCHEMA = {
    "created_at": pl.Datetime("ms"), "resolved_at": pl.Datetime("ms"), "is_resolved": pl.Boolean, "team": pl.Categorical,
    "priority": pl.Enum(["low", "high"]), "score": pl.Int32, "rating": pl.Float64, "key": pl.UInt64, "question": pl.String,
    "rescaled": pl.Float64, "response_id": pl.UInt64, "scale_low": pl.Float64, "scale_high": pl.Float64, "on_scale": pl.Boolean,
}  # fmt: skip
INSTANTS = st.one_of(st.none(), st.integers(0, 59 * 8).map(lambda step: START + timedelta(hours=3 * step)))
SCALES = st.sampled_from([(1.0, 5.0), (1.0, 10.0), (None, None)])
ROW = st.fixed_dictionaries(
    {
        "created_at": INSTANTS,
        "resolved_at": INSTANTS,
        "is_resolved": st.one_of(st.none(), st.booleans()),
        "team": st.sampled_from([None, "Billing", "Returns"]),
        "priority": st.sampled_from([None, "low", "high"]),
        "score": st.one_of(st.none(), st.integers(-5, 10_000)),
        "rating": st.one_of(st.none(), st.sampled_from([1.5, 2.25, 5.0])),
        "key": st.one_of(st.none(), st.integers(1, 5)),
        "question": st.sampled_from(["a", "b"]),
        "rescaled": st.one_of(st.none(), st.sampled_from([0.0, 25.0, 100.0])),
        "response_id": st.integers(1, 4),
        "on_scale": st.booleans(),
        "scale": SCALES,
    }
)
# Rows with the part that each is dealt to, which only the respondent shows: an index looks across the answers of one.
ROWS = st.lists(ROW, max_size=14)
DEALT = st.lists(st.integers(0, 3), min_size=5, max_size=5)
DIMENSIONS = ("team", "priority")
CLOCK = Clock(zone="Europe/Stockholm", as_of=START + timedelta(days=58))
CELLS = [
    Cell(period=period, dimension=dimension, group=group)
    for period in (ALL, parse_period("2026-02"))
    for dimension, group in ((TOTAL, None), ("team", None), ("team", "Billing"))
]
SPAN = (date(2026, 1, 1), date(2026, 3, 1))

ADDITIVE = [
    Count(col("is_resolved")),
    Sum(col("rating"), by_month=col("is_resolved")),
    Mean(col("score")),
    Share(of=col("score") > 5, among=col("is_resolved")),
    NetShare(plus=col("score") > 8, minus=col("score") < 3, among=col("score").is_not_null()),
    Index({"a": 0.5, "b": 0.5}),
    Judged(of=col("score") > 5, among=col("is_resolved"), pending=~col("is_resolved")),
]
QUANTILES = [Quantile(col("score")), Quantile(col("rating"), at=0.9)]
KEYED = [Distinct(col("key")), Repeated(col("key"), window=40)]
SPANS = (col("created_at"), col("resolved_at"))
STOCKS_AND_CURVES: list[Stock | Kept] = [Stock(*SPANS), StockAge(*SPANS), StockDays(*SPANS), Kept(*SPANS), Gone(*SPANS)]
WATCHED = (*SPANS, col("is_resolved").fill_null(value=False))
CURVES: list[Survival] = [
    SurvivalTime(*WATCHED, at=0.5),
    SurvivalMean(*WATCHED, up_to=86_400 * 20),
    SurvivalShare(*WATCHED, within=col("score").cast(pl.Int64).clip(1)),
]


def table(rows: Sequence[dict[str, Any]]) -> Facts:
    shown = [{**row, "scale_low": row["scale"][0], "scale_high": row["scale"][1]} for row in rows]
    frame = pl.DataFrame([{name: row[name] for name in SCHEMA} for row in shown], schema=SCHEMA)
    return Facts(frame=frame, available=frozenset(SCHEMA), counts={}, zone=CLOCK.zone)


def sums_plan() -> DaySumsPlan:
    facts = {}
    for measure in ADDITIVE:
        facts |= dict(zip(digests(measure), (measure.facts()[0], *measure.companions()), strict=True))
    squares = frozenset(digests(measure)[0] for measure in ADDITIVE if measure.has_squares)
    times = frozenset({digests(ADDITIVE[2])[0]})
    return DaySumsPlan(table="tickets", dated_by="created_at", facts=facts, dimensions=DIMENSIONS, has_squares=squares, has_cubes=times)  # fmt: skip


def keys_plans() -> list[KeyDaysPlan]:
    return [
        KeyDaysPlan(table="tickets", dated_by="created_at", measure=KEYED[0], dimension=dimension)
        for dimension in (TOTAL, "team")
    ]


PLANS: list[Plan[State]] = [
    sums_plan(),
    *(ValuesPlan(table="tickets", dated_by="created_at", measure=each, dimensions=DIMENSIONS) for each in QUANTILES),
    *keys_plans(),
    SpansPlan(table="tickets", measure=STOCKS_AND_CURVES[0], dimensions=DIMENSIONS),
    *(WatchesPlan(table="tickets", measure=each, dimensions=DIMENSIONS) for each in CURVES[1:]),
    *(LagsPlan(dimension=dimension) for dimension in (TOTAL, "team")),
    *(
        ScaleDaysPlan(table="tickets", dated_by="created_at", measure=ADDITIVE[3], dimension=dimension)
        for dimension in (TOTAL, "team")
    ),
    MarksPlan(table="tickets"),
]


def parts_of(rows: Sequence[dict[str, Any]], dealt: Sequence[int]) -> list[Facts]:
    """The table in four parts, some of them without rows."""
    return [table([row for row in rows if dealt[row["response_id"]] == part]) for part in range(4)]


def together(plan: Plan[State], rows: Sequence[dict[str, Any]], dealt: Sequence[int], order: Callable[[list[Any]], Any]) -> State:  # fmt: skip
    """The state put together of those of the parts, each of which was sent."""
    sent = [pickle.loads(pickle.dumps({plan.key: plan.partial(part)})) for part in parts_of(rows, dealt)]
    return merged(order(sent))[plan.key]


def content(state: State) -> dict[str, list[tuple[str, ...]]]:
    """A state's rows whatever their order, sums without the digits that hang on it."""
    frames = state.frames if isinstance(state, DaySums) else {"": state.frame}  # type: ignore[attr-defined]
    return {
        name: sorted(tuple(f"{cell:.10g}" if isinstance(cell, float) else repr(cell) for cell in row)
                     for row in frame.select(sorted(frame.columns)).rows())
        for name, frame in frames.items()
    }  # fmt: skip


def readers(state: Callable[[Plan[Any]], Any]) -> list[tuple[Measure, Reader]]:
    """Every measure with what reads its state."""
    keys = {plan.dimension: KeysReader(state=state(plan)) for plan in keys_plans()}
    found: list[tuple[Measure, Reader]] = []
    sums = SumsReader(state=state(sums_plan()), covered=SPAN)
    found += [(measure, sums) for measure in ADDITIVE]
    for measure in QUANTILES:
        plan = ValuesPlan(table="tickets", dated_by="created_at", measure=measure, dimensions=DIMENSIONS)
        found.append((measure, ValuesReader(state=state(plan), periods=[cell.period for cell in CELLS])))
    found += [(measure, ByDimension(keys)) for measure in KEYED]
    for result in STOCKS_AND_CURVES:
        plan_of_spans = SpansPlan(table="tickets", measure=result, dimensions=DIMENSIONS)
        found.append((result, SpansReader(state=state(plan_of_spans), clock=CLOCK)))
    for curve in CURVES:
        watches = WatchesPlan(table="tickets", measure=curve, dimensions=DIMENSIONS)
        found.append((curve, WatchesReader(state=state(watches), clock=CLOCK)))
    return found


class ByDimension:
    """Keys are gathered a dimension at a time."""

    def __init__(self, readers: dict[str, KeysReader]) -> None:
        self.readers = readers

    def finish(self, measure: Measure, cell: Cell, confidence: float) -> Any:
        return self.readers[cell.dimension].finish(measure, cell, confidence)


def rounded(estimate: Estimate) -> tuple[str | None, ...]:
    """What an estimate says, without the digits that hang on the order in which sums were added up."""
    figures = (estimate.value, estimate.n, estimate.low, estimate.high)
    return tuple(None if figure is None else f"{figure:.9g}" for figure in figures)


ORDERS = st.sampled_from([list, lambda parts: parts[::-1], lambda parts: [*parts[2:], *parts[:2]]])


@settings(max_examples=15, deadline=None, derandomize=True)
@given(rows=ROWS, dealt=DEALT, order=ORDERS)
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.key[0]}-{plan.key[-1][:8]}")
def test_parts_put_together_are_the_whole(
    plan: Plan[State], rows: list[dict[str, Any]], dealt: list[int], order: Callable[[list[Any]], Any]
) -> None:
    assert content(together(plan, rows, dealt, order)) == content(plan.partial(table(rows)))


@settings(max_examples=8, deadline=None, derandomize=True)
@given(rows=ROWS, dealt=DEALT, order=ORDERS)
def test_what_is_read_off_parts_is_what_is_read_off_the_whole(
    rows: list[dict[str, Any]], dealt: list[int], order: Callable[[list[Any]], Any]
) -> None:
    whole = readers(lambda plan: plan.partial(table(rows)))
    put = readers(lambda plan: together(plan, rows, dealt, order))
    for (measure, one), (_, other) in zip(whole, put, strict=True):
        for cell in CELLS:
            expected, found = one.finish(measure, cell, 0.95), other.finish(measure, cell, 0.95)
            assert rounded(found) == rounded(expected), (measure, cell)
            assert type(found.parts) is type(expected.parts)
            assert pickle.loads(pickle.dumps(found)) == found


@settings(max_examples=10, deadline=None, derandomize=True)
@given(rows=ROWS, dealt=DEALT)
def test_a_state_put_together_twice_over_is_the_same(rows: list[dict[str, Any]], dealt: list[int]) -> None:
    for plan in PLANS:
        one, two, three, four = [{plan.key: plan.partial(part)} for part in parts_of(rows, dealt)]
        in_pairs = merged([merged([one, two]), merged([three, four])])
        assert content(in_pairs[plan.key]) == content(merged([one, two, three, four])[plan.key])


@settings(max_examples=8, deadline=None, derandomize=True)
@given(rows=ROWS, dealt=DEALT)
def test_ranks_lags_and_ends_of_scales_come_of_states_alone(rows: list[dict[str, Any]], dealt: list[int]) -> None:
    def of(plan: Plan[Any]) -> tuple[Any, Any]:
        return plan.partial(table(rows)), together(plan, rows, dealt, list)

    values: tuple[Values, Values] = of(PLANS[1])
    found = [ranks.ranked(one, DIMENSIONS, *SPAN, date(2026, 2, 1)) for one in values]
    assert (found[0] is None) == (found[1] is None)
    if found[0] is not None and found[1] is not None:
        assert found[0].before == found[1].before
        for name in (TOTAL, *DIMENSIONS):
            one, other = (set(each.frames[name].select("day", "group", "n", "s", "q").rows()) for each in found if each)
            assert one == other
    lags: tuple[Lags, Lags] = of(LagsPlan(dimension="team"))
    assert lags[0].shares(*SPAN) == lags[1].shares(*SPAN)
    whole: Lags = LagsPlan(dimension=TOTAL).partial(table(rows))
    assert lags[1].shares(*SPAN, is_total=True) == whole.shares(*SPAN)
    marks: tuple[Marks, Marks] = of(MarksPlan(table="tickets"))
    assert (marks[0].lowest_share, marks[0].commonest) == (marks[1].lowest_share, marks[1].commonest)


def test_every_kind_of_state_is_tried_here() -> None:
    import kpi_core.engine.states as room

    folder = next(iter(room.__path__))
    kinds = {plan.key[0] for plan in PLANS}
    modules = {path.stem for path in __import__("pathlib").Path(folder).glob("*.py")}
    assert len(kinds) == len(modules - {"__init__", "state", "ages"})


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.key[0]}-{plan.key[-1][:8]}")
def test_a_plan_can_be_sent_too_and_gathers_the_same_there(plan: Plan[State]) -> None:
    rows = [{"created_at": START, "resolved_at": None, "is_resolved": False, "team": "Billing", "priority": "low", "score": 7, "rating": 2.0,
             "key": 1, "question": "a", "rescaled": 25.0, "response_id": 1, "on_scale": True, "scale": (1.0, 5.0)}]  # fmt: skip
    there = pickle.loads(pickle.dumps(plan))
    assert there.key == plan.key
    assert content(there.partial(table(rows))) == content(plan.partial(table(rows)))
    assert isinstance(plan.partial(table(rows)), State)
