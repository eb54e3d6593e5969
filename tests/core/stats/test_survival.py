"""Kaplan–Meier and log-rank against scipy.stats, and with late entry against references short enough to read."""

import math
import random
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kpi_core.stats.survival import Curve, Watched, kaplan_meier, log_rank

Row = tuple[int, int, bool]  # age at which watching began, age at which it ended, whether by the event

HOUR = 3600
unhurried = settings(deadline=None, max_examples=80)


def watched(rows: list[Row]) -> Watched:
    """Rows as the curves take them: entered at 0 is watched from the start."""
    entries, exits, events = (
        zip(*((entry or None, *rest) for entry, *rest in rows), strict=True) if rows else ((), (), ())
    )
    return Watched(
        pl.Series(entries, dtype=pl.Int64), pl.Series(exits, dtype=pl.Int64), pl.Series(events, dtype=pl.Boolean)
    )


def curve(rows: list[Row], least_at_risk: int = 1) -> Curve:
    return kaplan_meier(*watched(rows), least_at_risk=least_at_risk)


def at_risk(rows: list[Row], age: int) -> int:
    return sum(
        (entry < age or entry == age == 0) and age <= end and (entry < end or entry == 0) for entry, end, _ in rows
    )


def done_at(rows: list[Row], age: int) -> int:
    return sum(end == age and event and (entry < end or entry == 0) for entry, end, event in rows)


def steps_by_hand(rows: list[Row], least: int) -> list[tuple[int, float, float]]:
    """Age, share left and Greenwood sum at each event used, straight from the definition."""
    left, greenwood, steps = 1.0, 0.0, []
    for age in sorted({end for _, end, _ in rows}):
        risk, done = at_risk(rows, age), done_at(rows, age)
        if done and risk >= least:
            left *= 1 - done / risk
            greenwood += done / (risk * (risk - done)) if risk > done else math.inf
            steps.append((age, left, greenwood))
    return steps


rows_from_the_start = st.lists(st.tuples(st.just(0), st.integers(0, 20), st.booleans()), min_size=1, max_size=40)
rows_with_late_entry = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 20), st.booleans()), min_size=1, max_size=60
)


@unhurried
@given(rows_with_late_entry, st.sampled_from((1, 2, 5)))
def test_the_curve_follows_its_definition(rows: list[Row], least: int) -> None:
    found, expected = curve(rows, least), steps_by_hand(rows, least)
    assert found.times.to_list() == [age for age, _, _ in expected]
    assert found.survival.to_list() == pytest.approx([left for _, left, _ in expected])
    assert found.greenwood.to_list() == pytest.approx([greenwood for _, _, greenwood in expected])
    ages = [end for _, end, _ in rows if at_risk(rows, end) >= least]
    assert found.last == max(ages, default=None)


def as_scipy_wants_it(rows: list[Row]) -> Any:
    return stats.CensoredData(
        uncensored=np.array([end for _, end, event in rows if event], dtype=float),
        right=np.array([end for _, end, event in rows if not event], dtype=float),
    )


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@unhurried
@given(rows_from_the_start)
def test_without_late_entry_the_curve_and_its_band_are_scipys(rows: list[Row]) -> None:
    found, oracle = curve(rows), stats.ecdf(as_scipy_wants_it(rows)).sf
    band: Any = oracle.confidence_interval(0.9, method="log-log")
    for age in [float(age) for age in range(max(end for _, end, _ in rows) + 1)]:
        share, low, high = found.share_within(age, 0.9)
        assert share == pytest.approx(1 - float(oracle.evaluate([age])[0]))
        if share is not None and 0 < share < 1:
            assert (low, high) == pytest.approx((1 - band.high.evaluate(age), 1 - band.low.evaluate(age)))
        else:
            assert (low, high) == (None, None)


@unhurried
@given(rows_with_late_entry, st.data())
def test_watching_in_two_stretches_changes_nothing(rows: list[Row], data: st.DataObject) -> None:
    stretches: list[Row] = []
    for entry, end, event in rows:
        if end - entry < 2:
            stretches.append((entry, end, event))
            continue
        pause = data.draw(st.integers(entry + 1, end - 1))
        stretches += [(entry, pause, False), (pause, end, event)]
    whole, pieces = curve(rows), curve(stretches)
    assert pieces.times.to_list() == whole.times.to_list()
    assert pieces.survival.to_list() == pytest.approx(whole.survival.to_list())


@unhurried
@given(rows_with_late_entry, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows: list[Row], chance: random.Random) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert curve(shuffled).survival.to_list() == curve(rows).survival.to_list()


