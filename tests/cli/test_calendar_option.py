"""`--calendar`: times in opening hours, named in the report."""

import json

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app
from kpi_core.config.resources import sample_data

TICKETS = """Ticket ID,Created,First reply at,Resolved at,Status,Group
1,2026-03-06 16:30,2026-03-09 09:00,2026-03-09 09:00,Solved,Night
2,2026-03-06 16:30,2026-03-09 08:15,2026-03-10 08:00,Solved,Day
3,2026-03-07 12:00,2026-03-09 08:30,2026-03-09 12:00,Solved,Day
"""
DESK = """name: desk
label: Our desk
zone: Europe/Stockholm
week: {mon-fri: 08:00-17:00}
groups: {Night: {mon-sun: 00:00-24:00}}
"""


def run(*arguments):
    return CliRunner().invoke(app, ["report", *map(str, arguments)], prog_name="kundpuls")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path / "tickets.csv", tmp_path / "desk.yaml"


def test_times_are_counted_in_the_hours_of_each_group(files):
    tickets, desk = files
    result = run(
        tickets,
        "--calendar",
        desk,
        "--period",
        "all",
        "--kpi",
        "first_reply_time_business",
        "--by",
        "group",
        "--format",
        "json",
    )
    document = json.loads(result.stdout)
    assert document["query"]["calendar"] == "Our desk"
    values = {one["group"].get("group"): one["value"] for one in document["results"]}
    assert values == {None: 0.75 * 3600, "Night": 64.5 * 3600, "Day": 0.625 * 3600}


def test_the_calendar_is_named_in_the_table(files):
    tickets, desk = files
    assert "opening hours: Our desk" in run(tickets, "--calendar", desk, "--period", "all").stdout


def test_a_promise_is_kept_in_open_time(files):
    tickets, desk = files
    line = ("--period", "all", "--kpi", "first_reply_within", "--format", "json", "--sla", "first_reply=1h")
    open_time = json.loads(run(tickets, "--calendar", desk, *line).stdout)["results"][0]
    by_the_clock = json.loads(run(tickets, *line).stdout)["results"][0]
    assert (open_time["numerator"], open_time["denominator"]) == (2, 3)
    assert (by_the_clock["numerator"], by_the_clock["denominator"]) == (0, 3)


@pytest.mark.parametrize("name", ["se", "no", "dk", "fi"])
def test_ready_calendars_go_by_their_names(name):
    files = sample_data() / "zendesk_tickets.csv"
    result = run(
        files, "--calendar", name, "--zone", "Europe/Stockholm", "--kpi", "resolution_time_business", "--format", "json"
    )
    assert json.loads(result.stdout)["results"][0]["n"] > 50


def test_a_calendar_nobody_knows_is_reported_with_the_nearest(files):
    result = run(files[0], "--calendar", "sE1")
    assert result.exit_code == 3
    assert "no calendar `sE1`" in result.stderr


@pytest.mark.parametrize(
    ("lang", "name"), [("en", "Sweden, office hours"), ("sv", "Sverige, kontorstid"), ("nb", "Sverige, kontortid")]
)
def test_a_calendar_of_the_tool_has_its_name_in_the_language(files, lang, name):
    tickets, desk = files
    assert name in run(tickets, "--calendar", "se", "--period", "all", "--lang", lang).stdout
    assert "Our desk" in run(tickets, "--calendar", desk, "--period", "all", "--lang", lang).stdout


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "everything in the files, 6 Mar–10 Mar 2026"),
        ("sv", "allt i filerna, 6 mars–10 mars 2026"),
        ("nb", "alt i filene, 6. mars–10. mars 2026"),
    ],
)
def test_a_report_of_everything_says_which_days_that_are(files, lang, message):
    title = run(files[0], "--period", "all", "--lang", lang).stdout.splitlines()[0]
    assert message in title
