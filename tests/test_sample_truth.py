"""The sample exports, read by the tool, give what their generator counted and what ten lines of Python recount."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import mean, median
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from reported import english

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import CATALOGUE, select
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Source
from kpi_core.model.report import KpiResult, Report

SAMPLES = Path(__file__).parents[1] / "sample_data"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
XLS, CSV, ZENDESK, SHEET = "freshdesk_tickets.xls", "freshdesk_tickets.csv", "zendesk_tickets.csv", "arenden_2026.csv"
SURVEY, FORM, LOG = "surveymonkey_responses.csv", "google_forms_responses.csv", "messages_2026.csv"
TICKETS = (XLS, CSV, ZENDESK, SHEET)
Row = dict[str, str]


# the tool


@cache
def dataset(*names: str) -> Dataset:
    wanted = Request(kpis=CATALOGUE, by=("group",)).texts()
    return read_exports([str(SAMPLES / name) for name in names], Choices(), wanted)


@cache
def reported(*names: str, period: str = "all", by: tuple[str, ...] = ()) -> Report:
    return summarise(dataset(*names), Request(kpis=CATALOGUE, period=period, by=by))


def result(report: Report, kpi: str) -> KpiResult:
    (found,) = [one for one in report.totals if one.kpi.name == kpi]
    return found


def value(report: Report, kpi: str) -> float | None:
    return result(report, kpi).estimate.value


def k_of(estimate: Estimate) -> float:
    assert estimate.parts.fraction is not None
    return estimate.parts.fraction[0]


def fraction(report: Report, kpi: str) -> tuple[float, int]:
    estimate = result(report, kpi).estimate
    return k_of(estimate), estimate.n


def source(report: Report, table: str = "tickets") -> Source:
    (found,) = [one for one in report.sources if one.table == table]
    return found


# the same files, read by hand


def cells(name: str) -> list[list[str]]:
    if name.endswith(".xls"):
        space = "{urn:schemas-microsoft-com:office:spreadsheet}"
        sheet = ET.parse(SAMPLES / name).iter(f"{space}Row")
        return [[cell.text or "" for cell in row.iter(f"{space}Data")] for row in sheet]
    encoding, delimiter = ("cp1252", ";") if name == SHEET else ("utf-8", ",")
    text = (SAMPLES / name).read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def rows(name: str) -> list[Row]:
    header, *body = cells(name)
    return [dict(zip(header, row, strict=True)) for row in body[1 if name == SURVEY else 0 :]]


def instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year > 1990 else None


def usable(case: Row) -> bool:
    """Whether a row of the Swedish list has a number and a date of opening."""
    return bool(case["Ärendenummer"]) and instant(case["Skapad"]) is not None


def clock_seconds(text: str) -> int:
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return sign * (hours * 3600 + minutes * 60 + seconds)


def lasted(pairs: Iterable[tuple[str, str]]) -> list[float]:
    """Seconds between two instants where both are there."""
    found = [(instant(since), instant(until)) for since, until in pairs]
    return [(until - since).total_seconds() for since, until in found if since and until]


# rows: read, refused and used


@pytest.mark.parametrize(
    ("name", "read", "refused"),
    [
        (XLS, 800, {}),
        (CSV, 297, {}),
        (ZENDESK, 1500, {}),
        (SHEET, 481, {"blank row": 1, "no Ärendenummer": 2, "unreadable Skapad": 3}),
        (SURVEY, 226, {"no answer": 4}),
        (FORM, 168, {"no answer": 2}),
    ],
)
def test_every_row_is_accounted_for(name: str, read: int, refused: dict[str, int]) -> None:
    known = TRUTH[name]
    account = source(reported(name), "answers" if name in (SURVEY, FORM) else "tickets")
    assert (account.rows_read, english(account.rows_refused)) == (read, refused)
    assert read == known["rows"] + known.get("ghost_rows", 0)
    lost = sum(known.get(why, 0) for why in ("unreadable_dates", "missing_numbers", "ghost_rows", "blank_submissions"))
    assert account.rows_used == read - lost


def test_refused_rows_are_named_by_their_place_in_the_spreadsheet() -> None:
    listed = dataset(SHEET).refused.select("row", "column", "value", "reason").rows()
    expected: list[tuple[int, str | None, str | None, str]] = []
    for number, case in enumerate(rows(SHEET), start=2):
        if not any(case.values()):
            expected.append((number, None, None, "blank row"))
        elif not case["Ärendenummer"]:
            expected.append((number, "Ärendenummer", None, "missing"))
        elif instant(case["Skapad"]) is None:
            expected.append((number, "Skapad", case["Skapad"], "unreadable"))
    assert len(expected) == 6
    assert sorted(listed) == sorted(expected)


def test_ratings_of_refused_tickets_are_not_counted() -> None:
    report = reported(SHEET)
    ratings = TRUTH[SHEET]["ratings"]
    assert result(report, "csat").estimate.n == sum(ratings.values())
    assert source(report, "answers").rows_used == sum(ratings.values())


# how many tickets


def of_month(name: str, month: str, kpi: str) -> float | None:
    """One KPI of a month."""
    return value(summarise(dataset(name), Request(kpis=select([kpi], CATALOGUE), period=month)), kpi)


@pytest.mark.parametrize("name", TICKETS)
def test_tickets_created_each_month(name: str) -> None:
    months = {month: of_month(name, month, "tickets_created") for month in TRUTH[name]["created_per_month"]}
    assert months == TRUTH[name]["created_per_month"]


@pytest.mark.parametrize("name", TICKETS)
def test_tickets_resolved_each_month(name: str) -> None:
    months = {month: of_month(name, month, "tickets_resolved") for month in TRUTH[name]["resolved_per_month"]}
    assert months == TRUTH[name]["resolved_per_month"]


@pytest.mark.parametrize("name", TICKETS)
def test_tickets_resolved_and_open(name: str) -> None:
    report, known = reported(name), TRUTH[name]
    assert value(report, "tickets_created") == known.get("usable_rows", known["rows"])
    assert value(report, "tickets_resolved") == known["resolved"]
    assert value(report, "backlog") == known["unresolved"], "those resolved at an unknown time are not open"


def test_tickets_resolved_at_an_unknown_time_are_reported() -> None:
    report = reported(XLS)
    (message,) = [finding.text for finding in report.findings if finding.code == "resolved-undated"]
    assert message.startswith(f"{TRUTH[XLS]['resolved_without_instant']} resolved tickets have no resolution time")


@pytest.mark.parametrize("name", [ZENDESK, SHEET])
def test_tickets_opened_again(name: str) -> None:
    estimate = result(reported(name), "reopen_rate").estimate
    assert k_of(estimate) == TRUTH[name]["reopened"]


# how fast they are answered


@pytest.mark.parametrize("name", [XLS, CSV])
def test_a_zero_of_an_unanswered_ticket_is_no_reply(name: str) -> None:
    answered = [row for row in rows(name) if row["Initial response time"]]
    assert len(rows(name)) - len(answered) == TRUTH[name]["unanswered_zeros"]
    waited = [
        clock_seconds(row["First response time (in hrs)"]) for row in answered if row["Source"] != "Outbound Email"
    ]
    replies = [seconds for seconds in waited if seconds >= 0]
    estimate = result(reported(name), "first_reply_time_business").estimate
    assert (estimate.value, estimate.n) == (median(replies), len(replies))
    assert 0 in replies, "answered outside opening hours is a true zero"
    texts = [finding.text for finding in reported(name).findings if finding.code == "negative-time"]
    assert any(text.startswith(f"{TRUTH[name]['negative_first_replies']} tickets have a negative") for text in texts)


@pytest.mark.parametrize("name", [XLS, CSV])
def test_business_hours_to_resolve(name: str) -> None:
    known = TRUTH[name]["median_resolution_business_seconds"]
    assert value(reported(name), "resolution_time_business") == known


@pytest.mark.parametrize(
    ("name", "created", "resolved", "done"),
    [
        (XLS, "Created time", "Resolved time", {"Resolved", "Closed"}),
        (CSV, "Created time", "Resolved time", {"Resolved", "Closed"}),
        (ZENDESK, "Created at", "Solved at", {"Solved", "Closed"}),
        (SHEET, "Skapad", "Löst", {"Löst", "Stängt"}),
    ],
)
def test_time_to_resolve_by_the_clock(name: str, created: str, resolved: str, done: set[str]) -> None:
    tickets = [row for row in rows(name) if row["Status"] in done and (name != SHEET or usable(row))]
    times = lasted((row[created], row[resolved]) for row in tickets)
    report = reported(name)
    assert result(report, "resolution_time").estimate.n == len(times)
    assert value(report, "resolution_time") == median(times)
    soon = [seconds <= timedelta(days=7).total_seconds() for seconds in times]
    cohort = result(report, "resolution_rate_cohort").estimate
    assert k_of(cohort) == sum(soon)
    if name != SHEET:
        assert cohort.n == len(rows(name)) - TRUTH[name].get("resolved_without_instant", 0)


def test_replies_of_the_swedish_list() -> None:
    times = lasted((case["Skapad"], case["Första svar"]) for case in rows(SHEET) if usable(case))
    estimate = result(reported(SHEET), "first_reply_time").estimate
    assert (estimate.value, estimate.n) == (median(times), len(times))


def test_unanswered_tickets_of_zendesk_have_no_first_reply() -> None:
    estimate = result(reported(ZENDESK), "first_reply_time_business").estimate
    assert estimate.n == TRUTH[ZENDESK]["rows"] - TRUTH[ZENDESK]["unanswered"]


def test_waiting_is_timed_for_resolved_tickets() -> None:
    waits = [
        int(row["Requester wait time in minutes"]) * 60
        for row in rows(ZENDESK)
        if row["Status"] in {"Solved", "Closed"}
    ]
    estimate = result(reported(ZENDESK), "requester_wait_time").estimate
    assert (estimate.value, estimate.n) == (median(waits), len(waits))


# how they are rated


@pytest.mark.parametrize("name", [XLS, CSV])
def test_words_on_seven_steps(name: str) -> None:
    ratings = TRUTH[name]["ratings"]
    top = ratings.get("Mostly satisfied", 0) + ratings.get("Extremely satisfied", 0)
    assert fraction(reported(name), "csat") == (top, sum(ratings.values()))


def test_good_bad_and_numbers_in_one_column() -> None:
    known = TRUTH[ZENDESK]
    rated = sum(count for score, count in known["scores"].items() if score != "Offered")
    report = reported(ZENDESK)
    assert fraction(report, "csat") == (known["good"], rated)
    assert fraction(report, "response_rate") == (rated, rated + known["scores"]["Offered"])
    assert any(finding.code == "pooled-scales" for finding in report.findings)


def test_a_ticket_rated_bad_is_no_success() -> None:
    good = [
        row for row in rows(ZENDESK)
        if row["Status"] in {"Solved", "Closed"} and row["Reopens"] == "0" and row["Satisfaction Score"] not in {"Bad", "1", "2"}
    ]  # fmt: skip
    assert fraction(reported(ZENDESK), "successful_resolution_rate") == (len(good), TRUTH[ZENDESK]["rows"])


def test_marks_of_the_swedish_list() -> None:
    ratings = {int(mark): count for mark, count in TRUTH[SHEET]["ratings"].items()}
    rated = sum(ratings.values())
    assert fraction(reported(SHEET), "csat") == (ratings[4] + ratings[5], rated)
    marks = sum(mark * count for mark, count in ratings.items()) / rated
    assert value(reported(SHEET), "csat_mean") == pytest.approx(marks)


# two exports of one desk


@pytest.mark.parametrize("names", [(XLS, CSV), (CSV, XLS)], ids=["older first", "newer first"])
def test_two_exports_of_one_desk_are_one(names: tuple[str, str]) -> None:
    report, known = reported(*names), TRUTH[CSV]
    assert value(report, "tickets_created") == known["stitched_tickets"]
    assert value(report, "tickets_resolved") == known["stitched_resolved"]
    lost = [english(one.rows_refused).get("duplicate key", 0) for one in report.sources if one.table == "tickets"]
    assert sum(lost) == known["duplicate_keys"]


def test_the_order_of_files_changes_nothing() -> None:
    one, other = (
        {result.kpi.name: (result.estimate.value, result.estimate.n) for result in reported(*names).totals}
        for names in ((XLS, CSV, SURVEY), (SURVEY, CSV, XLS))
    )
    assert one == other


# surveys


def submissions() -> list[Row]:
    """SurveyMonkey's rows that answer something; of two about one ticket, the newer."""
    questions = [header for header in rows(SURVEY)[0] if header.endswith((".", "?"))][:4]
    given = [row for row in rows(SURVEY) if any(row[question].strip("-") for question in questions)]
    newest = sorted(given, key=lambda row: datetime.strptime(row["End Date"] + "+0000", "%m/%d/%Y %I:%M:%S %p%z"))
    return list({row["Custom Data 1"] or row["Respondent ID"]: row for row in newest}.values())


