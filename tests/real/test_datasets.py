"""Published data sets read through short mappings of their own: an event log, a survey in words, comments, statistics."""

import csv
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import find_files
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import ReadOptions

MAPPINGS = Path(__file__).parent / "mappings"
DAY = 86_400


def test_an_event_log_gives_a_case_a_row(report):
    answer = report(
        "datasets/helpdesk_italy/helpdesk.csv", "--mapping", str(MAPPINGS / "helpdesk_italy.yaml"), "--kpi", "*"
    )
    source = answer.source()
    assert source["rows_read"] == 21_348
    assert source["rows_used"] == 4_580
    assert source["rows_refused"] == {"earlier event of its case": 16_768}
    assert answer["tickets_created"]["value"] == 4_580
    assert answer["first_resolution_time"]["n"] == answer["resolution_time"]["n"] == 4_569
    assert answer["first_resolution_time"]["value"] / DAY == pytest.approx(5.983, abs=5e-4)
    assert answer["first_resolution_time_mean"]["value"] / DAY == pytest.approx(11.12, abs=5e-3)
    assert answer["resolution_time"]["value"] / DAY == pytest.approx(6.658, abs=5e-4)
    assert answer["resolution_time_mean"]["value"] / DAY == pytest.approx(11.538, abs=5e-4)
    assert answer["reopen_rate"]["numerator"] == 386


@pytest.mark.parametrize("file", ["csv.csv", "csv2.csv", "xlsx.xlsx"])
def test_a_score_in_words_and_one_that_is_none(report, file):
    answer = report(f"datasets/epsi_norway/{file}", "--mapping", str(MAPPINGS / "epsi.yaml"), "--kpi", "nki_single")
    assert answer["nki_single"]["value"] == 50.0
    assert answer["nki_single"]["n"] == 2


def test_twins_in_two_encodings_are_one_table(folder):
    tables = []
    for name in ("omsetning_latin1.csv", "omsetning_utf8.csv"):
        (item,) = find_files([str(folder / "datasets/nordic_format_ssb" / name)])
        tables.append(open_export(item).scan(skip=0).collect())
    assert tables[0].equals(tables[1])
    assert "næring" in str(tables[0].row(2))


@pytest.mark.parametrize("name", ["skogeiere", "sykefravaer", "valg2023"])
def test_statistics_in_the_nordic_manner_open(folder, name):
    (item,) = find_files([str(folder / f"datasets/nordic_format_ssb/{name}.csv")])
    raw = open_export(item)
    assert raw.dialect is not None
    assert raw.dialect.delimiter == ";"
    assert "�" not in str(raw.head)
    assert raw.scan(skip=0).collect().height > 200


def test_comments_belong_to_their_tickets(folder):
    files = [
        str(folder / f"datasets/fivetran_zendesk_seeds/{name}.csv") for name in ("ticket_data", "ticket_comment_data")
    ]
    dataset = read_exports(files, Choices(mapping=str(MAPPINGS / "fivetran_comments.yaml")), frozenset({"ticket_id"}))
    assert {name: frame.height for name, frame in dataset.tables.items()} == {"tickets": 10, "messages": 20}
    assert all(not source.rows_refused for source in dataset.sources)


def test_columns_that_stand_apart_by_blanks(folder):
    choices = Choices(options=ReadOptions(delimiter="blanks"), mapping=str(MAPPINGS / "cdnow.yaml"))
    dataset = read_exports([str(folder / "datasets/cdnow/CDNOW_sample.txt")], choices, frozenset({"customer_id"}))
    orders = dataset.tables["orders"]
    assert orders["customer_id"].n_unique() == 2_357
    assert (str(orders["ordered_at"].min())[:10], orders["amount"].null_count()) == ("1997-01-01", 0)
    assert dataset.sources[0].rows_read == dataset.sources[0].rows_used == 6_919


def test_orders_are_sent_within_three_days_or_not(report):
    answer = report("datasets/preppin/031/inputs/input_01.csv", "--mapping", str(MAPPINGS / "orders_sent.yaml"), "--by", "group",
                    "--by", "agent", "--min-n", "1", "--as-of", "2019-01-31", "--sla", "resolution=3d",
                    "--kpi", "sla_resolution_rate", "--kpi", "resolution_time_mean")  # fmt: skip
    kept = {
        city: (one["numerator"], one["denominator"]) for city, one in answer.by("group", "sla_resolution_rate").items()
    }
    assert kept == {"Leeds": (1, 3), "Manchester": (2, 2), "York": (2, 3), "Newcastle": (0, 2)}
    days = {name: one["value"] / DAY for name, one in answer.by("agent", "resolution_time_mean").items() if one["n"]}
    assert days == {"Jenny": 2, "Andy": 2.5, "Craig": 4, "Phil": 5, "Jonathan": 4, "Tina": 5, "Toni": 1}


@pytest.mark.parametrize(("name", "rows"), [("input_01", 1_510), ("input_02", 66)])
def test_tables_about_something_else_open_too(folder, name, rows):
    (item,) = find_files([str(folder / f"datasets/preppin/041/inputs/{name}.csv")])
    assert open_export(item).scan(skip=1).collect().height == rows


