"""Guards: a margin that is many times the value: churn that doubles is no change that nobody need know."""

import math

import pytest

from kpi_core.analysis.changes.customer_changes import of_kept, variation
from kpi_core.analysis.changes.scaled_changes import margin_of, worth
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import Estimate, Portion


@pytest.mark.parametrize(
    ("kpi", "old", "expected"),
    [
        ("csat", 0.5, 0.05), ("csat", 0.8, 0.05), ("csat", 0.96, 0.01), ("churn_rate", 0.012, 0.003), ("reopen_rate", 0.0, 0.0),
        ("resolution_rate", 1.1, 0.05), ("nps", 0.02, 0.05), ("csat_mean", 4.9, 0.2), ("first_reply_time", 3600.0, 360.0),
    ],
)  # fmt: skip
def test_near_its_ends_a_share_may_change_by_a_quarter_of_what_lies_between(
    kpi: str, old: float, expected: float
) -> None:
    assert worth(BY_NAME[kpi], old) == pytest.approx(expected)


@pytest.mark.parametrize(("new", "old", "is_small"), [(33, 19, False), (190, 185, True), (2000, 2010, True)])
def test_churn_is_no_small_change_for_being_a_small_share(new: int, old: int, is_small: bool) -> None:
    """About 1.2 % of 1 500 against 2.1 %; a share that hardly moves among many customers."""
    there = 1540 if new < 100 else 20_000
    sides = [Estimate(value=gone / there, n=there, parts=Portion(k=float(gone), of=there)) for gone in (new, old)]
    found = of_kept(BY_NAME["churn_rate"], *sides, (30, 31), 0.95)
    assert found is not None
    assert found.is_small is is_small


def _month(gone, of=1000):
    """Customers lost in a month, of so many."""
    return Estimate(value=gone / of, n=of, parts=Portion(k=float(gone), of=of))


def test_a_rate_that_varies_between_months_is_no_change_of_it():
    kpi = BY_NAME["churn_rate"]
    steady = [(_month(gone), 30.0) for gone in (50, 52, 49, 51, 48, 50, 53, 47)]
    varying = [(_month(gone), 30.0) for gone in (30, 72, 49, 81, 28, 60, 33, 47)]
    assert variation(kpi, steady) == (1.0, math.inf)
    factor, freedom = variation(kpi, varying)
    assert (factor > 5, freedom) == (True, 7.0)
    sides = (_month(75), _month(48))
    before, after = (of_kept(kpi, *sides, (30, 30), 0.95, varies) for varies in ((1.0, math.inf), (factor, freedom)))
    assert before.tested.p < 0.05 < after.tested.p


def test_few_earlier_months_show_nothing_of_how_they_vary():
    assert variation(BY_NAME["churn_rate"], [(_month(gone), 30.0) for gone in (10, 90, 20)]) == (1.0, math.inf)


@pytest.mark.parametrize(
    ("kpi", "new", "old", "expected"),
    [
        ("csat", 1.0, 1.0, 0.01), ("reopen_rate", 0.0, 0.0, 0.01), ("csat", 0.98, 1.0, 0.0), ("csat", 1.0, 0.96, 0.01),
        ("resolution_rate", 1.0, 1.0, 0.05), ("nps", 1.0, 1.0, 0.05),
    ],
)  # fmt: skip
def test_a_share_of_all_now_and_before_has_a_margin_too(kpi: str, new: float, old: float, expected: float) -> None:
    assert margin_of(BY_NAME[kpi], new, old) == pytest.approx(expected)
