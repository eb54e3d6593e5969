"""A backlog that goes one way month after month is reported, in a count; one that goes up and down is not."""

from datetime import date
from pathlib import Path

import pytest
from invoked import piped

from kpi_core.analysis.notes.steady_growth import CODE, steady_growth
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import Estimate
from kpi_core.model.periods import Grain, steps
from kpi_core.model.report import KpiResult, Query


def note_texts(values: list[float | None], grain: Grain = Grain.MONTH, name: str = "backlog") -> list[str]:
    trend = tuple(list(steps(date(2024, 1, 1), date(2026, 12, 31), grain))[: len(values)])
    query = Query(period=trend[-1], baseline=trend[-2], grain=grain, trend=trend, as_of=None, by=(), where=None, time_zone=None, calendar=None, confidence=0.95, min_n=5)  # fmt: skip
    estimates = tuple(Estimate(value=value, n=int(value or 0)) for value in values)
    result = KpiResult(kpi=BY_NAME[name], period=trend[-1], group={}, estimate=estimates[-1], trend=estimates)
    return [str(one.message) for one in steady_growth([result], query)]


UP = [10.0 + 7 * place for place in range(12)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (UP, "the backlog has grown in 11 of the last 11 months, from 10 to 87"),
        ([*UP[:5], 30.0, *UP[6:]], "the backlog has grown in 10 of the last 11 months, from 10 to 87"),
        (UP[::-1], "the backlog has shrunk in 11 of the last 11 months, from 87 to 10"),
        ([None, None, *UP[:8]], "the backlog has grown in 7 of the last 7 months, from 10 to 59"),
    ],
)
def test_a_backlog_that_goes_one_way_is_reported(values: list[float | None], expected: str) -> None:
    (text,) = note_texts(values)
    assert text.startswith(expected)


@pytest.mark.parametrize(
    "values",
    [
        UP[:6],  # five of five: one in thirty of those that go either way
        [10.0, 14, 9, 16, 11, 17, 12, 18, 15, 20, 19, 21],  # up and down
        [10.0] * 12,
        [*UP[:6], None, *UP[7:]],  # a month that has no value
        [*UP[:4], 20.0, *UP[5:8], 40.0, *UP[9:]],  # nine of eleven
    ],
)
def test_of_any_other_nothing_is(values: list[float | None]) -> None:
    assert note_texts(values) == []


def test_it_is_the_periods_of_the_trend_that_count() -> None:
    assert note_texts(UP, Grain.WEEK)[0].startswith("the backlog has grown in 11 of the last 11 periods")
    assert note_texts(UP, name="tickets_created") == []


def test_the_page_says_so_next_to_a_change_that_is_unknown(tmp_path: Path) -> None:
    """One ticket in six is never resolved: each month is like those before it."""
    lines = ["Ticket ID,Created at,Resolved at,Status"]
    for number in range(12 * 300):
        day, hour = divmod(number, 10)
        at = f"{date.fromordinal(date(2025, 10, 1).toordinal() + day)} {8 + hour:02}:00:00"
        done = f"{date.fromordinal(date(2025, 10, 2).toordinal() + day)} {8 + hour:02}:00:00"
        lines.append(f"{number},{at},{done},Solved" if number * 7 % 6 else f"{number},{at},,Open")
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = piped("report", path, "--period", "2026-08").out
    assert "The backlog has grown in 10 of the last 10 months, from " in page
    assert CODE in piped("report", path, "--period", "2026-08", "--format", "json").out