def test_the_wait_of_a_ticket_is_its_time_new_open_and_on_hold(report, folder):
    name = "datasets/fivetran_zendesk_seeds/ticket_field_history_data.csv"
    answer = report(name, "--mapping", str(MAPPINGS / "fivetran_history.yaml"), "--kpi", "requester_wait_time_mean")
    changes: dict[str, list[tuple[datetime, str]]] = {}
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["field_name"] == "status":
                changes.setdefault(row["ticket_id"], []).append((datetime.fromisoformat(row["updated"]), row["value"]))
    waits = {
        ticket: sum((later - at).total_seconds() for (at, state), (later, _) in pairwise(sorted(found)) if state in ("open", "on-hold"))
        for ticket, found in changes.items()
    }  # fmt: skip
    assert waits["11071"] == 50 * DAY
    assert answer["requester_wait_time_mean"]["n"] == len(waits)
    assert answer["requester_wait_time_mean"]["value"] == sum(waits.values()) / len(waits)


def test_the_wait_of_incidents_comes_from_their_log(report, folder):
    name = "exports/servicenow/uci_incident_event_log_sample.csv"
    found = report(name, "--kpi", "requester_wait_time*")
    log: dict[str, list[tuple[int, datetime, str]]] = {}
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            at = datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M")  # noqa: DTZ007 (a wall clock)
            log.setdefault(row["number"], []).append((int(row["sys_mod_count"]), at, row["incident_state"]))
    ours = ("New", "Active", "Awaiting Problem")
    waits = [
        sum((later[1] - one[1]).total_seconds() for one, later in pairwise(sorted(rows)) if one[2] in ours)
        for rows in log.values()
        if max(rows)[2] in ("Resolved", "Closed")
    ]
    assert len(waits) == found["requester_wait_time"]["n"] == 31
    assert found["requester_wait_time"]["value"] == median(waits)
    assert found["requester_wait_time_mean"]["value"] == pytest.approx(sum(waits) / len(waits))


def test_the_wait_of_incidents_in_office_hours_is_that_of_the_minutes_in_them(report, folder, tmp_path):
    name = "exports/servicenow/uci_incident_event_log_sample.csv"
    (tmp_path / "office.yaml").write_text(
        "name: office\nlabel: Office\nzone: UTC\nweek: {mon-fri: 09:00-17:00}\n", encoding="utf-8"
    )
    found = report(name, "--kpi", "requester_wait_time_business*", "--calendar", str(tmp_path / "office.yaml"))
    log: dict[str, list[tuple[int, datetime, str]]] = {}
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            at = datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M")  # noqa: DTZ007 (a wall clock)
            log.setdefault(row["number"], []).append((int(row["sys_mod_count"]), at, row["incident_state"]))

    def opened(since: datetime, until: datetime) -> int:
        minutes = (since + timedelta(minutes=step) for step in range(int((until - since).total_seconds() // 60)))
        return sum(60 for minute in minutes if minute.weekday() < 5 and 9 <= minute.hour < 17)

    ours = ("New", "Active", "Awaiting Problem")
    waits = [
        sum(opened(one[1], later[1]) for one, later in pairwise(sorted(rows)) if one[2] in ours)
        for rows in log.values()
        if max(rows)[2] in ("Resolved", "Closed")
    ]
    assert len(waits) == found["requester_wait_time_business"]["n"] == 31
    assert found["requester_wait_time_business"]["value"] == median(waits)
    assert found["requester_wait_time_business_mean"]["value"] == pytest.approx(sum(waits) / len(waits))


def test_tweets_are_answered_turn_by_turn(report, folder):
    name = "exports/twitter_support/twcs_400_lines.csv"
    found = report(name, "--kpi", "reply_time*", "--kpi", "first_reply_time", "--kpi", "tickets_created")
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        tweets = {row["tweet_id"]: row for row in csv.DictReader(stream)}
    answers = {number: row["in_response_to_tweet_id"].removesuffix(".0") for number, row in tweets.items()}
    threads: dict[str, list[tuple[datetime, bool]]] = {}
    for number, row in tweets.items():
        root = number
        while answers.get(root):
            root = answers[root]
        sent = datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y")
        threads.setdefault(root, []).append((sent, row["inbound"] == "False"))
    times, waiting, first = [], 0, []
    for thread in map(sorted, threads.values()):
        start = None
        for sent, is_answer in thread:
            if is_answer and start:
                times.append((sent - start).total_seconds())
            start = None if is_answer else start or sent
        waiting += start is not None
        replies = [sent for sent, is_answer in thread if is_answer]
        first += [(replies[0] - thread[0][0]).total_seconds()] if replies and not thread[0][1] else []
    reply = found["reply_time"]
    assert (reply["value"], reply["n"]) == (median(times), len(times))
    assert f"{waiting} left out: turns not answered" in reply["notes"]
    assert found["reply_time_mean"]["value"] == pytest.approx(sum(times) / len(times))
    assert (found["first_reply_time"]["value"], found["first_reply_time"]["n"]) == (median(first), len(first))
    asked = [thread for thread in threads.values() if not all(is_answer for _, is_answer in thread)]
    assert found["tickets_created"]["value"] == len(asked) == 88
