"""Changes dealt to factors: the worked examples of Das Gupta (1993) to the digits printed, and any function at random."""

import math
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.stats.decomposition import parts_of_change, shares_of_change, standardised

Vector = tuple[float, ...]


def added(*factors: Vector) -> float:
    """The sum of the products of several vectors."""
    return math.fsum(math.prod(row) for row in zip(*factors, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "parts", "change"),
    [
        ((10930, 0.717892), (16591, 0.825974), (4369.913, 1487.262), 5857.175),
        ((51.78746, 0.45919, 0.52638), (84.90502, 0.75756, 0.51065), (10.4340333, 10.5608476, -0.6670084), 20.3278726),
        ((25.3, 0.214, 0.279, 0.949), (32.7, 0.290, 0.473, 0.986), (0.6889411, 0.8125381, 1.3829055, 0.1047547), 2.9891394),
        ((0.58, 0.76, 0.84, 0.66, 16.573), (0.72, 0.97, 0.97, 0.56, 16.158),
         (1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187), 2.0797729),
    ],
    ids=["2.1 earnings", "2.2 births", "2.3", "2.4"],
)  # fmt: skip
def test_products_of_das_gupta(old: Vector, new: Vector, parts: Vector, change: float) -> None:
    found = shares_of_change(old, new)
    assert [round(part, len(f"{result}".split(".")[1])) for part, result in zip(found, parts, strict=True)] == list(
        parts
    )
    assert math.fsum(found) == pytest.approx(math.prod(new) - math.prod(old), rel=1e-12)
    assert round(math.fsum(found), len(f"{change}".split(".")[1])) == change


def test_earnings_in_shares() -> None:
    found = shares_of_change([10930, 0.717892], [16591, 0.825974])
    assert [round(100 * part / math.fsum(found), 2) for part in found] == [74.61, 25.39]


BIRTHS_1960 = (
    (393, 407, 369, 274, 184, 90, 16), (0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800), (0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018),
)  # fmt: skip
BIRTHS_1970 = (
    (488, 452, 338, 156, 63, 22, 3), (0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876), (0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019),
)  # fmt: skip


def test_a_sum_of_products() -> None:
    found = parts_of_change(lambda values: added(*values), BIRTHS_1960, BIRTHS_1970)
    assert [round(part, 6) for part in found] == [-7.285632, -2.720633, -1.565181]
    assert round(math.fsum(found), 6) == -11.571446


WOMEN = {
    1963: ((.200, .163, .146, .154, .168, .169), (.866, .325, .119, .099, .099, .121), (.007, .021, .023, .015, .008, .002), (.454, .326, .195, .107, .051, .015)),
    1968: ((.215, .191, .156, .137, .144, .157), (.891, .373, .124, .100, .107, .127), (.010, .023, .023, .015, .008, .002), (.433, .249, .159, .079, .037, .011)),
    1973: ((.218, .203, .175, .144, .127, .133), (.870, .396, .158, .125, .113, .129), (.011, .016, .017, .011, .006, .002), (.314, .181, .133, .063, .023, .006)),
    1978: ((.205, .200, .181, .162, .134, .118), (.900, .484, .243, .176, .155, .168), (.014, .019, .015, .010, .005, .001), (.313, .191, .143, .069, .021, .004)),
    1983: ((.169, .195, .190, .174, .150, .122), (.931, .563, .311, .216, .199, .191), (.018, .026, .023, .016, .008, .002), (.380, .201, .149, .079, .025, .006)),
}  # fmt: skip


def unmarried(expected: Sequence[Vector]) -> float:
    """The share of births to unmarried women, of age groups: women, unmarried of them, and the births of each."""
    women, unmarried_, births, of_married = expected
    without = added(women, unmarried_, births)
    return without / (without + added(women, tuple(1 - one for one in unmarried_), of_married))


def test_a_ratio_of_sums() -> None:
    found = parts_of_change(unmarried, WOMEN[1963], WOMEN[1983])
    assert [round(part, 8) for part in found] == [-0.00620498, 0.04866154, 0.02705922, 0.02470928]
    assert round(math.fsum(found), 8) == 0.09422505


def test_five_populations_on_one_standard() -> None:
    found = standardised(lambda values: 1000 * unmarried(values), list(WOMEN.values()))
    shown = [
        (72.77031, 74.65254, 73.83625, 71.36001, 64.60057),
        (53.28255, 56.63216, 59.52972, 79.49763, 104.38728),
        (62.17750, 69.61231, 60.48031, 68.54219, 94.17361),
        (54.83361, 64.43823, 81.24203, 79.60288, 74.12756),
    ]
    assert [[round(rates[factor], 5) for rates in found] for factor in range(4)] == [list(one) for one in shown]


