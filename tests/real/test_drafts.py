"""Drafts of real files nobody had a mapping for: they load, and the figures that others computed come out by them."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app
from kpi_cli.boundary import ExitCode
from kpi_core.ingest.formats.mapping import Mapping, load_mapping

CALLS = "datasets/pwc_call_centre/Call-Center-Dataset.xlsx"
TERESGEO = "datasets/teresgeo_ticket_analytics/customer_support_tickets.csv"
KAGGLE = "datasets/kaggle_support_tickets/customer_support_tickets.csv"
BANK = "datasets/bank_nps_timeseries/NPStimeseries Updated.csv"
BOSTON = "datasets/us311_samples/boston311"
NEW_YORK = "datasets/us311_samples/nyc311-100.csv"
CSAT = "datasets/csat_dplyover/csat.csv"
CSAT_NUMBERS = "datasets/csat_dplyover/csatraw.csv"
ZENDESK_50 = "datasets/zendesk_50_tickets/zendesk_tickets.csv"
CONFERENCE = "datasets/preppin/040/inputs"
CALL_LOG = "exports/norwegian/support_uke_24.xlsx"

Report = Callable[..., Any]


@pytest.fixture
def drafted(folder: Path, tmp_path: Path) -> Callable[..., Path]:
    """Drafts the mapping of a file of the folder, and gives the path of the draft."""

    def drafts(name: str, *flags: str) -> Path:
        path = tmp_path / "draft.yaml"
        line = ["map", str(folder / name), "-o", str(path), "--force", *flags]
        result = CliRunner().invoke(app, line, prog_name="kundpuls")
        assert result.exit_code == ExitCode.DONE, result.stderr
        return path

    return drafts


@pytest.fixture
def by_draft(report: Report, drafted: Callable[..., Path]) -> Report:
    """Reports on a file by nothing but its draft; `given` are flags of both."""

    def reports(name: str, *flags: str, given: tuple[str, ...] = ()) -> Any:
        return report(name, "--mapping", str(drafted(name, *given)), *flags)

    return reports


def kpis(*names: str) -> list[str]:
    return [word for name in names for word in ("--kpi", name)]


def percent(result: dict[str, Any], digits: int = 2) -> float:
    return round(result["value"] * 100, digits)


def hours(result: dict[str, Any], digits: int = 2) -> float:
    return round(result["value"] / 3600, digits)


def fraction(result: dict[str, Any]) -> tuple[int, int]:
    return result["numerator"], result["denominator"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def month_first(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)


def headers(mapping: Mapping) -> dict[str, str]:
    return {name: spec.headers[0] for name, spec in mapping.columns.items()}


def test_calls(by_draft: Report) -> None:
    found = by_draft(
        CALLS,
        *kpis("answer_rate", "tickets_resolved", "resolution_rate*", "first_reply_time_mean", "csat*", "handle_time"),
    )
    assert fraction(found["answer_rate"]) == (4054, 5000)
    assert found["tickets_resolved"]["value"] == 3646
    assert percent(found["resolution_rate"]) == 72.92
    assert percent(found["resolution_rate_of_answered"]) == 89.94
    assert round(found["first_reply_time_mean"]["value"], 2) == 67.52
    assert round(found["handle_time"]["value"], 2) == 224.92
    assert (round(found["csat_mean"]["value"], 3), found["csat_mean"]["n"]) == (3.404, 4054)
    assert percent(found["csat"]) == 49.90


def test_a_help_desk_of_a_thousand_tickets(by_draft: Report) -> None:
    found = by_draft(TERESGEO, *kpis("*_mean"))
    assert hours(found["first_reply_time_mean"]) == 17.52
    assert (hours(found["resolution_time_mean"]), found["resolution_time_mean"]["n"]) == (52.90, 428)
    assert (round(found["csat_mean"]["value"], 3), found["csat_mean"]["n"]) == (3.696, 428)


def test_first_replies_within_the_target_of_each_priority(by_draft: Report) -> None:
    promises = [
        word for promise in ("urgent=2h", "high=8h", "normal=24h", "low=48h") for word in ("--sla", f"first_reply:{promise}")
    ]  # fmt: skip
    found = by_draft(TERESGEO, *promises, *kpis("first_reply_within"), "--by", "priority")
    kept = {priority: percent(one, 1) for priority, one in found.by("priority", "first_reply_within").items()}
    assert sorted(kept.values()) == [49.4, 57.4, 58.8, 100.0]


def test_tickets_that_do_not_say_when_they_were_opened(by_draft: Report, drafted: Callable[..., Path]) -> None:
    found = by_draft(KAGGLE, *kpis("*"), "--by", "Ticket Status")
    created = found.by("Ticket Status", "tickets_created")
    assert {one["value"] for one in created.values()} == {2881, 2819, 2769}
    assert (round(found["csat_mean"]["value"], 4), found["csat_mean"]["n"]) == (2.9913, 2769)
    assert percent(found["csat"]) == 39.26
    assert any("created_at" in need for need in found.lacking["first_reply_time"])
    assert "`Date of Purchase` holds dates" in drafted(KAGGLE).read_text(encoding="utf-8")


def test_a_bank_s_recommendations(by_draft: Report) -> None:
    found = by_draft(BANK, *kpis("nps"), "--by", "market")
    assert (round(found["nps"]["value"], 1), found["nps"]["n"]) == (11.8, 5000)
    markets = {market: round(one["value"], 1) for market, one in found.by("market", "nps").items()}
    assert markets == {"MEX": 17.1, "UK": 8.5, "US": 9.9}
    assert found.source("answers")["rows_refused"] == {}


@pytest.mark.parametrize(("quarter", "score"), [(1, 14.1), (2, 11.5), (3, 9.9), (4, 11.8)])
def test_a_bank_s_recommendations_by_quarter(by_draft: Report, quarter: int, score: float) -> None:
    found = by_draft(BANK, *kpis("nps"), "--period", f"2021-Q{quarter}")
    assert round(found["nps"]["value"], 1) == score


@pytest.mark.parametrize("spelling", ["-100.csv", "-100.tab", "-dmy-100.csv", "-100-with-nonascii.csv"])
def test_a_city_s_requests_however_they_are_written(by_draft: Report, spelling: str) -> None:
    found = by_draft(
        BOSTON + spelling, *kpis("tickets_*", "resolution_time*", "sla_*"), "--as-of", "2022-04-25T14:30:31"
    )
    assert (found["tickets_created"]["value"], found["tickets_resolved"]["value"]) == (100, 85)
    assert (hours(found["resolution_time_mean"]), hours(found["resolution_time"], 3)) == (110.63, 16.157)
    assert fraction(found["sla_resolution_rate_vendor"]) == (80, 97)
    assert fraction(found["sla_resolution_rate"]) == (72, 88)


@pytest.mark.parametrize("spelling", ["-100-20dupes-random.csv", "-100-deduped.csv"])
def test_requests_listed_twice(by_draft: Report, spelling: str) -> None:
    found = by_draft(BOSTON + spelling, *kpis("tickets_*", "resolution_time*"))
    assert (found["tickets_created"]["value"], found["tickets_resolved"]["value"]) == (80, 68)
    assert (hours(found["resolution_time_mean"]), hours(found["resolution_time"], 3)) == (133.99, 16.659)


def test_another_city_s_requests(by_draft: Report, folder: Path) -> None:
    found = by_draft(NEW_YORK, *kpis("tickets_*", "resolution_time*"))
    closed = [row for row in rows(folder / NEW_YORK) if row["Status"] == "Closed" and row["Closed Date"]]
    lasted = [(month_first(row["Closed Date"]) - month_first(row["Created Date"])).total_seconds() for row in closed]
    lasted = [seconds for seconds in lasted if seconds >= 0]
    assert found["tickets_created"]["value"] == 100
    assert found["resolution_time"]["n"] == len(lasted)
    assert found["resolution_time"]["value"] == median(lasted)
    assert found["resolution_time_mean"]["value"] == pytest.approx(mean(lasted))


def test_one_question_in_words_and_in_numbers(by_draft: Report) -> None:
    words = by_draft(CSAT, *kpis("csat*"), "--by", "product")
    numbers = by_draft(CSAT_NUMBERS, *kpis("csat*"), "--by", "product")
    bare = [
        [{**one, "notes": None, "note_messages": None} for one in each.document["results"]] for each in (words, numbers)
    ]  # notes say what decided the scale
    assert bare[0] == bare[1]
    assert fraction(words["csat"]) == (57, 150)
    assert percent(words["csat"], 1) == 38.0


def test_fifty_tickets(by_draft: Report) -> None:
    found = by_draft(ZENDESK_50, *kpis("tickets_resolved", "*_mean"))
    assert found["tickets_resolved"]["value"] == 37
    assert hours(found["resolution_time_mean"], 3) == 36.865
    assert hours(found["first_reply_time_mean"]) == 9.16


@pytest.mark.parametrize(("name", "expected"), [("input_01.csv", ("--date-format", "mdy")), ("input_02.csv", ())])
def test_a_conference(by_draft: Report, name: str, expected: tuple[str, ...]) -> None:
    found = by_draft(f"{CONFERENCE}/{name}", *kpis("nps*"), given=expected)
    assert (round(found["nps"]["value"], 1), found["nps"]["n"]) == (-35.9, 39)
    assert fraction(found["nps_promoters"]) == (8, 39)
    assert fraction(found["nps_detractors"]) == (22, 39)


def test_a_draft_says_that_its_file_does_not_separate_day_from_month(drafted: Callable[..., Path]) -> None:
    text = drafted(f"{CONFERENCE}/input_01.csv").read_text(encoding="utf-8")
    assert "# date_order: dmy   # the file does not tell day from month" in text
    assert "extends: google_forms-answers" in text


def test_a_call_log_without_numbers_or_dates(by_draft: Report, drafted: Callable[..., Path], folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    (_, *lines) = CalamineWorkbook.from_path(folder / CALL_LOG).get_sheet_by_index(0).to_python()
    mapping = load_mapping(drafted(CALL_LOG))
    assert headers(mapping) == {"handle_time": "Varighet"}
    assert [(spec.question, spec.headers, spec.scale) for spec in mapping.answers] == [
        ("csat", ("Tilfredshet",), (1, 10))
    ]
    found = by_draft(CALL_LOG, *kpis("tickets_created", "handle_time", "csat*"))
    scores = [float(line[3]) for line in lines if line[3] != ""]
    assert found["tickets_created"]["value"] == len(lines) == 217
    assert (found["csat_mean"]["value"], found["csat_mean"]["n"]) == (pytest.approx(mean(scores)), len(scores))
    assert fraction(found["csat"]) == (sum(score >= 9 for score in scores), len(scores))
