"""Amounts as people write them: durations, shares, marks and money, each with its unit."""

import re

import pytest

from kpi_cli.options import amounts
from kpi_core.kpis.survey import NKI_PARTS
from kpi_core.model.goal import Goal

HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90), ("15m", 900), ("2h", 7200), ("1h30m", 5400), ("1h 30m", 5400), ("3d", 259200), ("1.5h", 5400), ("1,5H", 5400),
        ("1w", 604800), ("5t", 5 * HOUR), ("5 t", 5 * HOUR), ("2 timmar", 2 * HOUR), ("2 timer", 2 * HOUR), ("1 tim. 30 min", 5400),
        ("3 dygn", 3 * DAY), ("3 døgn", 3 * DAY), ("2 uker", 14 * DAY), ("2 veckor", 14 * DAY), ("6 måneder", 180 * DAY),
        ("6 månader", 180 * DAY), ("6 months", 180 * DAY), ("1 år", 365 * DAY), ("45 sekunder", 45), ("1 000 s", 1000),
    ],
)  # fmt: skip
def test_durations(text: str, seconds: int) -> None:
    assert amounts.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "2x", "2h later", "-2h", "2 h 30", "6 moons"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        amounts.duration(text)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("85%", "share", 0.85),
        ("85 %", "share", 0.85),
        ("0.85", "share", 0.85),
        ("0,85", "share", 0.85),
        ("30", "points", 0.30),
        ("+30 poeng", "points", 0.30),
        ("30 poäng", "points", 0.30),
        ("-10", "points", -0.10),
        ("−10", "points", -0.10),
        ("2h", "seconds", 7200),
        ("5 dagar", "days", 5),
        ("36 h", "days", 1.5),
        ("5", "days", 5),
        ("4,2", "score", 4.2),
        ("120", "count", 120),
        ("1 200", "count", 1200),
        ("100", "money", 100),
    ],
)
def test_targets_in_the_unit_of_their_kpi(text: str, unit: str, value: float) -> None:
    assert amounts.amount(text, unit) == Goal(value=pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("100 EUR", 100, "EUR"), ("100eur", 100, "EUR"), ("EUR 100", 100, "EUR"), ("€80", 80, "EUR"), ("1 484 SEK", 1484, "SEK"),
        ("1484,50 NOK", 1484.5, "NOK"),
    ],
)  # fmt: skip
def test_money_names_its_currency(text: str, value: float, currency: str) -> None:
    assert amounts.amount(text, "money") == Goal(value=value, currency=currency)


@pytest.mark.parametrize("text", ["4.5/5", "4,5 / 5", "4.5 of 5", "4,5 av 5"])
def test_a_mark_may_name_the_highest_there_is(text: str) -> None:
    assert amounts.amount(text, "score") == Goal(value=4.5, highest=5)


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("85", "share", "`85` is no share, write 85%"),
        ("-5", "share", "`-5` is no share, write -5%"),
        ("many", "count", "`many` is no number"),
        ("4%", "score", "`4%` is a percentage, this KPI is counted in score"),
        ("2", "seconds", "`2` is no duration"),
        ("100 EUR", "share", "`100 EUR` is no number"),
        ("4.5/5", "share", "`4.5/5` is no number"),
        ("5.5/5", "score", "`5.5/5` is above the highest mark"),
        ("100 kr", "money", "`100 kr` may be of several currencies, write SEK, NOK or DKK"),
        ("kr 100", "money", "`kr 100` may be of several currencies"),
        ("EUR 100 SEK", "money", "`EUR 100 SEK` is no number"),
    ],
)
def test_targets_that_fit_no_unit(text: str, unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        amounts.amount(text, unit)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.5,0.3,0.2", (0.5, 0.3, 0.2)), ("50%, 30 %, 20%", (0.5, 0.3, 0.2)), ("1/2,1/4,1/4", (0.5, 0.25, 0.25)),
        ("0.333,0.333,0.333", (1 / 3, 1 / 3, 1 / 3)),
    ],
)  # fmt: skip
def test_weights_add_up_to_one(text: str, parts: tuple[float, ...]) -> None:
    assert amounts.weights(text).parts == pytest.approx(parts)
    assert sum(amounts.weights(text).parts) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.5,0.3,0.1", "add up to 0.9, not to 1: the same in proportion is 0.5556,0.3333,0.1111"),
        ("0.33,0.33,0.33", "add up to 0.99"),
        ("0,5,0,3,0,2", "decimal commas, and commas stand between the weights: write 0.5,0.3,0.2"),
        ("0,5; 0,3; 0,2", "write 0.5,0.3,0.2"),
        ("0,25,0,25,0,5", "write 0.25,0.25,0.5"),
        ("0.5,0.5", "is not one weight each of satisfaction, expectation, ideal"),
        ("0.5,0.5,0", "a weight that is not above 0"),
        ("1.5,-0.3,-0.2", "a weight that is not above 0"),
        ("a,b,c", "`a` is no weight"),
        ("1/0,1,1", "`1/0` is no weight"),
    ],
)
def test_what_are_no_weights(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        amounts.weights(text)


def test_weights_are_given_in_the_order_of_the_index() -> None:
    assert tuple(f"nki_{part}" for part in amounts.WEIGHED) == NKI_PARTS
