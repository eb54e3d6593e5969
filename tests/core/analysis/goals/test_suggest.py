"""Proposed targets: round values, and a chance that is what it says, simulated on shares, times, scores and net shares."""

import math
import random
import statistics

import pytest

from kpi_core.analysis.goals.suggest import CHANCES, Level, Suggestion, level_for, rounded
from kpi_core.kpis import BY_NAME
from kpi_core.model.kpi import Better


def share(chance):
    return sum(chance.random() < 0.83 for _ in range(90)) / 90


def rare(chance):
    return sum(chance.random() < 0.06 for _ in range(120)) / 120


def median_time(chance):
    return statistics.median(3600 * chance.lognormvariate(1.2, 1.1) for _ in range(41))


def score(chance):
    return statistics.fmean(chance.choice((1, 2, 3, 4, 5, 5, 5)) for _ in range(50))


def net(chance):
    return statistics.fmean(chance.choice((-1, 0, 0, 1, 1)) for _ in range(60))


@pytest.mark.parametrize("aimed_at", CHANCES)
@pytest.mark.parametrize(
    ("kpi", "draw"),
    [("csat", share), ("reopen_rate", rare), ("first_reply_time", median_time), ("csat_mean", score), ("nps", net)],
)
@pytest.mark.parametrize("months", [8, 18])
def test_a_further_period_meets_a_proposal_as_often_as_it_says(kpi, draw, aimed_at, months):
    """Where nothing changes, the chances add up to the times that the next period met its target."""
    chance, runs, met, messages = random.Random(f"{kpi} {months}"), 500, 0.0, 0.0
    is_higher = BY_NAME[kpi].better is Better.HIGHER
    for _ in range(runs):
        level = level_for(BY_NAME[kpi], [draw(chance) for _ in range(months)], aimed_at)
        assert level is not None
        following = draw(chance)
        met += following >= level.value if is_higher else following <= level.value
        messages += level.chance
    # Three standard errors of a share, and what values that lie on a grid (k of 90) add by being equal to the target.
    assert met / runs == pytest.approx(messages / runs, abs=3 * math.sqrt(0.25 / runs) + 0.03)


@pytest.mark.parametrize(
    ("kpi", "value", "expected"),
    [
        ("csat", 0.8342, 0.83), ("nps", 0.317, 0.32), ("first_reply_time", 5_011, 5_100), ("first_reply_time", 20_000, 19_800),
        ("first_reply_time", 90_000, 90_000), ("resolution_time", 300_000, 302_400), ("csat_mean", 4.231, 4.2), ("revenue", 123_456, 120_000),
        ("revenue", 0, 0), ("first_reply_time", 10, 300),
    ],
)  # fmt: skip
def test_a_proposal_is_a_value_that_somebody_would_set(kpi, value, expected):
    assert rounded(BY_NAME[kpi], value) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("chances", "headings"),
    [
        ((0.81, 0.5, 0.2), (0.81, 0.5, 0.2)),
        ((0.48,), (None, 0.48, None)),
        ((0.9, 0.14), (0.9, None, 0.14)),
        ((0.7, 0.66, 0.1), (0.7, None, 0.1)),
    ],
)
def test_a_proposal_stands_under_the_chance_that_it_has(chances, headings):
    levels = tuple(Level(value=1.0 + place, chance=chance, met=1) for place, chance in enumerate(chances))
    one = Suggestion(kpi=BY_NAME["csat"], newest=1.0, levels=levels, periods=12, has_moved=False)
    found = [one.at(chance) for chance in CHANCES]
    assert tuple(each and each.chance for each in found) == headings
