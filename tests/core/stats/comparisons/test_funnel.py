"""Shares of units against what they were to expect: FunnelPlotR's published numbers, exact distributions, sizes of limits."""

import math
import random

import pytest
from scipy import stats

from kpi_core.stats.comparisons import funnel
from kpi_core.stats.comparisons.funnel import (
    Stratum,
    Unit,
    allowance,
    arcsine_limits,
    are_of_one_kind,
    even,
    is_beyond,
    overdispersion,
    reach,
    spread,
    usual_spread,
)
from tests.bench.funnel import crossed, drawn

EVENTS, EXPECTED = (100, 150, 180, 80, 120, 225), (108, 112, 165, 95, 100, 220)
ASKED = (40, 55, 60, 72, 80, 95, 110, 120, 150, 180, 220, 300)
GOOD = (30, 47, 45, 62, 70, 70, 97, 90, 132, 140, 190, 270)


def test_ratios_come_out_as_funnelplotr_has_them() -> None:
    """Its own example of standardised ratios: scores on the log scale, nothing drawn in."""
    scores = [math.sqrt(d) * math.log(n / d) for n, d in zip(EVENTS, EXPECTED, strict=True)]
    assert scores == pytest.approx([-0.799803, 3.091681, 1.117681, -1.674989, 1.823216, 0.333326], abs=5e-7)
    found = overdispersion(scores, EXPECTED, winsorised=0)
    assert found.phi == pytest.approx(2.948033, abs=5e-7)
    assert found.between == pytest.approx(0.0194775306, abs=5e-11)


def test_shares_come_out_as_funnelplotr_has_them() -> None:
    """Twelve units on the arcsine scale, a tenth of the scores drawn in at either end."""
    overall = sum(GOOD) / sum(ASKED)
    assert overall == pytest.approx(0.838731444, abs=5e-10)
    scores = [
        2 * math.sqrt(n) * (math.asin(math.sqrt(r / n)) - math.asin(math.sqrt(overall)))
        for r, n in zip(GOOD, ASKED, strict=True)
    ]
    assert scores == pytest.approx(
        [-1.395887, 0.325573, -1.709605, 0.532044, 0.928006, -2.444871, 1.307012, -2.417747, 1.457510, -2.083259, 1.038743, 3.169433],
        abs=5e-7,
    )  # fmt: skip
    found = overdispersion(scores, [4 * n for n in ASKED])
    assert found.phi == pytest.approx(2.398324255, abs=5e-10)
    assert found.between == pytest.approx(0.003382185891, abs=5e-13)
    printed = {40: (0.7104378, 0.9347540, 0.6759460, 0.9519977), 120: (0.7678719, 0.8987763, 0.7195115, 0.9297025),
               300: (0.7950365, 0.8780936, 0.7352241, 0.9204157)}  # fmt: skip
    for n, limits in printed.items():
        plain = arcsine_limits(overall, 1 / (2 * math.sqrt(n)), reach(0.95, 0, 12))
        wide = arcsine_limits(overall, 1 / (2 * math.sqrt(n)), stats.norm.ppf(0.975), found.between)
        assert (*plain, *wide) == pytest.approx(limits, abs=5e-8)
    outside = {
        between: [
            n
            for r, n in zip(GOOD, ASKED, strict=True)
            if not _within(r / n, arcsine_limits(overall, 1 / (2 * math.sqrt(n)), 1.959964, between))
        ]
        for between in (0.0, found.between)
    }
    assert outside == {0.0: [95, 120, 180, 300], found.between: []}


DIED = """
16/58 19/61 2/6 23/74 2/13 5/25 4/16 22/55 12/39 12/21 19/61 18/66 14/38 11/27 16/29 5/17 10/51 1/4 17/43 0/3 10/33 1/1 3/6 3/12 3/20 18/50
1/15 2/2 12/36 1/4 1/2 38/92 7/18 9/31 17/44 1/5 0/1 8/19 2/4 0/3 11/28 7/21 1/3 16/29 9/26 11/31 32/71 14/64 3/15 15/41 4/11 20/38 5/10 0/2
"""
"""Patients who died, of those admitted, by hospital: Medicare, Arizona 1991 (`medpar` of R's COUNT)."""