def test_open_tickets_count_for_as_long_as_they_lasted() -> None:
    resolved = [(0, hours * HOUR, True) for hours in (1, 2, 3, 4, 5, 6)]
    still_open = [(0, hours * HOUR, False) for hours in (5, 7, 8, 9, 9, 9)]
    assert curve(resolved).quantile(0.5, 0.95)[0] == 3 * HOUR
    assert curve(resolved + still_open).quantile(0.5, 0.95)[0] == 6 * HOUR


def test_an_old_ticket_counts_from_the_age_it_had_when_watching_began() -> None:
    rows = [(0, 2, True), (0, 4, True), (3, 4, True), (3, 6, True), (3, 8, False)]
    assert curve(rows).times.to_list() == [2, 4, 6]
    assert curve(rows).survival.to_list() == pytest.approx([1 / 2, 1 / 4, 1 / 8])


@pytest.mark.parametrize(
    ("row", "n"),
    [
        ((None, 0, True), 1),
        ((None, 5, None), 1),
        ((None, 5, True), 1),
        ((0, 5, True), 1),
        ((0, 0, True), 0),
        ((None, None, True), 0),
        ((None, -1, True), 0),
        ((5, 5, True), 0),
        ((9, 5, True), 0),
    ],
    ids=[
        "resolved at once",
        "no event known",
        "from the start",
        "after the start",
        "at once before the watch",
        "no end",
        "negative",
        "never watched",
        "ended before",
    ],
)
def test_which_rows_are_watched(row: tuple[int | None, int | None, bool | None], n: int) -> None:
    entry, end, event = row
    columns = pl.Series([entry], dtype=pl.Int64), pl.Series([end], dtype=pl.Int64), pl.Series([event], dtype=pl.Boolean)
    found = kaplan_meier(*columns, least_at_risk=1)
    assert found.n == n
    assert found.events == (n if event else 0)


def test_a_small_risk_set_does_not_end_the_curve() -> None:
    lone_early_case: list[Row] = [(0, 1, True)]
    crowd: list[Row] = [(2, age, True) for age in range(3, 23)]
    assert curve(lone_early_case + crowd, least_at_risk=1).survival[0] == 0
    found = curve(lone_early_case + crowd, least_at_risk=5)
    assert found.times[0] == 3
    assert found.last == 18
    assert found.events == 16
    assert found.survival[-1] == pytest.approx(4 / 20)


def test_four_cases_give_no_curve() -> None:
    found = curve([(0, age, True) for age in range(1, 5)], least_at_risk=5)
    assert found.last is None
    assert found.quantile(0.5, 0.95) == (None, None, None)
    assert found.share_within(2, 0.95) == (None, None, None)
    assert found.restricted_mean(2, 0.95) == (None, None, None)


def test_no_rows_give_no_curve() -> None:
    found = curve([])
    assert (found.n, found.events, found.last) == (0, 0, None)
    assert found.quantile(0.5, 0.95) == (None, None, None)


def test_a_quantile_not_reached_is_only_known_to_lie_beyond_the_last_age() -> None:
    found = curve([(0, 1, True), (0, 2, True), *[(0, 9, False)] * 8])
    value, low, high = found.quantile(0.5, 0.95)
    assert (value, high) == (None, None)
    assert low is None or low <= 9
    assert found.last == 9
    assert found.quantile(0.2, 0.95)[0] == 2


@pytest.mark.parametrize(("at", "expected"), [(0.1, 1), (0.25, 3), (0.5, 5), (0.9, 9), (0.95, 10)])
def test_without_open_cases_a_quantile_is_an_order_statistic(at: float, expected: int) -> None:
    assert curve([(0, age, True) for age in range(1, 11)]).quantile(at, 0.95)[0] == expected


@unhurried
@given(rows_with_late_entry, st.sampled_from((0.25, 0.5, 0.9)), st.sampled_from((0.8, 0.95)))
def test_bounds_of_a_quantile_invert_the_band(rows: list[Row], at: float, confidence: float) -> None:
    z, lower, upper, highest = NormalDist().inv_cdf((1 + confidence) / 2), {}, {}, 1.0
    for age, left, greenwood in steps_by_hand(rows, 1):
        if left == 0:
            lower[age], upper[age] = 0.0, highest
            continue
        factor = math.exp(z * math.sqrt(greenwood) / -math.log(left))
        lower[age], upper[age] = left**factor, left ** (1 / factor)
        highest = upper[age]
    expected = [min((age for age in band if band[age] <= 1 - at + 1e-12), default=None) for band in (lower, upper)]
    value, low, high = curve(rows).quantile(at, confidence)
    assert [low, high] == expected
    if value is not None:
        assert low is not None
        assert low <= value
    if high is not None:
        assert value is not None
        assert value <= high


