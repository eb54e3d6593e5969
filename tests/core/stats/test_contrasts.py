"""Months against months, compared with the same arithmetic in numpy and scipy, and against desks whose answer is known."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import fft, stats

from kpi_core.stats.contrasts import (
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
    without_outliers,
)
from kpi_core.stats.intervals import shares
from kpi_core.stats.long_run_variance import LONG, long_run

FIRST, START, END = date(2025, 12, 1), date(2026, 9, 1), date(2026, 10, 1)
DAYS = (END - FIRST).days
WEEKDAYS = np.array([(FIRST + timedelta(days=place)).weekday() for place in range(DAYS)])
NOW = slice((START - FIRST).days, DAYS)


def history(months: int = 1) -> History:
    then = slice((date(2026, 9 - months, 1) - FIRST).days, NOW.start)
    return History(kinds=WEEKDAYS.tolist(), now=NOW, then=then)


def effect_by_scipy(residuals: np.ndarray, variances: np.ndarray) -> float:
    """The design effect from scipy's orthonormal cosine transform, the drift left out."""
    waves = max(4, round(len(residuals) / 12.67))
    return float((fft.dct(residuals, norm="ortho")[2 : waves + 2] ** 2).mean() / variances.mean())


def draws(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows a day, and the sum and the sum of squares of lognormal values on them."""
    rng = np.random.default_rng(seed)
    rows = rng.poisson(10 * np.where(WEEKDAYS < 5, 1.2, 0.4))
    values = [np.exp(rng.normal(0, 0.8, count)) for count in rows]
    return rows.astype(float), np.array([one.sum() for one in values]), np.array([(one**2).sum() for one in values])


def by_numpy(tops: np.ndarray, rows: np.ndarray, then: slice, *, shrink: float = 50.0) -> tuple[float, np.ndarray]:
    """The change after the weekdays, and the residuals about each side's level."""
    overall = tops.sum() / rows.sum()
    profile = np.array(
        [(tops[day == WEEKDAYS].sum() + shrink * overall) / (rows[day == WEEKDAYS].sum() + shrink) for day in range(7)]
    )
    over = tops - profile[WEEKDAYS] * rows
    is_now = np.zeros(DAYS, dtype=bool)
    is_now[NOW] = True
    levels = np.where(is_now, over[is_now].sum() / rows[is_now].sum(), over[~is_now].sum() / rows[~is_now].sum())
    change = over[NOW].sum() / rows[NOW].sum() - over[then].sum() / rows[then].sum()
    return float(change), over - levels * rows


@pytest.mark.parametrize("days", [61, 92, 304, 700])
def test_the_design_effect_is_that_of_scipys_cosine_transform(days: int) -> None:
    rng = np.random.default_rng(days)
    residuals, variances = rng.normal(0, 3, days), rng.uniform(1, 9, days)
    found = long_run(residuals.tolist(), variances.tolist())
    assert found.effect == pytest.approx(effect_by_scipy(residuals, variances))


def test_a_straight_drift_is_no_dependence() -> None:
    drift = np.linspace(-1, 1, 300)
    assert long_run(drift.tolist(), [1.0] * 300).effect < 0.05 * effect_by_scipy(np.sign(drift), np.ones(300))


def test_only_a_long_history_is_exact_at_the_floor() -> None:
    for days, freedom in ((LONG, math.inf), (LONG - 1, 14)):
        assert long_run([0.0] * days, [1.0] * days).freedom(1.0) == freedom
    assert long_run([0.0] * 304, [1.0] * 304).freedom(1.01) == 24


@pytest.mark.parametrize("months", [1, 3, 6])
def test_a_mean_of_times_is_compared_on_the_log_scale(months: int) -> None:
    rows, tops, squares = draws(months)
    then = history(months).then
    found = mean_change(
        Daily(tops=tops.tolist(), rows=rows.tolist(), squares=squares.tolist()), history(months), is_log=True
    )
    assert found is not None
    n1, n0 = rows[NOW].sum(), rows[then].sum()
    usual = tops[: NOW.start].sum() / rows[: NOW.start].sum()
    change, residuals = by_numpy(tops, rows, then)
    raw = tops[NOW].sum() / n1 - tops[then].sum() / n0
    pooled = (tops[NOW].sum() + tops[then].sum()) / (n1 + n0)
    spread = (squares[NOW].sum() + squares[then].sum() - (n1 + n0) * pooled**2) / (n1 + n0 - 1)
    before = (squares[: NOW.start].sum() - rows[: NOW.start].sum() * usual**2) / (rows[: NOW.start].sum() - 1)
    assert found.difference == pytest.approx(
        math.log(tops[NOW].sum() / n1 / (tops[then].sum() / n0)) - (raw - change) / usual
    )
    means = np.full(len(rows), usual)
    means[NOW] = tops[NOW].sum() / n1
    assert found.long_run.effect == pytest.approx(
        effect_by_scipy(residuals / means, before * rows / usual**2), rel=1e-9
    )
    effect = max(1.0, found.long_run.effect)
    sizes = [
        1 + (effect - 1) * (n / days) / (rows.sum() / DAYS) for n, days in ((n1, 30), (n0, (NOW.start - then.start)))
    ]
    error = math.sqrt(spread / pooled**2 * (sizes[0] / n1 + sizes[1] / n0))
    tested = found.tested()
    assert tested.error == pytest.approx(error)
    freedom = math.inf if effect == 1 else 24
    assert tested.p == pytest.approx(
        2 * stats.t.sf(abs(found.difference) / error, freedom if effect > 1 else 1e12), rel=1e-6
    )
    low, high = tested.bounds(1 - tested.p)
    assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-9)


