"""Guards: clocks that do not go together: messages in UTC next to tickets in local time, a clock of twelve hours without AM and PM, hours with minutes behind a point."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported
from small_surveys import report

START = datetime(2026, 3, 2, 7, 10)
COUNT = 60


def written(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def opened(place: int) -> datetime:
    return START + timedelta(hours=place * 7 % 300, minutes=place * 11 % 60)


def replied(place: int) -> datetime:
    return opened(place) + timedelta(minutes=5 + place * 13 % 170)


def tickets(path: Path) -> Path:
    rows = [
        f"{place};{opened(place):%Y-%m-%d %H:%M};{opened(place) + timedelta(hours=9):%Y-%m-%d %H:%M};solved"
        for place in range(COUNT)
    ]
    return written(path, "Ticket ID;Created;Resolved;Status", rows)


def messages(path: Path, off: timedelta, *, customers: bool = True, mark: str = "") -> Path:
    rows = []
    for place in range(COUNT):
        if customers:
            rows.append(f"{place}1;{place};{opened(place) + off:%Y-%m-%d %H:%M}{mark};Customer;yes")
        rows.append(f"{place}2;{place};{replied(place) + off:%Y-%m-%d %H:%M}{mark};Agent;yes")
    return written(path, "Message ID;Ticket ID;Sent at;Author type;Public", rows)


@pytest.mark.parametrize("hours", [-2, -1, 1, 5.5])
@pytest.mark.parametrize("mark", ["", "Z"])
def test_messages_by_another_clock_show_no_first_reply(tmp_path: Path, hours: float, mark: str) -> None:
    """The other way round no reply is before its ticket, and each is some hours late."""
    texts = messages(tmp_path / "m.csv", timedelta(hours=hours), mark=mark)
    found = Reported(report(tickets(tmp_path / "t.csv"), texts))
    assert found.value("first_reply_time") is None
    assert found.value("resolution_time") == 9 * 3600
    assert f"{abs(hours):.1f} h {'after' if hours < 0 else 'before'}" in found.finding_text("clocks-apart")


def test_the_zone_named_settles_it(tmp_path: Path) -> None:
    texts = messages(tmp_path / "m.csv", timedelta(hours=-1), mark="Z")
    found = Reported(report(tickets(tmp_path / "t.csv"), texts, "--zone", "Europe/Stockholm"))
    assert found.value("first_reply_time") == 82.5 * 60
    assert not found.finding_text("clocks-apart")


def test_replies_alone_show_it_by_coming_first(tmp_path: Path) -> None:
    texts = messages(tmp_path / "m.csv", timedelta(hours=-2), customers=False)
    found = Reported(report(tickets(tmp_path / "t.csv"), texts))
    assert found.value("first_reply_time") is None
    assert "by 1.9 h at the most" in found.finding_text("clocks-apart")


def test_one_clock_has_no_finding(tmp_path: Path) -> None:
    found = Reported(report(tickets(tmp_path / "t.csv"), messages(tmp_path / "m.csv", timedelta())))
    assert found.value("first_reply_time") == 82.5 * 60
    assert not found.finding_text("clocks-apart")


def test_many_times_that_run_backwards_are_not_compared_and_most_have_no_value(tmp_path: Path) -> None:
    """Of 60 ends a fifth is before its ticket, then two in three."""
    for every, value in ((5, True), (3, False)):
        rows = [
            f"{place};{opened(place):%Y-%m-%d %H:%M};"
            f"{opened(place) + timedelta(hours=30 * (-1 if (place % every == 0) is value else 1)):%Y-%m-%d %H:%M};solved"
            for place in range(COUNT)
        ]
        found = Reported(
            report(written(tmp_path / "t.csv", "Ticket ID;Created;Resolved;Status", rows), compare="2026-02")
        )
        assert (found.value("resolution_time") is not None) is value
        consequences = {each["consequence"] for each in found.document["findings"] if each["code"] == "negative-time"}
        assert consequences == {"no verdict" if value else "no value"}


@pytest.mark.parametrize("shape", ["%Y-%m-%d %I:%M", "%d.%m.%Y %I.%M"])
def test_a_clock_of_twelve_hours_without_its_halves_shows_no_time(tmp_path: Path, shape: str) -> None:
    rows = [
        f"{place};{opened(place).strftime(shape)};{(opened(place) + timedelta(hours=9)).strftime(shape)};solved"
        for place in range(COUNT)
    ]
    found = Reported(report(written(tmp_path / "t.csv", "Ticket ID;Created;Resolved;Status", rows)))
    assert found.value("resolution_time") is None
    assert found.value("tickets_created") == COUNT
    assert "lost its AM and PM" in found.finding_text("lost-half-days")


@pytest.mark.parametrize("shape", ["%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M"])
def test_a_clock_with_its_halves_or_of_the_whole_day_does(tmp_path: Path, shape: str) -> None:
    rows = [
        f"{place};{opened(place).strftime(shape)};{(opened(place) + timedelta(hours=9)).strftime(shape)};solved"
        for place in range(COUNT)
    ]
    found = Reported(report(written(tmp_path / "t.csv", "Ticket ID;Created;Resolved;Status", rows)))
    assert found.value("resolution_time") == 9 * 3600


def test_a_desk_that_is_open_until_noon_has_no_half_of_a_day(tmp_path: Path) -> None:
    days = [f"{datetime(2026, 3, 1) + timedelta(days=place):%Y-%m-%d}" for place in range(COUNT)]
    rows = [f"{place};{day} {8 + place % 4:02d}:10;{day} 12:10;solved" for place, day in enumerate(days)]
    found = Reported(report(written(tmp_path / "t.csv", "Ticket ID;Created;Resolved;Status", rows)))
    assert found.value("resolution_time") == 2.5 * 3600


HOURS = ("First response time (hours)", "First reply time (hrs)", "Första svarstid (timmar)")


@pytest.mark.parametrize("header", HOURS)
@pytest.mark.parametrize("mark", [".", ","])
def test_hours_with_minutes_behind_the_point_are_read_so(tmp_path: Path, header: str, mark: str) -> None:
    """The minutes to a reply are 5 to 174; a spreadsheet takes a zero off the end: `1.4` for an hour and forty minutes."""
    rows = []
    for place in range(COUNT):
        hours, minutes = divmod(5 + place * 13 % 170, 60)
        written_so = f"{hours}.{minutes:02d}".rstrip("0").rstrip(".").replace(".", mark)
        rows.append(f"{place};{opened(place):%Y-%m-%d %H:%M};{written_so}")
    found = Reported(
        report(written(tmp_path / "t.csv", f"Ticket ID;Created;{header};Status", [f"{row};solved" for row in rows]))
    )
    assert found.value("first_reply_time") == 82.5 * 60
    assert "hours and minutes" in found.finding_text("minutes-as-decimals")


def test_decimals_of_hours_are_decimals(tmp_path: Path) -> None:
    rows = [f"{place};{opened(place):%Y-%m-%d %H:%M};{(5 + place * 13 % 170) / 60:.2f}" for place in range(COUNT)]
    found = Reported(report(written(tmp_path / "t.csv", "Ticket ID;Created;First response time (hours)", rows)))
    assert found.value("first_reply_time") == pytest.approx(82.5 * 60, abs=30)
    assert not found.finding_text("minutes-as-decimals")