def survey_answers(start: str) -> list[str]:
    (question,) = [header for header in rows(SURVEY)[0] if header.startswith(start)]
    return [row[question] for row in submissions() if row[question].strip("-")]


def test_a_customer_who_answered_twice_about_a_ticket_counts_once() -> None:
    known = TRUTH[SURVEY]
    assert len(submissions()) == known["rows"] - known["blank_submissions"] - known["tickets_answered_twice"]
    assert value(reported(SURVEY), "answers_received") == len(submissions())


def test_what_surveymonkey_was_given() -> None:
    report = reported(SURVEY)
    scores = [int(score) for score in survey_answers("How likely")]
    promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    assert result(report, "nps").estimate.n == len(scores)
    assert value(report, "nps") == pytest.approx((promoters - detractors) / len(scores))
    words = Counter(survey_answers("Overall"))
    assert fraction(report, "csat") == (words["Very satisfied"] + words["Somewhat satisfied"], words.total())
    assert value(report, "ces") == pytest.approx(mean(int(score) for score in survey_answers("Fjällbo made it easy")))
    messages = Counter(survey_answers("Was your issue resolved"))
    assert fraction(report, "confirmed_resolution_rate") == (messages["Yes"], messages.total())


def test_a_survey_says_month_first() -> None:
    months = Counter(row["End Date"][:2] for row in submissions())
    assert {month: value(reported(SURVEY, period=f"2026-{month}"), "answers_received") for month in months} == months


