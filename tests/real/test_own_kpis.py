"""KPIs of users' own on real files: the sums of rows that are sums already, and a built-in rate defined again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Report = Callable[..., Any]
HERE = Path(__file__).parent
MONTHS = "datasets/preppin/158/inputs"
YEAR = "datasets/preppin/158/expected/output_01.csv"
CENTRE = "datasets/pwc_call_centre/Call-Center-Dataset.xlsx"
OWN = ("--mapping", str(HERE / "mappings" / "agent_months.yaml"), "--kpis-file", str(HERE / "kpis" / "calls.yaml"))


def test_sums_over_rows_that_are_sums_under_two_sets_of_headers(report: Report, folder: Path) -> None:
    first, *rest = [f"{MONTHS}/input_{month:02}.csv" for month in range(1, 13)]
    year = report(first, *(str(folder / name) for name in rest), *OWN, "--kpi", "calls*", "--kpi", "talk*")
    assert year["calls_answered"]["value"] == 987_246
    assert year["calls_lost"]["value"] == 62_847
    assert year["talk"]["value"] == 12_458_199
    assert year["talk_per_call"]["value"] == pytest.approx(12_458_199 / 987_246)
    assert year["calls_answered"]["definition"] == "calls/calls_answered@1"


def test_the_same_year_joined_up_splits_and_has_months(report: Report) -> None:
    year = report(YEAR, *OWN, "--by", "Location", "--kpi", "answered*", "--kpi", "within_goal", "--kpi", "agents")
    assert year["answered"]["value"] == 987_246
    assert year["answered_of_offered"]["value"] == pytest.approx(987_246 / 1_050_093)
    assert {place: one["value"] for place, one in year.by("Location", "answered").items()} == {
        "Margaree": 333_499,
        "Halifax": 300_195,
        "Truro": 202_848,
        "Digby": 150_704,
    }
    assert (year["within_goal"]["numerator"], year["within_goal"]["denominator"]) == (659, 1516)
    assert year["agents"]["value"] == 135
    assert report(YEAR, *OWN, "--period", "2021-06", "--kpi", "answered")["answered"]["value"] == 91_154


def test_a_built_in_rate_defined_again_has_the_same_value(report: Report) -> None:
    kpis = ("--kpi", "answer*", "--kpi", "first_reply_time_mean")
    theirs = report(CENTRE, *kpis)
    mine = report(CENTRE, *kpis, "--kpis-file", str(HERE / "kpis" / "centre.yaml"))
    words = report(CENTRE, *kpis, "--kpis-file", str(HERE / "kpis" / "centre_words.yaml"))
    assert mine["answer_rate"]["definition"] == "centre/answer_rate@1"
    assert words["answer_rate"]["definition"] == "words/answer_rate@1"
    for key in ("value", "n", "numerator", "low", "high"):
        assert mine["answer_rate"][key] == words["answer_rate"][key] == theirs["answer_rate"][key]
    assert round(mine["answer_rate"]["value"] * 100, 2) == 81.08
    assert mine["answer_wait"]["value"] == pytest.approx(theirs["first_reply_time_mean"]["value"])
    assert [one["kpis"] for one in mine.findings("own-definition")] == [["answer_rate"]]