def test_a_share_is_pooled_with_one_success_and_one_failure() -> None:
    rng = np.random.default_rng(8)
    rows = rng.poisson(12, DAYS).astype(float)
    tops = rng.binomial(rows.astype(int), 0.8).astype(float)
    found = mean_change(Daily(tops=tops.tolist(), rows=rows.tolist()), history(), is_share=True)
    assert found is not None
    then = history().then
    n1, n0 = rows[NOW].sum(), rows[then].sum()
    pooled = (tops[NOW].sum() + tops[then].sum() + 1) / (n1 + n0 + 2)
    change, _ = by_numpy(tops, rows, then)
    assert found.difference == pytest.approx(change)
    assert found.spread == pytest.approx(pooled * (1 - pooled))


def test_a_hundred_every_weekday_is_no_change_though_the_months_differ() -> None:
    tops = np.where(WEEKDAYS < 5, 100.0, 0.0)
    found = count_change(tops.tolist(), history())
    assert found is not None
    assert (tops[history().then].sum(), tops[NOW].sum()) == (2100, 2200)
    tested = found.tested()
    assert tested.difference == pytest.approx(0, abs=1e-12)
    assert (tested.effect, tested.p) == (1.0, pytest.approx(1.0))
    assert factor_less_one(tested.calendar) * 2100 == pytest.approx(100)


def test_eighty_a_day_is_no_change_between_31_days_and_28() -> None:
    found = count_change([80.0] * DAYS, History(kinds=WEEKDAYS.tolist(), now=slice(276, DAYS), then=slice(245, 276)))
    assert found is not None
    assert found.tested().difference == pytest.approx(0, abs=1e-12)


def test_a_count_is_compared_with_what_its_weekdays_bring() -> None:
    rng = np.random.default_rng(3)
    tops = rng.poisson(10 * np.where(WEEKDAYS < 5, 1.2, 0.4)).astype(float)
    profile = np.array([tops[day == WEEKDAYS].mean() for day in range(7)])[WEEKDAYS] / tops.mean()
    then = history().then
    rates = [tops[part].sum() / profile[part].sum() for part in (NOW, then)]
    found = count_change(tops.tolist(), history())
    assert found is not None
    assert found.difference == pytest.approx(math.log(rates[0] / rates[1]))
    before = tops[: NOW.start].sum() / profile[: NOW.start].sum()
    level = np.where(np.arange(DAYS) >= NOW.start, rates[0], before)
    assert found.long_run.effect == pytest.approx(effect_by_scipy((tops - level * profile) / before, profile / before))
    effect = max(1.0, found.long_run.effect)
    sizes = [1 + (effect - 1) * tops[part].mean() / tops.mean() for part in (NOW, then)]
    error = math.sqrt(sizes[0] / tops[NOW].sum() + sizes[1] / tops[then].sum())
    assert found.tested().error == pytest.approx(error)


def test_a_closed_day_is_expected_to_be_quiet() -> None:
    """Twelve holidays without a ticket: the months with them are no quieter than others."""
    holidays = set(range(10, 300, 25))
    tops = [0.0 if place in holidays else 10.0 for place in range(DAYS)]
    kinds = kinds_of_days(WEEKDAYS.tolist(), lambda place: place in holidays)
    known = count_change(tops, History(kinds=kinds, now=slice(285, 304), then=slice(271, 285)))
    assert known is not None
    assert known.tested().difference == pytest.approx(0, abs=1e-12)


