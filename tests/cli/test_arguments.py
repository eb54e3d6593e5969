"""What is typed after an option, and what it means."""

from datetime import UTC, date, datetime

import pytest
from invoked import piped

from kpi_cli.options import arguments
from kpi_core.model.tables import PRIORITIES


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
    ("text", "message"),
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
def test_promises_that_mean_nothing(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
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
    day = arguments.instant("2026-10-31")
    assert day == date(2026, 10, 31)
    assert not isinstance(day, datetime)
    assert arguments.instant("2026-10-31T17:00Z") == datetime(2026, 10, 31, 17, tzinfo=UTC)


def test_gates() -> None:
    assert arguments.gates("quality, target") == {arguments.Gate.QUALITY, arguments.Gate.TARGET}
    for text in ("", " , "):
        with pytest.raises(ValueError, match="names no gate"):
            arguments.gates(text)


@pytest.mark.parametrize("text", ["Europe/Stockhlm", "../etc/passwd", "", "Nowhere"])
def test_what_is_no_time_zone(text: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        arguments.zone(text)


def test_priorities_are_the_tables_own() -> None:
    assert arguments.PRIORITIES == PRIORITIES


def test_the_word_that_stands_for_exports_is_not_looked_for_as_one():
    """A page ends with `kundpuls rows csat FILES` where it has no names of files, as that of `demo`."""
    ended = piped("rows", "csat", "FILES")
    assert ended.code == 3
    assert "FILES stands for your exports, as in `kundpuls report tickets.csv survey.csv`" in ended.err
