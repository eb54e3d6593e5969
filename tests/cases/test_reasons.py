"""Guards: a reason that is given and is not the true one: answers left out under a cause that they do not have, rows counted that
no file holds, a value named that nobody gave.
"""

import json
from pathlib import Path

import pytest
from invoked import piped
from small_reports import report_json as reported
from small_reports import totals, written
from small_surveys import report, survey, texts_of, values

ANOTHER, UNREAD = "on another scale than", "cannot be read"


def left_out(document: dict, kpi: str) -> list[str]:
    """Why a KPI leaves answers out."""
    (one,) = [one for one in document["results"] if one["kpi"] == kpi]
    return [note for note in one["notes"] if "left out" in note]


@pytest.mark.parametrize(
    ("header", "answers", "kpi", "says"),
    [
        ("NPS (0-5)", [5, 4, 3], "nps", ["3 left out: on another scale than 0–10"]),
        ("CSAT", ["Good", "Bad", "4", "5"], "csat_mean", ["2 left out: on another scale than most"]),
        ("CSAT", [*[5, 4, 3] * 5, "se nedan"], "csat", ["1 left out: cannot be read"]),
        ("CSAT", [5, 4, "Vet ej", 3, 99, ""], "csat", []),
        ("CES (1 = very difficult, 5 = very easy)", [5, 4, "?!", 3], "ces", ["1 left out: cannot be read"]),
    ],
)
def test_answers_are_left_out_for_the_reason_they_have(
    tmp_path: Path, header: str, answers: list[object], kpi: str, says: list[str]
) -> None:
    """Nobody was offered anything here, and nobody left a question blank."""
    assert left_out(report(survey(tmp_path, header, answers)), kpi) == says


def test_each_reason_has_its_own_count(tmp_path: Path) -> None:
    """Of seven asked two are silent, and one cannot be read."""
    path = tmp_path / "asked.csv"
    answers = [5, "", 4, "se nedan", "", 3, 1]
    rows = [f"{n},2026-03-01,{'2026-03-02' if answer else ''},{answer}" for n, answer in enumerate(answers)]
    path.write_text("\n".join(["Response ID,Sent at,Answered at,CSAT", *rows, ""]))
    document = report(path)
    assert values(document)["csat"] == (0.5, 4)
    assert left_out(document, "csat") == ["1 left out: cannot be read", "2 left out: offered and not answered"]


def test_each_group_and_period_has_its_own_reasons(tmp_path: Path) -> None:
    """Silence and answers that cannot be read, of two groups and one without a name in two months, are kept apart by both."""
    path = tmp_path / "asked.csv"
    answers = [("North", 5), ("North", ""), ("South", "se nedan"), ("South", 4), ("", ""), ("", 3)]
    rows = [
        f"{month}{n},2026-{month}-01,2026-{month}-02,{group},{answer}"
        for month, more in (("02", [*answers, ("North", "")]), ("03", answers))
        for n, (group, answer) in enumerate(more)
    ]
    path.write_text("\n".join(["Response ID,Sent at,Answered at,Group,CSAT", *rows, ""]))
    document = report(path, "--by", "group", period="2026-03")
    by_name = {
        result["group"].get("group", "all"): [note for note in result["notes"] if "left out" in note]
        for result in document["results"]
        if result["kpi"] == "csat_mean"
    }
    unread, silent = "1 left out: cannot be read", "{} left out: offered and not answered"
    assert by_name == {
        "all": [unread, silent.format(2)],
        "North": [silent.format(1)],
        "South": [unread],
        None: [silent.format(1)],
    }


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (["1 - Very satisfied", "3", "5"], "its lowest number has the best word;"),
        (["1", "3", "5 - Very dissatisfied"], "its highest number has the worst word;"),
        (["4 - Good", "3 - OK", "1 - Bad"], "nobody gave more than 4"),
        ([5, 4, 6], "the highest is 6"),
        ([150, 20], "150 is beyond every scale"),
        (["4/5", "4/7"], "out of different maximums"),
    ],
)
def test_a_doubt_names_what_is_in_the_file(tmp_path: Path, answers: list[object], says: str) -> None:
    """And nothing that is not."""
    document = report(survey(tmp_path, "CSAT", answers))
    assert "csat" not in values(document)
    assert says in texts_of(document, "unknown-scale")[0]


def test_parts_of_another_scale_than_the_headers_are_reported(tmp_path: Path) -> None:
    """They can be read, and contradict the header."""
    document = report(survey(tmp_path, "CSAT (1-10)", ["4/5", "5/5", "2/5"]))
    assert "csat" not in values(document)
    assert "the header says 1–10, yet answers are out of 5" in texts_of(document, "unknown-scale")[0]


