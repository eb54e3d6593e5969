"""Changes and verdicts: what is called real, what is unknown, and what is not compared at all."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from kpi_core.analysis.changes.change import CROSSED
from kpi_core.analysis.changes.questions import HEADLINES, MOST_HEADLINES
from kpi_core.analysis.changes.verdicts import NOT_PASSED, judge
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME, select
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import REFUSED_SCHEMA
from kpi_core.model.periods import parse_period
from kpi_core.model.report import Answer, Change, Family, KpiResult, Report, Verdict
from kpi_core.model.tables import ANSWERS, TICKETS, Table

MARCH = parse_period("2026-03")


def result(kpi: str, moved: Change | None, *, group: dict[str, str | None] | None = None, **more: Any) -> KpiResult:
    return KpiResult(
        kpi=BY_NAME[kpi], period=MARCH, group=group or {}, estimate=Estimate(value=1.0, n=9), change=moved, **more
    )


def moved(value: float, p: float | None, question: str = "csat") -> Change:
    """A change of which a question says that it rises or falls with the value."""
    return Change(value=value, p=p, answer=None if p is None else Answer(question=question, p=p, rises=value > 0))


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
def test_noise_is_unknown_and_what_has_no_test_is_not_tested(change_: Change | None, verdict: Verdict | None) -> None:
    assert verdicts(result("csat", change_)) == [verdict]


def asked(*p: float, headline: bool = False) -> list[KpiResult]:
    """As many questions, of the headlines or of the others."""
    names = HEADLINES if headline else [f"other {place}" for place in range(len(p))]
    return [result("csat", moved(0.1, one, name)) for name, one in zip(names, p, strict=False)]


def test_a_family_alone_has_the_whole_rate() -> None:
    for headline in (True, False):
        judged, families = judge(asked(0.04, headline=headline), 0.95)
        assert judged[0].verdict is Verdict.BETTER
        assert families == (Family(dimension="", questions=1, q=pytest.approx(0.05), is_headline=headline),)


def test_many_verdicts_are_looked_at_together() -> None:
    """Benjamini–Hochberg: alone 0.04 passes 5 %, among ten others that say nothing it does not."""
    judged, families = judge(asked(0.04, *[0.5] * 9), 0.95)
    assert judged[0].verdict is Verdict.CANNOT_TELL
    assert NOT_PASSED in judged[0].notes
    assert [one.questions for one in families] == [10]
    assert all(NOT_PASSED not in other.notes for other in judged[1:])


def test_all_that_are_small_enough_for_their_rank_pass() -> None:
    judged, _ = judge(asked(0.004, 0.009, 0.014, 0.019, 0.024, *[0.9] * 5), 0.95)
    assert [one.verdict for one in judged] == [Verdict.BETTER] * 5 + [Verdict.CANNOT_TELL] * 5


def test_headlines_have_three_fifths_of_a_reports_rate_and_the_rest_two() -> None:
    results = [*asked(0.029, headline=True), *asked(0.021, 0.019)]
    judged, families = judge([results[0], *results[1:2]], 0.95)
    assert [(one.q, one.questions) for one in families] == [(pytest.approx(0.03), 1), (pytest.approx(0.02), 1)]
    assert [one.verdict for one in judged] == [Verdict.BETTER, Verdict.CANNOT_TELL]
    assert [one.verdict for one in judge([results[0], results[2]], 0.95)[0]] == [Verdict.BETTER] * 2


def test_a_page_of_two_sides_is_one_family_whatever_is_a_headline() -> None:
    results = [*asked(0.029, headline=True), *asked(0.021)]
    judged, families = judge(results, 0.95, is_one=True)
    assert families == (Family(dimension="", questions=2, q=pytest.approx(0.05)),)
    assert [one.verdict for one in judged] == [Verdict.BETTER] * 2


def test_no_more_than_twelve_questions_are_headlines() -> None:
    _, families = judge(asked(*[0.5] * len(HEADLINES), headline=True), 0.95)
    assert [one.questions for one in families] == [MOST_HEADLINES, len(HEADLINES) - MOST_HEADLINES]


def test_what_answers_one_question_counts_once() -> None:
    names = ("first_reply_time", "first_reply_time_p90", "first_reply_time_business")
    results = [result(name, moved(60, 0.001, "first_reply")) for name in names]
    judged, families = judge(results, 0.95)
    assert [one.questions for one in families] == [1]
    assert [one.verdict for one in judged] == [Verdict.WORSE] * 3


def test_totals_and_each_dimension_are_families_of_their_own() -> None:
    results = [
        result("csat", moved(0.1, 0.04)),
        *(result("csat", moved(0.1, 0.5), group={"group": f"team {place}"}) for place in range(20)),
        result("csat", moved(0.1, 0.04), group={"agent": None}),
    ]
    judged, families = judge(results, 0.95)
    assert [(one.dimension, one.questions) for one in families] == [("", 1), ("group", 20), ("agent", 1)]
    assert (judged[0].verdict, judged[-1].verdict) == (Verdict.BETTER, Verdict.BETTER)


def test_a_figure_that_went_another_way_than_its_question_is_not_called() -> None:
    """All times together grew; the median fell."""
    change = Change(value=-60.0, answer=Answer(question="first_reply", p=0.001, rises=True))
    judged, _ = judge([result("first_reply_time_p90", change)], 0.95)
    assert judged[0].verdict is Verdict.CANNOT_TELL
    assert CROSSED in judged[0].notes


def test_a_figure_that_is_not_sure_itself_is_not_called_by_its_question() -> None:
    change = Change(value=-0.05, p=0.2, rises=False, answer=Answer(question="first_reply", p=0.001, rises=False))
    judged, _ = judge([result("first_reply_within", change)], 0.95)
    assert judged[0].verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize(("p", "verdict"), [(0.5, Verdict.NO_CHANGE), (0.001, Verdict.BETTER)])
def test_a_change_within_what_is_worth_knowing_is_none_unless_it_is_sure(p: float, verdict: Verdict) -> None:
    change = replace(moved(0.01, p), is_small=True)
    assert verdicts(result("csat", change)) == [verdict]


def test_what_is_unknown_says_what_could_be() -> None:
    change = replace(moved(0.01, 0.5), error=0.03, freedom=math.inf, rows=200)
    outcome = judge([result("csat", change)], 0.95)[0][0].change
    assert outcome is not None
    assert outcome.detectable == pytest.approx((1.959964 + 0.841621) * 0.03)
    assert outcome.needed == math.ceil(200 * ((1.959964 + 0.841621) * 0.03 / 0.05) ** 2)


def test_a_stricter_confidence_asks_for_more() -> None:
    assert verdicts(result("csat", moved(0.1, 0.04)), confidence=0.99) == [Verdict.CANNOT_TELL]


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
    assert any("not complete" in str(note) for note in found.notes) is (days == 14)


def test_a_period_that_has_not_ended_is_not_compared() -> None:
    rows = daily(FEBRUARY, 28, good=6) + daily(MARCH_1, 15)
    found = only(report({"answers": canonical(ANSWERS, rows)}, "csat", period="2026-03"))
    assert found.baseline is not None
    assert found.verdict is None


def test_another_scale_cannot_be_compared() -> None:
    rows = daily(FEBRUARY, 28, scale=7) + daily(MARCH_1, 31)
    found = only(report({"answers": canonical(ANSWERS, rows)}, "csat", period="2026-03"))
    assert found.change is None
    assert "cannot tell: the scale changed" in map(str, found.notes)


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
    assert any(str(note).startswith("not final before 2026-04-08") for note in found.notes) is not is_final


def test_everything_has_no_baseline() -> None:
    found = only(report({"answers": canonical(ANSWERS, daily(MARCH_1, 31))}, "csat", period="all"))
    assert (found.baseline, found.change, found.verdict) == (None, None, None)


@pytest.mark.parametrize(
    "names", [("backlog",), ("net_flow",), ("backlog_days",), ("resolution_rate",), ("backlog", "csat")]
)
def test_each_of_the_flow_s_twins_can_be_asked_for_alone(names: tuple[str, ...]) -> None:
    rows = [row | {"ticket_id": place} for place, row in enumerate(
        row for month in range(1, 8) for row in cohort(datetime(2026, month, 1), 28)
    )]  # fmt: skip
    for row in rows[::9]:
        row |= {"resolved_at": None, "status": "open"}
    found = report({"tickets": canonical(TICKETS, rows)}, names[0], period="2026-07")
    assert [one.kpi.name for one in found.results] == [names[0]]
    assert found.results[0].change is not None
    assert (found.results[0].change.low, found.results[0].change.high) == (None, None)


def test_a_flow_that_went_another_way_than_its_figure_is_not_called() -> None:
    """Three times as many come in, and are resolved somewhat sooner: the backlog rises, and the flow given the arrivals does not."""
    rows: list[dict[str, Any]] = []
    for month in range(1, 8):
        for place in range(28 * (12 if month == 7 else 4)):
            created = datetime(2026, month, 1) + timedelta(hours=place * (2 if month == 7 else 6))
            resolved = created + timedelta(days=2 if month == 7 else 4, hours=place % 20)
            is_open = resolved > datetime(2026, 8, 1) or place % 40 == 0
            rows.append({"ticket_id": len(rows), "created_at": created, "resolved_at": None if is_open else resolved,
                         "status": "open" if is_open else "solved"})  # fmt: skip
    found = report({"tickets": canonical(TICKETS, rows)}, "backlog", period="2026-07", as_of=datetime(2026, 8, 1, 6))
    (one,) = found.results
    assert one.change is not None
    assert (one.change.value or 0) > 0
    assert one.verdict is Verdict.CANNOT_TELL
    assert CROSSED in one.notes
