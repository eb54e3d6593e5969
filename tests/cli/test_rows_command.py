"""`kundpuls rows`: the rows behind a number in every form, and what is reported where there are none."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from invoked import on_terminal, piped, sample
from test_completion import _offered

pytestmark = pytest.mark.usefixtures("scanned_once")

TICKETS, SURVEY = sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv")
HEADER = "Ticket ID,Created,First reply,Resolved,Status,Group,Type"
DESK = (
    "A-1,2026-03-02 09:00,2026-03-02 10:00,2026-03-03 09:00,Closed,Billing,Question",
    "A-2,2026-03-03 09:00,2026-03-03 08:00,2026-03-04 09:00,Closed,Billing,Question",
    "A-3,2026-03-04 09:00,,,Open,Sales,=cmd()",
    "A-3,2026-03-04 08:00,,,Open,Sales,Question",
    "A-4,2026-02-04 09:00,2026-02-04 12:00,2026-02-05 09:00,Closed,,Question",
    "A-5,31/02/2026,,,Open,Sales,Question",
    "A-6,2026-03-31 09:00,2026-03-31 12:00,2026-03-31 15:00,Closed,Sales,Question",
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.csv"
    path.write_text("\n".join([HEADER, *DESK]) + "\n", encoding="utf-8")
    return path


def document(*arguments: object) -> dict[str, Any]:
    ended = piped("rows", *arguments, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    found: dict[str, Any] = json.loads(ended.out)
    return found


def roles_and_reasons(found: dict[str, Any]) -> dict[tuple[int, str], tuple[str, str | None]]:
    return {(row["row"], row["id"]): (row["role"], row["reason"]) for row in found["rows"]}


def test_every_row_of_the_file_says_what_it_is_to_the_number(desk: Path) -> None:
    found = document("first_reply_time", desk, "--period", "2026-03")
    assert roles_and_reasons(found) == {
        (2, "A-1"): ("counted", None),
        (8, "A-6"): ("counted", None),
        (3, "A-2"): ("left out", "negative time"),
        (4, "A-3"): ("left out", "no first reply"),
        (5, "A-3"): ("outside", "refused: duplicate key Ticket ID"),
        (6, "A-4"): ("outside", "outside the period"),
        (7, "A-5"): ("outside", "refused: unreadable Created"),
    }
    assert found["counts"] == {"numerator": 0, "counted": 2, "left out": 2, "outside": 3}
    first = found["rows"][0]
    assert (first["date"], first["value"], first["first_replied_at"]) == ("2026-03-02T09:00:00", 3600, "2026-03-02T10:00:00")  # fmt: skip


@pytest.mark.parametrize("arguments", [("csat", TICKETS, SURVEY), ("resolution_rate", TICKETS), ("backlog", TICKETS)])
def test_the_figure_is_the_one_a_report_gives(arguments: tuple[str, ...]) -> None:
    name, *files = arguments
    ended = piped("report", *files, "--kpi", name, "--compare", "none", "--format", "json")
    expected = next(one for one in json.loads(ended.out)["results"] if not one["group"])
    found = document(name, *files)
    assert found["result"] == expected
    top = sum(row["role"] == "numerator" for row in found["rows"])
    below = sum(row["role"] == "counted" for row in found["rows"])
    if name == "csat":
        assert (top, top + below) == (expected["numerator"], expected["denominator"])
    if name == "resolution_rate":
        assert (top, below) == (expected["numerator"], expected["denominator"])


def test_a_group_is_the_reports_group(desk: Path) -> None:
    found = document("tickets_created", desk, "--period", "2026-03", "--group", "group=Billing")
    assert found["result"]["group"] == {"group": "Billing"}
    assert found["result"]["n"] == found["counts"]["counted"] == 2
    assert roles_and_reasons(found)[8, "A-6"] == ("outside", "another group")
    assert {row["group"] for row in found["rows"] if row["role"] == "counted"} == {"Billing"}


def test_rows_without_a_group_are_a_group(desk: Path) -> None:
    found = document("tickets_created", desk, "--period", "all", "--group", "group=")
    assert [row["id"] for row in found["rows"] if row["role"] == "counted"] == ["A-4"]


def test_rows_that_do_not_meet_the_condition_say_so(desk: Path) -> None:
    found = document("tickets_created", desk, "--period", "all", "--where", "group = 'Billing'")
    assert roles_and_reasons(found)[8, "A-6"] == ("outside", "does not meet --where")
    assert found["counts"]["counted"] == 2


@pytest.mark.parametrize("name", ["resolution_rate", "net_flow", "contact_rate_orders"])
def test_a_row_that_no_part_of_a_figure_rests_on_is_listed_once(desk: Path, tmp_path: Path, name: str) -> None:
    """Refused, or left out by the condition: whichever of the two parts, on one table or on two, is asked."""
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "Order ID,Ordered at,Group,Amount\n1,2026-03-02,Sales,10\n1,2026-03-03,Sales,10\n2,2026-03-31,Billing,9\n",
        encoding="utf-8",
    )
    files = (desk, orders) if name == "contact_rate_orders" else (desk,)
    found = document(name, *files, "--period", "2026-03", "--where", "group = 'Sales'")
    shown = [(Path(row["file"]).name, row["row"], row["reason"] or "") for row in found["rows"]]
    gone = [(file, place) for file, place, reason in shown if "--where" in reason or "refused" in reason]
    assert {("desk.csv", place) for place in (2, 3, 5, 6, 7)} <= set(gone)
    assert len(gone) == len(set(gone))


def test_what_is_later_than_as_of_is_not_known(desk: Path) -> None:
    found = document("tickets_created", desk, "--period", "all", "--as-of", "2026-03-10")
    assert roles_and_reasons(found)[8, "A-6"] == ("outside", "later than --as-of")


def test_an_answer_names_its_ticket_and_both_files() -> None:
    found = document("csat", TICKETS, SURVEY, "--only", "numerator", "--only", "counted")
    assert {Path(row["file"]).name for row in found["rows"]} == {"freshdesk_tickets.csv", "surveymonkey_responses.csv"}
    known = Path(TICKETS).read_text(encoding="utf-8-sig") + Path(SURVEY).read_text(encoding="utf-8-sig")
    assert all(row["ticket_id"] in known for row in found["rows"])
    inside = [row for row in found["rows"] if Path(row["file"]).name == "freshdesk_tickets.csv"]
    assert all(row["ticket_id"] == row["id"] for row in inside)


def test_a_row_stands_where_its_file_says(desk: Path) -> None:
    lines = desk.read_text(encoding="utf-8").splitlines()
    for row in document("tickets_created", desk, "--period", "all")["rows"]:
        assert lines[row["row"] - 1].startswith(row["id"])


def test_only_and_limit_choose_rows_and_not_counts(desk: Path) -> None:
    found = document("first_reply_time", desk, "--period", "2026-03", "--only", "left-out", "--limit", "1")
    assert [row["id"] for row in found["rows"]] == ["A-2"]
    assert found["counts"]["left out"] == 2


def test_csv_holds_all_rows_and_nothing_that_runs(desk: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    ended = piped("rows", "tickets_created", desk, "--period", "2026-03", "--where", "type <> 'x'", "-o", target)
    assert (ended.code, ended.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert len(rows) == len(DESK)
    (risky,) = [row["type"] for row in rows if "cmd" in row["type"]]
    assert risky == "'=cmd()"
    assert {row["date"] for row in rows} >= {"2026-03-02 09:00:00"}


def test_ndjson_is_a_question_a_result_and_rows(desk: Path) -> None:
    lines = [json.loads(line) for line in piped("rows", "backlog", desk, "--format", "ndjson").out.splitlines()]
    assert [line["type"] for line in lines[:3]] == ["query", "result", "row"]
    assert len(lines) - 2 == len(DESK)


def test_a_workbook_has_numbers_to_count_with(desk: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.xlsx"
    assert piped("rows", "first_reply_time", desk, "--period", "2026-03", "-o", target).code == 0
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(place for place, row in enumerate(cells) if row[0] == "role")
    first = dict(zip(cells[head], cells[head + 1], strict=True))
    assert (first["role"], first["id"], first["row"]) == ("counted", "A-1", 2)
    assert str(first["date"]) == "2026-03-02 09:00:00"
    assert len(cells) - head - 1 == len(DESK)


@pytest.mark.parametrize("width", [60, 100, 160])
def test_a_terminal_shows_the_figure_the_account_and_the_rows(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    shown = on_terminal(monkeypatch, width, "rows", "first_reply_time", TICKETS, "--period", "2026-09")
    assert "First reply time (median), September 2026" in shown
    assert "left out" in shown
    assert "opened by an agent" in " ".join(shown.split())
    assert "…" not in shown


def test_a_table_holds_fifty_rows_unless_more_are_asked_for() -> None:
    short, whole = (piped("rows", "tickets_created", TICKETS, *more).out for more in ((), ("--limit", "9999")))
    assert "247 more rows" in short
    assert "more rows" not in whole
    assert len(whole.splitlines()) > 297 > len(short.splitlines())


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A desk whose agents resolve nine, seven and three tickets in March, and a few in April."""
    whose = [*["Ada"] * 9, *["Bo"] * 7, *["Cy"] * 3]
    rows = [
        f"M-{number},2026-03-0{1 + number % 9} 09:00,2026-03-20 09:00,Closed,{agent}"
        for number, agent in enumerate(whose)
    ]
    rows += [
        f"A-{number},2026-04-01 09:00,2026-04-02 09:00,Closed,{agent}"
        for number, agent in enumerate(("Ada", "Ada", "Bo"))
    ]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status,Assignee", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("group", ["agent=Cy", "agent=Bo", "Assignee=Cy"])