def test_where_no_row_says_anything_no_other_period_is_offered(tmp_path: Path) -> None:
    """All of the file was looked at."""
    (text,) = texts_of(report(survey(tmp_path, "CSAT", ["Vet ej", "Vet ej"])), "hardly-understood")
    assert "another --period" not in text
    assert "says anything that counts" in text


@pytest.fixture
def costs(tmp_path: Path) -> tuple[Path, Path]:
    """Costs of five months, two of unknown kinds, and twenty customers of the other three."""
    kinds = ["acquisition", "xyz", "acquisition", "acquisition", "foo"]
    spent = [f"2026-{month:02d},{100 * month},{kind}" for month, kind in enumerate(kinds, 1)]
    (tmp_path / "costs.csv").write_text("\n".join(["Month,Amount,Kind", *spent, ""]))
    won = [f"c{n},2026-0{(1, 3, 4)[n % 3]}-1{n % 9}" for n in range(20)]
    (tmp_path / "customers.csv").write_text("\n".join(["Customer ID,Acquired at", *won, ""]))
    return tmp_path / "costs.csv", tmp_path / "customers.csv"


def test_costs_of_months_are_counted_as_the_rows_they_are(costs: tuple[Path, Path]) -> None:
    """Five rows, and not their 151 days: in trust, and among the rows behind the figure."""
    (cac,) = report(*costs, kpi="cac")["results"]
    assert (cac["trust"]["unread"], cac["trust"]["of"], cac["value"]) == (2, 5, (100 + 300 + 400) / 20)
    ended = piped("rows", "cac", *costs, "--period", "all", "--format", "json", "--quiet")
    assert ended.code == 0, ended.err
    listed = [row for row in json.loads(ended.out)["rows"] if row["table"] == "costs"]
    assert sorted((row["row"], row["role"], row["value"]) for row in listed if row["role"] == "numerator") == [
        (2, "numerator", 100.0), (4, "numerator", 300.0), (5, "numerator", 400.0)
    ]  # fmt: skip
    assert len(listed) == 5


REPLIES = ("automated_first_reply_rate", "first_reply_time_any")
LOG = (
    "1;2026-09-01 09:00;Customer",
    "1;2026-09-01 09:10;Bot",
    "2;2026-09-02 09:00;Customer",
    "2;2026-09-02 09:30;Agent",
    "3;2026-09-03 09:00;Customer",
    "4;2026-09-04 08:59;Customer",
    "4;2026-09-04 08:59;Bot",
    "5;2026-09-05 08:58;Agent",
    "5;2026-09-05 09:30;Customer",
)


@pytest.mark.parametrize("name", REPLIES)
def test_a_ticket_that_is_in_no_share_of_automatic_replies_is_so_for_its_own_cause(tmp_path: Path, name: str) -> None:
    """1 and 2 count; 3 has no reply, 4 one before it was opened, 5 an agent opened, and 6 was answered, but not in the log."""
    opened = [f"{n};2026-09-0{n} 09:00;2026-09-0{n} 10:00;Closed" for n in range(1, 7)]
    tickets = written(tmp_path, "tickets", "Ticket ID;Created at;First replied at;Status", *opened)
    messages = written(tmp_path, "messages", "Ticket ID;Sent at;Author type", *LOG)
    ended = piped("rows", name, tickets, messages, "--period", "all", "--only", "left-out", "--format", "json")
    assert ended.code == 0, ended.err
    assert {row["id"]: row["reason"] for row in json.loads(ended.out)["rows"]} == {
        "3": "no first reply",
        "4": "negative time",
        "5": "opened by an agent",
        "6": "no messages of it in the files",
    }
    found = reported(tickets, messages, "--period", "all", "--kpi", name, "--kpi", "first_reply_time")
    assert totals(found)[name]["n"] == 2
    assert any("of which the files hold no messages" in reason for reason in totals(found)[name]["notes"])
    notes = totals(found)["first_reply_time"]["notes"]
    assert any("the messages show" in note for note in notes)
    assert not any("cannot tell automatic" in note for note in notes)


def test_where_nothing_shows_automatic_replies_that_is_reported(tmp_path: Path) -> None:
    rows = ("1;2026-09-01 09:00;2026-09-01 10:00;Closed", "2;2026-09-02 09:00;2026-09-02 10:00;Closed")
    tickets = written(tmp_path, "tickets", "Ticket ID;Created at;First replied at;Status", *rows)
    notes = totals(reported(tickets, "--period", "all"))["first_reply_time"]["notes"]
    assert "the export cannot tell automatic first replies from an agent's" in notes
