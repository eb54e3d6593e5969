"""Two things of one number taken for one: numbers that restart by file, sheet or case, or that a spreadsheet has cut off.

What is one thing agrees in what cannot change (when it came about, whose it is). Exports that overlap are still one.
"""

import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import CASES, reported

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

RESTART, CUT_OFF = "restarting-numbers", "cut-off-numbers"
TICKETS = "Ticket ID,Created at,Resolved at,Status,Subject,Customer email"


def _read(*paths: Path) -> Dataset:
    return read_exports([str(path) for path in paths], Choices(), frozenset())


def _texts(dataset: Dataset, code: str = RESTART) -> list[str]:
    return [finding.text for finding in dataset.findings if finding.code == code]


def _written(path: Path, header: str, rows: Sequence[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def _tickets(begin: str, about: str, numbers: Sequence[object] = range(1, 13), *, shift: int = 0) -> list[str]:
    """Tickets of one month, numbered, two days apart; `shift` hours by another zone."""
    first = datetime.fromisoformat(begin) + timedelta(hours=shift)
    return [
        f"{number},{first + timedelta(days=2 * at):%Y-%m-%d %H:%M},{first + timedelta(days=2 * at, hours=5):%Y-%m-%d %H:%M},Solved,"
        f"{about} {at},{about.lower()}{at}@x.se"
        for at, number in enumerate(numbers)
    ]


def test_two_months_that_are_both_numbered_from_one_are_all_there(tmp_path: Path) -> None:
    """12 in January, 12 in February, and January once more under another name: 24 tickets, in any order of the files."""
    january = _written(tmp_path / "jan.csv", TICKETS, _tickets("2026-01-02 08:07", "Printer"))
    february = _written(tmp_path / "feb.csv", TICKETS, _tickets("2026-02-03 09:31", "Router"))
    again = _written(tmp_path / "jan (1).csv", TICKETS, [*_tickets("2026-01-02 08:07", "Printer"), ""])
    for files in permutations([january, february, again]):
        dataset = _read(*files)
        assert dataset.tables["tickets"].height == 24
        assert dataset.tables["tickets"]["ticket_id"].n_unique() == 24
        (finding,) = _texts(dataset)
        assert "`Ticket ID` restart" in finding
        assert "12 of 12 shared ones are something else there" in finding


def test_members_of_an_archive_and_sheets_of_a_workbook_are_kept_apart_alike(tmp_path: Path) -> None:
    months = {"jan": _tickets("2026-01-02 08:07", "Printer"), "feb": _tickets("2026-02-03 09:31", "Router")}
    book = Workbook()
    book.remove(book.worksheets[0])
    with zipfile.ZipFile(tmp_path / "months.zip", "w") as archive:
        for name, rows in months.items():
            archive.writestr(f"{name}.csv", "\n".join([TICKETS, *rows, ""]))
            sheet = book.create_sheet(name)
            for row in (TICKETS, *rows):
                sheet.append(row.split(","))
    book.save(tmp_path / "months.xlsx")
    for name in ("months.zip", "months.xlsx"):
        dataset = _read(tmp_path / name)
        assert dataset.tables["tickets"].height == 24
        assert len(_texts(dataset)) == 1


def test_two_desks_of_one_month_are_kept_apart_by_their_customers(tmp_path: Path) -> None:
    """Both know days alone, and number and day agree for half of the tickets: the customers are others."""
    header = "Ticket ID,Created at,Status,Customer email"
    one = [f"{at},2026-03-{at:02},Open,a{at}@x.se" for at in range(1, 11)]
    other = [f"{at},2026-03-{at + (at > 6):02},Open,b{at}@x.se" for at in range(1, 11)]
    dataset = _read(_written(tmp_path / "a.csv", header, one), _written(tmp_path / "b.csv", header, other))
    assert dataset.tables["tickets"].height == 20
    assert len(_texts(dataset)) == 1


def test_a_list_of_two_months_put_together_by_hand_is_kept_apart_by_customers(tmp_path: Path) -> None:
    rows = [*_tickets("2026-01-02 08:07", "Printer"), *_tickets("2026-02-03 09:31", "Router")]
    dataset = _read(_written(tmp_path / "all.csv", TICKETS, rows))
    assert dataset.tables["tickets"].height == 24
    assert "share 12 numbers in `Ticket ID` with others of another time" in _texts(dataset)[0]


@pytest.mark.parametrize("shift", [0, 1, -6, 2])
def test_exports_that_overlap_are_one_whatever_their_zone_and_what_has_changed_since(
    tmp_path: Path, shift: int
) -> None:
    """The second was written later: tickets 7 to 12 again, now closed and of a customer who has a new address."""
    later = _tickets("2026-01-02 08:07", "Printer", range(1, 19), shift=shift)[6:]
    later = [row.replace("Solved", "Closed").replace("@x.se", "@y.se") for row in later]
    first = _written(tmp_path / "a.csv", TICKETS, _tickets("2026-01-02 08:07", "Printer"))
    dataset = _read(first, _written(tmp_path / "b.csv", TICKETS, later))
    assert dataset.tables["tickets"].height == 18
    assert not _texts(dataset)


def test_lists_of_one_stock_whose_date_is_that_of_the_list_are_one(tmp_path: Path) -> None:
    """`Date` is when the list was made: number and subject are the same in both."""
    header = "Ticket ID,Date,Status,Subject"
    lists = [
        _written(tmp_path / f"{day}.csv", header, [f"{at},2026-03-{day},Open,Case of {at}" for at in range(1, 11)])
        for day in ("02", "09")
    ]
    dataset = _read(*lists)
    assert dataset.tables["tickets"].height == 10
    assert not _texts(dataset)


def test_lists_with_one_date_throughout_and_nothing_else_to_go_by_are_one_and_that_is_serious(tmp_path: Path) -> None:
    lists = [
        _written(tmp_path / f"{day}.csv", "Ticket ID,Date,Status", [f"{at},2026-03-{day},Open" for at in range(1, 11)])
        for day in ("02", "09")
    ]
    dataset = _read(*lists)
    assert dataset.tables["tickets"].height == 10
    (found,) = [finding for finding in dataset.findings if finding.code == "repeated-keys"]
    assert found.is_serious
    assert "created_at 10" in found.text


def test_a_log_of_states_in_one_file_is_not_taken_apart(tmp_path: Path) -> None:
    rows = [f"{at},2026-03-{day:02},{state}" for day, state in ((1, "Open"), (20, "Closed")) for at in range(1, 11)]
    dataset = _read(_written(tmp_path / "states.csv", "Ticket ID,Date,Status", rows))
    assert dataset.tables["tickets"].height == 10


def test_responses_of_two_years_are_all_there_also_from_two_tools(tmp_path: Path) -> None:
    header, swedish = "Response ID,Answered at,NPS", "Svarsnummer,Svarsdatum,Rekommendera"
    marks = [10, 9, 7, 3, 10, 8, 6, 9, 10, 0]
    first = [f"{at},2025-03-{at:02} 10:1{at % 7},{mark}" for at, mark in enumerate(marks, 1)]
    second = [f"{at},2026-03-{at + 9:02} 14:3{at % 7},{mark}" for at, mark in enumerate(reversed(marks), 1)]
    for other in (header, swedish):
        dataset = _read(_written(tmp_path / "y1.csv", header, first), _written(tmp_path / "y2.csv", other, second))
        assert dataset.tables["answers"].height == 20
        assert dataset.tables["answers"]["response_id"].n_unique() == 20
        assert len(_texts(dataset)) == 1


def test_responses_without_a_date_are_kept_apart_by_their_marks(tmp_path: Path) -> None:
    marks = [10, 9, 7, 3, 10, 8, 6, 9, 10, 0, 5, 2]
    rows = {"y1": marks, "y2": marks[5:] + marks[:5], "y1 again": marks}
    files = [
        _written(tmp_path / f"{name}.csv", "Response ID,NPS,Comment", [f"{at},{mark},-" for at, mark in enumerate(own)])
        for name, own in rows.items()
    ]
    assert _read(*files[:2]).tables["answers"].height == 24
    assert _read(files[0], files[2]).tables["answers"].height == 12


def _messages(begin: str, cases: int, *, of_the_case: bool) -> list[str]:
    rows = []
    for case in range(1, cases + 1):
        at = datetime.fromisoformat(begin) + timedelta(days=case)
        for place, (author, after) in enumerate((("customer", 0), ("agent", 30), ("customer", 90)), 1):
            number = place if of_the_case else 3 * (case - 1) + place
            rows.append(f"{number},{case},{at + timedelta(minutes=after):%Y-%m-%d %H:%M},{author}")
    return rows


def test_messages_numbered_within_their_case_are_all_there(tmp_path: Path) -> None:
    """Three of each of eight cases; the same file with one more message of each is no other."""
    header, rows = "Message ID,Ticket ID,Sent at,Author", _messages("2026-01-01 08:00", 8, of_the_case=True)
    first = _written(tmp_path / "a.csv", header, rows)
    more = _written(
        tmp_path / "b.csv", header, [*rows, *(f"4,{case},2026-02-0{case} 09:00,agent" for case in range(1, 9))]
    )
    assert _read(first).tables["messages"].height == 24
    assert "restart in every case" in _texts(_read(first))[0]
    assert _read(first, more).tables["messages"].height == 32


@pytest.mark.parametrize("of_the_case", [True, False])
def test_messages_and_cases_that_restart_by_file_make_cases_of_each(tmp_path: Path, *, of_the_case: bool) -> None:
    files = [
        _written(
            tmp_path / f"{begin}.csv",
            "Message ID,Ticket ID,Sent at,Author",
            _messages(begin, 8, of_the_case=of_the_case),
        )
        for begin in ("2026-01-01", "2026-03-01")
    ]
    dataset = _read(*files)
    assert dataset.tables["messages"].height == 48
    assert dataset.tables["messages"]["ticket_id"].n_unique() == 16
    assert dataset.tables["tickets"].height == 16


def _talks(begin: str, cases: int, who: str = "", first: int = 1) -> list[str]:
    """Conversations of a customer's question and two more messages, one a day, whose messages have numbers of their own."""
    rows = []
    for case in range(first, first + cases):
        at = datetime.fromisoformat(begin) + timedelta(days=case)
        customer = f",{who}{case}@x.se" if who else ""
        rows += [
            f"{begin}-{case}-{after},{case},{at + timedelta(minutes=after):%Y-%m-%d %H:%M},{author}{customer}"
            for author, after in (("customer", 0), ("agent", 30), ("customer", 90))
        ]
    return rows


TALK = "Message ID,Ticket ID,Sent at,Author"


@pytest.mark.parametrize(("cases", "who", "header"), [(8, "", TALK), (4, "a", f"{TALK},Customer email")])
def test_conversations_that_restart_by_file_are_several(tmp_path: Path, cases: int, who: str, header: str) -> None:
    others = [chr(ord(who) + at) if who else "" for at in range(3)]
    months = [
        _talks(begin, cases, other)
        for begin, other in zip(("2026-01-01", "2026-02-01", "2026-03-01"), others, strict=True)
    ]
    files = [_written(tmp_path / f"{at}.csv", header, rows) for at, rows in enumerate(months)]
    for paths in permutations(files):
        dataset = _read(*paths)
        assert dataset.tables["messages"].height == 9 * cases
        assert dataset.tables["tickets"].height == 3 * cases
        (finding,) = _texts(dataset)
        assert "the numbers of conversations restart" in finding


def test_conversations_that_go_on_in_the_next_file_are_one(tmp_path: Path) -> None:
    """Of one customer, in another order, begun by an agent there, or few of those that the files have."""
    january = _talks("2026-01-01", 8)
    orders = [5, 2, 8, 1, 7, 3, 6, 4]
    later = {
        "other order": [f"m{at},{case},2026-02-{at + 1:02} 10:00,customer" for at, case in enumerate(orders)],
        "by an agent": [f"m{case},{case},2026-02-{case:02} 10:00,agent" for case in range(1, 9)],
        "few": [
            *_talks("2026-02-01", 20, first=9),
            *(f"m{case},{case},2026-02-{case:02} 10:00,customer" for case in range(1, 4)),
        ],
    }
    first = _written(tmp_path / "jan.csv", TALK, january)
    for name, rows in later.items():
        dataset = _read(first, _written(tmp_path / "feb.csv", TALK, rows))
        assert not _texts(dataset), name
        assert dataset.tables["messages"]["ticket_id"].n_unique() == (28 if name == "few" else 8), name
    header = f"{TALK},Customer email"
    same = [
        _written(tmp_path / f"{begin}.csv", header, _talks(begin, 8, "a")) for begin in ("2026-01-01", "2026-02-01")
    ]
    assert _read(*same).tables["messages"]["ticket_id"].n_unique() == 8


def _numbered(numbers: Sequence[int], times: Sequence[str] | None = None) -> list[str]:
    at = times or [f"{datetime(2026, 1, 1, 9) + timedelta(days=place):%Y-%m-%d %H:%M}" for place in range(len(numbers))]
    return [f"{number};{when};Klar;Telefon;Anna" for number, when in zip(numbers, at, strict=True)]


COUNTED = [*range(1, 16), *range(1, 21), *range(1, 19)]


@pytest.mark.parametrize("numbers", [COUNTED, COUNTED[::-1], [*range(1, 4), *range(1, 4)]])
@pytest.mark.parametrize(
    "header", ["Nr;Skapad;Status;Kanal;Agent", "Radnr;Ankomst;Ärendestatus;Kontaktväg;Handläggare"]
)
def test_a_list_that_is_counted_anew_for_each_month_is_all_there(
    tmp_path: Path, header: str, numbers: list[int]
) -> None:
    found = reported(_written(tmp_path / "list.csv", header, _numbered(numbers)))
    assert found.value("tickets_created") == len(numbers)
    assert "counted anew" in found.finding_text(RESTART)


def test_a_list_taken_again_and_numbers_in_any_order_are_repeats(tmp_path: Path) -> None:
    again = _numbered([*range(1, 16)] * 2, ["2026-01-31 10:00"] * 15 + ["2026-02-28 10:00"] * 15)
    jumping = _numbered([3, 9, 1, 7, 4, 9, 3, 7, 1, 4])
    for rows, count in ((again, 15), (jumping, 5)):
        found = reported(_written(tmp_path / "list.csv", "Nr;Skapad;Status;Kanal;Agent", rows))
        assert found.refused == [{"duplicate key": len(rows) - count}]
        assert "came about at another time" in found.finding_text("repeated-keys")


def test_orders_of_two_shops_both_count(tmp_path: Path) -> None:
    header = "Order ID,Order date,Customer ID,Amount"
    one = [f"{at},2026-03-{at:02},c{at},100" for at in range(1, 11)]
    other = [f"{at},2026-03-{at + 11:02},d{at},50" for at in range(1, 11)]
    dataset = _read(_written(tmp_path / "a.csv", header, one), _written(tmp_path / "b.csv", header, other))
    assert dataset.tables["orders"]["amount"].sum() == 1500


@pytest.mark.parametrize("number", ["1.23E+07", "1,23E+12", "1234567890123450000"])
def test_numbers_that_a_spreadsheet_has_cut_off_fold_nothing(tmp_path: Path, number: str) -> None:
    """Nine tickets under three numbers, three of them of one day; the same file again adds none."""
    numbers = [number.replace("23", f"{23 + at % 3}", 1) for at in range(9)]
    rows = [f'"{cut}",2026-03-0{1 + at // 3},Open' for at, cut in enumerate(numbers)]
    rows += [f'"{numbers[0]}",2026-03-01,Open']
    first = _written(tmp_path / "a.csv", "Ticket ID,Created at,Status", rows)
    second = _written(tmp_path / "b.csv", "Ticket ID,Created at,Status", rows[:5])
    for files in ([first], [first, second]):
        dataset = _read(*files)
        assert dataset.tables["tickets"].height == 10
        (found,) = [finding for finding in dataset.findings if finding.code == CUT_OFF]
        assert found.is_serious
        assert "share 3 numbers in `Ticket ID` that a spreadsheet has cut off" in found.text


def test_a_survey_finds_no_ticket_by_a_number_that_two_have(tmp_path: Path) -> None:
    files = [
        _written(tmp_path / "jan.csv", TICKETS, _tickets("2026-01-02 08:07", "Printer")),
        _written(tmp_path / "feb.csv", TICKETS, _tickets("2026-02-03 09:31", "Router")),
        _written(tmp_path / "survey.csv", "Response ID,Ticket ID,Answered at,CSAT (1-5)", [f"r{at},{at},2026-02-0{at},5" for at in range(1, 5)]),
    ]  # fmt: skip
    assert "0 of 4 survey responses find their ticket" in "\n".join(_texts(_read(*files), "match-rate"))


def _log(begin: str, cases: int) -> list[str]:
    rows = []
    for case in range(1, cases + 1):
        at = datetime.fromisoformat(begin) + timedelta(days=case)
        rows += [f"{case},{at:%Y-%m-%d %H:%M},Logged", f"{case},{at + timedelta(hours=2):%Y-%m-%d %H:%M},Closed"]
    return rows


def _folded(*paths: Path) -> Dataset:
    return read_exports([str(path) for path in paths], Choices(mapping=str(CASES / "event-log.yaml")), frozenset())


def test_logs_whose_cases_begin_anew_each_month_make_cases_of_each(tmp_path: Path) -> None:
    """Eight cases a month, each closed after two hours, whatever order the logs are given in; and the same as sheets."""
    months = [_log("2026-01-01 08:00", 8), _log("2026-02-01 08:00", 8), _log("2026-03-01 08:00", 8)]
    files = [_written(tmp_path / f"{place}.csv", "Case,At,State", rows) for place, rows in enumerate(months)]
    book = Workbook()
    book.remove(book.worksheets[0])
    for place, rows in enumerate(months):
        sheet = book.create_sheet(f"month {place}")
        for row in ("Case,At,State", *rows):
            sheet.append(row.split(","))
    book.save(tmp_path / "log.xlsx")
    for paths in (files, files[::-1], [tmp_path / "log.xlsx"]):
        tickets = _folded(*paths).tables["tickets"]
        assert tickets.height == 24
        assert set(tickets["closed_at"] - tickets["created_at"]) == {timedelta(hours=2)}


def test_a_log_that_goes_on_in_the_next_month_has_its_cases_once(tmp_path: Path) -> None:
    opened = [f"{case},2026-01-2{case} 08:00,Logged" for case in range(1, 7)]
    closed = [f"{case},2026-02-0{case} 08:00,Closed" for case in range(1, 7)]
    files = [_written(tmp_path / f"{at}.csv", "Case,At,State", rows) for at, rows in enumerate((opened, closed))]
    assert _folded(*files).tables["tickets"].height == 6


def test_messages_find_the_ticket_of_their_number_that_was_opened_when_they_begin(tmp_path: Path) -> None:
    """February's agents reply after 60 minutes, January's after 30, in whatever order the files are given."""
    tickets = {
        month: _written(tmp_path / f"t{month}.csv", TICKETS, _tickets(f"{month}-02 08:00", f"Month{month}"))
        for month in ("2026-01", "2026-02")
    }
    messages = {}
    for month, minutes in (("2026-01", 30), ("2026-02", 60)):
        rows = []
        for case in range(1, 13):
            at = datetime.fromisoformat(f"{month}-02 08:00") + timedelta(days=2 * (case - 1))
            rows += [f"{2 * case - 1},{case},{at:%Y-%m-%d %H:%M},customer"]
            rows += [f"{2 * case},{case},{at + timedelta(minutes=minutes):%Y-%m-%d %H:%M},agent"]
        messages[month] = _written(tmp_path / f"m{month}.csv", "Message ID,Ticket ID,Sent at,Author", rows)
    for files in ([*tickets.values(), *messages.values()], [*reversed(messages.values()), *tickets.values()]):
        found = reported(*files, "--kpi", "first_reply_time_mean", "--kpi", "tickets_created")
        assert (found.value("first_reply_time_mean"), found.value("tickets_created")) == (45 * 60, 24)
    found = reported(tickets["2026-02"], *messages.values(), "--kpi", "first_reply_time_mean")
    assert (found.value("first_reply_time_mean"), found.result("first_reply_time_mean")["n"]) == (60 * 60, 12)
    assert "12 of 24 conversations find their ticket" in found.finding_text("conversations")


def _two_months(folder: Path, *, apart: int, own: bool = False) -> list[Path]:
    """Tickets of two months, both numbered from 1, and their messages, numbered on; some begin `apart` days late."""
    files = []
    for place, month in enumerate(("2026-01", "2026-02")):
        rows, header = _tickets(f"{month}-02 08:00", f"Month{month}"), TICKETS
        if own:
            header, rows = f"{TICKETS},First reply", [f"{row},{row.split(',')[1][:10]} 23:00" for row in rows]
        files.append(_written(folder / f"t{month}.csv", header, rows))
        shown = []
        for case in range(1, 13):
            at = datetime.fromisoformat(f"{month}-02 08:00") + timedelta(
                days=2 * (case - 1) + (apart if case % 2 == place else 0)
            )
            number = 100 * place + 2 * case
            shown += [f"{number},{case},{at:%Y-%m-%d %H:%M},customer"]
            shown += [f"{number + 1},{case},{at + timedelta(minutes=30):%Y-%m-%d %H:%M},agent"]
        files.append(_written(folder / f"m{month}.csv", "Message ID,Ticket ID,Sent at,Author", shown))
    return files


def test_kpis_that_need_the_match_say_that_messages_find_no_ticket(tmp_path: Path) -> None:
    asked = [word for name in ("first_reply_time*", "reply_time", "tickets_created") for word in ("--kpi", name)]
    found = reported(*_two_months(tmp_path, apart=3), *asked)
    assert "0 of 12 conversations find their ticket" in found.finding_text("conversations")
    assert "24 tickets have no message" in found.finding_text("conversations")
    assert "12 conversations have a number that several tickets have" in found.finding_text("conversations")
    for kpi in ("first_reply_time", "first_reply_time_km"):
        result = found.result(kpi)
        assert result is not None
        assert (result["value"], "find their ticket" in str(result["notes"])) == (None, True)
    reply = found.result("reply_time")
    assert reply is not None
    assert "a number that several tickets have" in str(reply["notes"])
    created = found.result("tickets_created")
    assert created is not None
    assert "ticket;" not in str(created["notes"])


def test_kpis_that_the_tickets_answer_themselves_say_nothing_of_the_match(tmp_path: Path) -> None:
    result = reported(*_two_months(tmp_path, apart=3, own=True)).result("first_reply_time")
    assert result is not None
    assert result["n"] == 24
    assert "find their ticket" not in str(result["notes"])


def test_messages_of_other_months_are_nothing_to_say_next_to_a_kpi(tmp_path: Path) -> None:
    """Every ticket has its messages; those of the tickets that are not there are no fault of the figure."""
    rows = [f"{case},2026-02-{case:02} 08:00,S{case},x" for case in range(1, 9)]
    tickets = _written(tmp_path / "t.csv", TICKETS, rows)
    shown = []
    for case in range(1, 40):
        shown += [f"{2 * case},{case},2026-02-{1 + (case - 1) % 28:02} 08:00,customer", f"{2 * case + 1},{case},2026-02-{1 + (case - 1) % 28:02} 08:40,agent"]  # fmt: skip
    messages = _written(tmp_path / "m.csv", "Message ID,Ticket ID,Sent at,Author", shown)
    found = reported(tickets, messages)
    result = found.result("first_reply_time")
    assert result is not None
    assert (result["value"], "find their ticket" in str(result["notes"])) == (40 * 60, False)
    assert "8 of 39 conversations find their ticket" in found.finding_text("conversations")


REGULARS = {
    "tickets": "Ticket ID,Created at,Status,Customer ID",
    "tickets with names": "Ticket ID,Created at,Status,Customer name",
    "orders": "Order ID,Order date,Amount,Customer ID",
}


def _of_regulars(begin: str, word: str) -> list[str]:
    """Twelve rows of the same twelve customers, numbered from 1."""
    first = datetime.fromisoformat(begin)
    return [f"{at},{first + timedelta(days=2 * at):%Y-%m-%d %H:%M},{word},K{at}" for at in range(1, 13)]


@pytest.mark.parametrize("table", REGULARS)
def test_regular_customers_do_not_make_the_rows_of_two_months_one(tmp_path: Path, table: str) -> None:
    word = "100" if table == "orders" else "Open"
    months = [
        _written(tmp_path / f"{begin}.csv", REGULARS[table], _of_regulars(f"{begin} 08:07", word))
        for begin in ("2026-01-02", "2026-02-02", "2026-03-02")
    ]
    dataset = _read(*months)
    assert dataset.tables[table.split(maxsplit=1)[0]].height == 36
    assert _texts(dataset)


def test_what_is_about_the_same_is_one_however_late_its_date(tmp_path: Path) -> None:
    """The date of the second list is that of the last change."""
    header = "Ticket ID,Created at,Status,Customer ID,Subject"
    lists = [
        _written(tmp_path / f"{begin}.csv", header, [f"{row},Broken {at}" for at, row in enumerate(_of_regulars(begin, "Open"))])
        for begin in ("2026-01-02", "2026-02-02")
    ]  # fmt: skip
    assert _read(*lists).tables["tickets"].height == 12


def test_an_updated_list_of_the_same_tickets_is_one(tmp_path: Path) -> None:
    lists = [
        _written(tmp_path / f"{word}.csv", REGULARS["tickets"], _of_regulars("2026-01-02 08:07", word))
        for word in ("Open", "Solved")
    ]
    dataset = _read(*lists)
    assert dataset.tables["tickets"].height == 12
    assert not _texts(dataset)
