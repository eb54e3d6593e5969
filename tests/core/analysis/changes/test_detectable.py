"""The smallest change that would have shown: by t for its power too, by a factor where a factor is judged, and rows only where rows would do."""

import math

import numpy as np
import pytest
from scipy import stats

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import Tone, Toned
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.changes.change import CROSSED
from kpi_core.analysis.changes.verdicts import NONE_AT_ALL, OPEN_ONES, TOO_FAR, judge
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import Estimate
from kpi_core.model.periods import parse_period
from kpi_core.model.report import Answer, Change, KpiResult, Verdict
from kpi_core.stats.power import steps_to_show


def judged(name: str, old: float, **change: object) -> KpiResult:
    kpi = BY_NAME[name]
    answer = Answer(question=kpi.name, p=0.4, rises=True)
    one = KpiResult(
        kpi=kpi, period=parse_period("2026-09", None), group={}, estimate=Estimate(value=old, n=300), baseline=Estimate(value=old, n=300),
        change=Change(value=0.0, p=0.4, answer=answer, **change),  # type: ignore[arg-type]
    )  # fmt: skip
    [found], _ = judge([one], 0.95)
    return found


def change_of(result: KpiResult) -> Change:
    assert result.change is not None
    return result.change


def steps(test: float, doubt: float) -> float:
    """By brute force: errors away at which a test passes in four of five reports, both errors estimated."""
    dice = np.random.default_rng(7)
    noise, mine, theirs = (dice.standard_normal(400_000) for _ in range(3))
    low, high = test, 12.0
    for _ in range(40):
        middle = (low + high) / 2
        passed = noise + middle * (1 + math.sqrt(doubt) * mine) > test * (1 + math.sqrt(doubt) * theirs)
        low, high = (low, middle) if passed.mean() >= 0.8 else (middle, high)
    return high


@pytest.mark.parametrize("freedom", [5.0, 24.0, math.inf])
def test_power_takes_the_degrees_of_freedom_too(freedom: float) -> None:
    """The error of a report is estimated, and so is that of the next one."""
    found = change_of(judged("csat_mean", 4.0, error=0.02, freedom=freedom, rows=400.0))
    law = stats.norm if freedom == math.inf else stats.t(freedom)
    doubt = 0.0 if freedom == math.inf else 1 / (2 * freedom)
    assert found.detectable == pytest.approx(0.02 * steps(law.ppf(0.975), doubt), rel=0.01)
    assert steps_to_show(law.ppf(0.975), doubt) >= law.ppf(0.975) + stats.norm.ppf(0.8) - 1e-9


def test_what_is_judged_by_a_factor_must_rise_by_one() -> None:
    found = change_of(judged("tickets_created", 400.0, error=82.0, log_error=0.2, freedom=24.0))
    away = steps_to_show(stats.t(24).ppf(0.975), 1 / 48)
    assert found.detectable == pytest.approx(400 * math.expm1(0.2 * away))
    assert found.detectable > 400 * 0.2 * away


def test_of_times_the_longest_are_doubted_too() -> None:
    """A mean of so skewed times has an error that nobody knows well; and longer times vary more."""
    plain = change_of(judged("tickets_created", 600.0, error=60.0, log_error=0.1, rows=300.0))
    times = change_of(judged("handle_time", 600.0, error=60.0, log_error=0.1, rows=300.0))
    assert plain.detectable is not None
    assert times.detectable is not None
    assert 1.05 * plain.detectable < times.detectable < 2 * plain.detectable


@pytest.mark.parametrize(("old", "worse"), [(0.5, 0.97), (0.8, 1.03), (0.9, 1.08)])
def test_a_share_that_changes_towards_a_half_varies_more(old: float, worse: float) -> None:
    rows = 200.0
    error = math.sqrt(2 * old * (1 - old) / rows)
    found = change_of(judged("csat", old, error=error, rows=rows)).detectable
    assert found is not None
    assert found / error > worse * 0.99 * (1.96 + 0.8416)
    # By the exact chance of two shares so far apart.
    new = old - found
    pooled = math.sqrt((old + new) / 2 * (1 - (old + new) / 2) * 2 / rows)
    apart = math.sqrt((old * (1 - old) + new * (1 - new)) / rows)
    assert stats.norm.cdf((found - 1.96 * pooled) / apart) == pytest.approx(0.8, abs=0.005)


def test_rows_are_named_where_more_of_them_would_do() -> None:
    assert change_of(judged("csat", 0.8, error=0.03, rows=400.0, effect=1.1)).needed == pytest.approx(
        400 * (0.03 * (1.96 + 0.8416) / 0.05) ** 2, rel=0.01
    )
    assert change_of(judged("csat", 0.8, error=0.03, rows=400.0, effect=3.0)).needed is None, "its days vary together"
    assert change_of(judged("csat", 0.8, error=0.001, rows=400.0)).needed is None, "there are enough"


