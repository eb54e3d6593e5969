"""Files read together: stitched by key, every row accounted for, tickets and surveys linked."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from reported import english

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.finishing import finished
from kpi_core.ingest.read import scan_file
from kpi_core.ingest.tables.stitching import stitched
from kpi_core.kpis import CATALOGUE, select
from kpi_core.model.findings import REFUSED_SCHEMA

ZENDESK = """Id,Requester id,Via,Created at,Solved at,Updated at,Status,Group,Reopens,First resolution time in minutes,Satisfaction Score
{rows}
"""
FRESHDESK = """Ticket ID,Created time,Initial response time,Resolved time,Status,Group,Survey results
{rows}
"""


UNASKED = Choices()
EVERY = Request(kpis=CATALOGUE, by=("group",)).texts()


def zendesk(*rows: str) -> str:
    return ZENDESK.format(rows="\n".join(rows))


def freshdesk(*rows: str) -> str:
    return FRESHDESK.format(rows="\n".join(rows))


def read(folder: Path, files: dict[str, str], choices: Choices = UNASKED, texts: frozenset[str] = EVERY) -> Dataset:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_exports([str(folder / name) for name in files], choices, texts)


def values(dataset: Dataset, *kpis: str, by: tuple[str, ...] = ()) -> dict[str, tuple[float | None, int]]:
    report = summarise(dataset, Request(kpis=select(kpis), period="all", by=by))
    return {
        " ".join([result.kpi.name, *map(str, result.group.values())]): (result.estimate.value, result.estimate.n)
        for result in report.results
    }


SOLVED = "1,5,Web,2026-01-01 08:00:00,2026-01-01 18:00:00,2026-01-02 08:00:00,Solved,Billing,0,600,{rating}"


def test_the_newest_of_two_exports_of_a_ticket_wins_and_the_other_is_counted_and_listed(tmp_path: Path) -> None:
    old = "1,5,Web,2026-01-01 08:00:00,,2026-01-01 09:00:00,Open,Returns,0,,"
    files = {
        "b.csv": zendesk(SOLVED.format(rating="Good")),
        "a.csv": zendesk(old, "2,6,Web,2026-01-01 08:00:00,,,New,,0,,"),
    }
    dataset = read(tmp_path, files)
    assert sorted(dataset.tables["tickets"]["group"].cast(pl.String).to_list(), key=str) == ["Billing", None]
    tickets = [source for source in dataset.sources if source.table == "tickets"]
    assert [(source.rows_read, source.rows_used, english(source.rows_refused)) for source in tickets] == [
        (1, 1, {}),
        (2, 1, {"duplicate key": 1}),
    ]
    (refused,) = dataset.refused.rows(named=True)
    assert refused["file"].endswith("a.csv")
    assert (refused["row"], refused["column"], refused["value"], refused["reason"]) == (2, "Id", "1", "duplicate key")
    assert dataset.refused.schema == REFUSED_SCHEMA


def test_ticket_1_of_two_companies_is_two_tickets(tmp_path: Path) -> None:
    dataset = read(
        tmp_path, {"z.csv": zendesk(SOLVED.format(rating="")), "f.csv": freshdesk("1,2026-01-03 08:00:00,,,Open,Shop,")}
    )
    assert dataset.tables["tickets"].height == 2
    assert values(dataset, "tickets_created", by=("group",)) == {
        "tickets_created": (2, 2),
        "tickets_created Billing": (1, 1),
        "tickets_created Shop": (1, 1),
    }


def test_a_source_that_is_named_makes_one_company_of_two_systems(tmp_path: Path) -> None:
    files = {"z.csv": zendesk(SOLVED.format(rating="")), "f.csv": freshdesk("1,2026-01-01 08:00:00,,,Open,Shop,")}
    assert read(tmp_path, files, Choices(source="ours")).tables["tickets"].height == 1


def test_a_rating_of_one_companys_ticket_says_nothing_of_the_others(tmp_path: Path) -> None:
    dataset = read(
        tmp_path,
        {
            "z.csv": zendesk(SOLVED.format(rating="Bad")),
            "f.csv": freshdesk("1,2026-01-03 08:00:00,,2026-01-03 09:00:00,Resolved,Shop,"),
        },
    )
    assert values(dataset, "successful_resolution_rate") == {"successful_resolution_rate": (0.5, 2)}


def test_two_companies_ratings_of_their_ticket_1_both_count(tmp_path: Path) -> None:
    fresh = freshdesk("1,2026-01-03 08:00:00,,2026-01-03 09:00:00,Resolved,Shop,Extremely satisfied")
    dataset = read(tmp_path, {"z.csv": zendesk(SOLVED.format(rating="Bad")), "f.csv": fresh})
    assert values(dataset, "csat", "answers_received") == {"csat": (0.5, 2), "answers_received": (2, 2)}
    assert {finding.code for finding in dataset.findings} == {"silent-files"}


def test_a_survey_response_and_a_ticket_with_one_number_are_two_responses(tmp_path: Path) -> None:
    survey = "Response ID,Answered at,NPS\n1,2026-01-05 10:00:00,9\n"
    dataset = read(tmp_path, {"z.csv": zendesk(SOLVED.format(rating="5")), "s.csv": survey})
    assert values(dataset, "answers_received") == {"answers_received": (2, 2)}


def test_the_order_of_files_of_two_systems_does_not_matter(tmp_path: Path) -> None:
    first = zendesk(SOLVED.format(rating="Good"), SOLVED.replace("1,5", "2,5").format(rating="Offered"))
    files = {
        "z.csv": first,
        "f.csv": freshdesk("1,2026-01-03 08:00:00,,2026-01-03 09:00:00,Resolved,Shop,Extremely satisfied"),
    }
    one = values(read(tmp_path, files), "csat*", "response_rate", "answers_received")
    other = values(read(tmp_path, dict(reversed(files.items()))), "csat*", "response_rate", "answers_received")
    assert one == other
    assert one["response_rate"][1] >= 2


def test_a_reopened_tickets_first_resolution_is_the_exports_own(tmp_path: Path) -> None:
    rows = (
        "1,5,Web,2026-01-01 08:00:00,2026-01-01 18:00:00,,Solved,Billing,2,60,",
        "2,5,Web,2026-01-01 08:00:00,2026-01-01 18:00:00,,Solved,Billing,0,600,",
    )
    dataset = read(tmp_path, {"z.csv": zendesk(*rows)})
    assert values(dataset, "first_resolution_time_mean", "resolution_time_mean") == {
        "first_resolution_time_mean": ((60 + 600) * 60 / 2, 2),
        "resolution_time_mean": (36_000.0, 2),
    }


def test_ratings_in_tickets_are_dated_by_the_resolution_else_the_last_update(tmp_path: Path) -> None:
    rows = (
        SOLVED.format(rating="Good"),
        "2,5,Web,2026-01-01 08:00:00,,2026-03-02 08:00:00,Open,,0,,Bad",
        "3,5,Web,2026-01-01 08:00:00,,,Open,,0,,Unoffered",
    )
    answers = read(tmp_path, {"z.csv": zendesk(*rows)}).tables["answers"].sort("answered_at")
    assert [f"{at:%Y-%m-%d}" for at in answers["answered_at"].to_list()] == ["2026-01-01", "2026-03-02"]
    assert answers["score"].to_list() == [2, 1]


def test_a_survey_answer_takes_the_place_of_the_rating_in_its_ticket(tmp_path: Path) -> None:
    survey = "Response ID,Ticket ID,Answered at,CSAT\nr1,1,2026-01-05 10:00:00,5\nr2,1,2026-01-06 10:00:00,2\nr3,,2026-01-06 10:00:00,4\n"
    dataset = read(
        tmp_path, {"z.csv": zendesk(SOLVED.format(rating="Good")), "s.csv": survey}, Choices(scales={"csat": (1, 5)})
    )
    assert dataset.tables["answers"]["score"].sort().to_list() == [2, 4]
    assert [finding.code for finding in dataset.findings] == ["match-rate", "answers-per-ticket"]
    assert dataset.findings[1].text.startswith("2 answers left out")
    assert values(dataset, "csat", by=("group",)) == {"csat": (0.5, 2), "csat Billing": (0.0, 1), "csat None": (1.0, 1)}


def test_every_refused_row_is_listed_as_it_was_written(tmp_path: Path) -> None:
    rows = (*(SOLVED.replace("1,5", f"{place},5").format(rating="") for place in range(10, 20)), ",5,Web,2026-01-01 08:00:00,,,Open,,0,,",
            "30,5,Web,31/31/2026,,,Open,,many,,", "", "31,5,Web,2026-01-01 08:00:00,,,Exploded,,0,,Weird")  # fmt: skip
    dataset = read(tmp_path, {"z.csv": zendesk(*rows)})
    (source,) = (source for source in dataset.sources if source.table == "tickets")
    assert english(source.rows_refused) == {"blank row": 1, "no Id": 1, "unreadable Created at": 1}
    assert (source.rows_read, source.rows_used) == (14, 11)
    listed = set(dataset.refused.select("row", "column", "value", "reason").rows())
    assert listed == {
        (12, "Id", None, "missing"), (13, "Created at", "31/31/2026", "unreadable"), (14, None, None, "blank row"),
    }  # fmt: skip
    assert dict(dataset.reads[0].unknown["status"]) == {"Exploded": 1}
    assert dict(dataset.reads[0].unknown["reopens"]) == {"many": 1}


def test_which_of_two_rows_of_a_ticket_wins_does_not_depend_on_what_is_asked(tmp_path: Path) -> None:
    """Two rows of one minute: the later one counts, whether or not its columns are read for the report."""
    header = "Id,Via,Created at,Updated at,Status,Group,Assignee,Ticket type,Reopens\n"
    rows = (
        "1,Web,2026-01-01 08:00:00,2026-01-02 08:00:00,Solved,Billing,Bo,Question,",
        "1,,2026-01-01 08:00:00,2026-01-02 08:00:00,Open,,,,0",
    )
    for texts in (frozenset(), frozenset({"group", "agent", "type"})):
        dataset = read(tmp_path, {"z.csv": header + "\n".join(rows) + "\n"}, texts=texts)
        assert dataset.tables["tickets"]["status"].to_list() == ["open"]


def test_a_column_nobody_has_is_reported_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no column `Region` in the files") as refused:
        read(tmp_path, {"z.csv": zendesk(SOLVED.format(rating=""))}, texts=frozenset({"Region"}))
    assert refused.value.hint is not None
    assert "Satisfaction Score" in refused.value.hint


def test_a_header_of_the_file_can_be_a_dimension(tmp_path: Path) -> None:
    dataset = read(
        tmp_path,
        {"z.csv": zendesk(SOLVED.format(rating="")).replace("Via", "Office of origin").replace("Web", "Bergen")},
        texts=frozenset({"Office of origin"}),
    )
    assert values(dataset, "tickets_created", by=("Office of origin",)) == {
        "tickets_created": (1, 1),
        "tickets_created Bergen": (1, 1),
    }


def test_present_are_the_columns_with_a_value(tmp_path: Path) -> None:
    present = read(tmp_path, {"z.csv": zendesk("2,6,Web,2026-01-01 08:00:00,,,New,,0,,")}).present("tickets")
    assert {"ticket_id", "created_at", "status", "reopens"} <= present
    assert not {"resolved_at", "group"} & present
    assert (
        read(tmp_path, {"z.csv": zendesk("2,6,Web,2026-01-01 08:00:00,,,New,,0,,")}).present("answers") == frozenset()
    )


def test_each_file_is_reported_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "z.csv").write_text(zendesk(SOLVED.format(rating="")), encoding="utf-8")
    shown: list[str] = []
    read_exports([str(tmp_path / "z.csv")], Choices(), frozenset(), shown.append)
    assert [name.rsplit("/", 1)[-1] for name in shown] == ["z.csv"]


def test_files_of_one_system_that_each_hold_a_part_of_a_case_are_joined(tmp_path):
    part = "name: {0}\nlabel: X\nsystem: chat\ntable: tickets\nrecognised_by: {{all: [conversation, {1}]}}\ncolumns:\n  ticket_id: conversation\n  {2}: {1}\n"
    files = {
        "opened": ("created_at", "conversation,opened\nA,2026-01-01 09:00\nB,2026-01-02 09:00\nB,2026-01-03 09:00\n"),
        "solved": ("resolved_at", "conversation,solved\nA,2026-01-01 12:00\nC,2026-01-05 12:00\n"),
    }
    reads = []
    for name, (column, content) in files.items():
        (tmp_path / f"{name}.yaml").write_text(part.format(name, name, column))
        (tmp_path / f"{name}.csv").write_text(content)
        choices = Choices(mapping=str(tmp_path / f"{name}.yaml"))
        scans = scan_file(Input(tmp_path / f"{name}.csv", f"{name}.csv"), choices, frozenset())
        reads += [finished(file, []) for file in scans]
    whole = stitched(reads, "tickets")
    assert whole.frame is not None
    sources, repeated = whole.sources, whole.repeated
    result = whole.frame.select("created_at", "resolved_at").cast(str).sort("created_at", nulls_last=True).rows()
    assert [tuple(cell and cell[:16] for cell in row) for row in result] == [
        ("2026-01-01 09:00", "2026-01-01 12:00"),
        ("2026-01-03 09:00", None),
        (None, "2026-01-05 12:00"),
    ]
    assert [english(source.rows_refused) for source in sources] == [
        {"joined to another file's row": 1, "duplicate key": 1},
        {},
    ]
    assert repeated["row"].to_list() == [3]


def test_what_no_row_dates_lies_in_no_period(tmp_path: Path) -> None:
    content = "Call ID,Date,Answered,Resolved\n1,2026-01-05,Y,Y\n2,2026-01-31,Y,N\n3,2026-01-01,N,N\n"
    dataset = read(tmp_path, {"calls.csv": content}, Choices())
    request = Request(
        kpis=select(["tickets_created", "tickets_resolved", "net_flow", "resolution_rate"]), period="2026-01"
    )
    report = summarise(dataset, request)
    assert [(result.kpi.name, result.estimate.value) for result in report.totals] == [("tickets_created", 3)]
    lacking = {one.kpi.name: tuple(map(str, one.needs)) for one in report.unavailable}
    wanted = ("resolved_at, closed_at or resolution_time",)
    assert lacking == dict.fromkeys(["tickets_resolved", "net_flow", "resolution_rate"], wanted)
    whole = {result.kpi.name: result for result in summarise(dataset, replace(request, period="all")).totals}
    assert whole["tickets_resolved"].estimate.value == 1
