"""Guards: conditions and KPIs of one's own that see something else than their reader: UTC, hashes, the order of the alphabet.

What a condition says of a row is what the file shows of it, on the report's clock; what fails on rows is an error.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from reported import reported

HERE = Path(__file__).parent
ZONED = (HERE / "where-in-the-zone.csv", "--zone", "Europe/Stockholm")
KEYS = (HERE / "keys-in-where.csv",)


def rows(files: tuple[object, ...], condition: str, kpi: str = "tickets_created") -> list[str]:
    """The numbers of the tickets that meet a condition, in order."""
    ended = piped("rows", kpi, *files, "--period", "all", "--where", condition, "--only", "counted", "--format", "json")
    assert ended.code == 0, ended.err
    return sorted(row["id"] for row in json.loads(ended.out)["rows"])


def refused(files: tuple[object, ...], condition: str) -> str:
    """The findings on a condition that is refused."""
    ended = piped("report", *files, "--period", "all", "--where", condition)
    assert ended.code in (2, 3), ended.out
    assert ended.err.startswith("error: ")
    assert "Traceback" not in ended.err
    return ended.err


def table(folder: Path, *lines: str) -> tuple[Path]:
    """A file of tickets."""
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return (path,)


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("cast(created_at as date) = date '2026-09-10'", ["2", "3"]),
        ("created_at::date = date '2026-09-11'", ["4"]),
        ("date_part('hour', created_at) = 0", ["2"]),
        ("extract(hour from created_at) < 2", ["2", "4"]),
        ("strftime(created_at, '%H:%M') = '23:30'", ["1"]),
        ("created_at >= timestamp '2026-09-10 12:00:00'", ["3", "4"]),
        ("created_at between date '2026-09-10' and date '2026-09-11'", ["2", "3"]),
        ("date_part('hour', created_at) = 12 and resolved_at - created_at = interval '1 hour'", ["3"]),
        ("resolved_at is distinct from created_at", ["1", "2", "3", "4"]),
    ],
)
def test_a_condition_reads_the_report_s_clock(condition: str, ids: list[str]) -> None:
    assert rows(ZONED, condition) == ids


def test_a_condition_reads_the_clock_asked_for() -> None:
    """23:30, 0:30 and 1:30 in Stockholm are the afternoon and the evening in New York."""
    assert rows((*ZONED, "--tz", "America/New_York"), "date_part('hour', created_at) = 17") == ["1"]
    assert rows((*ZONED, "--tz", "America/New_York"), "cast(created_at as date) = date '2026-09-10'") == ["3", "4"]


def test_time_between_instants_is_no_matter_of_the_clock(tmp_path: Path) -> None:
    """The night when summer time ends: from 1:30 to 3:30 are three hours."""
    files = table(tmp_path, "Ticket ID,Created at,Resolved at", "1,2026-10-25 01:30,2026-10-25 03:30",
                  "2,2026-10-24 01:30,2026-10-24 03:30")  # fmt: skip
    asked = (*files, "--zone", "Europe/Stockholm")
    assert rows(asked, "resolved_at - created_at > interval '2 hours'") == ["1"]
    assert rows(asked, "date_part('hour', created_at) = 1 and resolved_at - created_at > interval '2 hours'") == ["1"]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("ticket_id > 2", ["3", "4"]), ("ticket_id = 1", ["1"]), ("ticket_id = '1'", ["1"]), ("4 > ticket_id", ["1", "2", "3"]),
        ("ticket_id in (1, 3)", ["1", "3"]), ("ticket_id in ('1', '4')", ["1", "4"]), ("ticket_id between 2 and 3", ["2", "3"]),
        ("ticket_id like '1%'", ["1"]), ("ticket_id % 2 = 0 and status = 'solved'", ["2"]), ("ticket_id is not null", ["1", "2", "3", "4"]),
        ('"Ticket ID" >= 3', ["3", "4"]), ("\"Ticket ID\" = '2'", ["2"]), ("\"Created at\" like '05.09%'", ["1"]),
        ('cast("Ticket ID" as integer) = 1', ["1"]), ("lpad(\"Ticket ID\", 3, '0') = '001'", ["1"]),
    ],
)  # fmt: skip
def test_keys_and_headers_compare_as_the_file_writes_them(condition: str, ids: list[str]) -> None:
    assert rows(KEYS, condition) == ids


def test_keys_of_letters_and_of_customers_compare_as_written(tmp_path: Path) -> None:
    files = table(
        tmp_path,
        "Ticket ID,Created at,Status,Requester email",
        "A-1,2026-09-01,open,Anna@x.se",
        "A-2,2026-09-02,open,bo@x.se",
        *(f"A-{number},2026-09-0{number},open,cia@x.se" for number in range(3, 8)),
    )
    assert rows(files, "ticket_id = 'A-2'") == ["A-2"]
    assert rows(files, "customer_email like '%@x.se' and ticket_id <> 'A-2'") == [
        "A-1",
        "A-3",
        "A-4",
        "A-5",
        "A-6",
        "A-7",
    ]
    assert "holds `A-1`" in refused(files, "ticket_id > 2")


@pytest.mark.parametrize(
    ("condition", "way"),
    [
        ("Belopp > 500", "`amount > 500`"),
        ('500 < "Belopp"', "`500 < amount`"),
        ("Kundnummer <> 'Belopp > 5' and Belopp >= '500'", "`Kundnummer <> 'Belopp > 5' and amount >= 500`"),
        ("Orderdatum > 3", "`ordered_at >= date '2026-10-31'`"),
    ],
)
def test_the_way_out_is_the_condition_that_was_meant(tmp_path: Path, condition: str, way: str) -> None:
    lines = ("Ordernummer;Orderdatum;Kundnummer;Belopp", "1;2026-09-01;K1;1 249,50", "2;2026-09-30;K2;2 000,00 kr")
    error = refused(table(tmp_path, *lines), condition)
    assert f"write {way}\n" in error
    if "amount" in way:
        run_well("report", *table(tmp_path, *lines), "--kpi", "revenue", "--where", way.strip("`"))


def run_well(*arguments: object) -> None:
    ended = piped(*arguments)
    assert ended.code == 0, ended.err


def test_answers_are_found_by_their_ticket_s_number(tmp_path: Path) -> None:
    files = table(tmp_path, "Ticket ID,Created at,Resolved at,CSAT (1-5)", "1,2026-09-01,2026-09-02,5", "2,2026-09-01,2026-09-02,1",
                  "10,2026-09-01,2026-09-02,2")  # fmt: skip
    ended = piped("report", *files, "--period", "all", "--where", "ticket_id < 10", "--kpi", "csat", "--format", "json")
    assert json.loads(ended.out)["results"][0]["value"] == 0.5


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("\"Created at\" >= '10.09.2026'", "`created_at >= date"),
        ("\"Created at\" between '01.09.2026' and '10.09.2026'", "`created_at >= date"),
        ('"Created at" > 5', "`created_at >= date"),
        ("ticket_id > '2'", "without quotes"),
        ("'2' < \"Ticket ID\"", "as text"),
        ("status > 'open'", "the order of the alphabet"),
        ("created_at >= '2026-09-10'", "date '2026-10-31'"),
    ],
)
def test_what_has_another_order_is_not_put_into_that_of_the_alphabet(condition: str, message: str) -> None:
    assert message in refused(KEYS, condition)


def test_a_header_of_numbers_is_compared_as_numbers_or_refused(tmp_path: Path) -> None:
    files = table(
        tmp_path,
        "Ticket ID;Created at;Status;Betyg;Kostnad;Tid;Ort",
        "1;2026-09-01;open;10;1.000;9:15;Kiruna",
        "2;2026-09-02;open;9,5;2.500;10:05;Lund",
    )
    assert rows(files, '"Betyg" > 9.7') == ["1"]
    assert rows(files, "\"Betyg\" = '9,5'") == ["2"]
    assert rows(files, "\"Ort\" > 'L'") == ["2"]
    assert "`columns: {Kostnad: number}`" in refused(files, '"Kostnad" > 999')
    assert "it holds times" in refused(files, "\"Tid\" > '9:30'")
    assert "it holds `Kiruna`" in refused(files, '"Ort" > 3')


@pytest.mark.parametrize(
    "condition",
    [
        'cast("Created at" as integer) = 1', '"Created at"::integer = 1', "strptime(\"Created at\", '%Q') is null",
        "created_at - interval '999999999 years' > date '2026-01-01'", "strftime(created_at, '%Q') = 'x'",
        "rpad(\"Ticket ID\", 1000000000, 'x') = 'x'", "lpad(status, ticket_id, 'x') = 'x'", "repeat(status, 9) = 'x'", "replicate(status, 9) = 'x'",
        "replace(replace(replace(replace(status, 'o', 'oooooooooooooooooooo'), 'o', 'oo'), 'o', 'oo'), 'o', 'oo') = 'x'",
        "regexp_like(status, '(') or true", "status in (select status from self)", "created_at > 'yesterday'",
        "status = '" + "x" * 20_000 + "'",
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_what_fails_on_rows_or_has_no_end_is_an_error(condition: str) -> None:
    assert "hint: " in refused(KEYS, condition) or "fails on rows" in refused(KEYS, condition)


OWN = """pack: ours
kpis:
  - name: nightly
    label: Opened at night
    description: Opened at night.
    table: tickets
    dated_by: created_at
    measure: {count: "date_part('hour', created_at) < 2"}
    unit: count
  - name: late_numbers
    label: Late numbers
    description: Late numbers.
    table: tickets
    dated_by: created_at
    measure: {share: {of: ticket_id > 2, among: all}}
    unit: share
  - name: took
    label: Took
    description: Took.
    table: tickets
    dated_by: created_at
    measure: {mean: resolved_at - created_at}
    unit: seconds
  - name: of_one_day
    label: Of one day
    description: Of one day.
    table: tickets
    dated_by: created_at
    measure: {count: "cast(created_at as date) = date '2026-09-10' and ticket_id in ('2', '4')"}
    unit: count
