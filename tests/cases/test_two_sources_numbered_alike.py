"""Two teams, shops or surveys that both count from 1 on the same days: one row counted of each two, as if one were a version of the other."""

from pathlib import Path

import pytest
from reported import Reported, reported

TICKETS = "Ticket ID;Created at;Resolved at;Status"
DAYS = range(1, 11)


def asked(folder: Path, header: str, *files: list[str], kpi: str) -> Reported:
    for at, rows in enumerate(files):
        (folder / f"{at}.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    return reported(*(folder / f"{at}.csv" for at in range(len(files))), "--kpi", kpi, "--min-n", "1", period="2026-03")


def tickets(hour: int, *more: str, days: int = 0) -> list[str]:
    rows = [f"{at};2026-03-{at:02} {hour:02}:00;2026-03-{at + days:02} {hour + 5}:00;Closed" for at in DAYS]
    return [";".join([row, *(each.format(at) for each in more)]) for at, row in enumerate(rows)]


@pytest.mark.parametrize("header", ["Team", "Subject", "Customer name", "Description"])
def test_tickets_that_agree_in_nothing(tmp_path: Path, header: str) -> None:
    files = tickets(8, "SE {}"), tickets(9, "NO {}", days=1)
    found = asked(tmp_path, f"{TICKETS};{header}", *files, kpi="tickets_created")
    assert found.value("tickets_created") == 20
    assert "agree in nothing else" in found.finding_text("restarting-numbers")


@pytest.mark.parametrize(("first", "second"), [("SE", "NO"), ("Support {}", "Kundtjänst {}")])
def test_teams_of_tickets_that_ended_otherwise(tmp_path: Path, first: str, second: str) -> None:
    files = tickets(8, first), tickets(8, second, days=1)
    assert asked(tmp_path, f"{TICKETS};Team", *files, kpi="tickets_created").value("tickets_created") == 20


def test_a_team_by_a_new_name_is_the_same(tmp_path: Path) -> None:
    files = tickets(8, "Support"), tickets(8, "Kundtjänst")
    assert asked(tmp_path, f"{TICKETS};Team", *files, kpi="tickets_created").value("tickets_created") == 10
    files = tickets(8, "Support", "fråga {}"), tickets(8, "Kundtjänst", "fråga {}", days=1)
    assert asked(tmp_path, f"{TICKETS};Team;Subject", *files, kpi="tickets_created").value("tickets_created") == 10


def test_a_list_exported_again_is_the_same(tmp_path: Path) -> None:
    opened = [f"{at};2026-03-{at:02} 08:00;;Open" for at in DAYS]
    assert asked(tmp_path, TICKETS, opened, tickets(8), kpi="tickets_created").value("tickets_created") == 10


@pytest.mark.parametrize("hour", [10, 11])
def test_answers_of_two_surveys(tmp_path: Path, hour: int) -> None:
    files = [[f"{at};2026-03-{at:02} {at_:02}:00;{mark}" for at in DAYS] for at_, mark in ((10, 5), (hour, 1))]
    assert asked(tmp_path, "Svars-ID;Svarsdatum;CSAT (1-5)", *files, kpi="csat").value("csat") == 0.5
    again = [[*files[0][:5]], files[0]]
    assert asked(tmp_path, "Svars-ID;Svarsdatum;CSAT (1-5)", *again, kpi="csat").result("csat")["n"] == 10


def test_reviews_of_two_sites(tmp_path: Path) -> None:
    files = [[f"{at};5;2026-03-{at:02};{name}{at};{name}" for at in DAYS] for name in "xy"]
    found = asked(tmp_path, "Review ID;Rating;Review date;Review;Author", *files, kpi="review_rating")
    assert found.result("review_rating")["n"] == 20


@pytest.mark.parametrize("currency", ["NOK", "SEK"])
def test_orders_of_two_shops(tmp_path: Path, currency: str) -> None:
    files = [
        [f"{at};2026-03-{at:02};{at + first};{100 + at + first};{unit}" for at in DAYS]
        for first, unit in ((0, "SEK"), (50, currency))
    ]
    found = asked(tmp_path, "Ordernummer;Orderdatum;Kundnummer;Belopp;Valuta", *files, kpi="active_customers")
    assert found.value("active_customers") == 20
    again = [files[0], files[0]]
    assert asked(tmp_path, "Ordernummer;Orderdatum;Kundnummer;Belopp;Valuta", *again, kpi="active_customers").value("active_customers") == 10  # fmt: skip


@pytest.mark.parametrize(("hours", "count"), [(3, 20), (0, 10)])
def test_surveys_that_share_no_question_are_one_only_at_one_time(tmp_path: Path, hours: int, count: int) -> None:
    for name, header, hour in (("csat", "CSAT (1-5)", 8), ("nps", "NPS (0-10)", 8 + hours)):
        rows = [f"{at};2026-03-{at:02} {hour:02}:10:00;{at % 5 + 1}" for at in DAYS]
        (tmp_path / f"{name}.csv").write_text(
            "\n".join([f"Response ID;Submitted at;{header}", *rows]), encoding="utf-8"
        )
    options = ("--kpi", "answers_received", "--kpi", "csat_mean", "--min-n", "1")
    found = reported(tmp_path / "csat.csv", tmp_path / "nps.csv", *options, period="2026-03")
    assert found.value("answers_received") == count
    assert found.value("csat_mean") == 3
    assert bool(found.finding_text("restarting-numbers")) == (hours > 0)


def test_a_survey_of_days_next_to_one_of_times_is_one(tmp_path: Path) -> None:
    for name, header, clock in (("csat", "CSAT (1-5)", ""), ("nps", "NPS (0-10)", " 08:10:00")):
        rows = [f"{at};2026-03-{at:02}{clock};{at % 5 + 1}" for at in DAYS]
        (tmp_path / f"{name}.csv").write_text(
            "\n".join([f"Response ID;Submitted at;{header}", *rows]), encoding="utf-8"
        )
    found = reported(
        tmp_path / "csat.csv", tmp_path / "nps.csv", "--kpi", "answers_received", "--min-n", "1", period="2026-03"
    )
    assert found.value("answers_received") == 10
