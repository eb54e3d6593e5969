"""A date far in the future that stands for none, taken for an event where it is written more than once: it became the report's `now`."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from reported import reported
from small_reports import written

from kpi_core.analysis.default_period import usual_period
from kpi_core.model.clock import Clock
from kpi_core.model.periods import Grain
from kpi_core.quality.coverage.covered_days import Coverage

HEADER = "Ticket ID,Created,First response,Resolved,Status"


def rows(reply: str = "2026-03-{:02} 09:00", end: str = "2026-03-{:02} 18:00", *, each: int = 3) -> list[str]:
    """Thirty tickets, of which every third is open and has these cells instead."""
    return [
        f"{n},2026-03-{n % 28 + 1:02} 08:00,{(reply if n % each == 0 else '2026-03-{:02} 09:00').format(n % 28 + 1)},"
        f"{(end if n % each == 0 else '2026-03-{:02} 18:00').format(n % 28 + 1)},{'Open' if n % each == 0 else 'Resolved'}"
        for n in range(30)
    ]


@pytest.mark.parametrize("never", ["2099-12-31 23:59", "2049-12-31 00:00", "2100-01-01", "2038-01-19 03:14:07"])
def test_a_far_date_in_every_open_ticket_is_none(tmp_path: Path, never: str) -> None:
    found = reported(written(tmp_path, "t", HEADER, *rows(end=never)), "--kpi", "backlog", "--kpi", "tickets_resolved")
    assert (found.value("backlog"), found.value("tickets_resolved")) == (10, 20)
    assert found.document["query"]["as_of"].startswith("2026-03-28")
    assert f"`Resolved` is `{never}` in 10 rows" in found.finding_text("far-ahead")
    assert "open-again" not in found.codes


@pytest.mark.parametrize("never", ["2099-01-01 00:00", "2050-12-31 12:00"])
def test_a_far_reply_of_some_is_none(tmp_path: Path, never: str) -> None:
    lines = rows(reply=never, end="", each=7)
    found = reported(written(tmp_path, "t", HEADER, *lines), "--kpi", "first_reply*")
    assert (found.value("first_reply_time_mean"), found.result("first_reply_time_mean")["n"]) == (3600, 25)
    assert f"`First response` is `{never}` in 5 rows" in found.finding_text("far-ahead")


def test_late_dates_that_differ_are_what_they_say(tmp_path: Path) -> None:
    old = [line.replace("2026-", "2016-") for line in rows(end="")]
    new = [line.replace(f"{n},", f"{n + 100},", 1) for n, line in enumerate(rows(end=""))]
    found = reported(written(tmp_path, "t", HEADER, *old, *new), "--kpi", "tickets_resolved")
    assert found.value("tickets_resolved") == 40
    assert "far-ahead" not in found.codes


def test_a_batch_of_one_day_after_two_years_is_what_it_says(tmp_path: Path) -> None:
    lines = [line.replace("Open", "Closed") for line in rows(end="2028-04-01 00:00")]
    found = reported(written(tmp_path, "t", HEADER, *lines), "--kpi", "tickets_resolved")
    assert found.value("tickets_resolved") == 30


def test_a_long_span_takes_one_look_at_each_day() -> None:
    """Hand-worked: of 80 years by days the last one with rows is reported, and what is passed over is reported in one sentence."""
    frame = pl.DataFrame(
        {"created_at": pl.datetime_range(datetime(2020, 1, 1), datetime(2020, 3, 31), "1d", time_unit="ms", eager=True)}
    )
    cover = Coverage(first=datetime(2020, 1, 1), last=datetime(2099, 12, 31), slack=timedelta(days=3))
    period, messages = usual_period({"tickets": frame}, {"tickets": cover}, Grain.MONTH, Clock(zone=None, as_of=None))
    assert period.name == "2020-03"
    assert [one.text.partition(" of tickets")[0] for one in messages] == [
        "957 periods from 2020-04 to 2099-12 have hardly any row"
    ]