"""


def own(folder: Path, text: str, *arguments: object) -> Any:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return piped("report", *arguments, "--kpis-file", path, "--period", "all", "--format", "json")


def test_kpis_of_one_s_own_see_the_report_s_clock_and_written_keys(tmp_path: Path) -> None:
    ended = own(
        tmp_path,
        OWN,
        *ZONED,
        *(part for name in ("nightly", "late_numbers", "took", "of_one_day") for part in ("--kpi", name)),
    )
    assert ended.code == 0, ended.err
    values = {result["kpi"]: result["value"] for result in json.loads(ended.out)["results"]}
    hours = (10.5 + 9.5 + 1) / 3
    assert values == {"nightly": 2, "late_numbers": 0.5, "took": pytest.approx(hours * 3600), "of_one_day": 1}


def test_rows_of_a_kpi_of_one_s_own_are_shown_by_the_files_columns(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    ended = piped(
        "rows", "nightly", *ZONED, "--kpis-file", path, "--period", "all", "--only", "counted", "--format", "json"
    )
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert sorted(row["id"] for row in found["rows"]) == ["2", "4"]
    assert "local " not in ended.out


def test_a_kpi_of_one_s_own_does_not_order_numbers_as_text(tmp_path: Path) -> None:
    measure = "{count: '\"Ticket ID\" > ''2'''}"
    text = OWN.replace("{share: {of: ticket_id > 2, among: all}}", measure).replace("unit: share", "unit: count")
    ended = own(tmp_path, text, *KEYS)
    assert ended.code == 3
    assert "as text, and it holds numbers" in ended.err


@pytest.mark.parametrize(("kpi", "value"), [("fcr_no_repeat", 0.5), ("channels_per_case", 1.5)])
def test_what_rests_on_a_customers_other_tickets_sees_those_that_a_condition_leaves_out(
    tmp_path: Path, kpi: str, value: float
) -> None:
    """Hand-worked: of two urgent tickets one is followed by a low one of its customer two days later, over another channel."""
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Ticket ID,Created,Resolved,Status,Priority,Channel,Customer ID\n"
        "1,2026-09-01 08:00,2026-09-01 10:00,Solved,Urgent,Email,ann\n"
        "2,2026-09-03 08:00,2026-09-03 10:00,Solved,Low,Phone,ann\n"
        "3,2026-09-04 08:00,2026-09-04 10:00,Solved,Urgent,Email,bo\n"
        "4,2026-09-28 08:00,2026-09-28 10:00,Solved,Low,Email,eve\n",
        encoding="utf-8",
    )
    asked = ("--kpi", kpi, "--min-n", "1")
    narrowed = reported(path, *asked, "--where", "priority = 'urgent'").result(kpi)
    (split,) = (
        one
        for one in reported(path, *asked, "--by", "priority").document["results"]
        if one["group"] == {"priority": "urgent"}
    )
    assert narrowed["value"] == split["value"] == value


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("channel = 'email'", 3),
        ("channel in ('email', 'PHONE')", 5),
        ("channel <> 'email'", 3),
        ("channel = 'Chat'", 1),
        ("\"Kanal\" = 'e mail'", 3),
    ],
)
def test_a_word_is_found_in_the_spelling_of_the_file(tmp_path: Path, condition: str, count: int) -> None:
    """The example of the help names no file's own spelling."""
    words = ["E-mail", "E-mail", "E-mail", "Phone", "Phone", "Chat"]
    rows = [f"{at},2026-09-0{at} 09:00,{word},Closed" for at, word in enumerate(words, 1)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["Ticket ID,Created,Kanal,Status", *rows, ""]), encoding="utf-8")
    assert reported(path, "--where", condition).value("tickets_created") == count


