"""Everyday words of lists and mailboxes that no list held, so that files were refused and rows not understood."""

from pathlib import Path

import pytest
from reported import reported
from small_reports import written

from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.formats.recognise import recognise


@pytest.mark.parametrize(("word", "state"), [("Öppna", "open"), ("Avventer kunde", "pending"), ("Inväntar svar", "pending"), ("Åpne", "open"), ("Ej påbörjad", "new"), ("Under utredning", "open"), ("Ikke startet", "new")])  # fmt: skip
def test_everyday_states_are_known(tmp_path: Path, word: str, state: str) -> None:
    path = written(tmp_path, "t", "Ärendenr;Skapad;Status", f"1;2026-09-01 08:00;{word}", "2;2026-09-02 08:00;Löst")
    assert read_exports([str(path)], Choices(), frozenset()).tables["tickets"]["status"].to_list() == [state, "solved"]


@pytest.mark.parametrize("word", ["Pågående", "Pågår", "In progress", "Under arbeid"])
def test_a_lead_that_is_worked_on_has_not_converted(tmp_path: Path, word: str) -> None:
    path = written(
        tmp_path, "t", "Lead-ID;Skapad;Status", f"1;2026-09-01;{word}", "2;2026-09-02;Vunnen", "3;2026-09-02;Förlorad"
    )
    assert read_exports([str(path)], Choices(), frozenset()).tables["leads"]["is_converted"].to_list() == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Ämne,Brödtext,Från: (namn),Från: (adress),Till: (namn),Till: (adress),Mottaget",
        "Emne,Brødtekst,Fra: (navn),Fra: (adresse),Til: (navn),Til: (adresse),Mottatt",
        "Subject,Body,From: (Name),From: (Address),To: (Name),To: (Address),Received",
    ],
)
def test_a_mailbox_of_outlook_is_known_in_the_languages_of_the_nordic_countries(tmp_path: Path, header: str) -> None:
    path = written(tmp_path, "mail", header, "Fråga,hej,Anna,anna@ex.se,Support,support@firma.se,2026-08-01 09:31")
    match = recognise(open_export(Input(name="mail.csv", path=path)))
    assert match.mapping.name == "outlook-messages"


@pytest.mark.parametrize(
    ("headers", "kpi", "value"),
    [
        ("Beställningsnr;Datum;Kund;Totalt", "revenue", 600),
        ("Bestillingsnr;Dato;Kunde;Sum", "revenue", 600),
        ("Tiketin numero;Luontiaika;Ensimmäinen vastaus;Ratkaisuaika", "resolution_time", 86_400),
        ("Ärende-ID;Skapad;Inledande svarstid;Löst", "first_reply_time", 7200),
    ],
)
def test_headers_that_everybody_writes(tmp_path: Path, headers: str, kpi: str, value: float) -> None:
    """Three orders of 100, 200 and 300; three tickets replied to after two hours and resolved after a day."""
    is_orders = kpi == "revenue"
    rows = [
        f"{n};2026-02-0{n} 09:00;{f'c{n};{n}00,00' if is_orders else f'2026-02-0{n} 11:00;2026-02-0{n + 1} 09:00'}"
        for n in (1, 2, 3)
    ]
    path = tmp_path / "list.csv"
    path.write_text("\n".join([headers, *rows, ""]), encoding="utf-8")
    assert reported(path).value(kpi) == value