def test_what_is_left_out_of_one_question_is_not_another_questions_answers() -> None:
    for name in (SURVEY, FORM):
        responses = source(reported(name), "answers").rows_used
        left_out = {one.kpi.name: sum(one.excluded.values()) for one in reported(name).totals}
        assert {kpi: count for kpi, count in left_out.items() if count > responses} == {}


def test_promoters_of_the_form() -> None:
    known, report = TRUTH[FORM]["nps"], reported(FORM)
    asked = sum(known.values())
    assert fraction(report, "nps_promoters") == (known["promoters"], asked)
    assert fraction(report, "nps_passives") == (known["passives"], asked)
    assert fraction(report, "nps_detractors") == (known["detractors"], asked)
    assert value(report, "nps") == pytest.approx((known["promoters"] - known["detractors"]) / asked)


def test_the_satisfaction_index_of_the_form() -> None:
    known, report = TRUTH[FORM]["nki"], reported(FORM)
    parts = [[int(score) for score in row[3:6]] for row in cells(FORM)[1:] if all(row[3:6])]
    by_hand = mean(sum((score - 1) / 9 for score in scores) / 3 * 100 for scores in parts)
    assert round(by_hand, 6) == known["mean"]
    assert result(report, "nki").estimate.n == known["complete"] == len(parts)
    assert value(report, "nki") == pytest.approx(by_hand)


