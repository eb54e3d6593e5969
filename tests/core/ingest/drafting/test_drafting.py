"""What a draft makes of files nobody knows: which column is what, by header or by cells, and what it is unsure of."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_core.config.yaml import parse
from kpi_core.errors import ExportError, KpiError, MappingError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.drafting.draft import draft
from kpi_core.ingest.drafting.yaml_lines import Line, remark, rendered, scalar
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.formats.mapping import Mapping, built_in, load_mapping
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.headers.vocabulary import says, spoken, vocabulary
from kpi_core.model.tables import QUESTIONS, TABLES, Kind

FORMATS = Path(__file__).parents[3] / "formats"
SPREADSHEETS = sorted(
    path
    for path in FORMATS.glob("spreadsheet-*/*.csv")
    if not path.name.endswith((".expected.csv", ".refused.csv"))
)  # fmt: skip
KNOWN = sorted(
    path
    for path in FORMATS.glob("*/*.*")
    if path.is_file() and not path.parent.name.startswith(("spreadsheet-", "__")) and not path.name.endswith((".expected.csv", ".refused.csv"))
)  # fmt: skip
TEXTS = frozenset(
    column.name
    for table in TABLES.values()
    for column in table.columns
    if column.kind in (Kind.TEXT, Kind.KEY, Kind.PRIORITY)
)


@dataclass(frozen=True)
class Drafted:
    """A draft as its reader has it."""

    text: str
    mapping: Mapping
    notes: tuple[str, ...]
    path: Path
    file: Path

    @property
    def columns(self) -> dict[str, str]:
        return {name: spec.headers[0] for name, spec in self.mapping.columns.items()}

    @property
    def questions(self) -> dict[str, str]:
        return {spec.question: spec.headers[0] for spec in self.mapping.answers}

    def line(self, start: str) -> str:
        """The only line that begins so, with one blank where there are several."""
        lines = (" ".join(line.split()) for line in self.text.splitlines())
        (found,) = [line for line in lines if line.startswith(start)]
        return found

    def read(self, **message: str) -> Dataset:
        """The file read with the draft."""
        return read_exports(
            [str(self.file)], Choices(mapping=str(self.path), cells=ReadingChoices(**message)), frozenset()
        )


def drafted(file: Path, choices: Choices | None = None, table: str | None = None) -> Drafted:
    made = draft(Input(file, str(file)), choices or Choices(), table)
    path = file.parent / "drafts" / f"{made.name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(made.text, encoding="utf-8")
    return Drafted(text=made.text, mapping=load_mapping(path), notes=tuple(map(str, made.notes)), path=path, file=file)


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
    return path


# the words of headers


@pytest.mark.parametrize(
    ("header", "phrase"),
    [
        ("case_enquiry_id", "ticket id"),
        ("Ärendenr", "ticket id"),
        ("Arendenummer", "ticket id"),
        ("Saksnummer", "ticket id"),
        ("Palvelupyyntö", "ticket"),
        ("open_dt", "open date"),
        ("OpenedDate", "open date"),
        ("Skapandedatum", "open date"),
        ("Oprettelsesdato", "open date"),
        ("Lösningsdatum", "resolve date"),
        ("Losningsdatum", "resolve date"),
        ("Avslutat", "close"),
        ("target_dt", "due date"),
        ("Eräpäivä", "due"),
        ("ontime", "sla"),
        ("case_status", "ticket status"),
        ("Response Time (hours)", "reply time"),
        ("Agent Assigned", "agent"),
        ("Käsittelijä", "agent"),
        ("item1", "question"),
        ("Antal svar", "reply count"),
    ],
)
def test_a_header_says_what_its_words_say(header: str, phrase: str) -> None:
    assert says(header, [phrase], "ticket") == 1


@pytest.mark.parametrize(
    ("header", "phrase"),
    [
        ("closedphoto", "close"),
        ("closure_reason", "close date"),
        ("Date of Purchase", "open date"),
        ("police_district", "group"),
        ("Customer age", "customer"),
        ("Survey replied date", "first reply date"),
    ],
)
def test_a_header_does_not_say_what_only_part_of_it_does(header: str, phrase: str) -> None:
    assert says(header, [phrase], "ticket") < 0.6


def test_units_and_figures_say_nothing() -> None:
    assert spoken("Response time (in hrs) 2") == spoken("response_time")


def test_the_words_are_about_the_tables_there_are() -> None:
    known = vocabulary()
    assert set(known.columns) == set(known.rows) == set(TABLES)
    for table, columns in known.columns.items():
        assert set(columns) <= set(TABLES[table].names)
    for table, names in known.telling.items():
        assert set(names) <= set(TABLES[table].names)
    assert set(known.questions) <= set(QUESTIONS)
    phrases = [phrase for columns in known.columns.values() for several in columns.values() for phrase in several]
    phrases += [phrase for several in known.questions.values() for phrase in several]
    assert {word for phrase in phrases for word in phrase.split()} <= set(known.words)


# files whose headers are near to known ones

REQUESTS = """
    case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,department,source,latitude
    901,2026-01-05 09:00:00,2026-01-12 09:00:00,2026-01-06 10:00:00,ONTIME,Closed,The lamp was changed on the next day by the crew of the north,Lights,Phone,59.1
    902,2026-01-06 09:00:00,2026-01-08 09:00:00,2026-01-20 10:00:00,OVERDUE,Closed,The hole was filled after the frost had left the ground again,Roads,App,59.2
    903,2026-01-07 09:00:00,,,ONTIME,Open,,Roads,App,59.2
    904,2026-01-08 09:00:00,2026-01-22 09:00:00,,ONTIME,Parked,,Lights,Phone,59.3
