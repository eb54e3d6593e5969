"""Guards: a type that names a complaint and its opposite, of which no ticket says which it is: it counted as complaints."""

from pathlib import Path

import pytest
from reported import Reported
from small_surveys import report


def tickets(folder: Path, kind: str, words: tuple[str, str, str]) -> Path:
    """Ten tickets of each of three types; complaints take ten days, the others one."""
    rows = [
        f"{place};2026-03-{1 + place // 3:02d} 09:00;2026-03-{1 + place // 3 + (10 if place % 3 == 0 else 1):02d} 09:00;solved;{words[place % 3]}"
        for place in range(30)
    ]
    path = folder / "tickets.csv"
    path.write_text("\n".join([f"Ticket ID;Created;Resolved;Status;{kind}", *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("complaint", "either"),
    [
        ("Klagomål", "Beröm/klagomål"),
        ("Klagomål", "Synpunkter och klagomål"),
        ("Complaint", "Complaint / compliment"),
        ("Complaint", "Praise or complaint"),
        ("Klage", "Ros/klage"),
    ],
)
def test_a_type_of_both_is_not_understood(tmp_path: Path, complaint: str, either: str) -> None:
    found = Reported(report(tickets(tmp_path, "Type", (complaint, either, "Question"))))
    assert found.value("complaint_resolution_rate") == 0.0
    result = found.result("complaint_resolution_rate")
    assert result is not None
    assert result["n"] == 10
    assert result["trust"]["marked"]
    assert list(result["trust"]["reasons"]) == ["complaints and other matters under one type"]


@pytest.mark.parametrize("part", ["Klagomål/leverans", "Klagomål - faktura", "Leverans > Klagomål"])
def test_a_part_of_a_type_says_what_it_is_of(tmp_path: Path, part: str) -> None:
    result = Reported(report(tickets(tmp_path, "Typ", (part, "Beröm", "Fråga")))).result("complaint_resolution_rate")
    assert result is not None
    assert (result["value"], result["n"]) == (0.0, 10)
    assert not result["trust"]