def test_the_overall_question_of_the_form_alone() -> None:
    scores = [int(row[3]) for row in cells(FORM)[1:] if row[3]]
    report = reported(FORM)
    assert result(report, "nki_single").estimate.n == len(scores)
    assert value(report, "nki_single") == pytest.approx(mean((score - 1) / 9 * 100 for score in scores))
    assert "csat" not in {one.kpi.name for one in report.totals}, "no other question of the form is about satisfaction"


def test_a_question_named_by_its_column_goes_before_any_guess() -> None:
    header = "Hur nöjd är du sammantaget med Fjällbo?"
    found = read_exports([str(SAMPLES / FORM)], Choices(columns={"nki_satisfaction": header}), frozenset())
    asked = found.tables["answers"].filter(pl.col("question") == "nki_satisfaction")
    assert asked["score"].to_list() == [int(row[header]) for row in rows(FORM) if row[header]]


def test_not_knowing_is_no_mark_for_treatment() -> None:
    marks = {int(mark): count for mark, count in TRUTH[FORM]["answers"]["treatment"].items() if mark != "Vet ej"}
    estimate = result(reported(FORM), "treatment").estimate
    assert estimate.n == sum(marks.values())
    assert estimate.value == pytest.approx(sum(mark * count for mark, count in marks.items()) / estimate.n)