"""


@pytest.fixture
def requests(tmp_path: Path) -> Drafted:
    return drafted(written(tmp_path, REQUESTS, "City requests 2026.csv"))


def test_columns_are_found_by_the_words_of_their_headers(requests: Drafted) -> None:
    assert requests.mapping.table == "tickets"
    assert requests.columns == {
        "ticket_id": "case_enquiry_id",
        "created_at": "open_dt",
        "closed_at": "closed_dt",
        "due_at": "target_dt",
        "status": "case_status",
        "group": "department",
        "channel": "source",
        "sla_resolution_met": "ontime",
    }
    assert requests.mapping.columns["sla_resolution_met"].values == {"ONTIME": "true", "OVERDUE": "false"}
    assert requests.notes == ()


def test_the_name_comes_from_the_file_and_the_rule_from_its_telling_headers(requests: Drafted) -> None:
    assert requests.mapping.name == requests.path.stem == "city-requests-2026"
    result = requests.mapping.recognised_by.every
    assert result[0] == "case_enquiry_id"
    assert 3 <= len(result) <= 6
    assert "latitude" not in result


def test_each_line_says_what_was_seen(requests: Drafted) -> None:
    assert requests.line("ticket_id:").endswith("# 4 different in 4 rows")
    assert requests.line("created_at:").endswith("# 2026-01-05 to 2026-01-08")
    assert requests.line("closed_at:").endswith("# 2026-01-06 to 2026-01-20; empty in 2 of 4")
    assert requests.line("status:").endswith("# Closed 2, Open 1, Parked 1")
    assert requests.line("# latitude:") == "# latitude: 3 different in 4 rows"


def test_words_nobody_knows_have_a_blank_to_fill_in(requests: Drafted, tmp_path: Path) -> None:
    assert requests.line("# Parked:") == "# Parked: # 1 row"
    filled = requests.text.replace("    # values:", "    values:").replace("    #   Parked:", "      Parked: on_hold")
    path = tmp_path / "filled.yaml"
    path.write_text(filled, encoding="utf-8")
    assert load_mapping(path).columns["status"].values == {"Parked": "on_hold"}
    dataset = read_exports([str(requests.file)], Choices(mapping=str(path)), frozenset())
    assert dataset.tables["tickets"]["status"].to_list() == ["closed", "closed", "open", "on_hold"]


def test_every_row_is_read_with_the_draft(requests: Drafted) -> None:
    (source,) = requests.read().sources
    assert (source.rows_read, source.rows_used) == (4, 4)


def test_a_draft_recognises_its_own_file(requests: Drafted) -> None:
    assert requests.read().reads[0].match.reason.render().startswith("headers `case_enquiry_id`")


def test_of_two_columns_as_good_the_other_is_named(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Status,Department,Queue
        1,2026-01-05 10:00,Open,Sales,North
        2,2026-01-06 10:00,Closed,Help,South
    """))  # fmt: skip
    assert made.columns["group"] in ("Department", "Queue")
    assert "or: Queue" in made.line("group:") or "or: Department" in made.line("group:")