def test_bounds_of_a_median_cover_it_as_often_as_they_say() -> None:
    chance, truth, hits = random.Random(7), math.log(2) * 1000, 0
    for _ in range(300):
        rows = []
        for _ in range(120):
            lasts, entry = round(chance.expovariate(1 / 1000)), max(0, chance.randrange(-1500, 400))
            until = entry + chance.randrange(100, 4000)
            if lasts > entry:
                rows.append((entry, min(lasts, until), lasts <= until))
        _, low, high = curve(rows, least_at_risk=5).quantile(0.5, 0.9)
        hits += (low is None or low <= truth) and (high is None or truth <= high)
    assert 0.85 < hits / 300 < 0.96


def test_a_share_within_is_not_guessed_beyond_the_last_age() -> None:
    found = curve([(0, 2, True), (0, 3, True), (0, 5, False), (0, 8, False)])
    assert found.share_within(1, 0.95) == (0.0, None, None)
    share, low, high = found.share_within(8, 0.95)
    assert share == pytest.approx(0.5)
    assert low is not None
    assert high is not None
    assert 0 < low < 0.5 < high < 1
    assert found.share_within(9, 0.95) == (None, None, None)


def test_once_everything_is_done_it_stays_done() -> None:
    found = curve([(0, 2, True), (0, 3, True)])
    assert found.share_within(99, 0.95) == (1.0, None, None)
    assert found.restricted_mean(99, 0.95)[0] == pytest.approx(2.5)


@unhurried
@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(1, 40))
def test_without_open_cases_the_restricted_mean_is_a_plain_one(ages: list[int], tau: int) -> None:
    expected = sum(min(age, tau) for age in ages) / len(ages)
    assert curve([(0, age, True) for age in ages]).restricted_mean(tau, 0.95)[0] == pytest.approx(expected)


def test_a_restricted_mean_is_not_guessed_beyond_the_last_age() -> None:
    found = curve([(0, 2, True), (0, 6, False)])
    assert found.restricted_mean(6, 0.95)[0] == pytest.approx(2 + 4 * 0.5)
    assert found.restricted_mean(7, 0.95) == (None, None, None)
    assert found.area(7)[0] == pytest.approx(2 + 5 * 0.5)


def log_rank_by_hand(new: list[Row], old: list[Row], least: int) -> float | None:
    surplus = variance = 0.0
    for age in sorted({end for _, end, _ in new + old}):
        r1, r0, d1, d0 = at_risk(new, age), at_risk(old, age), done_at(new, age), done_at(old, age)
        risk, done = r1 + r0, d1 + d0
        if min(r1, r0) >= least and risk > 1:
            surplus += d1 - done * r1 / risk
            variance += done * r1 * r0 * (risk - done) / (risk**2 * (risk - 1))
    return float(stats.chi2.sf(surplus**2 / variance, 1)) if variance > 0 else None


@unhurried
@given(rows_with_late_entry, rows_with_late_entry, st.sampled_from((0, 1, 5)))
def test_log_rank_follows_its_definition(new: list[Row], old: list[Row], least: int) -> None:
    test = log_rank(watched(new), watched(old), least_at_risk=least)
    expected = log_rank_by_hand(new, old, least)
    assert test is None if expected is None else test is not None and test.p == pytest.approx(expected)


def test_without_late_entry_log_rank_is_scipys() -> None:
    new = [(0, age, age % 3 > 0) for age in range(1, 40)]
    old = [(0, 2 * age, age % 4 > 0) for age in range(1, 30)]
    oracle = stats.logrank(as_scipy_wants_it(new), as_scipy_wants_it(old))
    test = log_rank(watched(new), watched(old), least_at_risk=1)
    assert test is not None
    assert test.p == pytest.approx(oracle.pvalue)


def test_log_rank_is_the_same_either_way_round() -> None:
    new, old = watched([(0, age, True) for age in range(1, 30)]), watched([(0, 2 * age, True) for age in range(1, 30)])
    one, other, same = log_rank(new, old), log_rank(old, new), log_rank(new, new)
    assert one is not None
    assert other is not None
    assert same is not None
    assert one.p == pytest.approx(other.p)
    assert (one.is_later, other.is_later) == (False, True)
    assert same.p == pytest.approx(1)