def test_few_closed_days_count_as_sundays() -> None:
    assert kinds_of_days([0, 1, 2, 3], lambda place: place in (1, 2)) == [0, 6, 6, 3]
    assert kinds_of_days([0, 1, 2, 3], lambda place: place < 3) == [7, 7, 7, 3]


@pytest.mark.parametrize("rows", [[0.0] * DAYS, [*([1.0] * (DAYS - 30)), *([0.0] * 30)]])
def test_too_few_rows_are_not_compared(rows: list[float]) -> None:
    assert mean_change(Daily(tops=rows, rows=rows, squares=rows), history()) is None
    assert count_change(rows, history()) is None


def test_values_that_are_all_the_same_show_no_spread() -> None:
    rows = [5.0] * DAYS
    assert mean_change(Daily(tops=[10.0] * DAYS, rows=rows, squares=[20.0] * DAYS), history()) is None


def test_amounts_are_judged_by_how_their_days_vary() -> None:
    rng = np.random.default_rng(5)
    rows = rng.poisson(10, DAYS).astype(float)
    tops = 20 * rows + rng.normal(0, 30, DAYS)
    found = ratio_change(Daily(tops=tops.tolist(), rows=rows.tolist()), history(), of_counts=False)
    assert found is not None
    tested = found.tested()
    # A day's 30 over √10 rows' worth of 200: about 0.15 · √10 a row.
    assert tested.error == pytest.approx(
        30 / 20 / math.sqrt(10) * math.sqrt(1 / rows[NOW].sum() + 1 / rows[history().then].sum()), rel=0.2
    )


def test_a_net_flow_is_compared_a_day() -> None:
    tops = [1.0] * NOW.start + [2.0] * 30
    found = net_change(tops, history(), [10.0] * DAYS)
    assert found is not None
    tested = found.tested().scaled(30)
    assert tested.difference == pytest.approx(30, abs=0.2)
    assert tested.error == pytest.approx(30 * math.sqrt(10 * (1 / 30 + 1 / 31)), rel=0.01)


def test_a_part_is_no_surer_than_its_whole_lets_it_be() -> None:
    rows, tops, squares = draws(4)
    found = mean_change(Daily(tops=tops.tolist(), rows=rows.tolist(), squares=squares.tolist()), history())
    assert found is not None
    assert found.tested(borrowed=4.0).effect == 4.0
    assert found.tested(borrowed=4.0).error > found.tested().error


def test_bounds_and_p_are_one_test() -> None:
    tested = Judgement(difference=1.5, error=0.7, freedom=9, is_log=False, rows=10)
    low, high = tested.bounds(0.95)
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 9, 1.5, 0.7))
    assert tested.p == pytest.approx(2 * stats.t.sf(1.5 / 0.7, 9))


def test_a_shift_of_the_mix_of_scales_is_no_change() -> None:
    """Nine in ten are satisfied on one scale, five in ten on the other; in the current month most answer on the second."""
    first, second = np.full(DAYS, 8.0), np.full(DAYS, 2.0)
    first[NOW], second[NOW] = 2.0, 8.0
    strata = [
        Daily(tops=(0.9 * first).tolist(), rows=first.tolist()),
        Daily(tops=(0.5 * second).tolist(), rows=second.tolist()),
    ]
    pooled = Daily(tops=(0.9 * first + 0.5 * second).tolist(), rows=(first + second).tolist())
    raw, found = (mean_change(one, history(), is_share=True) for one in (pooled, of_one_mix(pooled, strata)))
    assert raw is not None
    assert found is not None
    assert raw.difference == pytest.approx(-0.24, abs=0.01)
    assert found.difference == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("good_now", "good_then"), [(1.0, 1.0), (0.0, 0.0), (1.0, 0.8), (0.3, 1.0)])
@pytest.mark.parametrize("a_day", [1, 4])
def test_a_side_that_has_all_or_none_is_as_unsure_as_newcombe_says(
    good_now: float, good_then: float, a_day: int
) -> None:
    """Of 30 in 30 and 31 in 31 either share may well be 90 %: the pooled share would say ±3 points."""
    rows, when = np.full(DAYS, float(a_day)), history()
    tops = rows * good_then
    tops[NOW] = rows[NOW] * good_now
    tops = np.round(tops.cumsum()) - np.concatenate([[0.0], np.round(tops.cumsum())[:-1]])
    found = mean_change(Daily(tops=tops.tolist(), rows=rows.tolist()), when, is_share=True)
    assert found is not None
    (k1, n1), (k0, n0) = ((int(tops[side].sum()), int(rows[side].sum())) for side in (when.now, when.then))
    newcombe = shares(k1, n1, k0, n0, 0.95)
    low, high = found.tested().bounds(0.95)
    assert high - low >= (newcombe.high - newcombe.low) * 0.999