def test_a_column_that_would_fill_an_empty_place_as_well_is_marked(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Status,Finished
        1,2026-01-05 10:00,Open,
        2,2026-01-06 10:00,Closed,2026-01-07 10:00
    """))  # fmt: skip
    assert made.columns["resolved_at"] == "Finished"
    assert "# unsure: also looks like closed_at; 2026-01-07 to 2026-01-07" in made.line("resolved_at:")


def test_empty_columns_are_named_and_not_read(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Status,Closed at
        1,2026-01-05 10:00,Open,
        2,2026-01-06 10:00,Pending,
    """))  # fmt: skip
    assert "closed_at" not in made.columns
    assert made.line("# closed_at:") == "# closed_at: Closed at # empty in this file"


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Report of the spring,,
        ,,
        Ticket ID,Created,Status
        1,2026-01-05 10:00,Open
        2,2026-01-06 10:00,Closed
    """))  # fmt: skip
    assert made.columns == {"ticket_id": "Ticket ID", "created_at": "Created", "status": "Status"}
    assert made.read().tables["tickets"].height == 2


def test_a_clock_next_to_a_day_is_joined_to_it(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Samtals-ID,Datum,Klockslag,Besvarat samtal,Samtalstid
        A1,2026-01-05,08:30:00,Ja,00:03:10
        A2,2026-01-05,08:45:10,Nej,
        A3,2026-01-06,09:00:00,Ja,00:07:45
    """))  # fmt: skip
    assert made.mapping.columns["created_at"].time == ("Klockslag",)
    created = made.read().tables["tickets"]["created_at"].to_list()
    assert created == [datetime(2026, 1, 5, 8, 30), datetime(2026, 1, 5, 8, 45, 10), datetime(2026, 1, 6, 9)]


def test_an_event_log_is_reported_to_look_like_one(tmp_path: Path) -> None:
    rows = [f"{case},2026-01-0{case} 1{step}:00,step {step}" for case in (1, 2, 3) for step in range(4)]
    made = drafted(written(tmp_path, "\n".join(["Case ID,Resolved time,Activity", *rows])))
    assert "3 numbers in 12 rows" in made.line("ticket_id:")
    assert made.line("# events:").startswith("# events: {case: Case ID, order: Resolved time}")


# day and month


AMBIGUOUS = """
    Ticket ID,Opened,Solved,Status
    1,03/04/2026 10:00,04/04/2026 10:00,Resolved
    2,05/04/2026 10:00,,Open
"""


def test_a_file_that_does_not_separate_day_from_month_says_so(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, AMBIGUOUS))
    assert made.mapping.date_order is None
    assert made.line("# date_order:") == "# date_order: dmy # the file does not tell day from month: dmy or mdy"
    assert "unsure: nothing shows which is its day and which its month" in made.line("created_at:")
    assert made.notes == (
        "nothing in the file tells day from month: set `date_order` in the draft, or pass --date-format",
    )
    with pytest.raises(ExportError, match="cannot tell day from month"):
        made.read()
    assert made.read(date_order="mdy").tables["tickets"]["created_at"].to_list()[0] == datetime(2026, 3, 4, 10)


@pytest.mark.parametrize(("order", "first"), [("dmy", datetime(2026, 4, 3, 10)), ("mdy", datetime(2026, 3, 4, 10))])
def test_the_order_the_user_says_stands_in_the_draft(tmp_path: Path, order: str, first: datetime) -> None:
    made = drafted(written(tmp_path, AMBIGUOUS), Choices(cells=ReadingChoices(date_order=order)))
    assert made.mapping.date_order == order
    assert made.notes == ()
    assert made.read().tables["tickets"]["created_at"].to_list()[0] == first


def test_another_date_of_the_file_may_show(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Opened,Status,Next visit
        1,03/04/2026 10:00,Resolved,25/05/2026
        2,05/04/2026 10:00,Open,01/06/2026
    """))  # fmt: skip
    assert made.mapping.date_order == "dmy"
    assert made.line("date_order:") == "date_order: dmy # `Next visit` shows it"


def test_dates_that_cannot_be_misread_need_no_order(requests: Drafted) -> None:
    assert "date_order" not in requests.text


# durations and their units


@pytest.mark.parametrize(("factor", "unit"), [(3600, "seconds"), (60, "minutes"), (1, "hours")])
def test_bare_numbers_get_their_unit_from_the_dates(tmp_path: Path, factor: int, unit: str) -> None:
    start = datetime(2026, 1, 5, 10)
    rows = [f"{n},{start},{start + timedelta(hours=n)},{n * factor}" for n in range(1, 8)]
    made = drafted(written(tmp_path, "\n".join(["Ticket ID,Created,Resolved at,Resolution time", *rows])))
    assert made.mapping.columns["resolution_time"].unit == unit
    assert f"unsure: the dates show that it is counted in {unit}" in made.line("resolution_time:")


def test_bare_numbers_without_a_unit_wait_for_one(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Status,Response time
        1,2026-01-05 10:00,Open,12
        2,2026-01-06 10:00,Closed,40
    """))  # fmt: skip
    assert "first_reply_time" not in made.columns
    assert made.line("# first_reply_time:").startswith(
        "# first_reply_time: {from: Response time, unit: } # say the unit:"
    )
    assert made.notes == ("`Response time` is left out until its unit is filled in",)


