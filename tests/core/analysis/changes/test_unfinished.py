"""Curves of two periods compared, and against targets."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from core.analysis.changes.test_compare import canonical, report

from kpi_core.analysis.targets import is_point_missed, stand
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import Estimate
from kpi_core.model.goal import Goal
from kpi_core.model.report import KpiResult, Status, Verdict
from kpi_core.model.stocks_and_survival import Survived
from kpi_core.model.tables import TICKETS

HOUR = 3600
MEDIAN = BY_NAME["resolution_time_km"]


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
        ((30, 20), (30, 20), None),
    ],
)
def test_a_month_is_better_or_worse_by_all_its_tickets(
    name: str, now: tuple[int, int], then: tuple[int, int], verdict: Verdict
) -> None:
    found = compared(name, now=now, then=then, targets={"resolution_time": [Goal(value=30.4 * HOUR)]}).verdict
    assert found is verdict or (verdict is None and found in (Verdict.CANNOT_TELL, Verdict.NO_CHANGE))


def test_open_tickets_alone_are_seen_by_the_flow() -> None:
    """The resolved ones take as long as before; but two in three are not resolved any more."""
    found = compared("resolution_time_km", now=(10, 2), then=(10, 20))
    assert found.estimate.parts.naive == pytest.approx(10.4 * HOUR, abs=0.2 * HOUR)
    assert found.verdict is Verdict.CANNOT_TELL
    months = [rows(datetime(2025, month, 1), days, 10, 20) for month, days in ((9, 30), (10, 31), (11, 30), (12, 31))]
    for every, verdict in ((2, Verdict.WORSE), (20, Verdict.NO_CHANGE)):
        before = [
            *chain.from_iterable(months),
            *rows(datetime(2026, 1, 1), 31, 10, 20),
            *rows(datetime(2026, 2, 1), 28, 10, 20),
        ]
        frame = canonical(TICKETS, before + rows(datetime(2026, 3, 1), 31, 10, every))
        summary = report(
            {"tickets": frame}, "resolution_rate", "backlog", period="2026-03", as_of=datetime(2026, 4, 1, 6)
        )
        # A tenth of a backlog of some thirty is less than the flow of a month can show, and one test has one verdict.
        expected = verdict if verdict is Verdict.WORSE else Verdict.CANNOT_TELL
        assert [one.verdict for one in summary.results] == [expected, expected]
        alone = report({"tickets": frame}, "resolution_rate", period="2026-03", as_of=datetime(2026, 4, 1, 6))
        assert [one.verdict for one in alone.results] == [verdict]


def test_a_time_not_reached_misses_a_target_that_its_lower_bound_has_passed() -> None:
    unreached = Estimate(
        value=None,
        n=60,
        low=30.0 * HOUR,
        parts=Survived(events=0, finished=0, unfinished=60, late=0, beyond=50.0 * HOUR),
    )
    for target, status in ((24, Status.MISSED), (40, Status.CANNOT_TELL)):
        assert stand(MEDIAN, unreached, target * HOUR).status is status
    assert is_point_missed(MEDIAN, unreached, 40 * HOUR)
    assert not is_point_missed(MEDIAN, unreached, 60 * HOUR)


def test_a_target_stands_next_to_a_time_not_reached() -> None:
    found = compared(
        "resolution_time_km", now=(10, 1), then=(10, 1), targets={"resolution_time_km": [Goal(value=24.0 * HOUR)]}
    )
    assert found.estimate.value is None
    assert found.target is not None
