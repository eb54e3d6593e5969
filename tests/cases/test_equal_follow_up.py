"""A share of those who came that have left by now: of the newest the fewest have had the time, so that they always look better."""

from datetime import UTC, date, datetime

import pytest

from kpi_core.analysis.notes.dates.unequal_periods import unequal_follow_up
from kpi_core.kpis import select
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Grain, Period
from kpi_core.model.report import Query

MAY = Period(date(2026, 5, 1), date(2026, 6, 1), Grain.MONTH)
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1), Grain.MONTH)


def found(period: Period, baseline: Period | None, as_of: datetime, name: str = "churn_share") -> list[Finding]:
    query = Query(period=period, baseline=baseline, grain=Grain.MONTH, trend=(), as_of=as_of)
    return list(unequal_follow_up(query, select([name])))


@pytest.mark.parametrize("baseline", [APRIL, Period(date(2025, 5, 1), date(2025, 6, 1), Grain.MONTH)])
def test_who_came_later_is_not_compared(baseline: Period) -> None:
    (finding,) = found(MAY, baseline, datetime(2026, 5, 31, tzinfo=UTC))
    assert finding.consequence is Consequence.NO_VERDICT
    assert finding.kpis == ("churn_share",)


def test_months_that_were_watched_nearly_alike_are_compared() -> None:
    assert found(MAY, APRIL, datetime(2027, 5, 31, tzinfo=UTC)) == []


@pytest.mark.parametrize("name", ["churn_rate", "retention_rate"])
def test_rates_of_a_period_are_compared(name: str) -> None:
    assert found(MAY, APRIL, datetime(2026, 5, 31, tzinfo=UTC), name) == []


def test_without_a_baseline_there_is_nothing_to_say() -> None:
    assert found(MAY, None, datetime(2026, 5, 31, tzinfo=UTC)) == []