def test_a_unit_in_the_header_is_left_to_it(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Status,Response Time (hours)
        1,2026-01-05 10:00,Open,12
        2,2026-01-06 10:00,Closed,1.5
    """))  # fmt: skip
    assert made.mapping.columns["first_reply_time"].unit is None
    assert made.line("first_reply_time:").endswith("# hours, 1:30:00 to 12:00:00")


# what only the cells show


def test_headers_in_a_language_nobody_foresaw(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        col1,Erstellt,Fertig,Zustand,Wer,Dringlichkeit
        T-1,2026-03-01 10:00:00,2026-03-02 10:00:00,Solved,ann@example.com,High
        T-2,2026-03-02 10:00:00,2026-03-04 10:00:00,Solved,bo@example.com,Low
        T-3,2026-03-03 10:00:00,,Open,ann@example.com,High
        T-4,2026-03-04 10:00:00,2026-03-06 10:00:00,Closed,cy@example.com,Urgent
        T-5,2026-03-05 10:00:00,,Pending,di@example.com,Low
    """))  # fmt: skip
    assert made.columns == {
        "ticket_id": "col1",
        "created_at": "Erstellt",
        "resolved_at": "Fertig",
        "status": "Zustand",
        "priority": "Dringlichkeit",
        "customer_id": "Wer",
    }
    for name in made.columns:
        assert "# unsure: only" in made.line(f"{name}:")


def test_a_date_of_something_else_is_no_opening(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Date of Purchase,First Response at,Status
        1,2024-01-05,2026-03-01 10:00:00,Open
        2,2024-02-06,2026-03-02 10:00:00,Closed
    """))  # fmt: skip
    assert "created_at" not in made.columns
    assert made.line("# created_at:").endswith("nothing is dated by it; `Date of Purchase` holds dates")


@pytest.mark.parametrize("days", [30, 900])
def test_an_unnamed_date_years_before_the_reply_is_no_opening(tmp_path: Path, days: int) -> None:
    replied = [datetime(2026, 3, day, 10) for day in range(1, 8)]
    rows = [f"{n},{at - timedelta(days=days)},{at},Open" for n, at in enumerate(replied)]
    made = drafted(written(tmp_path, "\n".join(["Ticket ID,Fecha,First response at,Status", *rows])))
    assert made.columns.get("created_at") == ("Fecha" if days == 30 else None)


def test_an_end_must_agree_with_the_status(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Fecha,Status
        1,2026-03-01 10:00:00,2026-03-02 10:00:00,Open
        2,2026-03-02 10:00:00,,Closed
        3,2026-03-03 10:00:00,2026-03-09 10:00:00,Pending
    """))  # fmt: skip
    assert "resolved_at" not in made.columns
    assert made.line("# Fecha:").startswith("# Fecha: dates, 2026-03-02 to")


# surveys


def test_a_rating_from_nought_to_ten_is_a_recommendation(tmp_path: Path) -> None:
    rows = [f"{n},2026-01-{n % 28 + 1:02},{n % 11}" for n in range(40)]
    made = drafted(written(tmp_path, "\n".join(["id,survey_date,rating", *rows])))
    assert (made.mapping.table, made.questions) == ("answers", {"nps": "rating"})
    assert made.line("- question: nps").startswith("- question: nps # unsure: shown by its answers")


@pytest.mark.parametrize(("highest", "scale"), [(5, (1, 5)), (7, (1, 7)), (10, (1, 10))])
def test_another_rating_is_one_of_satisfaction_on_the_scale_seen(
    tmp_path: Path, highest: int, scale: tuple[int, int]
) -> None:
    rows = [f"{n},{n % highest + 1},{n % 3}" for n in range(40)]
    made = drafted(written(tmp_path, "\n".join(["cust_id,item1,item2a", *rows])))
    assert made.questions == {"csat": "item1"}
    assert made.mapping.answers[0].scale == scale
    assert "unsure: shown by its answers alone" in made.line("- question: csat")