def test_shares_of_many_small_units_come_out_as_funnelplotr_has_them() -> None:
    units = [tuple(map(int, word.split("/"))) for word in DIED.split()]
    overall = sum(died for died, _ in units) / sum(n for _, n in units)
    middle = math.asin(math.sqrt(overall))
    scores = [2 * math.sqrt(n) * (math.asin(math.sqrt(died / n)) - middle) for died, n in units]
    found = overdispersion(scores, [4 * n for _, n in units])
    assert found.phi == pytest.approx(1.360733985, abs=5e-10)
    assert found.between == pytest.approx(0.00353333502, abs=5e-12)


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def test_what_drawing_in_leaves_of_normal_scores() -> None:
    z = stats.norm.ppf(0.9)
    inside = 1 - 0.2 - 2 * z * stats.norm.pdf(z)
    assert pytest.approx(inside + 0.2 * z**2, abs=1e-9) == funnel.KEPT


@pytest.mark.parametrize("seed", range(40))
def test_the_distribution_of_a_unit_is_that_of_rows_drawn_from_each_kind(seed: int) -> None:
    draw = random.Random(seed)
    strata = []
    for _ in range(draw.randint(1, 4)):
        all_ = draw.randint(4, 60)
        n, good = draw.randint(1, all_ - 1), draw.randint(1, all_ - 1)
        law = stats.hypergeom(all_, good, n)
        strata.append(Stratum(n, int(law.rvs(random_state=seed)), all_, good))
    unit = Unit(strata=strata)
    laws = [stats.hypergeom(one.all, one.all_good, one.n) for one in strata]
    assert unit.expected == pytest.approx(sum(law.mean() for law in laws))
    assert unit.variance == pytest.approx(sum(law.var() for law in laws), abs=1e-12)
    exact = [1.0]
    for one, law in zip(strata, laws, strict=True):
        more = [float(law.pmf(count)) for count in range(one.n + 1)]
        exact = [
            sum(exact[place - other] * more[other] for other in range(len(more)) if 0 <= place - other < len(exact))
            for place in range(len(exact) + one.n)
        ]
    first, found = unit._distribution
    assert sum(found) == pytest.approx(1)
    assert [exact[first + place] for place in range(len(found))] == pytest.approx(found, abs=1e-12)
    mid = sum(exact[: unit.observed]) + exact[unit.observed] / 2
    if unit.variance and 1e-12 < mid < 1 - 1e-12:
        assert unit.score == pytest.approx(stats.norm.ppf(mid), abs=1e-6)


