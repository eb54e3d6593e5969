"""Guards: what became of rows by now, compared though the older ones have been watched for longer."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from kpi_core.analysis.notes.dates.late_events import late_events
from kpi_core.facts import Facts
from kpi_core.kpis import select
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Grain, Period
from kpi_core.model.report import Query

DAY = timedelta(days=1)
SEPTEMBER, AUGUST = (Period(date(2026, month, 1), date(2026, month + 1, 1), Grain.MONTH) for month in (9, 8))
OF = {
    "successful_resolution_rate": ("tickets", "created_at", "resolved_at", "is_resolved"),
    "conversion_rate": ("leads", "created_at", "converted_at", "is_converted"),
    "review_reply_rate": ("reviews", "reviewed_at", "replied_at", "is_replied"),
    "review_reply_time": ("reviews", "reviewed_at", "replied_at", "is_replied"),
}


def found(tables: dict[str, pl.DataFrame], name: str, as_of: datetime, **periods: Any) -> list[Finding]:
    facts = {key: Facts(frame=frame, available=frozenset(frame.columns), counts={}) for key, frame in tables.items()}
    asked = {"period": SEPTEMBER, "baseline": AUGUST} | periods
    query = Query(**asked, grain=Grain.MONTH, trend=(), as_of=as_of)
    return list(late_events(facts, query, select([name]), Clock(zone=None, as_of=as_of)))


def rows(name: str, mean: float, as_of: datetime, *, is_dated: bool = True) -> dict[str, pl.DataFrame]:
    """Ten a day from June on, of which two in three come to something after so many days in the mean."""
    dice = random.Random(5)
    table, since, at, fact = OF[name]
    kept = []
    for number in range(1220):
        begun = datetime(2026, 6, 1) + number * DAY / 10
        done = begun + dice.expovariate(1 / mean) * DAY
        came = number % 3 > 0 and done < as_of
        kept.append({since: begun, at: done if came and is_dated else None, fact: came})
    return {table: pl.DataFrame(kept, schema_overrides={at: pl.Datetime("ms"), since: pl.Datetime("ms")})}


@pytest.mark.parametrize("name", OF)
@pytest.mark.parametrize(("mean", "after"), [(20, 30), (12, 31), (40, 60)])
def test_what_is_still_to_come_of_the_newer_rows_is_not_compared(name: str, mean: float, after: int) -> None:
    as_of = datetime(2026, 10, 1) + after * DAY
    (finding,) = found(rows(name, mean, as_of), name, as_of)
    assert finding.consequence is Consequence.NO_VERDICT
    assert finding.kpis == (name,)
    assert "more of 2026-09 are still to come" in finding.text


@pytest.mark.parametrize("name", OF)
def test_what_is_not_final_yet_needs_no_word(name: str) -> None:
    """Reviews have no time to mature: of them it is reported from the first day on."""
    as_of = datetime(2026, 10, 6)
    assert bool(found(rows(name, 6, as_of), name, as_of)) is name.startswith("review")


@pytest.mark.parametrize("name", OF)
@pytest.mark.parametrize(("mean", "after"), [(1, 30), (3, 30), (10, 90)])
def test_what_is_known_of_both_is_compared(name: str, mean: float, after: int) -> None:
    as_of = datetime(2026, 10, 1) + after * DAY
    assert found(rows(name, mean, as_of), name, as_of) == []


@pytest.mark.parametrize(("after", "is_reported"), [(35, True), (400, False)])
def test_what_came_on_no_known_day_is_compared_where_both_were_watched_alike(after: int, is_reported: bool) -> None:
    as_of = datetime(2026, 10, 1) + after * DAY
    result = found(rows("conversion_rate", 2, as_of, is_dated=False), "conversion_rate", as_of)
    assert bool(result) is is_reported
    assert all("no day of conversions is known" in one.text for one in result)


@pytest.mark.parametrize("name", ["revenue", "aov"])
@pytest.mark.parametrize(
    ("share", "newest", "is_reported"), [(6, 20, True), (6, 6, False), (0, 0, False), (20, 6, False)]
)
def test_orders_of_which_fewer_are_paid_back_yet_are_not_compared(
    name: str, share: int, newest: int, is_reported: bool
) -> None:
    kept = []
    for number in range(2440):
        at = datetime(2026, 6, 1) + number * DAY / 20
        every = newest if at >= datetime(2026, 9, 1) else share
        back = bool(every) and number % every == 0
        kept.append({"ordered_at": at, "amount": 100.0, "value": 0.0 if back else 100.0, "is_order": True})
    result = found({"orders": pl.DataFrame(kept)}, name, datetime(2026, 10, 5))
    assert bool(result) is is_reported
    assert all(one.consequence is Consequence.NO_VERDICT and "paid back" in one.text for one in result)


def test_one_period_alone_has_nothing_to_be_compared_with() -> None:
    as_of = datetime(2026, 10, 5)
    assert found(rows("conversion_rate", 20, as_of), "conversion_rate", as_of, baseline=None) == []
