"""Reviews that were rejected, hidden or wait to be looked at, and tickets that are not in the statistics, were counted."""

from pathlib import Path

import pytest
from small_reports import report_json, totals, written


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [
        ("Status", "Ej godkänd", "Godkänd"),
        ("Status", "Väntar på granskning", "Publicerad"),
        ("Moderering", "Avvisad", "Godkänd"),
        ("Dold", "Ja", ""),
        ("Offentlig", "Nej", "Ja"),
        ("Borttagen av Trustpilot", "Ja", "Nej"),
        ("Moderation status", "Pending", "Approved"),
        ("Skjult", "Ja", "Nei"),
    ],
)
def test_only_what_is_read_counts(tmp_path: Path, header: str, no: str, yes: str) -> None:
    rows = [
        f"{n};2026-10-{n * n % 28 + 1:02} 09:{n % 60:02};{5 if n % 3 else 1};{yes if n % 3 else no}" for n in range(90)
    ]
    rows[1] = "1;2026-10-02 09:01;4;" + yes
    found = totals(
        report_json(written(tmp_path, "reviews", f"Review ID;Review date;Rating;{header}", *rows), "--period", "all")
    )
    assert found["review_rating"]["n"] == 60
    assert found["review_rating"]["value"] == pytest.approx((59 * 5 + 4) / 60)


@pytest.mark.parametrize("header", ["Med i statistik", "Räknas med i statistiken", "Telles med i statistikken"])
def test_tickets_that_are_not_in_the_statistics_do_not_count(tmp_path: Path, header: str) -> None:
    rows = [
        f"{n};2026-10-{n * n % 28 + 1:02} {8 + n % 9:02}:{n % 60:02};Ny;{'Nej' if n % 4 == 0 else 'Ja'}"
        for n in range(80)
    ]
    path = written(tmp_path, "list", f"Ärendenummer;Skapad;Status;{header}", *rows)
    assert totals(report_json(path, "--period", "2026-10"))["tickets_created"]["value"] == 60
