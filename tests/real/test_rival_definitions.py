"""Real exports under competing definitions: how much of a figure is what it is taken to mean."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kpi_cli.app import app

Define = Callable[..., dict[str, dict[str, Any]]]

FRESHDESK = "exports/freshdesk/freshdesk_tickets_resaved_from_xls_masked.csv"
ZENDESK = "exports/zendesk/zendesk_export_first_700_rows.csv"
CALLS = "datasets/pwc_call_centre/Call-Center-Dataset.xlsx"


@pytest.fixture(scope="module")
def define(folder: Path) -> Define:
    """The definitions of a family on a file, all of it, by their names."""

    def defines(family: str, name: str) -> dict[str, dict[str, Any]]:
        line = ["define", family, str(folder / name), "--period", "all", "--format", "json"]
        answer = json.loads(CliRunner().invoke(app, line, prog_name="kundpuls").stdout)
        return {one["definition"]: one for one in answer["definitions"]}

    return defines


def test_half_of_the_tickets_unanswered_and_the_median_is_nothing(define: Define) -> None:
    found = define("first_reply", FRESHDESK)
    ours, naive = found["first_reply_time_business"], found["first_reply_time_office_as_written"]
    assert (round(ours["value"] / 3600, 2), ours["n"]) == (19.55, 10)
    assert (naive["value"], naive["n"]) == (0, 21)
    assert round(found["first_reply_time_office_mean_as_written"]["value"] / 3600, 2) == round(
        ours["n"] * found["first_reply_time_business_mean"]["value"] / 3600 / 21, 2
    )


def test_one_touch_with_and_without_tickets_nobody_replied_to(define: Define) -> None:
    found = define("fcr", FRESHDESK)
    assert (found["fcr_one_touch"]["numerator"], found["fcr_one_touch"]["denominator"]) == (1, 2)
    assert (found["fcr_fewer_than_two_replies"]["numerator"], found["fcr_fewer_than_two_replies"]["denominator"]) == (
        5,
        6,
    )


def test_good_and_bad_on_five_marks(define: Define) -> None:
    found = define("csat", ZENDESK)
    for name in ("csat", "csat_good_of_good_and_bad", "csat_four_or_five"):
        assert (found[name]["numerator"], found[name]["denominator"]) == (71, 94)
    assert (found["csat_lower_bound"]["numerator"], found["csat_upper_bound"]["numerator"]) == (71, 277)
    assert found["csat_lower_bound"]["denominator"] == 300


def test_calls_solved_of_all_and_of_those_answered(define: Define) -> None:
    found = define("resolution_rate", CALLS)
    assert round(100 * found["resolution_rate_of_all"]["value"], 2) == 72.92
    assert round(100 * found["resolution_rate_of_answered"]["value"], 2) == 89.94