def test_nothing_is_listed_of_people_whose_figure_is_hidden(people: Path, group: str) -> None:
    found = document("resolution_time", people, "--period", "2026-03", "--group", group)
    assert found["result"]["suppressed"]
    assert (found["result"]["value"], found["result"]["n"], found["rows"]) == (None, None, [])
    assert set(found["counts"].values()) == {0}
    shown = piped("rows", "resolution_time", people, "--period", "2026-03", "--group", group).out
    assert shown.splitlines()[1] == "hidden"
    assert "M-" not in shown


@pytest.mark.parametrize(
    "where", ["agent = 'Cy'", "agent <> 'Cy'", "agent in ('Ada', 'Bo')", "status = 'open' or agent not like 'C%'"]
)
def test_nothing_is_listed_of_a_condition_that_takes_or_leaves_one_person_with_few(people: Path, where: str) -> None:
    found = document("resolution_time", people, "--period", "2026-03", "--where", where)
    assert (found["result"]["suppressed"], found["rows"]) == (True, [])
    assert all(count == 0 for count in found["counts"].values())


def test_nothing_is_listed_of_those_a_condition_leaves_out(people: Path) -> None:
    found = document("resolution_time", people, "--period", "2026-03", "--where", "agent <> 'Ada'")
    assert found["result"]["n"] == len(found["rows"]) == 10
    assert {row["reason"] for row in found["rows"]} == {None}


