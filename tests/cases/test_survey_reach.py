"""Answers that begin or end within the period next to tickets, or invitations, that go on: what nobody could answer counted as not
answered, and a response rate of 33 % stood where two thirds had answered.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

START = datetime(2026, 1, 1, 9)
FEBRUARY, DAYS = datetime(2026, 2, 1), 90
OF_TICKETS = ("response_rate_of_resolved", "successful_resolution_rate")


def survey(
    folder: Path,
    since: str,
    until: str,
    *,
    of: str = "tickets",
    every: int = 2,
    without: tuple[str, str] = ("", ""),
    weekly: bool = False,
) -> Reported:
    """Two tickets (or invitations) a day, of which every other one is answered the day after; answers are kept from one day to another, `without` those of some days; `weekly`: all on Mondays."""
    asked = [(1000 + n, START + timedelta(hours=12 * n)) for n in range(2 * DAYS)]
    given = {n: at + timedelta(days=7 - at.weekday() if weekly else 1) for n, at in asked if n % every == 0}
    answers = [
        f"{n};{n};k{n}@ex.se;{at:%Y-%m-%d %H:%M};{1 + n % 5}"
        for n, at in given.items()
        if since <= f"{at:%Y-%m-%d}" < until and not without[0] <= f"{at:%Y-%m-%d}" < without[1]
    ]
    if of == "tickets":
        rows = [f"{n};{at:%Y-%m-%d %H:%M};{at + timedelta(hours=5):%Y-%m-%d %H:%M};Löst" for n, at in asked]
        first = written(folder, "tickets", "Ärendenummer;Skapad;Löst;Status", *rows)
        second = written(folder, "answers", "Svars-ID;Ärendenummer;E-post;Svarsdatum;Hur nöjd är du? (1-5)", *answers)
    else:
        first = written(folder, "asked", "E-post;Skickad", *[f"k{n}@ex.se;{at:%Y-%m-%d %H:%M}" for n, at in asked])
        lines = [answer.split(";", 2)[2] for answer in answers]
        second = written(folder, "answers", "E-post;Svarsdatum;Hur nöjd är du? (1-5)", *lines)
    return reported(first, second, "--kpi", "*", period="2026-02")


@pytest.mark.parametrize(
    ("since", "until"), [("2026-02-15", "2026-05-01"), ("2026-01-01", "2026-02-15"), ("2026-03-05", "2026-05-01")]
)
def test_answers_that_miss_a_part_of_the_tickets_give_no_response_rate(tmp_path: Path, since: str, until: str) -> None:
    found = survey(tmp_path, since, until)
    assert found.value("response_rate_of_resolved") is None
    assert "answers run from" in found.finding_text("survey-reach")
    said = [one for one in found.document["findings"] if one["code"] == "survey-reach" and one["serious"]]
    assert {kpi for one in said for kpi in one["kpis"]} >= set(OF_TICKETS)


@pytest.mark.parametrize(("since", "until"), [("2026-02-15", "2026-05-01"), ("2026-01-01", "2026-02-15")])
def test_answers_that_miss_a_part_of_the_invitations_give_no_response_rate(
    tmp_path: Path, since: str, until: str
) -> None:
    assert survey(tmp_path, since, until, of="invitations").value("response_rate") is None


@pytest.mark.parametrize(("of", "kpi"), [("tickets", "response_rate_of_resolved"), ("invitations", "response_rate")])
def test_the_whole_survey_has_one(tmp_path: Path, of: str, kpi: str) -> None:
    """Hand-worked: every other one answered."""
    found = survey(tmp_path, "2026-01-01", "2026-05-01", of=of)
    assert found.value(kpi) == 0.5
    assert "survey-reach" not in found.codes


def test_few_answers_leave_out_days_by_chance(tmp_path: Path) -> None:
    """Of 180 tickets three were answered, the last of them on 21 February: so few leave out weeks."""
    found = survey(tmp_path, "2026-01-01", "2026-02-22", every=50)
    assert found.value("response_rate_of_resolved") is not None
    assert "survey-reach" not in found.codes


@pytest.mark.parametrize(
    ("of", "kpi", "without"),
    [
        ("tickets", "response_rate_of_resolved", ("2026-02-10", "2026-02-20")),
        ("tickets", "response_rate_of_resolved", ("2026-01-26", "2026-02-12")),
        ("invitations", "response_rate", ("2026-02-10", "2026-02-21")),
    ],
)
def test_answers_that_stop_for_ten_days_give_no_response_rate(
    tmp_path: Path, of: str, kpi: str, without: tuple[str, str]
) -> None:
    found = survey(tmp_path, "2026-01-01", "2026-05-01", of=of, without=without)
    assert found.value(kpi) is None
    assert f"no answers came from {without[0]}" in found.finding_text("survey-reach")


def test_answers_of_mondays_alone_have_no_gap(tmp_path: Path) -> None:
    """A survey that goes out once a week has six days without an answer each week."""
    found = survey(tmp_path, "2026-01-01", "2026-05-01", weekly=True)
    assert found.value("response_rate_of_resolved") is not None
    assert "survey-reach" not in found.codes


def of_sides(folder: Path, column: str, sides: list[str], asked: list[str], *, every: int = 2) -> Reported:
    """Two tickets a day of sides in turn; of those asked every other one is answered."""
    rows, answers = [], []
    for n in range(2 * DAYS):
        at, side = START + timedelta(hours=12 * n), sides[n * 7 % len(sides)]
        rows.append(f"{n};{at:%Y-%m-%d %H:%M};{at + timedelta(hours=5):%Y-%m-%d %H:%M};Löst;{side}")
        if side in asked and n // len(sides) % every == 0:
            answers.append(f"{n};{n};{at + timedelta(days=1):%Y-%m-%d %H:%M};{1 + n % 5}")
    first = written(folder, "tickets", f"Ärendenummer;Skapad;Löst;Status;{column}", *rows)
    second = written(folder, "answers", "Svars-ID;Ärendenummer;Svarsdatum;Hur nöjd är du? (1-5)", *answers)
    return reported(first, second, "--kpi", "*", period="2026-02")


@pytest.mark.parametrize(("column", "said"), [("Kanal", "of the channels `Chatt`"), ("Grupp", "of the groups `Gamma`")])
def test_a_survey_of_some_sides_says_so_at_the_response_rate(tmp_path: Path, column: str, said: str) -> None:
    sides = ["E-post", "Chatt"] if column == "Kanal" else ["Alfa", "Gamma"]
    found = of_sides(tmp_path, column, sides, sides[:1])
    assert said in found.finding_text("survey-reach")
    assert found.value("response_rate_of_resolved") is not None
    assert any("has a survey answer" in note for note in found.result("response_rate_of_resolved")["notes"])


@pytest.mark.parametrize("asked", [["E-post", "Chatt", "Telefon"], ["E-post", "Chatt"]])
def test_sides_that_all_answer_or_have_few_tickets_are_as_they_are(tmp_path: Path, asked: list[str]) -> None:
    sides = [*["E-post", "Chatt"] * 8, "Telefon"]
    found = of_sides(tmp_path, "Kanal", sides, asked)
    assert not [one for one in found.document["findings"] if one["code"] == "survey-reach"]