def test_a_scale_nobody_used_to_the_end_is_a_guess(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Response ID,Satisfaction
        1,3
        2,4
        3,2
    """))  # fmt: skip
    assert made.mapping.answers[0].scale == (1, 5)
    assert "unsure: nobody gave more than 4, so the scale is a guess" in made.line("- question: csat")


def test_rating_words_nobody_knows_have_a_blank(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Response ID,Satisfaction
        1,Very satisfied
        2,Satisfied
        3,Neutral
        4,Over the moon
    """))  # fmt: skip
    assert made.mapping.answers[0].scale is None
    assert made.line("# Over the moon:") == "# Over the moon: # 1 row"


def test_questions_in_five_languages_are_asked_by_their_words(tmp_path: Path) -> None:
    asked = "Hvor sannsynlig er det at du vil anbefale oss?"
    made = drafted(written(tmp_path, f"""
        Svarnummer,Svardato,"{asked}",Bemötande
        1,2026-01-05,9,4
        2,2026-01-06,0,5
        3,2026-01-07,10,2
    """))  # fmt: skip
    assert made.questions == {"nps": asked, "treatment": "Bemötande"}


def test_a_survey_without_a_question_is_drafted_and_reported_to_have_none(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, "Who,Where\nann,here\nbo,there"), table="answers")
    assert made.questions == {}
    assert made.notes == ("no survey question was found: name one with --column nps=HEADER (or csat, ces, …)",)


# what the user says


def test_what_the_user_says_stands_in_the_draft(tmp_path: Path) -> None:
    choices = Choices(
        source="north", columns={"csat": "Grade", "type": "Colour"}, scales={"csat": (1, 6)},
        cells=ReadingChoices(zone="Europe/Oslo", null_values=("nil here",), decimal=","),
    )  # fmt: skip
    made = drafted(written(tmp_path, """
        Ticket ID,Created,Status,Colour,Grade
        1,2026-01-05 10:00,Open,Red,3
        2,2026-01-06 10:00,Closed,nil here,4
    """), choices)  # fmt: skip
    mapping = made.mapping
    assert (mapping.system, mapping.zone, mapping.decimal, mapping.missing) == (
        "north",
        "Europe/Oslo",
        ",",
        ("nil here",),
    )
    assert made.columns["type"] == "Colour"
    assert made.mapping.answers[0].scale == (1, 6)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"csat": "Grad"}, "no column `Grad`, did you mean `Grade`?"),
        ({"colour": "Grade"}, "no field `colour` in tickets"),
    ],
)
def test_a_column_or_field_that_is_none_is_refused(tmp_path: Path, columns: dict[str, str], message: str) -> None:
    path = written(tmp_path, "Ticket ID,Created,Status,Grade\n1,2026-01-05 10:00,Open,3")
    with pytest.raises(MappingError) as refused:
        drafted(path, Choices(columns=columns))
    assert message in str(refused.value)


def test_a_table_can_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, "ID,Date,Amount,Status\n1,2026-01-05,10,Open\n2,2026-01-06,12,Closed")
    assert drafted(path).mapping.table == "orders"
    made = drafted(path, table="tickets")
    assert (made.mapping.table, made.columns["ticket_id"], made.columns["status"]) == ("tickets", "ID", "Status")


def test_a_file_of_nothing_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot tell what its rows are") as refused:
        drafted(written(tmp_path, "Region,Hectares\nNorth,12\nSouth,40"))
    assert str(refused.value.hint).startswith("pass --table with one of tickets, answers")


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="has no row below its header"):
        drafted(written(tmp_path, "Ticket ID,Created,Status"))


# files in formats that are known


