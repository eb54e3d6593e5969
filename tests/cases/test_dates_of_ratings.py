"""Ratings inside tickets that have a date of their own, which was not read: each was dated by the resolution of its ticket."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

BEGIN = datetime(2026, 8, 1, 9)
Stand = tuple[str, str, int, int]


def tickets(folder: Path, question: str, mark: str, date: str, *, blank: int = 0, resolved: bool = True) -> Path:
    """Forty tickets, resolved on a day of August each and rated ten days later; every `blank`th rating has no date."""
    lines = [f"Ticket ID;Created at;Resolved at;Status;{question};{date}"]
    for n in range(40):
        at = BEGIN + timedelta(hours=22 * n)
        rated = "" if blank and n % blank == 0 else f"{at + timedelta(days=10):%Y-%m-%d %H:%M}"
        done = f"{at + timedelta(hours=1):%Y-%m-%d %H:%M}" if resolved else ""
        lines.append(f"{n};{at:%Y-%m-%d %H:%M};{done};{'Solved' if resolved else 'Open'};{mark if n < 30 else ''};{rated if n < 30 else ''}")  # fmt: skip
    return written(folder, "t", *lines)


def in_september(at: int) -> bool:
    return BEGIN + timedelta(hours=22 * at, days=10) >= datetime(2026, 9, 1)


def stand_ins(found: Reported, kpi: str) -> list[Stand]:
    result = found.result(kpi)
    assert result is not None
    return [(one["column"], one["stand_in"], one["rows"], one["of"]) for one in result["substitutions"]]


@pytest.mark.parametrize(
    ("question", "mark", "date", "kpi"),
    [
        ("CSAT (1-5)", "4", "CSAT date", "csat"),
        ("NPS (0-10)", "9", "Rated at", "nps"),
        ("CES (1-7)", "6", "Betygsdatum", "ces"),
        ("CSAT (1-5)", "4", "Dato for vurdering", "csat"),
        ("CSAT (1-5)", "4", "Satisfaction rating date", "csat"),
    ],
)
def test_a_rating_is_dated_by_its_own_date(question: str, mark: str, date: str, kpi: str, tmp_path: Path) -> None:
    path = tickets(tmp_path, question, mark, date)
    later = sum(in_september(n) for n in range(30))
    assert later
    found = {period: reported(path, period=period) for period in ("2026-08", "2026-09")}
    assert [(each.result(kpi) or {})["n"] for each in found.values()] == [30 - later, later]
    assert stand_ins(found["2026-08"], kpi) == []
    assert "dated by their own date" in found["2026-08"].notes


@pytest.mark.parametrize(
    ("question", "mark", "kpi"), [("CSAT (1-5)", "4", "csat"), ("NPS (0-10)", "9", "nps"), ("CES (1-7)", "6", "ces")]
)
def test_one_without_a_date_goes_by_its_ticket_and_is_counted_as_such(
    question: str, mark: str, kpi: str, tmp_path: Path
) -> None:
    """Every third has none: it is of August, in which its ticket was resolved."""
    found = reported(tickets(tmp_path, question, mark, "CSAT date", blank=3), period="2026-08")
    own = [n for n in range(30) if n % 3 and not in_september(n)]
    assert stand_ins(found, kpi) == [("answered_at", "resolved_at", 10, len(own) + 10)]


@pytest.mark.parametrize(("question", "mark", "kpi"), [("CSAT (1-5)", "4", "csat"), ("CES (1-7)", "6", "ces")])
def test_a_column_of_dates_that_is_empty_is_one_that_is_not_there(
    question: str, mark: str, kpi: str, tmp_path: Path
) -> None:
    found = reported(tickets(tmp_path, question, mark, "CSAT date", blank=1), period="2026-08")
    assert stand_ins(found, kpi) == [("answered_at", "resolved_at", 30, 30)]


def test_the_rating_of_a_ticket_that_is_not_resolved_has_its_date(tmp_path: Path) -> None:
    found = reported(tickets(tmp_path, "CSAT (1-5)", "4", "Rated at", resolved=False), period="2026-09")
    assert found.result("csat") is not None
    assert (found.result("csat") or {})["n"] == sum(in_september(n) for n in range(30))


def test_as_of_a_day_later_ratings_are_not_known(tmp_path: Path) -> None:
    path = tickets(tmp_path, "CSAT (1-5)", "4", "Rated at")
    found = reported(path, "--as-of", "2026-08-20")
    known = sum(BEGIN + timedelta(hours=22 * n, days=10) < datetime(2026, 8, 21) for n in range(30))
    assert (found.result("csat") or {})["n"] == known