def test_a_figure_that_contradicts_its_test_cannot_tell() -> None:
    found = judged("first_reply_time", 3600.0, error=300.0, is_crossed=True)
    assert found.verdict is Verdict.CANNOT_TELL
    assert CROSSED in found.notes


def flow(name: str, value: float, *, rises: bool, error: float) -> KpiResult:
    answer = Answer(question="flow", p=0.001, rises=rises)
    return KpiResult(
        kpi=BY_NAME[name], period=parse_period("2026-09", None), group={}, estimate=Estimate(value=100.0, n=300),
        baseline=Estimate(value=100.0 - value, n=300), change=Change(value=value, answer=answer, error=error, freedom=20.0, rows=0.0),
    )  # fmt: skip


def test_one_question_has_one_verdict_but_of_what_went_the_other_way() -> None:
    twins = [
        flow("backlog", 15.0, rises=True, error=12.0), flow("net_flow", 10.0, rises=True, error=12.0),
        flow("resolution_rate", 0.02, rises=False, error=0.03),
    ]  # fmt: skip
    found, _ = judge(twins, 0.95)
    assert [one.verdict for one in found] == [Verdict.WORSE, Verdict.HIGHER, Verdict.CANNOT_TELL]
    assert CROSSED in found[2].notes
    none, _ = judge(twins[1:], 0.95)
    assert {one.verdict for one in none} == {Verdict.CANNOT_TELL}, "none of them moved by itself"


@pytest.mark.parametrize(
    ("name", "old", "change", "note"),
    [
        ("csat", 0.6, {"error": 0.4, "rows": 3.0}, NONE_AT_ALL),
        ("csat", 0.6, {"error": 0.25, "rows": 7.7}, NONE_AT_ALL),  # 0.7: from 60 % there is no more room than 60 points
        ("nps", 0.2, {"error": 0.5}, NONE_AT_ALL),  # 140 points from 20
        ("churn_rate", 0.02, {"error": 0.05, "log_error": 1.0}, TOO_FAR),  # 17 times as many
        ("retention_rate", 0.98, {"error": 0.05, "log_error": 1.0}, TOO_FAR),  # the same, by the other figure
        ("tickets_created", 40.0, {"error": 80.0, "log_error": 1.0}, TOO_FAR),
    ],
)
def test_no_change_would_show_is_reported_in_words(
    name: str, old: float, change: dict[str, float], note: object
) -> None:
    found = judged(name, old, **{"rows": 30.0, **change})
    assert change_of(found).detectable is None
    assert note in found.notes


@pytest.mark.parametrize(("name", "old"), [("churn_rate", 0.02), ("retention_rate", 0.98)])
def test_customers_who_stay_and_who_leave_would_show_the_same(name: str, old: float) -> None:
    found = change_of(judged(name, old, error=0.01, log_error=0.2))
    assert found.detectable == pytest.approx(0.02 * math.expm1(0.2 * (1.96 + 0.8416)), rel=1e-3)


def of_times(name: str, verdict_by: dict[str, object]) -> KpiResult:
    answer = Answer(question="resolution", p=0.6, rises=True)
    return KpiResult(
        kpi=BY_NAME[name], period=parse_period("2026-09", None), group={}, estimate=Estimate(value=3600.0, n=300),
        baseline=Estimate(value=3600.0, n=300), change=Change(value=10.0, answer=answer, error=60.0, **verdict_by),  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("open_ones", "verdict"), [({"is_small": False}, Verdict.CANNOT_TELL), ({"is_small": True}, Verdict.NO_CHANGE)]
)
def test_times_are_unchanged_only_where_they_are_with_open_tickets_too(
    open_ones: dict[str, object], verdict: Verdict
) -> None:
    names = ("resolution_time", "resolution_time_km", "first_reply_time")
    found, _ = judge([of_times(names[0], {"is_small": True}), of_times(names[1], open_ones), of_times(names[2], {"is_small": True})], 0.95)  # fmt: skip
    assert [one.verdict for one in found] == [verdict, verdict, Verdict.NO_CHANGE]
    assert (OPEN_ONES in found[0].notes) is (verdict is Verdict.CANNOT_TELL)


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_a_page_says_in_words_that_no_change_would_show(lang: str) -> None:
    wording = Wording(lang)
    none = judged("csat", 0.6, error=0.4, rows=3.0)
    some = judged("csat", 0.6, error=0.04, rows=300.0)
    assert amounts.shows_none(none)
    assert not amounts.shows_none(some)
    assert amounts.would_show(none, wording) == Toned(wording.word("would_show_none"), Tone.QUIET)
    shown = amounts.would_show(some, wording)
    assert isinstance(shown, Toned)
    assert "±" in str(shown)