def test_of_one_person_nothing_is_listed_but_what_is_asked_about(people: Path) -> None:
    found = document("resolution_time", people, "--period", "2026-03", "--group", "agent=Ada")
    assert {row["id"] for row in found["rows"]} == {f"M-{number}" for number in range(9)}
    assert found["counts"]["outside"] == 0


@pytest.mark.parametrize(
    "arguments", [("tickets_per_agent",), ("resolution_time", "--where", "agent is not null or status = 'closed'")]
)
def test_a_listing_of_everybodys_rows_does_not_say_whose_they_are(people: Path, arguments: tuple[str, ...]) -> None:
    rows = document(*arguments, people, "--period", "all")["rows"]
    assert len({row["id"] for row in rows}) == 22
    assert not any("agent" in row for row in rows)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("cst", TICKETS), 2, "did you mean `csat`?"),
        (("csat*", TICKETS), 2, "no one KPI"),
        ((TICKETS, "csat"), 2, "is a file, not a KPI"),
        (("csat", TICKETS, "--group", "group"), 2, "DIM=VALUE"),
        (("csat", TICKETS, "--group", "group=Biling"), 3, "did you mean `Billing`?"),
        (("csat", TICKETS, "--group", "shelf=1"), 3, "no column `shelf`"),
        (("csat", TICKETS, "--only", "some"), 2, "no role `some`"),
        (("csat", TICKETS, "--only", "counted,left-out"), 2, "repeat it for more"),
        (("csat", TICKETS, "--limit", "0"), 2, "limit"),
        (("csat", TICKETS, "-o", "rows.docx"), 2, "`.docx` is no format"),
        (("fcr_one_touch", SURVEY), 3, "it needs tickets"),
    ],
)
def test_what_cannot_be_answered_is_reported(arguments: tuple[str, ...], code: int, message: str) -> None:
    ended = piped("rows", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err


def test_open_time_is_listed_in_hours_and_the_clock_in_days() -> None:
    own, by_clock = (
        piped("rows", name, TICKETS, "--calendar", "se", "--period", "2026-09").out
        for name in ("resolution_time_business", "resolution_time")
    )
    assert " d " not in own.partition("role ")[2]
    assert " d " in by_clock.partition("role ")[2]


@pytest.mark.parametrize(
    ("words", "offered"), [("kundpuls rows cs", ["csat"]), ("kundpuls rows csat x.csv --only le", ["left-out"])]
)
def test_the_shell_is_offered(words: str, offered: list[str]) -> None:
    assert _offered(words)[: len(offered)] == offered