@pytest.mark.parametrize("export", SPREADSHEETS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_spreadsheet_with_common_headers_is_drafted_as_it_is_read(export: Path, tmp_path: Path) -> None:
    file = tmp_path / export.name
    file.write_bytes(export.read_bytes())
    made = drafted(file)
    known = read_exports([str(file)], Choices(), TEXTS)
    ours = read_exports([str(file)], Choices(mapping=str(made.path)), TEXTS)
    assert made.mapping.table == known.reads[0].mapping.table
    for mine, theirs in zip(ours.sources, known.sources, strict=True):
        assert (mine.rows_read, mine.rows_used) == (theirs.rows_read, theirs.rows_used)
    fields = [{one.name: normal(one.header) for one in read.narrow.fields} for read in (ours.reads[0], known.reads[0])]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("export", KNOWN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_known_format_is_reported_to_be_one_and_its_draft_reads_the_same(export: Path, tmp_path: Path) -> None:
    file = tmp_path / export.name
    file.write_bytes(export.read_bytes())
    made = drafted(file)
    assert made.mapping.extends == export.parent.name
    assert made.notes[0] == f"the file is known as `{export.parent.name}` already; the draft starts from that"
    known, ours = (
        read_exports([str(file)], choices, frozenset()) for choices in (Choices(), Choices(mapping=str(made.path)))
    )
    table = known.reads[0].mapping.table
    assert ours.tables[table].height == known.tables[table].height
    own = {one.name for one in known.reads[0].narrow.fields}
    assert own <= {one.name for one in ours.reads[0].narrow.fields}


def test_patterns_stay_for_words_of_the_next_export(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, """
        Order ID,Order date,Customer ID,Amount,Order status
        1,2026-01-05,A,10,Delivered
        2,2026-01-06,B,12,Returned
    """))  # fmt: skip
    known = next(mapping for mapping in built_in() if mapping.name == "spreadsheet-orders")
    assert made.columns["is_refunded"] == made.columns["order_status"] == "Order status"
    assert made.mapping.columns["is_refunded"].patterns == known.columns["is_refunded"].patterns
    assert made.read().tables["orders"]["is_refunded"].to_list() == [False, True]


def test_another_table_of_a_known_format_does_not_start_from_it(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes((FORMATS / "zendesk-tickets" / "export.csv").read_bytes())
    made = drafted(file, table="customers")
    assert (made.mapping.extends, made.mapping.table) == (None, "customers")


def test_another_table_keeps_the_header_rows_of_the_format(tmp_path: Path) -> None:
    file = tmp_path / "responses.csv"
    file.write_bytes((FORMATS / "surveymonkey-answers" / "responses.csv").read_bytes())
    made = drafted(file, table="customers")
    assert (made.mapping.extends, made.mapping.header_rows) == (None, 2)
    known = read_exports([str(file)], Choices(), frozenset())
    assert made.read().reads[0].headers == known.reads[0].headers


def test_a_draft_never_takes_the_name_of_a_built_in_format(tmp_path: Path) -> None:
    taken = next(mapping.name for mapping in built_in() if "_" not in mapping.name)
    assert drafted(written(tmp_path, REQUESTS, f"{taken}.csv")).mapping.name == f"{taken}-draft"


# whatever stands in a file, the draft is YAML


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_survives_in_a_scalar(text: str) -> None:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        return
    document = parse(f"key: {scalar(text)}\nlist: [{scalar(text)}, a]\n{scalar(text or 'x')}: value\n", "draft")
    assert document.data["key"] == text
    assert document.data["list"] == [text, "a"]
    assert (text or "x") in document.data


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_is_one_line_in_a_comment(text: str) -> None:
    shown = rendered([Line(text="a: b", comment=remark(text)), Line(comment=remark(text) or "-")])
    assert len(shown.splitlines()) == 2
    assert shown.replace("\n", "").isprintable()
    assert parse(shown, "draft").data == {"a": "b"}


HEADERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
CELLS = st.one_of(
    st.sampled_from(["", "Open", "Solved", "High", "2026-01-05", "05/04/2026 10:00", "3", "1,234", "12:30", "Ja", "a@example.com"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
)  # fmt: skip


@given(
    st.lists(HEADERS, min_size=1, max_size=5), st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=5)
)
@settings(max_examples=60, deadline=None)
def test_any_table_gives_a_draft_that_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], rows: list[list[str]]
) -> None:
    stream = io.StringIO()
    top = [*headers, "Ticket ID", "Created", "Status"]
    csv.writer(stream).writerows([top, *(row[: len(top)] for row in rows)])
    file = tmp_path_factory.mktemp("any") / "any.csv"
    file.write_text(stream.getvalue(), encoding="utf-8", newline="")
    try:
        made = draft(Input(file, str(file)), Choices(), "tickets")
    except KpiError:
        return
    path = file.with_name("any.yaml")
    path.write_text(made.text, encoding="utf-8")
    assert load_mapping(path).table == "tickets"
