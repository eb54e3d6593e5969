"""What became of a lead, in the words of sales."""

from pathlib import Path

import pytest
from small_reports import report_json, totals, written


@pytest.mark.parametrize(
    ("won", "lost", "open_still"),
    [
        ("Order", "Nej tack", "Offert"), ("Affär", "Ingen affär", "Bearbetas"), ("Solgt", "Ikke solgt", "Tilbud sendt"), ("Kund", "Avslag", "Pågående"),
        ("Såld", "Ej såld", "Ny"), ("Sold", "Declined", "Quote"), ("Avtal tecknat", "Avböjt", "Offererad"), ("Salg", "Nei takk", "Kontaktet"),
        ("Bestilt", "Takket nei", "Ny"), ("Myyty", "Ei myyty", "Tarjous"),
    ],
)  # fmt: skip
def test_won_and_lost(tmp_path: Path, won: str, lost: str, open_still: str) -> None:
    words = (won, lost, open_still, lost, open_still)
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:00;{words[n % 5]}" for n in range(50)]
    found = totals(report_json(written(tmp_path, "leads", "Lead-ID;Skapad;Status", *rows), "--period", "2026-01"))
    assert (found["conversion_rate"]["value"], found["conversion_rate"]["trust"]) == (0.2, None)


def test_an_unknown_word_is_said(tmp_path: Path) -> None:
    words = ("Order", "Nej tack", "Slokörad")
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:00;{words[n % 3]}" for n in range(48)]
    found = totals(report_json(written(tmp_path, "leads", "Lead-ID;Skapad;Status", *rows), "--period", "2026-01"))
    assert found["conversion_rate"]["trust"]["unread"] == 16
