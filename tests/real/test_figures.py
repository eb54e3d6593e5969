"""Figures that others have published or computed on real files come out, to the precision they were printed with."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app

pytestmark = pytest.mark.usefixtures("scanned_once")

Report = Callable[..., Any]
Row = dict[str, str]

CALLS = "datasets/pwc_call_centre/Call-Center-Dataset.xlsx"
TERESGEO = "datasets/teresgeo_ticket_analytics/customer_support_tickets.csv"
KAGGLE = "datasets/kaggle_support_tickets/customer_support_tickets.csv"
BANK = "datasets/bank_nps_timeseries/NPStimeseries Updated.csv"
BOSTON = "datasets/us311_samples/boston311"
CSAT = "datasets/csat_dplyover"
CONFERENCE = "datasets/preppin/040/inputs"
ZENDESK_50 = "datasets/zendesk_50_tickets/zendesk_tickets.csv"
ZENDESK_700 = "exports/zendesk/zendesk_export_first_700_rows.csv"
FRESHDESK_XLS = "exports/freshdesk/freshdesk_tickets_raw_spreadsheetml_masked.xls"
FRESHDESK_CSV = "exports/freshdesk/freshdesk_tickets_resaved_from_xls_masked.csv"
STAR_WARS = "exports/surveymonkey/starwars_two_header_rows_latin1.csv"
GRID = "exports/google_forms/grid_1to10_timestamp_gmt_masked.csv"
MAPPINGS = Path(__file__).parent / "mappings"


def percent(result: dict[str, Any], digits: int = 2) -> float:
    return round(result["value"] * 100, digits)


def hours(result: dict[str, Any], digits: int = 2) -> float:
    return round(result["value"] / 3600, digits)


def fraction(result: dict[str, Any]) -> tuple[int, int]:
    return result["numerator"], result["denominator"]


def rows(path: Path, encoding: str = "utf-8-sig") -> list[Row]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def day_first(text: str) -> datetime:
    day, month, year, hour, minute = (int(number) for number in re.split(r"[/ :]", text))
    return datetime(year, month, day, hour, minute)


def kpis(*names: str) -> list[str]:
    return [word for name in names for word in ("--kpi", name)]


# a call centre's workbook


@pytest.fixture(scope="module")
def calls(report: Report) -> Any:
    return report(CALLS)


def test_calls_answered_and_resolved(calls: Any) -> None:
    assert fraction(calls["answer_rate"]) == (4054, 5000)
    assert percent(calls["answer_rate"]) == 81.08
    assert calls["tickets_resolved"]["value"] == 3646
    assert percent(calls["resolution_rate"]) == 72.92
    assert fraction(calls["resolution_rate_of_answered"]) == (3646, 4054)
    assert percent(calls["resolution_rate_of_answered"]) == 89.94


def test_calls_nobody_answered_have_no_speed_and_no_rating(report: Report) -> None:
    calls = report(CALLS, *kpis("first_reply_time_mean", "csat*", "handle_time"))
    assert round(calls["first_reply_time_mean"]["value"], 2) == 67.52
    assert round(calls["handle_time"]["value"], 2) == 224.92
    assert round(calls["csat_mean"]["value"], 3) == 3.404
    assert percent(calls["csat"]) == 49.90
    assert {calls[kpi]["n"] for kpi in ("first_reply_time_mean", "handle_time", "csat_mean", "csat")} == {4054}


# a help desk of 1 000 tickets, with the list of those that breached

TARGETS = {"Critical": 2, "High": 8, "Medium": 24, "Low": 48}
PROMISES = [word for name, hour in zip(("urgent", "high", "normal", "low"), TARGETS.values(), strict=True)
            for word in ("--sla", f"first_reply:{name}={hour}h")]  # fmt: skip


def test_a_time_to_resolve_is_that_of_resolved_tickets(report: Report, folder: Path) -> None:
    found = report(TERESGEO, *kpis("*_mean"))
    assert hours(found["first_reply_time_mean"]) == 17.52
    assert found["first_reply_time_mean"]["n"] == 1000
    assert hours(found["resolution_time_mean"]) == 52.90
    assert found["resolution_time_mean"]["n"] == 428
    everyone = mean(float(row["Resolution_Time_Hours"]) for row in rows(folder / TERESGEO))
    assert round(everyone, 2) == 54.85, "what comes out with the hours that open tickets have so far"
    assert round(found["csat_mean"]["value"], 3) == 3.696
    assert found["csat_mean"]["n"] == 428


def test_first_replies_within_the_target_of_each_priority(report: Report) -> None:
    found = report(TERESGEO, *PROMISES, *kpis("first_reply_within"), "--by", "Priority")
    kept = {priority: percent(one, 1) for priority, one in found.by("Priority", "first_reply_within").items()}
    assert kept == {"Critical": 49.4, "High": 58.8, "Medium": 100.0, "Low": 57.4}


def test_the_tickets_that_breached_are_those_on_the_publishers_list(report: Report, folder: Path) -> None:
    found = report(TERESGEO, *PROMISES, *kpis("first_reply_within"), "--by", "Ticket_ID")
    late = {ticket for ticket, one in found.by("Ticket_ID", "first_reply_within").items() if one["value"] == 0}
    listed = {row["Ticket_ID"] for row in rows((folder / TERESGEO).parent / "sla_violations.csv")}
    assert len(listed) == 338
    assert late == listed


# 8 469 tickets that do not say when they were opened


@pytest.fixture(scope="module")
def undated(report: Report) -> Any:
    return report(KAGGLE, "--by", "Ticket Status", *kpis("*"))


def test_a_blank_record_is_refused_and_counted(undated: Any) -> None:
    source = undated.source()
    assert (source["rows_read"], source["rows_used"]) == (8470, 8469)
    assert source["rows_refused"] == {"blank row": 1}


def test_tickets_by_their_own_words_of_status(undated: Any) -> None:
    created = undated.by("Ticket Status", "tickets_created")
    assert {status: one["value"] for status, one in created.items()} == {
        "Pending Customer Response": 2881,
        "Open": 2819,
        "Closed": 2769,
    }
    assert undated["tickets_resolved"]["value"] == 2769


def test_ratings_inside_tickets(undated: Any) -> None:
    assert round(undated["csat_mean"]["value"], 4) == 2.9913
    assert undated["csat_mean"]["n"] == 2769
    assert percent(undated["csat"]) == 39.26
    assert undated.source("answers")["rows_used"] == 2769


@pytest.mark.parametrize("kpi", ["first_reply_time", "first_reply_time_mean", "resolution_time"])
def test_no_time_is_invented_where_the_opening_is_unknown(undated: Any, kpi: str) -> None:
    assert any("created_at" in need for need in undated.lacking[kpi])


# a bank's recommendation survey over a year

ASKED = ("--mapping", "spreadsheet-answers", "--column", "nps=rating", *kpis("nps*"))


def test_net_promoter_score_of_a_year_and_of_each_market(report: Report) -> None:
    found = report(BANK, *ASKED, "--by", "market")
    assert round(found["nps"]["value"], 1) == 11.8
    assert found["nps"]["n"] == 5000
    markets = {market: round(one["value"], 1) for market, one in found.by("market", "nps").items()}
    assert markets == {"MEX": 17.1, "UK": 8.5, "US": 9.9}


@pytest.mark.parametrize(("quarter", "score"), [(1, 14.1), (2, 11.5), (3, 9.9), (4, 11.8)])
def test_net_promoter_score_of_each_quarter(report: Report, folder: Path, quarter: int, score: float) -> None:
    found = report(BANK, *ASKED, "--period", f"2021-Q{quarter}")
    assert round(found["nps"]["value"], 1) == score
    assert found["nps"]["n"] == sum(row["quarter"] == str(quarter) for row in rows(folder / BANK))


def test_both_shapes_of_its_dates_are_read_day_first(report: Report, folder: Path) -> None:
    shapes = Counter(len(row["survey_date"]) - row["survey_date"].rindex("/") - 1 for row in rows(folder / BANK))
    assert shapes.keys() == {2, 4}, "years of two and of four digits"
    source = report(BANK, *ASKED).source("answers")
    assert source["rows_refused"] == {}
    assert any("`survey_date` read day first" in note for note in source["notes"])


# a city's service requests, in five spellings of one file

REQUESTS = ("--mapping", str(MAPPINGS / "boston.yaml"), "--as-of", "2022-04-25T14:30:31",
            *kpis("tickets_*", "resolution_time*", "sla_*"))  # fmt: skip


@pytest.fixture(scope="module")
def boston(report: Report) -> Any:
    return report(f"{BOSTON}-100.csv", *REQUESTS)


def test_service_requests_closed(boston: Any) -> None:
    assert boston["tickets_created"]["value"] == 100
    assert boston["tickets_resolved"]["value"] == 85
    assert hours(boston["resolution_time_mean"]) == 110.63
    assert hours(boston["resolution_time"], 3) == 16.157
    assert boston["resolution_time"]["n"] == 85


def test_an_sla_word_on_an_open_request_is_not_yet_a_judgement(boston: Any, folder: Path) -> None:
    words = Counter((row["case_status"], row["ontime"]) for row in rows(folder / f"{BOSTON}-100.csv"))
    assert words[("Open", "ONTIME")] == 3
    assert fraction(boston["sla_resolution_rate_vendor"]) == (80, 97)
    assert percent(boston["sla_resolution_rate_vendor"]) == 82.47


def test_the_sla_of_closed_requests(report: Report) -> None:
    closed = report(f"{BOSTON}-100.csv", *REQUESTS, "--where", "status = 'closed'")
    assert fraction(closed["sla_resolution_rate_vendor"]) == (80, 85)


def test_the_sla_from_due_times_counts_open_requests_past_them(boston: Any) -> None:
    assert fraction(boston["sla_resolution_rate"]) == (72, 88)
    assert percent(boston["sla_resolution_rate"]) == 81.82


@pytest.mark.parametrize("spelling", ["-100.tab", "-dmy-100.csv", "-100-with-nonascii.csv"])
def test_a_file_says_the_same_however_it_is_written(report: Report, boston: Any, spelling: str) -> None:
    other = report(BOSTON + spelling, *REQUESTS)
    assert other.document["results"] == boston.document["results"]
    assert other.lacking == boston.lacking


def test_requests_listed_twice_count_once(report: Report) -> None:
    repeated = report(f"{BOSTON}-100-20dupes-random.csv", *REQUESTS)
    single = report(f"{BOSTON}-100-deduped.csv", *REQUESTS)
    assert repeated.source()["rows_refused"] == {"duplicate key": 20}
    assert repeated.document["results"] == single.document["results"]
    assert single["tickets_created"]["value"] == 80
    assert single["tickets_resolved"]["value"] == 68
    assert hours(single["resolution_time_mean"]) == 133.99
    assert hours(single["resolution_time"], 3) == 16.659


# one survey question exported as words and as numbers


def test_words_and_numbers_are_one_answer(report: Report, folder: Path) -> None:
    words = report(f"{CSAT}/csat.csv", *kpis("csat*"), "--by", "product")
    numbers = report(f"{CSAT}/csatraw.csv", "--column", "csat=item1", "--mapping", "spreadsheet-answers", *kpis("csat*"),
                     "--by", "product")  # fmt: skip
    bare = [
        [{**one, "notes": None, "note_messages": None} for one in each.document["results"]] for each in (words, numbers)
    ]  # notes say what decided the scale
    assert bare[0] == bare[1]
    assert percent(words["csat"], 1) == 38.0
    assert fraction(words["csat"]) == (41 + 16, 16 + 38 + 39 + 41 + 16)
    assert words["csat_mean"]["value"] == pytest.approx((16 + 2 * 38 + 3 * 39 + 4 * 41 + 5 * 16) / 150)
    raw = rows(folder / CSAT / "csatraw.csv")
    for product, one in words.by("product", "csat_mean").items():
        assert one["value"] == pytest.approx(mean(float(row["item1"]) for row in raw if row["product"] == product))


# a conference, asked in a Google form

SCORE = ("--column", "nps=On a scale of 0-10, how would you rate Sudzilla?", *kpis("nps*"))


@pytest.mark.parametrize(("name", "flags"), [("input_01.csv", ("--date-format", "mdy")), ("input_02.csv", ())])
def test_conference_score(report: Report, name: str, flags: tuple[str, ...]) -> None:
    found = report(f"{CONFERENCE}/{name}", *SCORE, *flags)
    assert round(found["nps"]["value"], 1) == -35.9
    assert found["nps"]["n"] == 39
    assert fraction(found["nps_promoters"]) == (8, 39)
    assert fraction(found["nps_detractors"]) == (22, 39)
    assert found.source("answers")["mapping"] == "google_forms-answers"


def test_dates_that_may_be_day_or_month_first_are_asked_about(refusal: Callable[..., str]) -> None:
    result = refusal(f"{CONFERENCE}/input_01.csv", *SCORE)
    assert "cannot tell day from month in column `Timestamp`" in result
    assert "hint: pass --date-format dmy or mdy" in result


# help-desk exports


def test_fifty_tickets(report: Report) -> None:
    found = report(ZENDESK_50, *kpis("tickets_resolved", "*_mean"))
    assert found["tickets_resolved"]["value"] == 37
    assert hours(found["resolution_time_mean"], 3) == 36.865
    assert hours(found["first_reply_time_mean"]) == 9.16


@pytest.mark.parametrize("name", [FRESHDESK_XLS, FRESHDESK_CSV])
def test_unanswered_zeros_of_freshdesk_are_no_replies(report: Report, name: str) -> None:
    found = report(name, *kpis("first_reply_time*", "csat*", "sla_first_reply_rate"))
    assert found.source()["rows_used"] == 21
    assert found["first_reply_time_business"]["n"] == 10
    assert hours(found["first_reply_time_business"]) == 19.55
    assert found["first_reply_time"]["n"] == 10
    assert fraction(found["sla_first_reply_rate"]) == (8, 10)
    assert (found["csat_mean"]["value"], found["csat_mean"]["n"]) == (3, 1), "`Slightly dissatisfied`, third of seven"


def test_freshdesk_by_the_clock_from_the_workbook_and_from_its_copy(report: Report, folder: Path) -> None:
    replies = [
        (day_first(row["Initial response time"]) - day_first(row["Created time"])).total_seconds()
        for row in rows(folder / FRESHDESK_CSV)
        if row["Initial response time"]
    ]
    copy = report(FRESHDESK_CSV, *kpis("first_reply_time*"))
    assert copy["first_reply_time"]["value"] == median(replies)
    assert copy["first_reply_time_mean"]["value"] == mean(replies)
    workbook = report(FRESHDESK_XLS, *kpis("first_reply_time*"))
    assert workbook["first_reply_time"]["value"] == pytest.approx(median(replies), abs=60), "Excel dropped the seconds"


def test_tickets_resolved_at_an_unknown_time(report: Report) -> None:
    found = report(FRESHDESK_CSV, *kpis("*"))
    assert found["tickets_resolved"]["value"] == 6
    assert fraction(found["resolution_rate"]) == (6, 21)
    assert (found["backlog"]["value"], found["tickets_created"]["value"]) == (15, 21)
    assert "resolution_time" in found.lacking
    assert found["resolution_time_business"]["value"] is None
    (finding,) = found.findings("resolved-undated")
    assert finding["text"].startswith("6 resolved tickets have no resolution time")


def test_tickets_resolved_at_an_unknown_time_are_in_no_month(report: Report) -> None:
    found = report(FRESHDESK_CSV, *kpis("tickets_resolved", "tickets_created"), "--period", "2025-01")
    assert found["tickets_created"]["value"] == 21
    assert found["tickets_resolved"]["value"] in (None, 0)


def test_where_nothing_is_resolved_for_weeks_there_is_no_share(report: Report) -> None:
    found = report(FRESHDESK_XLS, *kpis("tickets_resolved", "resolution_rate", "backlog"))
    assert found["backlog"]["value"] == 21
    assert found["tickets_resolved"]["value"] is None
    assert found["resolution_rate"]["value"] is None
    assert any("none of 21 tickets is resolved" in note for note in found["resolution_rate"]["notes"])


def test_one_date_beyond_the_twelfth_separates_day_from_month(report: Report) -> None:
    notes = report(FRESHDESK_CSV, *kpis("tickets_created")).source()["notes"]
    assert "`Created time` read day first: `14/01/2025 13:26`" in notes
    assert all("day first" in note for note in notes)


# 700 tickets of a Zendesk account


@pytest.fixture(scope="module")
def zendesk(report: Report) -> Any:
    return report(ZENDESK_700, *kpis("*"))


def test_the_year_1900_is_no_resolution(zendesk: Any, folder: Path) -> None:
    raw = rows(folder / ZENDESK_700)
    assert sum(row["Solved at"].startswith("1900-01-01") for row in raw) == 114
    assert zendesk["tickets_created"]["value"] == 700
    assert zendesk["tickets_resolved"]["value"] == 586
    assert zendesk["backlog"]["value"] == 114


def test_resolution_minutes_are_solved_less_created(zendesk: Any, folder: Path) -> None:
    solved = [row for row in rows(folder / ZENDESK_700) if row["Status"] in {"Solved", "Closed"}]
    lasted = [
        (datetime.fromisoformat(row["Solved at"]) - datetime.fromisoformat(row["Created at"])).total_seconds()
        for row in solved
    ]
    minutes = [int(row["Full resolution time in minutes"]) for row in solved]
    assert all(abs(seconds - minute * 60) <= 60 for minute, seconds in zip(minutes, lasted, strict=True))
    assert zendesk["resolution_time"]["n"] == len(lasted) == 586
    assert zendesk["resolution_time"]["value"] == median(lasted)
    assert zendesk["resolution_time_mean"]["value"] == pytest.approx(mean(lasted))


def test_business_minutes_of_solved_tickets(zendesk: Any, folder: Path) -> None:
    solved = [row for row in rows(folder / ZENDESK_700) if row["Status"] in {"Solved", "Closed"}]
    minutes = [int(row["Full resolution time in minutes within business hours"]) * 60 for row in solved]
    assert zendesk["resolution_time_business"]["value"] == median(minutes)
    replied = [int(row["First reply time in minutes within business hours"] or 0) * 60 for row in rows(folder / ZENDESK_700)
               if row["First reply time in minutes within business hours"] and row["Replies"] != "0"]  # fmt: skip
    assert zendesk["first_reply_time_business"]["n"] == len(replied)
    assert zendesk["first_reply_time_business"]["value"] == median(replied)


def test_waiting_time_is_that_of_solved_tickets(zendesk: Any, folder: Path) -> None:
    waits = [int(row["Requester wait time in minutes"]) * 60 for row in rows(folder / ZENDESK_700)
             if row["Status"] in {"Solved", "Closed"}]  # fmt: skip
    assert zendesk["requester_wait_time"]["n"] == len(waits)
    assert zendesk["requester_wait_time"]["value"] == median(waits)


def test_ratings_and_offers_share_one_column(zendesk: Any, folder: Path) -> None:
    scores = Counter(row["Satisfaction Score"] for row in rows(folder / ZENDESK_700))
    rated = sum(scores[step] for step in "12345")
    assert fraction(zendesk["csat"]) == (71, 94) == (scores["4"] + scores["5"], rated)
    assert fraction(zendesk["response_rate"]) == (94, 94 + scores["Offered"])
    assert fraction(zendesk["csat_lower_bound"]) == (71, 94 + scores["Offered"])
    assert fraction(zendesk["csat_upper_bound"]) == (71 + scores["Offered"], 94 + scores["Offered"])


def test_an_export_of_reopened_tickets_only_makes_their_kpis_suspect(zendesk: Any, folder: Path) -> None:
    assert min(int(row["Reopens"]) for row in rows(folder / ZENDESK_700)) == 2
    finding, compared = zendesk.findings("selected-export")
    assert finding["serious"]
    assert (compared["consequence"], "tickets_created" in compared["kpis"]) == ("no verdict", True)
    assert {"reopen_rate", "reopens_per_ticket", "fcr_no_reopen", "fcr_one_touch_strict"} <= set(finding["kpis"])


# surveys that ask nothing of ours


def test_a_survey_without_a_known_question_is_recognised_and_its_headers_named(refusal: Callable[..., str]) -> None:
    result = refusal(STAR_WARS)
    assert "no survey question of `surveymonkey-answers` is among the columns" in result
    assert "say what one asks: --column" in result
    assert "`Please rank the Star Wars films in order of preference" in result
    assert " - Star Wars: Episode V The Empire Strikes Back`" in result, "the option of the second header row"
    assert "\N{REPLACEMENT CHARACTER}" not in result


def test_a_grid_without_a_question_says_how_to_name_one(refusal: Callable[..., str]) -> None:
    result = refusal(GRID)
    assert "no survey question of `google_forms-answers` is among the columns" in result
    assert "say what one asks: --column" in result
    assert "`[Player 10]` and 33 more" in result
    assert "`Timestamp`" not in result, "the time of the answer is no question"


def test_a_column_of_a_grid_can_be_named(report: Report, folder: Path) -> None:
    found = report(GRID, "--column", "csat=[Player 01]", "--scale", "csat=1-10", *kpis("csat*"))
    scores = [int(row["[Player 01]"]) for row in rows(folder / GRID) if row["[Player 01]"]]
    assert found["csat_mean"]["n"] == len(scores) == 5
    assert found["csat_mean"]["value"] == pytest.approx(mean(scores))
    assert fraction(found["csat"]) == (sum(score >= 9 for score in scores), 5), "two top boxes of a scale to ten"
    assert found.source("answers")["rows_refused"] == {"no answer": 2}
    assert found.document["query"]["as_of"] == "2026-05-22T10:57:53Z", "GMT+1 in the cells"


# customers and orders

TELCO = "datasets/ibm_telco_churn/Telco-Customer-Churn.csv"
JAFFLE = "datasets/jaffle_shop/raw_orders.csv"
CDNOW = "datasets/cdnow/CDNOW_sample.txt"


def test_customers_who_have_left_a_telephone_company(report: Report) -> None:
    found = report(TELCO, "--by", "segment")
    assert fraction(found["churn_share"]) == (1869, 7043)
    assert percent(found["churn_share"]) == 26.54
    assert sum(one["numerator"] for one in found.by("segment", "churn_share").values()) == 1869
    assert found.lacking["churn_rate"] == ["lost_at", "acquired_at"]
    assert not found.findings("undated-customers"), "there are no dates to miss"


def test_what_leaving_a_telephone_company_goes_with_first(folder: Path) -> None:
    line = ["drivers", "churn_share", str(folder / TELCO), "--period", "all", "--no-config"]
    refused = CliRunner().invoke(app, line, prog_name="kundpuls")
    headers = re.findall(r"--with (\w+)", refused.stderr)
    assert len(headers) >= 15
    named = [word for header in headers for word in ("--with", header)]
    result = CliRunner().invoke(app, [*line, *named, "--format", "json"], prog_name="kundpuls")
    first = [one["column"] for one in json.loads(result.stdout)["drivers"][:3]]
    assert set(first) == {"Contract", "tenure", "InternetService"}


@pytest.mark.parametrize("flags", [(), ("--mapping", str(MAPPINGS / "jaffle_shop.yaml"))], ids=["recognised", "mapped"])
def test_customers_who_came_back_to_a_shop(report: Report, flags: tuple[str, ...]) -> None:
    found = report(JAFFLE, *flags, *kpis("repurchase_rate*", "active_customers", "revenue"))
    assert found["active_customers"]["value"] == 62
    assert fraction(found["repurchase_rate"]) == (29, 62)
    assert percent(found["repurchase_rate"]) == 46.77
    assert fraction(found["repurchase_rate_net"]) == (27, 60)
    assert percent(found["repurchase_rate_net"]) == 45.0
    assert found.lacking == {"revenue": ["amount"]}


def test_blanks_for_columns_are_refused(refusal: Callable[..., str]) -> None:
    assert "only one column: no table" in refusal(CDNOW)


def test_a_shop_s_customers_once_its_blanks_are_commas(report: Report, folder: Path, tmp_path: Path) -> None:
    lines = [line.split() for line in (folder / CDNOW).read_text(encoding="ascii").splitlines() if line.strip()]
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Customer ID", "Order date", "Amount"])
        out.writerows([number, day, amount] for _, number, day, _, amount in lines)
    found = report(path, *kpis("active_customers", "repurchase_rate", "revenue", "aov"))
    often = Counter(number for _, number, *_ in lines)
    assert found["active_customers"]["value"] == len(often) == 2357
    assert fraction(found["repurchase_rate"]) == (sum(count > 1 for count in often.values()), 2357)
    assert found["revenue"]["value"] == pytest.approx(sum(float(amount) for *_, amount in lines), abs=1e-6)
    assert found["aov"]["denominator"] == len(lines)
