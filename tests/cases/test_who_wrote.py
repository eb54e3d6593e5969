"""Who wrote a message, in the words of directions and roles and in columns that ask for one of the two."""

from pathlib import Path

import pytest
from small_reports import lacking, report_json, totals, written

KPI = "first_reply_time"


def messages(folder: Path, header: str, ours: str, theirs: str) -> dict[str, object]:
    rows = [
        f"{2 * n + side};{n};2026-01-{1 + n % 28:02d} 1{side}:00;{(theirs, ours)[side]}"
        for n in range(40)
        for side in (0, 1)
    ]
    tickets = [f"{n};2026-01-{1 + n % 28:02d} 10:00;Open" for n in range(40)]
    lists = [
        written(folder, "tickets", "Ticket ID;Created at;Status", *tickets),
        written(folder, "messages", f"Message ID;Ticket ID;Sent at;{header}", *rows),
    ]
    return report_json(*lists, "--period", "2026-01")


@pytest.mark.parametrize(
    ("header", "ours", "theirs"),
    [
        ("Direction", "Sent", "Received"), ("Riktning", "Skickat", "Mottaget"), ("Retning", "Sendt", "Mottatt"), ("Avsändare", "Vi", "Kunden"), ("Roll", "Handläggare", "Kund"),
        ("Rolle", "Saksbehandler", "Kunde"), ("Utgående", "Ja", "Nej"), ("Udgående", "1", "0"), ("Inkommande", "Nej", "Ja"), ("Fra kunde", "Nei", "Ja"), ("From customer", "FALSE", "TRUE"),
        ("Is agent", "yes", "no"), ("Från oss", "x", ""), ("Inbound", "N", "Y"),
    ],
)  # fmt: skip
def test_a_direction_is_read(tmp_path: Path, header: str, ours: str, theirs: str) -> None:
    assert totals(messages(tmp_path, header, ours, theirs))[KPI]["value"] == 3600


@pytest.mark.parametrize(
    ("header", "ours", "theirs"), [("Direction", "1", "0"), ("Riktning", "A", "B"), ("Roll", "2", "1")]
)
def test_a_code_that_says_nothing_is_not_guessed(tmp_path: Path, header: str, ours: str, theirs: str) -> None:
    document = messages(tmp_path, header, ours, theirs)
    assert KPI in lacking(document)
    assert f"`{header}` is not read as author" in str(document["sources"])
