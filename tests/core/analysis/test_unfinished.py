"""Curves of two periods held against each other, and against targets."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from core.test_compare import canonical, report

from kpi_core.analysis.compare import CROSSED, change
from kpi_core.analysis.targets import is_point_missed, stand
from kpi_core.estimates import Estimate
from kpi_core.goal import Goal
from kpi_core.kpis import BY_NAME
from kpi_core.p_values import two_sided_p
from kpi_core.report import Change, KpiResult, Status, Verdict
from kpi_core.survival import Watched, kaplan_meier, log_rank
from kpi_core.tables import TICKETS

HOUR = 3600
MEDIAN, MEAN, SHARE = (
    BY_NAME[name] for name in ("resolution_time_km", "resolution_time_km_mean", "resolved_within_km")
)


def watched(done: list[int], still_open: list[int]) -> Watched:
    """Cases by the hours they took, and those open for so many."""
    ages = [*done, *still_open]
    return Watched(
        pl.Series([None] * len(ages), dtype=pl.Int64),
        pl.Series([hours * HOUR for hours in ages], dtype=pl.Int64),
        pl.Series([True] * len(done) + [False] * len(still_open), dtype=pl.Boolean),
    )


def median(done: list[int], still_open: list[int]) -> Estimate:
    seen = watched(done, still_open)
    value, low, high = kaplan_meier(*seen).quantile(0.5, 0.95)
    return Estimate(value=value, n=len(seen.exits), low=low, high=high, evidence=seen)


SLOW, QUICK = list(range(10, 50)), list(range(1, 41))


def test_times_are_compared_by_their_curves() -> None:
    new, old = median(QUICK, []), median(SLOW, [])
    found, test = change(MEDIAN, new, old, 0.95), log_rank(watched(QUICK, []), watched(SLOW, []))
    assert test is not None
    assert found == Change(value=-9.0 * HOUR, p=test.p, rises=False)


def test_curves_differ_where_a_median_is_not_reached() -> None:
    new, old = median(QUICK[:15], [60] * 40), median([], [60] * 50)
    assert (new.value, old.value) == (None, None)
    found = change(MEDIAN, new, old, 0.95)
    assert found is not None
    assert found.value is None
    assert found.p is not None
    assert found.p < 0.01
    assert found.is_up is False


def test_a_median_that_moved_one_way_and_a_curve_that_moved_the_other_are_no_change() -> None:
    # Half of the new cases end a little later than the old; the other half far sooner than the old ones, which stay open.
    new, old = median([12] * 24 + [13] * 26, [40]), median([11] * 26 + [12] * 3, [99] * 29)
    assert new.value == 13 * HOUR
    assert old.value == 12 * HOUR
    found = change(MEDIAN, new, old, 0.95)
    assert found == Change(value=1.0 * HOUR, p=1.0, note=CROSSED)


def test_two_means_add_their_errors_in_squares() -> None:
    new, old = (
        Estimate(value=hours * HOUR, n=40, parts={"error": error}) for hours, error in ((5.0, 300.0), (6.0, 400.0))
    )
    found = change(MEAN, new, old, 0.95)
    assert found is not None
    assert found.value == -HOUR
    assert (found.low, found.high) == (
        pytest.approx(-HOUR - 1.959964 * 500, abs=0.1),
        pytest.approx(-HOUR + 1.959964 * 500, abs=0.1),
    )
    assert found.p == pytest.approx(two_sided_p(HOUR / 500))


def test_two_shares_add_the_distances_to_their_bounds_in_squares() -> None:
    def share(done: int, still_open: int) -> Estimate:
        curve = kaplan_meier(*watched([1] * done, [5] * still_open))
        value, low, high = curve.share_within(2 * HOUR, 0.95)
        return Estimate(
            value=value,
            n=done + still_open,
            low=low,
            high=high,
            evidence=lambda at: curve.share_within(2 * HOUR, at)[1:],
        )

    new, old = share(70, 30), share(50, 50)
    found = change(SHARE, new, old, 0.95)
    assert found is not None
    assert None not in (found.low, found.high, new.low, old.high)
    assert found.value == pytest.approx(0.2)
    reach = ((new.value or 0) - (new.low or 0)) ** 2 + ((old.high or 0) - (old.value or 0)) ** 2
    assert found.low == pytest.approx(0.2 - reach**0.5)
    # The smallest alpha whose interval leaves out 0: an interval at that confidence ends there.
    assert found.p is not None
    edge = change(SHARE, new, old, 1 - found.p)
    assert edge is not None
    assert edge.low == pytest.approx(0, abs=1e-3)


# In a report


def rows(first: datetime, days: int, lasts: int, every: int) -> list[dict[str, Any]]:
    """Four tickets a day that last so many hours, and every so many-th of them not resolved at all."""
    found = []
    for number in range(days * 4):
        opened, is_open = first + timedelta(hours=6 * number), number % every == 0
        ended = None if is_open else opened + timedelta(hours=lasts, minutes=number % 50)
        found.append(
            {
                "ticket_id": first.month * 10_000 + number,
                "created_at": opened,
                "resolved_at": ended,
                "status": "open" if is_open else "solved",
            }
        )
    return found


def compared(name: str, *, now: tuple[int, int], then: tuple[int, int], **asked: Any) -> KpiResult:
    before = rows(datetime(2026, 1, 1), 31, *then) + rows(datetime(2026, 2, 1), 28, *then)
    frame = canonical(TICKETS, before + rows(datetime(2026, 3, 1), 31, *now))
    (found,) = report({"tickets": frame}, name, period="2026-03", as_of=datetime(2026, 4, 1, 6), **asked).results
    return found


@pytest.mark.parametrize("name", ["resolution_time_km", "resolution_time_km_p90", "resolved_within_km"])
@pytest.mark.parametrize(
    ("now", "then", "verdict"),
    [
        ((10, 20), (30, 20), Verdict.BETTER),
        ((30, 20), (10, 20), Verdict.WORSE),
        ((30, 20), (30, 20), Verdict.CANNOT_TELL),
    ],
)
def test_a_month_is_better_or_worse_by_all_its_tickets(
    name: str, now: tuple[int, int], then: tuple[int, int], verdict: Verdict
) -> None:
    assert compared(name, now=now, then=then, targets={"resolution_time": [Goal(value=30.4 * HOUR)]}).verdict is verdict


def test_a_mean_is_worse_where_its_area_grew_by_more_than_chance() -> None:
    found = compared("resolution_time_km_mean", now=(200, 20), then=(10, 20))
    assert found.verdict is Verdict.WORSE
    assert found.change is not None
    assert found.change.low is not None
    assert found.change.low > 0
    # One ticket in 20 is open, which is 30 days each; the widest of chance hides 20 hours in the mean of all.
    assert compared("resolution_time_km_mean", now=(30, 20), then=(10, 20)).verdict is Verdict.CANNOT_TELL


def test_open_tickets_alone_make_a_month_worse() -> None:
    # The resolved ones take as long as before; but two in three are not resolved any more.
    found = compared("resolution_time_km", now=(10, 2), then=(10, 20))
    assert found.estimate.parts["naive"] == pytest.approx(10.4 * HOUR, abs=0.2 * HOUR)
    assert found.verdict is Verdict.WORSE


def test_a_time_not_reached_misses_a_target_that_its_lower_bound_has_passed() -> None:
    unreached = Estimate(value=None, n=60, low=30.0 * HOUR, parts={"beyond": 50.0 * HOUR})
    for target, status in ((24, Status.MISSED), (40, Status.CANNOT_TELL)):
        assert stand(MEDIAN, unreached, target * HOUR).status is status
    assert is_point_missed(MEDIAN, unreached, 40 * HOUR)
    assert not is_point_missed(MEDIAN, unreached, 60 * HOUR)


def test_a_target_stands_beside_a_time_not_reached() -> None:
    found = compared(
        "resolution_time_km", now=(10, 1), then=(10, 1), targets={"resolution_time_km": [Goal(value=24.0 * HOUR)]}
    )
    assert found.estimate.value is None
    assert found.target is not None