@pytest.mark.parametrize("day", [60, 150, 230])
@pytest.mark.parametrize("times", [8, 12])
def test_one_freak_day_of_the_history_shows_nothing_of_two_other_months(day: int, times: int) -> None:
    rng = np.random.default_rng(day)
    tops = rng.poisson(33 * np.where(WEEKDAYS < 5, 1.2, 0.4)).astype(float)
    odd = tops.copy()
    odd[day] *= times
    plain, freak = (count_change(one.tolist(), history()) for one in (tops, odd))
    assert plain is not None
    assert freak is not None
    assert freak.tested().error < 1.25 * plain.tested().error


def test_days_of_the_two_months_and_many_odd_ones_stay_as_they_are() -> None:
    rng, rows = np.random.default_rng(3), np.full(DAYS, 9.0)
    when, residuals = history(), rng.normal(0, 3, DAYS)
    inside, many = residuals.copy(), residuals.copy()
    inside[when.now.start + 3] = inside[when.then.start + 3] = 400.0
    many[5:200:20] = 400.0
    for one in (residuals, inside, many):
        assert without_outliers(one.tolist(), rows.tolist(), when) == one.tolist()
    residuals[40] = -400.0
    found = without_outliers(residuals.tolist(), rows.tolist(), when)
    assert found[:40] + found[41:] == residuals[:40].tolist() + residuals[41:].tolist()
    assert -30 < found[40] < -9


def apart(gap: int) -> History:
    """September against a month that ends so many days before it."""
    then = slice(NOW.start - gap - 31, NOW.start - gap)
    return History(kinds=WEEKDAYS.tolist(), now=NOW, then=then)


def stepped(seed: int, gap: int, by: float) -> Daily:
    """Values that go up by a factor that many days before September, and stay there."""
    rows, tops, squares = draws(seed)
    since = np.arange(DAYS) >= NOW.start - gap
    factor = np.where(since, by, 1.0)
    return Daily(tops=(tops * factor).tolist(), rows=rows.tolist(), squares=(squares * factor**2).tolist())


@pytest.mark.parametrize("gap", [0, 14, 31, 92])
@pytest.mark.parametrize("is_log", [False, True])
def test_a_step_between_two_months_is_no_chance_of_theirs(gap: int, is_log: bool) -> None:
    flat, step = (mean_change(stepped(3, gap, by), apart(gap), is_log=is_log) for by in (1.0, 1.6))
    assert flat is not None
    assert step is not None
    assert step.long_run.effect < 1.35 * max(flat.long_run.effect, 1.0)


@pytest.mark.parametrize("gap", [14, 31, 92])
def test_what_lies_between_has_a_level_of_its_own(gap: int) -> None:
    daily, rows = stepped(4, gap, 1.6), apart(gap)
    found = mean_change(daily, rows)
    assert found is not None
    assert len(rows.between) == gap
    assert sorted((*rows.between, *rows.before)) == list(rows.rest)
    for days in (rows.between, rows.before, range(NOW.start, DAYS)):
        assert math.fsum(found.residuals[day] for day in days) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("months", [1, 3])
def test_months_that_follow_on_each_other_have_nothing_between(months: int) -> None:
    rows = history(months)
    assert rows.between == ()
    assert rows.before == rows.rest


@pytest.mark.parametrize("gap", [31, 92])
@pytest.mark.parametrize("by", [1.0, 2.0])
def test_counts_and_ratios_have_a_level_between_too(gap: int, by: float) -> None:
    rows, tops, _ = draws(5)
    since = np.arange(DAYS) >= NOW.start - gap
    counts = np.random.default_rng(6).poisson(10 * np.where(since, by, 1.0)).astype(float)
    found = count_change(counts.tolist(), apart(gap))
    ratio = ratio_change(
        Daily(tops=(tops * np.where(since, by, 1.0)).tolist(), rows=rows.tolist()), apart(gap), of_counts=False
    )
    assert found is not None
    assert ratio is not None
    assert found.long_run.effect < 2.2
    assert ratio.long_run.effect < 2.2


def test_nothing_between_two_months_is_no_division_by_0() -> None:
    rows, tops, squares = (one.copy() for one in draws(7))
    for one in (rows, tops, squares):
        one[NOW.start - 31 : NOW.start] = 0.0
    found = mean_change(Daily(tops=tops.tolist(), rows=rows.tolist(), squares=squares.tolist()), apart(31), is_log=True)
    assert found is not None
    assert math.isfinite(found.long_run.effect)