def test_too_few_cases_cannot_be_compared() -> None:
    few, many = watched([(0, age, True) for age in range(4)]), watched([(0, age, True) for age in range(40)])
    assert log_rank(few, many) is None
    assert log_rank(watched([]), many) is None


AML = (
    "9 13 13+ 18 23 28+ 31 34 45+ 48 161+",
    "5 5 8 8 12 16+ 23 27 30 33 43 45",
)
"""Weeks until acute myelogenous leukaemia came back, maintained on chemotherapy or not (Miller 1981; `aml` of R's survival)."""
LATE = [(0, 5, True), (0, 3, True), (2, 6, False), (3, 8, True), (0, 2, True), (1, 9, True), (4, 7, True), (2, 4, True), (0, 10, False), (5, 8, False)]  # fmt: skip
"""Ten rows, six of which came under watch late, as R's survival and lifelines have them."""


def aml(text: str) -> list[Row]:
    return [(0, int(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


def test_the_curve_of_aml_is_the_published_one() -> None:
    maintained = curve(aml(AML[0]))
    assert maintained.times.to_list() == [9, 13, 18, 23, 31, 34, 48]
    assert maintained.survival.to_list() == pytest.approx(
        [0.909091, 0.818182, 0.715909, 0.613636, 0.490909, 0.368182, 0.184091], abs=5e-7
    )
    errors = [left * math.sqrt(sum_) for left, sum_ in zip(maintained.survival, maintained.greenwood, strict=True)]
    assert errors == pytest.approx(
        [0.0866784, 0.1162913, 0.1396650, 0.1526323, 0.1641933, 0.1626689, 0.1534927], abs=5e-8
    )
    assert maintained.quantile(0.5, 0.95)[0] == 31
    other = curve(aml(AML[1]))
    assert other.quantile(0.5, 0.95)[0] == 23
    pooled = curve([*aml(AML[0]), *aml(AML[1])])
    assert pooled.quantile(0.5, 0.95) == (27, 13, 34)
    assert maintained.area(30) == pytest.approx((24.60227273, 2.313149377), abs=5e-9)
    assert other.area(30) == pytest.approx((19.69444444, 3.054197931), abs=5e-9)


def test_the_log_rank_of_aml_is_the_published_one() -> None:
    test = log_rank(watched(aml(AML[0])), watched(aml(AML[1])), least_at_risk=1)
    assert test is not None
    assert test.z**2 == pytest.approx(3.396388699, abs=5e-10)
    assert test.p == pytest.approx(0.0653393220, abs=5e-11)
    assert test.is_later


LUNG = (
    """
306 455 1010+ 210 883 1022+ 218 166 170 71 567 144 613 707 88 301 624 371 394 574 118 390 12 26 533 53 814 93 460 583 303 519 643 189 53 246
689 65 132 223 175 163 65 428 230 840+ 11 132 11 176 791 95 196+ 806+ 284 147 163 655 239 88 30 179 310 477 364 107 177 156 11 429 15 181
283 13 212 524 288 363 442 54 558 207 92 60 202 353 267 387 457 337 404+ 222 458+ 353 163 31 229 444+ 156 329 291 179 292+ 142 413+ 320 181
285 301+ 197 303+ 180 300+ 284+ 259+ 110 286 270 81 131 225+ 269 225+ 279+ 135 59 105 237+ 221+ 185+ 13 222+ 183 197+ 116 188+ 191+ 174+
""",
    """
310 361 654 728 61 81 520 473 107 122 965+ 731 153 433 145 95 765 735 5 687 345 444 60 208 821+ 305 226 426 705 363 167 641 740+ 245 588+
166 559+ 450 529+ 351 201 524 199 550 551+ 543+ 293 511+ 511+ 371 201 62 356+ 340 315+ 182 364+ 376+ 384+ 268 266+ 194 348 382+ 296+ 186 145
269+ 350 272+ 292+ 332+ 285 243+ 276+ 79 240+ 202+ 235+ 224+ 239 173+ 252+ 92+ 192+ 211+ 175+ 203+ 105+ 177+
""",
)
"""Days until men and women with advanced lung cancer died (Loprinzi 1994; `lung` of R's survival)."""
OVARIAN = (
    "59 115 156 431 448+ 477+ 638 803+ 855+ 1040+ 1106+ 268 329",
    "421+ 464 475 563 744+ 769+ 770+ 1129+ 1206+ 1227+ 353 365 377+",
)
"""Days until patients with ovarian cancer died, by treatment (Edmunson 1979; `ovarian` of R's survival)."""
HEART = (
    """
0-50 0-6 0-1+ 0-36+ 0-18 0-3 0-51+ 0-40 0-85 0-12+ 0-26+ 0-8 0-17+ 0-37+ 0-1 0-28+ 0-36 0-20+ 0-37 0-18+ 0-8+ 0-12+ 0-3+ 0-83+ 0-25+ 0-1401+
0-263 0-71+ 0-35 0-16+ 0-16 0-17+ 0-51+ 0-23+ 0-12 0-46+ 0-19+ 0-4.5+ 0-2+ 0-41+ 0-58+ 0-3 0-2 0-40 0-1+ 0-2+ 0-21+ 0-9 0-36+ 0-83+ 0-32+
0-102 0-41+ 0-3 0-10+ 0-67+ 0-149 0-21+ 0-78+ 0-3+ 0-2 0-69 0-27+ 0-33+ 0-12+ 0-32 0-57+ 0-3+ 0-10+ 0-5+ 0-31+ 0-4+ 0-27+ 0-5+ 0-2 0-46+
0-21 0-210+ 0-67+ 0-26+ 0-6+ 0-428+ 0-32+ 0-37+ 0-5 0-8+ 0-60+ 0-31+ 0-139+ 0-160+ 0-340 0-310+ 0-28+ 0-4+ 0-2+ 0-13+ 0-21+ 0-96+ 0-21 0-38+
0-31+ 0-11+ 0-6
""",
    """
1-16 36-39 51-675 12-58 26-153 17-81 37-1387 28-308 20-43 18-28 8-1032 12-51 3-733 83-219 25-1800+ 71-72 16-852 17-77 51-1587+ 23-1572+
46-100 19-66 4.5-5 2-53 41-1408+ 58-1322+ 1-45 2-996 21-72 36-1142+ 83-980 32-285 41-188 10-61 67-942+ 21-343 78-916+ 3-68 27-842+ 33-584
12-78 57-285 3-68 10-670+ 5-30 31-620+ 4-596+ 27-90 5-17 46-545+ 210-515+ 67-96 26-482+ 6-445+ 32-80 37-334 8-397+ 60-110 31-370+ 139-207
160-186 310-340+ 28-265+ 4-165 2-16 13-180+ 21-131+ 96-109+ 38-39+
""",
)
"""Days on Stanford's list for a new heart, and with one: watched from when it was there (Crowley & Hu 1977; `heart` of R's survival)."""


@pytest.mark.parametrize(
    ("sides", "chi_squared", "p"), [(LUNG, 10.32674195, 0.00131116452), (OVARIAN, 1.062739861, None)]
)
def test_the_log_rank_of_more_cases_is_the_published_one(
    sides: tuple[str, str], chi_squared: float, p: float | None
) -> None:
    test = log_rank(*(watched(aml(side)) for side in sides), least_at_risk=1)
    assert test is not None
    assert test.z**2 == pytest.approx(chi_squared, abs=5e-9)
    assert p is None or test.p == pytest.approx(p, abs=1e-12)
    assert not test.is_later


@pytest.mark.parametrize(
    ("side", "left", "median"),
    [(HEART[0], (0.806806, 0.562714, 0.443137, 0.236340), 149), (HEART[1], (0.735421, 0.492177, 0.431271, 0.321095), 90)],
)  # fmt: skip
def test_the_curves_of_the_heart_list_are_the_published_ones(side: str, left: tuple[float, ...], median: int) -> None:
    """In half days, for one came under watch at noon."""
    rows = [
        (round(2 * float(start)), round(2 * float(end.rstrip("+"))), not end.endswith("+"))
        for start, end in (word.split("-") for word in side.split())
    ]
    found = curve(rows)
    at = [found.survival.filter(found.times <= 2 * day)[-1] for day in (30, 90, 180, 365)]
    assert at == pytest.approx(left, abs=5e-7)
    assert found.quantile(0.5, 0.95)[0] == 2 * median


def test_the_curve_of_those_who_came_late_is_the_published_one() -> None:
    found = curve(LATE)
    assert found.times.to_list() == [2, 3, 4, 5, 7, 8, 9]
    assert [at_risk(LATE, age) for age in found.times] == [5, 6, 6, 6, 5, 4, 2]
    assert found.survival.to_list() == pytest.approx(
        [0.8, 0.666667, 0.555556, 0.462963, 0.370370, 0.277778, 0.138889], abs=5e-7
    )