def test_wall_clocks_are_noted_with_instants_of_a_known_zone() -> None:
    codes = {
        name: {finding.code for finding in reported(*name).findings} for name in ((SHEET,), (FORM,), (SHEET, FORM))
    }
    assert ("no-zone" in codes[SHEET,], "no-zone" in codes[FORM,]) == (True, False)
    assert "assumed-zone" in codes[SHEET, FORM]


def test_the_day_of_an_answer_is_that_of_its_offset_or_of_the_zone_asked_for() -> None:
    stamps = [row[0].replace("GMT+2", "+0200") for row in cells(FORM)[1:] if any(row[1:])]
    moments = [datetime.strptime(stamp, "%Y/%m/%d %I:%M:%S %p %z") for stamp in stamps]
    here = Counter(f"{moment:%Y-%m-%d}" for moment in moments)
    in_utc = Counter(f"{moment.astimezone(UTC):%Y-%m-%d}" for moment in moments)
    apart = [day for day in here if here[day] != in_utc[day]]
    assert apart
    for day in apart[:5]:
        asked = Request(kpis=select(["answers_received"]), period=f"{day}..{day}")
        assert value(summarise(dataset(FORM), asked), "answers_received") == here[day]
        elsewhere = replace(asked, time_zone="UTC")
        assert value(summarise(dataset(FORM), elsewhere), "answers_received") == in_utc[day]


# surveys joined to the tickets they are about

STEPS = {
    "Very dissatisfied": 0, "Somewhat dissatisfied": 0, "Neither satisfied nor dissatisfied": 0, "Somewhat satisfied": 1,
    "Very satisfied": 1, "Extremely satisfied": 1, "Mostly satisfied": 1,
}  # fmt: skip


def satisfied_by_ticket() -> tuple[dict[str, int], list[int]]:
    """1 or 0 by Freshdesk ticket, a survey's answer before the rating in the ticket; and for answers without a ticket."""
    tickets = {row["Ticket ID"]: row for name in (XLS, CSV) for row in rows(name)}
    linked = {number: STEPS.get(row["Survey results"], 0) for number, row in tickets.items() if row["Survey results"]}
    (question,) = [header for header in rows(SURVEY)[0] if header.startswith("Overall")]
    answers = [(row["Custom Data 1"], STEPS[row[question]]) for row in submissions() if row[question].strip("-")]
    linked |= {number: score for number, score in answers if number}
    return linked, [score for number, score in answers if not number]


def test_csat_of_survey_and_tickets_together() -> None:
    linked, loose = satisfied_by_ticket()
    assert fraction(reported(XLS, CSV, SURVEY), "csat") == (sum(linked.values()) + sum(loose), len(linked) + len(loose))


