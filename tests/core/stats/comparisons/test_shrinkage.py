"""Values of groups pulled together: how far, and how often intervals of what a group lacks to the median hold."""

import random
from math import sqrt
from statistics import median

import pytest

from kpi_core.stats.comparisons.shrinkage import PULLED, Group, below_median, pulled, spread_between


def test_groups_with_few_rows_are_pulled_and_those_with_many_are_not():
    sure, unsure = Group(value=0.5, error=1e-6), Group(value=0.5, error=0.02)
    others = [Group(value=0.7, error=1e-6), Group(value=0.9, error=1e-6)]
    values = pulled([sure, unsure, *others], 0.7)
    assert values[0] == pytest.approx(0.5, abs=1e-4)
    assert 0.5 < values[1] < 0.7
    assert values[1] - 0.5 <= PULLED * sqrt(0.02)


def test_groups_that_differ_by_no_more_than_their_errors_are_one():
    assert spread_between([Group(value=value, error=0.01) for value in (0.6, 0.65, 0.7)]) == 0


def test_what_is_not_known_of_the_median_is_in_the_interval():
    """Three groups far apart: the difference of two of them, and not one of them against a value known for certain."""
    error = 0.0006
    low, high = below_median([Group(value=value, error=error) for value in (0.5, 0.7, 0.9)], 0.95, 1)[0]
    assert (high - low) / 2 == pytest.approx(1.96 * sqrt(2 * error), rel=0.06)
    assert (low + high) / 2 == pytest.approx(0.2, abs=0.006)


def test_a_group_that_may_be_the_median_may_lack_nothing():
    groups = [Group(value=value, error=0.001) for value in (0.69, 0.7, 0.71, 0.9)]
    assert all(low <= 0 <= high for low, high in below_median(groups, 0.95, 1)[:3])


@pytest.mark.parametrize("truth", [(0.6, 0.7, 0.8), (0.55, 0.7, 0.7, 0.7, 0.7, 0.7)])
def test_intervals_hold_about_as_often_as_they_say(truth: tuple[float, ...]):
    chance, rows, held, samples = random.Random(5), 400, 0, 200
    for _ in range(samples):
        groups = []
        for share in truth:
            seen = sum(chance.random() < share for _ in range(rows)) / rows
            groups.append(Group(value=seen, error=seen * (1 - seen) / rows))
        low, high = below_median(groups, 0.95, 1)[0]
        held += low <= median(truth) - truth[0] <= high
    assert held / samples >= 0.9
