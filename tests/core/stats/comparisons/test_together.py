"""Whether two series go together: the correlation without straight lines, and how often chance is taken for more."""

import random

import numpy as np
import pytest
from scipy import stats

from kpi_core.stats.comparisons.together import together
from tests.bench.funnel import called


def test_the_correlation_is_that_of_what_straight_lines_leave() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=30), rng.normal(size=30)
    y = y + 0.6 * x + 0.1 * np.arange(30)
    found = together([*x], [*y])
    assert found is not None
    left = [one - np.polyval(np.polyfit(np.arange(30), one, 1), np.arange(30)) for one in (x, y)]
    assert found.r == pytest.approx(stats.pearsonr(*left).statistic)
    assert found.slope == pytest.approx(np.polyfit(*left, 1)[0])
    assert found.low < found.slope < found.high
    assert found.worth <= found.n == 30


def test_few_values_and_values_that_never_change_say_nothing() -> None:
    assert together([1.0, 2.0] * 5, [2.0, 1.0] * 5) is None
    assert together([1.0] * 20, [float(n % 3) for n in range(20)]) is None
    assert together([0.1 * n for n in range(20)], [float(n % 3) for n in range(20)]) is None


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_series_that_remember_are_not_taken_for_more_than_they_are(memory: float) -> None:
    assert called(random.Random(9), reports=400, weeks=26, memory=memory) < 0.075
