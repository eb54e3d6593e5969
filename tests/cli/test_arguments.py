"""What is typed after an option, and what it means."""

from datetime import UTC, datetime

import pytest

from kpi_cli import arguments
from kpi_core.tables import PRIORITIES


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("2h", 7200), ("1h30m", 5400), ("1h 30m", 5400), ("3d", 259200), ("1.5h", 5400),
     ("1,5H", 5400), ("1w", 604800)],
)  # fmt: skip
def test_durations(text: str, seconds: int) -> None:
    assert arguments.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "2x", "2h later", "-2h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        arguments.duration(text)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("85%", "share", 0.85),
        ("85 %", "share", 0.85),
        ("0.85", "share", 0.85),
        ("0,85", "share", 0.85),
        ("30", "points", 0.30),
        ("-10", "points", -0.10),
        ("−10", "points", -0.10),
        ("2h", "seconds", 7200),
        ("4,2", "score", 4.2),
        ("120", "count", 120),
    ],
)
def test_targets_in_the_unit_of_their_kpi(text: str, unit: str, value: float) -> None:
    assert arguments.amount(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("85", "share", "`85` is no share, write 85%"),
        ("many", "count", "`many` is no number"),
        ("4%", "score", "`4%` is a percentage, this KPI is counted in score"),
        ("2", "seconds", "`2` is no duration"),
    ],
)
def test_targets_that_fit_no_unit(text: str, unit: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        arguments.amount(text, unit)


def test_promises() -> None:
    assert arguments.promise("resolution=3d") == arguments.Promise(of="resolution", within=259200)
    assert arguments.promise("first_reply:urgent = 2h").among == (("priority", "urgent"),)


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("resolution:group=Billing=1d", {"group": "Billing"}),
        ("resolution: group = Billing , urgent = 1d", {"group": "Billing", "priority": "urgent"}),
        ("resolution:type=Feature request,priority=low=1d", {"type": "Feature request", "priority": "low"}),
        ('resolution:group="Sales, Nordics = all",high=1d', {"group": "Sales, Nordics = all", "priority": "high"}),
    ],
)
def test_promises_by_priority_group_and_type(text: str, among: dict[str, str]) -> None:
    assert arguments.promise(text) == arguments.Promise(of="resolution", within=86400, among=tuple(among.items()))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("resolution", "is not of the form NAME=VALUE"),
        ("reply=2h", "no promise `reply`"),
        ("resolution:urgnt=2h", "no priority `urgnt`"),
        ("resolution:priority=urgnt=2h", "no priority `urgnt`"),
        ("resolution:colour=red=2h", "no promise by `colour`"),
        ("resolution:high,urgent=2h", "a ticket has one priority"),
        ("resolution:group=,=2h", "says of no tickets"),
        ("resolution:group=Billing=2", "`2` is no duration"),
        ("resolution=0h", "no time to keep a promise in"),
        ("resolution=9999w", "no time to keep a promise in"),
    ],
)
def test_promises_that_mean_nothing(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        arguments.promise(text)


def test_headers_may_hold_an_equals_sign() -> None:
    assert arguments.heading("tags = a=b").header == "a=b"


@pytest.mark.parametrize("text", ["csat", "csat=", "=85%", "="])
def test_assignments_need_both_sides(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form NAME=VALUE"):
        arguments.target(text)


def test_separators() -> None:
    typed = ["comma", "semicolon", "tab", "\\t", "pipe", "space", ";", "\t"]
    assert [arguments.separator(text) for text in typed] == [",", ";", "\t", "\t", "|", " ", ";", "\t"]


def test_dates() -> None:
    assert arguments.date_format("DMY") == "dmy"
    assert arguments.date_format("%d.%m.%Y") == "%d.%m.%Y"
    assert arguments.instant("2026-10-31") == datetime(2026, 10, 31)
    assert arguments.instant("2026-10-31T17:00Z") == datetime(2026, 10, 31, 17, tzinfo=UTC)


def test_gates() -> None:
    assert arguments.gates("quality, target") == {arguments.Gate.QUALITY, arguments.Gate.TARGET}
    assert arguments.gates("") == frozenset()


@pytest.mark.parametrize("text", ["Europe/Stockhlm", "../etc/passwd", "", "Nowhere"])
def test_what_is_no_time_zone(text: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        arguments.zone(text)


def test_priorities_are_the_tables_own() -> None:
    assert arguments.PRIORITIES == PRIORITIES
