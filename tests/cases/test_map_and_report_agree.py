"""What `map` understands of a file, `report` understands: one vocabulary, one way to find the header, one reader of times.

What rests on a draft is reported first; what a draft is unsure of is not read.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import CASES, Reported, reported

FIRST = "Ticket;Status;"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def by_draft(path: Path, folder: Path, period: str = "all") -> Reported:
    """The report by the mapping that `map` drafts."""
    draft = folder / "draft.yaml"
    ended = piped("map", path, "-o", draft)
    assert ended.code == 0, ended.err
    return reported(path, "--mapping", draft, period=period)


def test_a_column_that_dates_a_row_goes_by_a_header_only_a_draft_knows() -> None:
    found = reported(CASES / "opening-date-by-another-name.csv", period="2025-09")
    assert (found.value("tickets_created"), found.value("tickets_resolved"), found.value("net_flow")) == (4, 3, 1)
    assert "`Opening date` = created_at" in found.finding_text("drafted-mapping")


@pytest.mark.parametrize("header", ["Opening date", "Inkommet", "Date raised", "Logged on", "Anmäld", "Saapunut pvm"])
def test_siblings_of_an_opening_by_another_name(tmp_path: Path, header: str) -> None:
    text = f"ID;Status;Solved at;{header}\n1;Solved;2025-09-01 11:00;2025-09-01 09:00\n2;Open;;2025-09-02 09:00\n"
    found = reported(written(tmp_path / "list.csv", text))
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (2, 1)
    assert found.value("resolution_time") == 7200


def test_the_finding_stands_first_and_names_the_command_that_settles_it() -> None:
    found = reported(CASES / "opening-date-by-another-name.csv")
    assert found.document["findings"][0]["code"] == "drafted-mapping"
    assert "kundpuls map" in found.finding_text("drafted-mapping")


def test_times_in_words_and_dates_of_a_system_without_a_mapping(tmp_path: Path) -> None:
    """Hand-worked: 1 h 18 min, 51 h and 1 min from the dates."""
    text = (CASES / "glpi-tickets.csv").read_text(encoding="utf-8").replace("Statistics - ", "Stats: ")
    found = reported(written(tmp_path / "list.csv", text), period="2025-09")
    assert found.value("tickets_created") == 5
    assert found.value("resolution_time") == 4680


def test_durations_with_their_units_in_the_cells() -> None:
    found = reported(CASES / "swedish-durations.csv", "--kpi", "first_reply_time", period="2025-09")
    assert found.value("first_reply_time") == 47.5 * 60


def test_a_summary_above_the_table_is_no_header(tmp_path: Path) -> None:
    ended = piped("map", CASES / "summary-above-the-table.csv")
    assert "ticket_id: Ticket ID" in ended.out
    found = reported(CASES / "summary-above-the-table.csv")
    drafted = by_draft(CASES / "summary-above-the-table.csv", tmp_path)
    assert found.value("tickets_resolved") == drafted.value("tickets_resolved") == 4
    assert found.value("tickets_created") == drafted.value("tickets_created") == 5


def test_a_long_summary_above_the_table(tmp_path: Path) -> None:
    summary = "Team;Ärenden;Lösta;Öppna\n" + "".join(f"Lag {place};9;8;1\n" for place in range(12))
    rows = "".join(f"{place};Löst;2025-09-0{place} 09:00;2025-09-0{place} 11:00\n" for place in range(1, 10)) * 2
    rows = "".join(f"{place}{line[1:]}\n" for place, line in enumerate(rows.splitlines(), 100))
    path = written(tmp_path / "rapport.csv", f"{summary};;;\nÄrendenummer;Status;Skapad;Löst\n{rows}")
    assert reported(path).value("tickets_created") == 18
    assert "ticket_id: Ärendenummer" in piped("map", path).out


def test_a_summary_below_the_table_is_no_table(tmp_path: Path) -> None:
    rows = "".join(f"{place};Solved;2025-09-0{place} 09:00;2025-09-0{place} 11:00\n" for place in range(1, 6))
    path = written(
        tmp_path / "list.csv", f"Ticket ID;Status;Created at;Solved at\n{rows};;;\nGroup;Tickets;Solved;Open\nA;5;5;0\n"
    )
    assert "ticket_id: Ticket ID" in piped("map", path).out


def test_dates_and_times_apart_are_joined_for_every_instant(tmp_path: Path) -> None:
    """Hand-worked: 15 h, 2 h, 9 h and 8 h."""
    for found in (
        reported(CASES / "dates-and-times-apart.csv"),
        by_draft(CASES / "dates-and-times-apart.csv", tmp_path),
    ):
        assert (found.value("resolution_time"), found.result("resolution_time")["n"]) == (8.5 * 3600, 4)


@pytest.mark.parametrize(
    "header",
    [
        "Ärendenummer;Skapad datum;Skapad tid;Löst datum;Löst tid;Status",
        "Saksnummer;Opprettet dato;Opprettet klokkeslett;Løst dato;Løst klokkeslett;Status",
        "Ticket ID;Date opened;Time opened;Date closed;Time closed;Status",
    ],
)
def test_siblings_of_dates_and_times_apart(tmp_path: Path, header: str) -> None:
    rows = "1;2026-01-12;18:16;2026-01-13;09:16;Closed\n2;2026-01-13;8:00;2026-01-13;10:00;Closed\n3;2026-01-13;8:00;;;Open\n"
    found = reported(written(tmp_path / "list.csv", f"{header}\n{rows}"))
    assert found.result("resolution_time")["n"] == 2
    assert found.value("resolution_time") == 8.5 * 3600


def test_a_time_next_to_whole_instants_is_a_duration_and_no_clock(tmp_path: Path) -> None:
    text = (
        "Ticket ID;Created at;Resolution date;Resolution time;Status\n"
        "1;2026-01-12 08:00;2026-01-12;02:00:00;Closed\n2;2026-01-13 08:00;2026-01-13;04:00:00;Closed\n"
    )
    found = reported(written(tmp_path / "list.csv", text))
    assert "+ `Resolution time`" not in found.finding_text("drafted-mapping")


@pytest.mark.parametrize("header", ["survey_nps", "q6_nps", "NPS_Score", "nps_survey_rating"])
def test_a_question_behind_an_underscore(tmp_path: Path, header: str) -> None:
    text = (CASES / "nps-behind-an-underscore.csv").read_text(encoding="utf-8").replace("survey_nps", header)
    found = reported(written(tmp_path / "list.csv", text))
    assert (found.value("nps"), found.result("nps")["n"]) == (-37.5, 40)


@pytest.mark.parametrize("header", ["Marketing_Spend", "dollar_value", "Ad spend (SEK)"])
def test_amounts_behind_words_of_units(tmp_path: Path, header: str) -> None:
    text = f"Cost ID,Date,Cost type,{header}\n1,2026-01-01,Marketing,100\n2,2026-02-01,Marketing,200\n"
    out = piped("map", written(tmp_path / "list.csv", text), "--table", "costs").out
    assert "amount: " in out
    assert "# amount" not in out


def test_a_draft_unsure_of_what_matters_is_no_report(tmp_path: Path) -> None:
    text = "foo;bar;baz\n1;2026-01-01;x\n2;2026-01-02;y\n"
    ended = piped("report", written(tmp_path / "list.csv", text))
    assert ended.code == 3
    assert "kundpuls map" in ended.err


def openings(path: Path, headers: str, rows: int = 40) -> Path:
    """Cases of two hours each; the first date of a row is three days after the second."""
    lines = [
        f"{at};2026-01-{at % 20 + 4:02} 08:00;2026-01-{at % 20 + 1:02} 08:00;2026-01-{at % 20 + 1:02} 10:00"
        for at in range(rows)
    ]
    return written(path, f"{headers}\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    "headers", ["ID;Date;Opened;Resolved", "ID;Created;Open date;Resolved", "ID;Datum;Inkommet;Löst"]
)
def test_an_opening_that_makes_many_cases_impossible_is_the_wrong_one(tmp_path: Path, headers: str) -> None:
    """The date that stands first in the list of common names lies after the end of every case."""
    found = reported(openings(tmp_path / "list.csv", headers))
    assert (found.value("resolution_time"), found.result("resolution_time")["n"]) == (7200, 40)


def test_an_opening_that_dates_too_few_cases_takes_no_place(tmp_path: Path) -> None:
    path = openings(tmp_path / "list.csv", "ID;Created;Open date;Resolved")
    header, *lines = path.read_text().splitlines()
    kept = [
        line if at % 3 else ";".join((*line.split(";")[:2], "", line.split(";")[3])) for at, line in enumerate(lines)
    ]
    found = reported(written(path, "\n".join((header, *kept)) + "\n"))
    assert "Open date` is taken" not in found.finding_text("drafted-mapping")


def test_an_opening_that_the_user_names_is_kept(tmp_path: Path) -> None:
    path = openings(tmp_path / "list.csv", "ID;Created;Open date;Resolved")
    found = reported(path, "--column", "created_at=Created")
    assert "is taken" not in found.finding_text("drafted-mapping")


@pytest.mark.parametrize(
    "name",
    [
        "opening-date-by-another-name.csv",
        "swedish-durations.csv",
        "dates-and-times-apart.csv",
        "nps-behind-an-underscore.csv",
        "chat-log-with-a-timestamp.csv",
        "summary-above-the-table.csv",
        "one-sheet-a-month.xlsx",
    ],
)
def test_a_report_is_the_report_by_the_draft_of_its_file(tmp_path: Path, name: str) -> None:
    assert reported(CASES / name).values == by_draft(CASES / name, tmp_path).values


def test_a_draft_names_the_file_that_it_is_written_to_and_says_what_report_does(tmp_path: Path) -> None:
    rows = [f"{1000 + at // 2};2026-08-{at + 1:02};Artikel {at % 2};100,00" for at in range(20)]
    path = written(tmp_path / "order_rows.csv", "\n".join(["Ordernr;Orderdatum;Artikel;Radsumma", *rows, ""]))
    out = tmp_path / "order_rows.yaml"
    assert piped("map", path, "-o", out, "--no-config").code == 0
    text = out.read_text(encoding="utf-8")
    assert f"--mapping {out}" in text
    assert "the lines of one order are added up" in text
    assert reported(path, "--mapping", out, "--kpi", "revenue").value("revenue") == 2000


def test_a_draft_is_recognised_by_each_header_once(tmp_path: Path) -> None:
    rows = [f"{at};2026-08-{at:02} 08:00;2026-08-{at:02} 09:00" for at in range(1, 20)]
    path = written(tmp_path / "t.csv", "\n".join(["Ärendenr;Skapad;Löst", *rows, ""]))
    listed = piped("map", path, "--no-config").out.partition("all: [")[2].partition("]")[0].split(", ")
    assert len(listed) == len(set(listed)) > 1
