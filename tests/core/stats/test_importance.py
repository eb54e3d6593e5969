"""Shares of variance against figures of relaimpo, and their chance and resampling by rows."""

import random

import pytest
from published import ATTITUDE, CARS, SWISS, rows

from kpi_core.stats.importance import Products, Regressions, added, resampled


def products(table):
    width = range(len(table[0]))
    return Products(
        n=len(table),
        sums=[sum(row[i] for row in table) for i in width],
        products=[[sum(row[i] * row[j] for row in table) for j in width] for i in width],
    )


def regressions(table, blocks=None):
    """The first column is the outcome."""
    turned = [[*row[1:], row[0]] for row in table]
    return Regressions(cross=products(turned).centred(), blocks=blocks or [[i] for i in range(len(turned[0]) - 1)])


def picked(text, *columns):
    return [[row[i] for i in columns] for row in rows(text)]


@pytest.mark.parametrize(
    ("table", "blocks", "r2", "shares"),
    [
        (rows(SWISS), None, 0.7067350016, [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]),
        (rows(SWISS), [[1, 2], [0], [3], [4]], 0.7067350016, [0.39817898877, 0.07384680888, 0.11573753964, 0.11897166430]),
        (picked(CARS, 0, 1, 2, 3, 4), None, 0.779189639, [0.2470520332, 0.2434995948, 0.2109128995, 0.0777251114]),
        (rows(ATTITUDE), None, 0.7326019925, [0.3708161943, 0.0509037930, 0.1557659902, 0.1203450794, 0.0065887225, 0.0281822131]),
    ],
)  # fmt: skip
def test_shares_of_variance_as_published(table, blocks, r2, shares):
    found = regressions(table, blocks)
    assert found.r2() == pytest.approx(r2, abs=1e-9)
    assert found.shares() == pytest.approx(shares, abs=1e-8)


def test_a_category_is_one_block():
    table = [[mpg, float(cyl == 6), float(cyl == 8), wt, am] for mpg, cyl, _, _, _, wt, am in rows(CARS)]
    found = regressions(table, [[0, 1], [2], [3]])
    assert found.r2() == pytest.approx(0.8375127299, abs=1e-9)
    assert found.shares() == pytest.approx([0.3540313623, 0.3580794345, 0.1254019331], abs=1e-9)


def test_what_a_variable_adds_to_none_and_to_all_others():
    found = regressions(rows(SWISS))
    outcome = found.cross[-1]
    explained = found.explained(outcome, outcome[-1])
    everything = frozenset(range(5))
    assert [explained[frozenset({i})] for i in range(5)] == pytest.approx(
        [0.1246649, 0.4171645, 0.4406156, 0.2150035, 0.1735189], abs=1e-7
    )
    assert [explained[everything] - explained[everything - {i}] for i in range(5)] == pytest.approx(
        [0.04286961, 0.00738742, 0.16196269, 0.06237263, 0.05694526], abs=1e-8
    )


def test_a_column_that_others_account_for_changes_nothing():
    table = [[*row, 2 * row[1] - row[2]] for row in picked(CARS, 0, 1, 3)]
    assert regressions(table, [[0], [1, 2]]).r2() == pytest.approx(regressions(picked(CARS, 0, 1, 3)).r2(), abs=1e-9)


def test_an_outcome_that_does_not_vary_goes_with_nothing():
    assert regressions([[1.0, x] for x in (1.0, 2.0, 5.0)]).shares() == [0.0]


@pytest.mark.parametrize("blocks", [None, [[0, 1], [2]], [[2], [0, 1]], [[0, 1, 2]]])
@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.01])
def test_what_chance_stays_below_without_rows_is_as_chance_with_them(blocks, alpha):
    table, chance = picked(CARS, 0, 1, 3, 5), random.Random(1)
    ceilings = regressions(table, blocks).ceilings(len(table), alpha)
    draws, above = 1500, [0] * len(ceilings)
    for _ in range(draws):
        shares = regressions([[chance.gauss(0, 1), *row[1:]] for row in table], blocks).shares()
        above = [count + (share > most) for count, share, most in zip(above, shares, ceilings, strict=True)]
    error = (alpha * (1 - alpha) / draws) ** 0.5
    assert all(count / draws < alpha + 3 * error for count in above)  # with 32 rows a little less than chi-square says
    assert all(count / draws > alpha / 2 - 3 * error for count in above)


def test_a_column_that_never_varies_has_no_chance():
    table = [[float(i % 3), 1.0, float(i)] for i in range(20)]
    assert regressions(table).ceilings(20, 0.05)[0] == 0.0


def test_parts_add_up_and_resample():
    table = [[*row[1:], row[0]] for row in rows(ATTITUDE)]
    parts = [products(table[start::10]) for start in range(10)]
    assert added(parts).centred() == [pytest.approx(row) for row in products(table).centred()]
    drawn = [one.n for one in resampled(parts, 50, seed=3)]
    assert set(drawn) == {30.0}
    assert len({tuple(one.sums) for one in resampled(parts, 50, seed=3)}) > 40
