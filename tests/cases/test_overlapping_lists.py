"""Lists without a number for each row that overlap: costs, tickets and orders of the month that two files or sheets hold counted twice."""

from pathlib import Path

import openpyxl
import pytest
from reported import Reported, reported

COSTS = "Date,Cost type,Amount"


def written(folder: Path, name: str, header: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def costs(folder: Path, *files: list[str]) -> Reported:
    """The cost of a ticket in 2026, of which there are 10, each on the first of a month."""
    days = [f"{at},2026-{at:02}-01 09:00,Open" for at in range(1, 11)]
    tickets = written(folder, "tickets.csv", "Ticket ID,Created at,Status", days)
    lists = [written(folder, f"costs-{at}.csv", COSTS, rows) for at, rows in enumerate(files)]
    return reported(*lists, tickets, "--kpi", "cost_per_ticket", "--as-of", "2027-01-01")


def of_month(*months: int) -> list[str]:
    return [f"2026-{month:02}-15,Support,{amount}" for month in months for amount in (1000 * month, 500)]


@pytest.mark.parametrize("overlap", [(3, 4, 5), (1, 2, 3), (3,), (2, 3)])
def test_a_month_that_two_lists_of_costs_hold_counts_once(tmp_path: Path, overlap: tuple[int, ...]) -> None:
    found = costs(tmp_path, of_month(1, 2, 3), of_month(*overlap))
    months = {1, 2, 3, *overlap}
    assert found.value("cost_per_ticket") == sum(1000 * month + 500 for month in months) / 10
    assert "counts once" in found.finding_text("repeated-keys")


@pytest.mark.parametrize(
    "other", [of_month(4, 5), ["2026-03-15,Support,700", "2026-03-15,Support,500", "2026-03-20,Support,9"]]
)
def test_lists_that_have_next_to_nothing_in_common_are_added_up(tmp_path: Path, other: list[str]) -> None:
    found = costs(tmp_path, of_month(1, 2, 3), other)
    assert found.value("cost_per_ticket") == (7500 + sum(int(row.split(",")[2]) for row in other)) / 10
    assert not found.finding_text("repeated-keys")


def test_rows_alike_in_one_list_are_all_counted(tmp_path: Path) -> None:
    found = costs(tmp_path, ["2026-01-15,Support,500"] * 3, ["2026-01-15,Support,500"] * 2)
    assert found.value("cost_per_ticket") == 150


def test_a_sheet_of_the_year_repeats_those_of_its_months(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, months in (("Jan", [1]), ("Feb", [2]), ("Mar", [3]), ("Hela året", [1, 2, 3])):
        sheet = book.create_sheet(name)
        sheet.append(COSTS.split(","))
        for row in of_month(*months):
            day, kind, amount = row.split(",")
            sheet.append([day, kind, int(amount)])
    book.save(tmp_path / "costs.xlsx")
    tickets = written(
        tmp_path, "tickets.csv", "Ticket ID,Created at,Status", ["1,2026-01-01 09:00,Open", "2,2026-03-31 09:00,Open"]
    )
    assert reported(tmp_path / "costs.xlsx", tickets, "--kpi", "cost_per_ticket").value("cost_per_ticket") == 3750


@pytest.mark.parametrize("key", [False, True])
def test_tickets_without_a_number_in_two_exports_count_once(tmp_path: Path, key: bool) -> None:
    rows = [
        f"{f'T{at};' if key else ''}2026-03-{at:02} 09:{at:02};2026-03-{at:02} 12:00;Löst;Fel" for at in range(1, 21)
    ]
    header = f"{'Ärendenummer;' if key else ''}Skapad;Löst;Status;Typ"
    files = [written(tmp_path, "a.csv", header, rows[:14]), written(tmp_path, "b.csv", header, rows[7:])]
    assert reported(*files, "--kpi", "tickets_created").value("tickets_created") == 20


CHAT = "Conversation ID,Timestamp,Sender,Message"
FIRST = ["1,2026-10-01 08:00,Customer,hej", "1,2026-10-01 09:00,Agent,hej"]
BOTH = ["2,2026-10-02 08:00,Customer,hej", "2,2026-10-02 08:30,Agent,hej"]
LAST = ["3,2026-10-31 08:00,Customer,hej", "3,2026-10-31 08:05,Agent,hej"]


@pytest.mark.parametrize("turned", [False, True])
def test_messages_without_a_number_in_two_logs_count_once(tmp_path: Path, turned: bool) -> None:
    days = [f"{n},2026-10-{day} 08:00,2026-10-{day} 18:00,Solved" for n, day in ((1, "01"), (2, "02"), (3, "31"))]
    tickets = written(tmp_path, "tickets.csv", "Ticket ID,Created,Resolved,Status", days)
    logs = [
        written(tmp_path, f"{place}.csv", CHAT, rows) for place, rows in enumerate(([*FIRST, *BOTH], [*BOTH, *LAST]))
    ]
    found = reported(*(logs[::-1] if turned else logs), tickets, "--kpi", "fcr_one_touch", "--kpi", "reply_time")
    assert found.values["fcr_one_touch"][:2] == (1, 3)
    assert found.values["reply_time"][1] == 3
    assert "2 rows of" in found.finding_text("repeated-keys")


def test_messages_alike_in_one_log_are_all_there(tmp_path: Path) -> None:
    log = written(tmp_path, "log.csv", CHAT, [*FIRST, FIRST[1], *BOTH])
    assert "repeated-keys" not in reported(log).codes


UPDATED = "Ticket ID,Created,Resolved,Status,Group,Updated"
WEEK = [
    "1,2026-10-01 08:00,,Open,A,2026-10-01 09:00",
    "2,2026-10-02 08:00,2026-10-03 08:00,Solved,A,2026-10-03 08:00",
    "3,2026-10-03 08:00,,New,B,2026-10-03 08:00",
]
NEXT = [
    "1,2026-10-01 08:00,2026-10-08 08:00,Solved,B,2026-10-08 08:00",
    "2,2026-10-02 08:00,,Open,A,2026-10-09 08:00",
    "4,2026-10-30 08:00,2026-10-31 08:00,Solved,A,2026-10-31 08:00",
]


@pytest.mark.parametrize("turned", [False, True])
def test_what_was_not_yet_written_is_not_known(tmp_path: Path, turned: bool) -> None:
    """On 5 October ticket 2 was solved, though it is open again in a list that was written later."""
    asked = ("--as-of", "2026-10-05", "--by", "group")
    one, other = written(tmp_path, "one.csv", UPDATED, WEEK), written(tmp_path, "other.csv", UPDATED, NEXT)
    found = reported(*((other, one) if turned else (one, other)), *asked)
    alone = reported(one, *asked)
    assert found.values == alone.values
    assert found.value("tickets_created", group="A") == alone.value("tickets_created", group="A") == 2
    assert "2 rows of tickets as of then" in found.finding_text("older-rows")


def test_a_version_that_is_known_then_stays(tmp_path: Path) -> None:
    one, other = written(tmp_path, "one.csv", UPDATED, WEEK), written(tmp_path, "other.csv", UPDATED, NEXT)
    found = reported(one, other, "--as-of", "2026-10-08T12:00")
    assert found.value("tickets_resolved") == 2
    assert "1 row of tickets as of then" in found.finding_text("older-rows")


def test_a_list_without_the_time_of_its_updates_is_read_as_before(tmp_path: Path) -> None:
    header = UPDATED.rpartition(",")[0]
    rows = [[row.rpartition(",")[0] for row in each] for each in (WEEK, NEXT)]
    found = reported(
        *(written(tmp_path, f"{at}.csv", header, each) for at, each in enumerate(rows)), "--as-of", "2026-10-05"
    )
    assert "older-rows" not in found.codes
