"""Guards: cells in the spelling of a system or an office, refused or read as days without hours: a text as a formula (`="0012"`), `3rd of March 2026`, half past nine as `0930`."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported
from small_surveys import report

OPENED = [datetime(2026, 3, 2 + place % 20, 8 + place % 9, 7 * place % 60) for place in range(60)]
TOOK = [timedelta(minutes=45 + 61 * (place % 7)) for place in range(60)]


def written(folder: Path, lines: list[str]) -> Path:
    path = folder / "tickets.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("cell", ['="{}"', '"=""{}"""'])
def test_a_text_written_as_a_formula_is_the_text(tmp_path: Path, between: str, cell: str) -> None:
    """The median of 45 minutes and six times an hour more is 45 + 3 * 61 minutes; the numbers keep their zeros."""
    rows = [
        between.join(cell.format(one) for one in (f"{place:05d}", opened.isoformat(" "), (opened + took).isoformat(" "), "Closed"))
        for place, (opened, took) in enumerate(zip(OPENED, TOOK, strict=True))
    ]  # fmt: skip
    found = Reported(report(written(tmp_path, [between.join(["Ticket ID", "Created", "Resolved", "Status"]), *rows])))
    assert found.value("tickets_created") == 60
    assert found.value("resolution_time") == (45 + 3 * 61) * 60


def test_headers_written_as_formulas_are_their_texts(tmp_path: Path) -> None:
    rows = [f'="{place}","{opened}","Closed"' for place, opened in enumerate(OPENED)]
    found = Reported(report(written(tmp_path, ['="Ticket ID",="Created",="Status"', *rows])))
    assert found.value("tickets_created") == 60


def test_a_formula_that_is_no_text_and_a_quotation_stay_as_they_are(tmp_path: Path) -> None:
    rows = [f'{place},{opened},Closed,"he wrote a=""b"" and =1+1"' for place, opened in enumerate(OPENED)]
    path = written(tmp_path, ["Ticket ID,Created,Status,Type", *rows])
    found = Reported(report(path, "--by", "type"))
    assert found.value("tickets_created", type='he wrote a="b" and =1+1') == 60


@pytest.mark.parametrize("shape", ["{} {:%B %Y}", "{} of {:%B %Y}", "{:%B} {}, {:%Y}", "{} {:%b %Y %H:%M}"])
def test_days_are_counted_in_english(tmp_path: Path, shape: str) -> None:
    def day(at: datetime) -> str:
        end = "th" if 10 <= at.day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(at.day % 10, "th")
        numbered = f"{at.day}{end}"
        return shape.format(at, numbered, at) if shape.startswith("{:") else shape.format(numbered, at)

    rows = [f'{place},"{day(at)}","{day(at + timedelta(days=2))}",Closed' for place, at in enumerate(OPENED)]
    found = Reported(report(written(tmp_path, ["Ticket ID,Created,Resolved,Status", *rows])))
    assert found.value("tickets_created") == 60
    assert found.value("resolution_time") == 2 * 86400


@pytest.mark.parametrize("takes_zeros_off", [False, True])
@pytest.mark.parametrize(
    "header", ["Ärende;Skapad datum;Skapad tid;Löst datum;Löst tid;Status", "Case;Open date;Open time;Resolved date;Resolved time;Status"]
)  # fmt: skip
def test_hours_without_a_mark_are_those_of_their_day(tmp_path: Path, header: str, *, takes_zeros_off: bool) -> None:
    def apart(at: datetime) -> str:
        clock = f"{at:%H%M}"
        return f"{at:%Y-%m-%d};{clock.removeprefix('0') if takes_zeros_off else clock}"

    rows = [
        f"{place};{apart(opened)};{apart(opened + took)};Closed"
        for place, (opened, took) in enumerate(zip(OPENED, TOOK, strict=True))
    ]
    found = Reported(report(written(tmp_path, [header, *rows])))
    assert found.value("resolution_time") == (45 + 3 * 61) * 60


@pytest.mark.parametrize(
    "header",
    [
        "Kundbetyg",
        "Customer rating",
        "Kundevurdering",
        "Kundens betyg",
        "Omdöme",
        "Kundens omdöme",
        "Kundomdöme",
        "Stars",
        "Stjärnor",
        "Stjerner",
        "Tähdet",
    ],
)
def test_marks_of_customers_in_a_list_of_tickets_are_of_satisfaction(tmp_path: Path, header: str) -> None:
    """Of the marks 1 to 5, each twelve times, two are satisfied."""
    rows = [f"{place};{opened};Closed;{1 + place % 5}" for place, opened in enumerate(OPENED)]
    found = Reported(report(written(tmp_path, [f"Ticket ID;Created;Status;{header}", *rows])))
    assert found.value("csat") == 0.4