def test_pairs_of_three_populations_do_not_add_up_and_one_standard_does() -> None:
    first, second, third = (WOMEN[year] for year in (1963, 1968, 1973))

    def thousand(expected: Sequence[Vector]) -> float:
        return 1000 * unmarried(expected)

    pairs = [parts_of_change(thousand, *pair) for pair in ((first, second), (second, third), (first, third))]
    assert [round(part, 7) for part in pairs[0]] == [0.9773438, 5.0282497, 7.1177686, 9.1479140]
    assert round(pairs[0][0] + pairs[1][0], 3) == -0.057
    assert round(pairs[2][0], 3) == 0.169
    rates = standardised(thousand, [first, second, third])
    for factor in range(4):
        steps = [
            new[factor] - old[factor] for old, new in ((rates[0], rates[1]), (rates[1], rates[2]), (rates[0], rates[2]))
        ]
        assert steps[0] + steps[1] == pytest.approx(steps[2], abs=1e-12)
    whole = [math.fsum(new) - math.fsum(old) for old, new in ((rates[0], rates[1]), (rates[1], rates[2]))]
    assert whole == pytest.approx([thousand(second) - thousand(first), thousand(third) - thousand(second)], rel=1e-12)


SIZES_1970 = (
    2968,
    11484,
    34614,
    30992,
    21983,
    20314,
    20928,
    16897,
    11339,
    5720,
    1315,
    535,
    2162,
    6120,
    4781,
    3096,
    2718,
    2363,
    1767,
    1149,
    448,
    117,
)
SIZES_1985 = (
    3041,
    11577,
    27450,
    32711,
    35480,
    27411,
    19555,
    19795,
    15254,
    8022,
    2472,
    707,
    2692,
    6473,
    6841,
    6547,
    4352,
    3034,
    2540,
    1749,
    804,
    236,
)
DEATHS_1970 = (18.469, .751, .391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837, 36.993, 1.352, .541, 2.040, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902, 123.205)  # fmt: skip
DEATHS_1985 = (9.163, .462, .248, .929, 1.084, 1.810, 4.715, 12.187, 27.728, 64.068, 157.570, 17.208, .738, .328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276, 125.161)  # fmt: skip


def structure(sizes: Sequence[float]) -> tuple[Vector, Vector]:
    """Of two races of eleven ages each the factors of age and of race, whose products are the shares of the cells (5.36)."""
    cells = {(race, age): sizes[11 * race + age] for race in range(2) for age in range(11)}
    races = [sum(cells[race, age] for age in range(11)) for race in range(2)]
    ages = [sum(cells[race, age] for race in range(2)) for age in range(11)]
    total = sum(sizes)
    by_age = tuple(math.sqrt(size / races[race] * ages[age] / total) for (race, age), size in cells.items())
    by_race = tuple(math.sqrt(size / ages[age] * races[race] / total) for (race, age), size in cells.items())
    return by_age, by_race


def test_two_dimensions_crossed() -> None:
    # The structure and the rates are two factors; what the structure adds is dealt to age and race at the mean rates.
    sizes = [tuple(size / sum(rows) for size in rows) for rows in (SIZES_1970, SIZES_1985)]
    found = parts_of_change(lambda values: added(*values), (sizes[0], DEATHS_1970), (sizes[1], DEATHS_1985))
    assert [round(part, 7) for part in found] == [1.5415096, -2.2277254]
    assert round(math.fsum(found), 7) == -0.6862158
    rates = tuple((old + new) / 2 for old, new in zip(DEATHS_1970, DEATHS_1985, strict=True))
    crossed = parts_of_change(lambda cells: added(*cells, rates), structure(SIZES_1970), structure(SIZES_1985))
    assert [round(part, 7) for part in crossed] == [1.5217347, 0.0197749]


@pytest.mark.parametrize("orders", [[3, 2, 1, 0], [1, 3, 0, 2]])
def test_the_order_of_factors_does_not_matter(orders: list[int]) -> None:
    old, new = (0.3, 5.0, 2.0, -1.0), (0.5, 4.0, 2.5, 3.0)
    parts = shares_of_change(old, new)
    again = shares_of_change([old[place] for place in orders], [new[place] for place in orders])
    assert [again[orders.index(place)] for place in range(4)] == pytest.approx(parts)


def by_orders(function: Callable[[Sequence[float]], float], old: Sequence[float], new: Sequence[float]) -> list[float]:
    """The parts by changing the factors one by one in every order."""
    parts = [0.0] * len(old)
    orders = list(permutations(range(len(old))))
    for order in orders:
        rows = list(old)
        for place in order:
            before = function(rows)
            rows[place] = new[place]
            parts[place] += (function(rows) - before) / len(orders)
    return parts


numbers = st.floats(-50, 50).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_parts_are_those_of_every_order_and_leave_nothing_over(pairs: list[tuple[float, float]]) -> None:
    old, new = [one for one, _ in pairs], [other for _, other in pairs]

    def function(expected: Sequence[float]) -> float:
        return math.prod(expected) + sum(expected) ** 2

    found = parts_of_change(function, old, new)
    assert found == pytest.approx(by_orders(function, old, new), rel=1e-6, abs=1e-6)
    scale = max(abs(function(old)), abs(function(new)), 1.0)
    assert abs(math.fsum(found) - (function(new) - function(old))) < 1e-9 * max(scale, *map(abs, found))