def test_a_spelling_of_the_file_itself_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Ticket ID,Created,Channel,Status\n1,2026-09-01,E-mail,Closed\n2,2026-09-02,email,Closed\n", encoding="utf-8"
    )
    assert reported(path, "--where", "channel = 'email'").value("tickets_created") == 1


def test_a_word_that_no_row_has_is_answered_with_those_they_have(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Ticket ID,Created,Channel,Status\n1,2026-09-01,E-post,Closed\n2,2026-09-02,Telefon,Closed\n", encoding="utf-8"
    )
    ended = piped("report", path, "--where", "channel = 'fax'")
    assert ended.code == 3
    assert "`channel` holds `E-post`, `Telefon`" in ended.err


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("channel = 'email'", 2),
        ("channel = 'e-mail'", 2),
        ("channel = 'Mail'", 2),
        ("channel = 'phone'", 1),
        ("channel = 'chat'", 1),
    ],
)
def test_a_channel_is_known_by_its_other_names(tmp_path: Path, condition: str, count: int) -> None:
    words = ["Mail", "mail", "Telefon", "Chat"]
    rows = [f"{at},2026-09-0{at} 09:00,{word},Closed" for at, word in enumerate(words, 1)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["Ticket ID,Created,Kanal,Status", *rows, ""]), encoding="utf-8")
    assert reported(path, "--where", condition).value("tickets_created") == count
