"""Words that say whether a promised time was kept; those nobody knows are counted beside the figure."""

from pathlib import Path
from typing import Any

import pytest
from small_reports import lacking, report_json, totals, written

KPI = "sla_resolution_rate_vendor"


def tickets(folder: Path, header: str, words: tuple[str, ...]) -> dict[str, Any]:
    rows = [
        f"{n};2026-01-{1 + n % 20:02d} 10:00;2026-01-{3 + n % 20:02d} 10:00;Löst;{words[n % len(words)]}"
        for n in range(60)
    ]
    lines = [f"Ärendenummer;Skapad;Löst;Status;{header}", *rows]
    return report_json(written(folder, "tickets", *lines), "--period", "2026-01")


@pytest.mark.parametrize("header", ["SLA", "SLA status", "SLA lösning"])
@pytest.mark.parametrize(
    ("kept", "missed"),
    [
        ("Inom SLA", "Utanför SLA"), ("Uppfyllt", "Brutet"), ("ok", "inte ok"), ("Grön", "Röd"), ("I tide", "For sent"), ("Innenfor frist", "Utenfor frist"),
        ("Within SLA", "Outside SLA"), ("Passed", "Failed"), ("Met", "Missed"), ("På tid", "Forsinket"), ("Rettidigt", "Overskredet"), ("Ajoissa", "Myöhässä"),
        ("Håller", "Överskriden"), ("Opfyldt", "Ikke opfyldt"),
    ],
)  # fmt: skip
def test_kept_and_missed(tmp_path: Path, header: str, kept: str, missed: str) -> None:
    found = totals(tickets(tmp_path, header, (kept, kept, missed)))
    assert found[KPI]["value"] == pytest.approx(2 / 3)


def test_words_that_settle_nothing_are_left_out(tmp_path: Path) -> None:
    found = totals(tickets(tmp_path, "SLA", ("Inom SLA", "Utanför SLA", "Pågår")))
    assert (found[KPI]["value"], found[KPI]["n"], found[KPI]["trust"]) == (0.5, 40, None)


def test_unknown_words_lower_the_trust(tmp_path: Path) -> None:
    found = totals(tickets(tmp_path, "SLA", ("Inom SLA", "Inom SLA", "Utanför SLA", "Kalasfint")))
    assert found[KPI]["trust"]["unread"] == 15


def test_words_that_are_all_unknown_are_no_promise(tmp_path: Path) -> None:
    assert KPI in lacking(tickets(tmp_path, "SLA", ("Guld", "Silver", "Brons")))


@pytest.mark.parametrize("header", ["SLA", "SLA lösning", "Inom SLA", "SLA resolution"])
def test_words_that_are_all_unknown_are_named(tmp_path: Path, header: str) -> None:
    document = tickets(tmp_path, header, ("Guld", "Silver"))
    assert KPI in lacking(document)
    notes = " ".join(note for source in document["sources"] for note in source["notes"])
    assert f"`{header}` is not read as sla_resolution_met" in notes
    assert "`Guld`" in notes
    assert "`Silver`" in notes


def test_a_header_of_the_contrary_turns_truths_and_no_words(tmp_path: Path) -> None:
    assert totals(tickets(tmp_path, "SLA bruten", ("Nej", "Ja", "Ja")))[KPI]["value"] == pytest.approx(1 / 3)
    assert totals(tickets(tmp_path, "SLA bruten", ("Inom SLA", "Bruten", "Bruten")))[KPI]["value"] == pytest.approx(
        1 / 3
    )
