"""Changes and verdicts: what is called real, what cannot be told, and what is not compared at all."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from kpi_core.analysis.compare import change
from kpi_core.analysis.request import Request
from kpi_core.analysis.summary import summarise
from kpi_core.analysis.verdicts import NOT_PASSED, judge
from kpi_core.estimates import EMPTY, Estimate, Flow, Sums
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME, select
from kpi_core.measures import Count, Share
from kpi_core.periods import parse_period
from kpi_core.report import REFUSED_SCHEMA, Change, KpiResult, Report, Verdict
from kpi_core.tables import ANSWERS, TICKETS, Table

MARCH = parse_period("2026-03")


def share(good: int, n: int) -> Estimate:
    measure = BY_NAME["csat"].measure
    assert isinstance(measure, Share)
    return measure.finish(Sums(n=n, total=good, squares=good), 0.95)


def tickets(count: int, days: int, dispersion: float = 1.0) -> Estimate:
    measure = BY_NAME["tickets_created"].measure
    assert isinstance(measure, Count)
    return measure.finish(Flow(count=count, days=days, dispersion=dispersion), 0.95)


def result(kpi: str, moved: Change | None, *, group: dict[str, str | None] | None = None, **more: Any) -> KpiResult:
    return KpiResult(
        kpi=BY_NAME[kpi], period=MARCH, group=group or {}, estimate=Estimate(value=1.0, n=9), change=moved, **more
    )


def moved(value: float, p: float | None) -> Change:
    return Change(value=value, low=None, high=None, p=p)


def verdicts(*results: KpiResult, confidence: float = 0.95) -> list[Verdict | None]:
    return [judged.verdict for judged in judge(results, confidence)[0]]


@pytest.mark.parametrize(
    ("kpi", "value", "verdict"),
    [
        ("csat", 0.1, Verdict.BETTER), ("csat", -0.1, Verdict.WORSE), ("first_reply_time", 600, Verdict.WORSE),
        ("first_reply_time", -600, Verdict.BETTER), ("reopen_rate", -0.1, Verdict.BETTER), ("handle_time", 60, Verdict.HIGHER),
        ("handle_time", -60, Verdict.LOWER),
    ],
)  # fmt: skip
def test_a_real_change_is_better_or_worse_by_what_the_kpi_wants(kpi: str, value: float, verdict: Verdict) -> None:
    assert verdicts(result(kpi, moved(value, 0.001))) == [verdict]


@pytest.mark.parametrize(
    ("change_", "verdict"),
    [
        (moved(0.1, 0.2), Verdict.CANNOT_TELL),
        (moved(5, None), Verdict.NOT_TESTED),
        (None, None),
        (Change(value=None), Verdict.NOT_TESTED),
    ],
)
def test_noise_cannot_be_told_and_what_has_no_test_is_not_tested(
    change_: Change | None, verdict: Verdict | None
) -> None:
    assert verdicts(result("csat", change_)) == [verdict]


def test_many_verdicts_are_looked_at_together() -> None:
    """Benjamini–Hochberg: alone 0.04 passes 5 %, among ten others that say nothing it does not."""
    lone = result("csat", moved(0.1, 0.04))
    assert verdicts(lone) == [Verdict.BETTER]
    judged, family = judge([lone, *(result("nps", moved(0.1, 0.5)) for _ in range(9))], 0.95)
    assert judged[0].verdict is Verdict.CANNOT_TELL
    assert NOT_PASSED in judged[0].notes
    assert family == {"": 10}
    assert all(not other.notes for other in judged[1:])


def test_all_that_are_small_enough_for_their_rank_pass() -> None:
    values = [0.004, 0.009, 0.014, 0.019, 0.024, 0.9, 0.9, 0.9, 0.9, 0.9]
    found = verdicts(*(result("csat", moved(0.1, p)) for p in values))
    assert found == [Verdict.BETTER] * 5 + [Verdict.CANNOT_TELL] * 5


def test_totals_and_each_dimension_are_families_of_their_own() -> None:
    results = [
        result("csat", moved(0.1, 0.04)),
        *(result("csat", moved(0.1, 0.5), group={"group": f"team {place}"}) for place in range(20)),
        *(result("csat", moved(0.1, 0.04), group={"agent": None}) for _ in range(1)),
    ]
    judged, family = judge(results, 0.95)
    assert family == {"": 1, "group": 20, "agent": 1}
    assert (judged[0].verdict, judged[-1].verdict) == (Verdict.BETTER, Verdict.BETTER)


def test_variants_are_judged_alone_and_stay_out_of_the_family() -> None:
    judged, family = judge(
        [result("csat", moved(0.1, 0.03)), *(result("csat_mean", moved(0.1, 0.04)) for _ in range(9))], 0.95
    )
    assert family == {"": 1}
    assert {one.verdict for one in judged} == {Verdict.BETTER}


def test_a_stricter_confidence_asks_for_more() -> None:
    assert verdicts(result("csat", moved(0.1, 0.04)), confidence=0.99) == [Verdict.CANNOT_TELL]


def test_31_days_against_28_at_one_pace_is_no_change() -> None:
    found = change(BY_NAME["tickets_created"], tickets(620, 31), tickets(560, 28), 0.95)
    assert found is not None
    assert found.value == 60
    assert found.p == pytest.approx(1.0)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 60 < found.high


def test_a_count_that_fell_by_the_day_is_lower_though_the_month_is_longer() -> None:
    """600 in 31 days against 580 in 28 is more tickets, and fewer a day."""
    new, old = tickets(5800, 31), tickets(5700, 28)
    found = change(BY_NAME["tickets_created"], new, old, 0.95)
    judged, _ = judge(
        [KpiResult(kpi=BY_NAME["tickets_created"], period=MARCH, group={}, estimate=new, baseline=old, change=found)],
        0.95,
    )
    assert found is not None
    assert found.value == 100
    assert judged[0].verdict is Verdict.LOWER


def test_counts_that_swing_by_the_day_need_a_larger_change() -> None:
    steady = change(BY_NAME["tickets_created"], tickets(700, 28), tickets(600, 28), 0.95)
    bursts = change(BY_NAME["tickets_created"], tickets(700, 28, 3.0), tickets(600, 28, 3.0), 0.95)
    assert steady is not None
    assert bursts is not None
    assert steady.p is not None
    assert bursts.p is not None
    assert steady.p < 0.05 < bursts.p


def test_two_shares_are_compared_by_newcombe() -> None:
    found = change(BY_NAME["csat"], share(18, 21), share(27, 28), 0.95)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(-0.313, abs=0.0005), pytest.approx(0.062, abs=0.0005))
    assert found.p is not None
    assert found.p > 0.05


@pytest.mark.parametrize(("new", "old"), [(EMPTY, share(9, 10)), (share(9, 10), EMPTY), (EMPTY, EMPTY)])
def test_without_a_value_on_a_side_there_is_no_change(new: Estimate, old: Estimate) -> None:
    assert change(BY_NAME["csat"], new, old, 0.95) is None


def test_a_stock_has_a_difference_and_no_test() -> None:
    found = change(BY_NAME["backlog"], Estimate(value=50, n=50), Estimate(value=40, n=40), 0.95)
    assert found == Change(value=10)


# In a report


def canonical(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = [column for column in table.columns if column.name in rows[0]]
    dtypes = {column.name: pl.UInt64() if column.kind.value == "key" else column.kind.dtype for column in columns}
    return pl.DataFrame(rows, schema=dtypes)


def report(tables: dict[str, pl.DataFrame], *names: str, **asked: Any) -> Report:
    refused = pl.DataFrame(schema=REFUSED_SCHEMA)
    dataset = Dataset(tables=tables, sources=(), refused=refused, findings=(), zone=None, reads=())
    return summarise(dataset, Request(kpis=select(names), **asked))


def daily(first: datetime, days: int, good: int = 8, scale: int = 5) -> list[dict[str, Any]]:
    """Ten answers a day, so many of them with the best mark."""
    return [
        {"response_id": place * 100 + number + first.month * 10_000, "answered_at": first + timedelta(days=place, hours=9), "question": "csat",
         "score": scale if number < good else 1, "scale_low": 1, "scale_high": scale, "direction": "higher", "is_offered": None}
        for place in range(days) for number in range(10)
    ]  # fmt: skip


FEBRUARY, MARCH_1 = datetime(2026, 2, 1), datetime(2026, 3, 1)


def only(made: Report) -> KpiResult:
    (found,) = made.results
    return found


def test_two_complete_months_are_compared() -> None:
    rows = daily(FEBRUARY, 28, good=6) + daily(MARCH_1, 31)
    found = only(report({"answers": canonical(ANSWERS, rows)}, "csat"))
    assert (found.period, found.verdict) == (MARCH, Verdict.BETTER)
    assert found.change is not None
    assert found.change.value == pytest.approx(0.2)


@pytest.mark.parametrize(("first", "days"), [(FEBRUARY + timedelta(days=14), 14), (FEBRUARY, 28)])
def test_an_incomplete_baseline_is_shown_and_not_compared(first: datetime, days: int) -> None:
    rows = daily(first, days, good=6) + daily(MARCH_1, 31)
    found = only(report({"answers": canonical(ANSWERS, rows)}, "csat", period="2026-03"))
    assert found.baseline is not None
    assert (found.verdict is None) is (days == 14)
    assert any("not complete" in note for note in found.notes) is (days == 14)


def test_a_period_that_has_not_ended_is_not_compared() -> None:
    rows = daily(FEBRUARY, 28, good=6) + daily(MARCH_1, 15)
    found = only(report({"answers": canonical(ANSWERS, rows)}, "csat", period="2026-03"))
    assert found.baseline is not None
    assert found.verdict is None


def test_another_scale_cannot_be_compared() -> None:
    rows = daily(FEBRUARY, 28, scale=7) + daily(MARCH_1, 31)
    found = only(report({"answers": canonical(ANSWERS, rows)}, "csat", period="2026-03"))
    assert found.change is None
    assert "cannot tell: the scale changed" in found.notes


def cohort(first: datetime, days: int) -> list[dict[str, Any]]:
    return [
        {"ticket_id": place + first.month * 1000, "created_at": first + timedelta(hours=6 * place), "status": "solved", "resolved_at": first + timedelta(hours=6 * place + 2)}
        for place in range(days * 4)
    ]  # fmt: skip


@pytest.mark.parametrize(("later_days", "is_final"), [(0, False), (6, False), (9, True)])
def test_a_cohort_is_compared_only_when_it_is_final(later_days: int, is_final: bool) -> None:
    rows = cohort(FEBRUARY, 28) + cohort(MARCH_1, 31) + cohort(datetime(2026, 4, 1), later_days)
    found = only(report({"tickets": canonical(TICKETS, rows)}, "resolution_rate_cohort", period="2026-03"))
    assert found.baseline is not None
    assert (found.change is not None) is is_final
    assert any(note.startswith("not final before 2026-04-08") for note in found.notes) is not is_final


def test_everything_has_no_baseline() -> None:
    found = only(report({"answers": canonical(ANSWERS, daily(MARCH_1, 31))}, "csat", period="all"))
    assert (found.baseline, found.change, found.verdict) == (None, None, None)