def test_groups_of_the_joined_survey_add_up() -> None:
    linked, loose = satisfied_by_ticket()
    group_of = {row["Ticket ID"]: row["Group"] for name in (XLS, CSV) for row in rows(name)}
    expected: dict[str | None, tuple[int, int]] = {}
    for number, score in [*linked.items(), *((None, score) for score in loose)]:
        group = None if number is None or group_of[number] == "No Group" else group_of[number]
        top, n = expected.get(group, (0, 0))
        expected[group] = (top + score, n + 1)
    report = reported(XLS, CSV, SURVEY, by=("group",))
    found = {one.group["group"]: one.estimate for one in report.grouped("group") if one.kpi.name == "csat"}
    assert {group: (k_of(estimate), estimate.n) for group, estimate in found.items()} == expected
    assert sum(estimate.n for estimate in found.values()) == result(report, "csat").estimate.n


# letters


def test_swedish_letters_arrive_whole() -> None:
    cases = [case for case in rows(SHEET) if usable(case)]
    report = summarise(
        read_exports([str(SAMPLES / SHEET)], Choices(), frozenset({"group", "agent", "channel", "type"})),
        Request(kpis=select(["tickets_created"]), period="all", by=("group", "agent", "channel", "type")),
    )
    for dimension, header in (("group", "Grupp"), ("agent", "Handläggare"), ("channel", "Kanal"), ("type", "Typ")):
        found = {one.group[dimension]: one.estimate.value for one in report.grouped(dimension)}
        assert found == Counter(case[header] or None for case in cases)
    assert any("Ö" in case["Handläggare"] for case in cases)


# the message log


def turns(name: str) -> list[tuple[datetime, int | None]]:
    """When each turn of a customer began and the seconds to the answer, from the file by hand."""
    threads: dict[str, list[tuple[datetime, bool]]] = {}
    for row in rows(name):
        if row["Public"] == "yes" and row["Author type"] != "Bot":
            sent = datetime.fromisoformat(row["Sent at"])
            threads.setdefault(row["Ticket ID"], []).append((sent, row["Author type"] == "Agent"))
    found: list[tuple[datetime, int | None]] = []
    for thread in threads.values():
        start = None
        for sent, is_answer in sorted(thread):
            if is_answer and start:
                found.append((start, int((sent - start).total_seconds())))
            start = None if is_answer else start or sent
        found += [(start, None)] if start else []
    return found


def test_the_turns_of_the_message_log_are_those_of_its_generator() -> None:
    known, report = TRUTH[LOG], reported(XLS, CSV, LOG)
    times = [took for _, took in turns(LOG) if took is not None]
    found = result(report, "reply_time")
    assert source(report, "messages").rows_used == known["rows"] == len(rows(LOG))
    assert found.estimate.n == known["turns_answered"] == len(times)
    assert sum(found.excluded.values()) == known["turns_unanswered"]
    assert found.estimate.value == median(times)
    september = reported(XLS, CSV, LOG, period="2026-09")
    assert value(september, "reply_time") == known["median_reply_seconds_september"]


def test_every_conversation_finds_its_ticket_and_makes_one_where_there_is_none() -> None:
    known = TRUTH[LOG]
    texts = [finding.text for finding in reported(XLS, CSV, LOG).findings if finding.code == "conversations"]
    assert texts == [f"{known['conversations']} of {known['conversations']} conversations find their ticket"]
    alone = reported(LOG)
    assert value(alone, "tickets_created") == known["conversations"]
    assert "tickets_resolved" in {missing.kpi.name for missing in alone.unavailable}


def test_first_replies_of_the_log_alone_are_the_earliest_after_the_customer() -> None:
    firsts: dict[str, list[datetime]] = {}
    for row in rows(LOG):
        if row["Public"] == "yes" and row["Author type"] != "Bot":
            sent = datetime.fromisoformat(row["Sent at"])
            side = firsts.setdefault(row["Ticket ID"], [datetime.max, datetime.max])
            side[row["Author type"] == "Agent"] = min(side[row["Author type"] == "Agent"], sent)
    waits = [(replied - asked).total_seconds() for asked, replied in firsts.values() if replied != datetime.max]
    found = result(reported(LOG), "first_reply_time")
    assert (found.estimate.value, found.estimate.n) == (median(waits), len(waits))
