"""A mistyped year of the past (2006 for 2026): a ticket of twenty years in a mean of hours, unreported, though its twin of the future is."""

from pathlib import Path

import pytest
from reported import Reported, reported

OPENED = [f"2026-03-{day:02}" for day in range(1, 31)]


def read(folder: Path, *odd: str, header: str = "Ticket ID;Created at;Resolved at;Status") -> Reported:
    rows = [f"{at};{day} 08:00;{day} 12:00;Closed" for at, day in enumerate(OPENED)]
    rows += [f"9{at};{line}" for at, line in enumerate(odd)]
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return reported(path, "--kpi", "resolution_time_mean", "--kpi", "tickets_created", period="2026-03")


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Ticket ID;Created at;Resolved at;Status", "2006-03-05 08:00;2026-03-05 12:00;Closed"),
        ("Ärendenr;Skapad;Löst;Status", "2016-03-05 08:00;2026-03-05 12:00;Löst"),
        ("Saksnr;Opprettet;Løst;Status", "2020-03-05 08:00;2026-03-05 12:00;Løst"),
    ],
)
def test_it_is_noted_with_the_times(tmp_path: Path, header: str, line: str) -> None:
    found = read(tmp_path, line, header=header)
    (finding,) = [each for each in found.document["findings"] if each["code"] == "far-behind"]
    assert finding["serious"]
    assert line.split(";", maxsplit=1)[0] in finding["text"]
    result, count = found.result("resolution_time_mean"), found.result("tickets_created")
    assert result is not None
    assert count is not None
    assert any("years before all others" in note for note in result["notes"])
    assert not any("years before all others" in note for note in count["notes"])


@pytest.mark.parametrize(
    "odd",
    [
        ["2025-03-05 08:00;2026-03-05 12:00;Closed"],
        [f"20{month}-05 08:00;2026-03-05 12:00;Closed" for month in ("20-03", "21-09", "23-01", "24-06", "25-03")],
        [f"2020-03-{day:02} 08:00;2020-03-{day:02} 12:00;Closed" for day in range(1, 10)],
    ],
    ids=["a year old", "a row of old ones", "an older list"],
)
def test_old_tickets_that_many_are_or_others_lead_to_are_not(tmp_path: Path, odd: list[str]) -> None:
    assert "far-behind" not in read(tmp_path, *odd).codes


def test_old_tickets_that_are_open_fail_nothing_and_are_counted(tmp_path: Path) -> None:
    """They move no mean of times; those not named are as many as there are."""
    path = tmp_path / "list.csv"
    rows = [f"{at};2026-{2 + at % 2:02}-{1 + at % 28:02} 08:00;2026-03-28 12:00;Closed" for at in range(200)]
    rows += [f"9{at};2022-05-{at + 1:02} 08:00;;Open" for at in range(8)]
    path.write_text("\n".join(["Ticket ID;Created at;Resolved at;Status", *rows, ""]), encoding="utf-8")
    found = reported(path, "--kpi", "resolution_time_mean", period="2026-03")
    (finding,) = [each for each in found.document["findings"] if each["code"] == "far-behind"]
    assert not finding["serious"]
    assert "8 tickets were" in finding["text"]
    assert "and 5 more" in finding["text"]