@pytest.mark.parametrize("n", [12, 40, 150, 700, 2400])
def test_what_is_outside_is_beyond_the_limits(n: int) -> None:
    """The limits that are printed and the verdict never disagree, on either scale."""
    for good in range(0, n + 1, max(n // 40, 1)):
        unit = Unit(strata=[Stratum(n, good, 10 * n, 8 * n)])
        for between in (0.0, 0.004):
            low, high = unit.limits(3.09, between)
            is_inside = low - 1e-12 <= good / n <= high + 1e-12
            assert unit.is_outside(3.09, between) is not is_inside


def test_a_unit_that_nobody_shares_a_kind_of_row_with_cannot_be_compared() -> None:
    assert Unit(strata=[Stratum(10, 7, 10, 7), Stratum(5, 5, 5, 5)]).variance == 0
    assert Unit(strata=[Stratum(10, 10, 30, 30)]).variance == 0
    both = Unit(strata=[Stratum(10, 7, 10, 7), Stratum(5, 2, 20, 10)])
    assert both.variance > 0


def test_units_alike_differ_as_pearson_says() -> None:
    good = [round(n * (0.83 + 0.02 * (place % 3))) for place, n in enumerate(ASKED)]
    found = even([Unit(strata=[Stratum(n, r, sum(ASKED), sum(good))]) for r, n in zip(good, ASKED, strict=True)])
    table = [good, [n - r for r, n in zip(good, ASKED, strict=True)]]
    assert found == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=0.05)
    assert even([Unit(strata=[Stratum(9, 5, 9, 5)])]) is None


def test_a_share_is_drawn_towards_that_of_all_by_how_little_it_shows() -> None:
    small, large = (Unit(strata=[Stratum(n, round(n * 0.6), 10_000, 8_000)]) for n in (20, 2000))
    assert small.shrunken(0.8, 0.0) == pytest.approx(0.8)
    assert 0.6 < large.shrunken(0.8, 0.01) < small.shrunken(0.8, 0.01) < 0.8
    assert large.shrunken(0.8, 0.01) == pytest.approx(0.6, abs=0.01)


def test_one_unit_far_out_does_not_widen_the_limits_of_all() -> None:
    """What is drawn in: the other units are as chance has them, and so the limits stay."""
    rng = random.Random(3)
    units = drawn(rng, groups=20, between=0.0)
    strata = [Stratum(200, 90, one.all, one.all_good) for one in units[0].strata[:1]]
    odd = [Unit(strata=strata), *units[1:]]
    found = spread(odd)
    assert odd[0].is_outside(reach(0.998, found.between, 20), found.between)


@pytest.mark.parametrize(("between", "most"), [(0.0, 0.0045), (0.01, 0.0045)])
def test_limits_are_crossed_no_more_than_they_say(between: float, most: float) -> None:
    """Two of a thousand are to lie beyond 99.8 % limits where groups are alike, and where they differ as these are to.

    bench/funnel.py has more.
    """
    found = crossed(random.Random(17), reports=150, groups=12, between=between)
    assert found.judged < most
    if not between:
        assert 0.0005 < found.plain < most
    else:
        assert found.plain > 0.02


def test_the_twelve_groups_of_the_worked_example_vary_as_the_decisions_say():
    """Their φ is 2.40 by FunnelPlotR: 2.68 by scores of exact tails, and 3.94 with what drawing in takes away put back."""
    units = [Unit(strata=(Stratum(n, r, sum(ASKED), sum(GOOD)),)) for n, r in zip(ASKED, GOOD, strict=True)]
    phi = spread(units).phi
    assert phi == pytest.approx(3.9436, abs=1e-3)
    assert phi * funnel.KEPT == pytest.approx(2.676, abs=1e-3)


def of_one_kind(rng, groups, rows, chance):
    """Groups of so many rows that are alike, all rows of one kind."""
    good = [sum(rng.random() < chance for _ in range(rows)) for _ in range(groups)]
    return [Unit(strata=(Stratum(rows, one, rows * groups, sum(good)),)) for one in good]


def test_where_groups_are_alike_limits_are_crossed_as_they_say_and_phi_is_about_one():
    """Twelve groups of sixty rows: φ with what drawing in takes away put back is 1, as published two thirds."""
    rng, phis, usual, edge, outside, asked = random.Random(23), [], [], 0, 0, 0
    for _ in range(150):
        units = of_one_kind(rng, 12, 60, 0.8)
        allowed = allowance(units)
        phis.append(allowed.whole.phi)
        usual.append(allowed.usual.phi)
        for one in units:
            outer = allowed.outer(one, 0.998)
            edge += is_beyond(one.observed / one.n, allowed.inner(one, 0.95, outer))
            outside += allowed.is_outside(one, 0.998)
            asked += 1
    assert sum(phis) / len(phis) == pytest.approx(1, abs=0.1)
    assert sum(usual) / len(usual) == pytest.approx(0.65, abs=0.06)
    assert edge / asked == pytest.approx(0.04, abs=0.012)
    assert outside / asked < 0.0045


@pytest.mark.parametrize("between", [0.0, 0.003, 0.01])
@pytest.mark.parametrize("groups", [4, 12, 25])
def test_who_lies_beyond_the_outer_limits_lies_beyond_the_inner_ones(groups, between):
    rng = random.Random(groups)
    for _ in range(12):
        units = [one for one in drawn(rng, groups=groups, between=between) if one.variance]
        allowed = allowance(units)
        for one in units:
            outer = allowed.outer(one, 0.998)
            inner = allowed.inner(one, 0.95, outer)
            assert outer[0] <= inner[0] <= inner[1] <= outer[1]
            assert is_beyond(one.observed / one.n, outer) is allowed.is_outside(one, 0.998)
            assert is_beyond(one.observed / one.n, inner) or not allowed.is_outside(one, 0.998)


def test_a_group_that_most_rows_are_of_has_inner_limits_inside_the_outer_ones():
    """Published errors take no notice of which rows a group is compared with: here nearly all are its own."""
    counts = [(5000, 4000), *((12, 6 + place % 6) for place in range(11))]
    whole = tuple(map(sum, zip(*counts, strict=True)))
    units = [Unit(strata=(Stratum(*one, *whole),)) for one in counts]
    allowed = allowance(units)
    assert allowed.is_plain
    assert allowed.usual.between > 0
    outer = allowed.outer(units[0], 0.998)
    inner = allowed.inner(units[0], 0.95, outer)
    assert outer[0] <= inner[0] <= inner[1] <= outer[1]


def test_published_errors_are_of_rows_of_one_kind():
    """With kinds the spread is that of scores that allow for which rows a unit is compared with."""
    units = [one for one in drawn(random.Random(9), groups=14, between=0.01) if one.variance]
    assert not are_of_one_kind(units)
    found = overdispersion([one.score for one in units], [one.weight for one in units])
    assert usual_spread(units) == found
    assert usual_spread(units).phi < spread(units).phi
