"""What is named in another way than in one plain cell: a customer by first and last name, a ticket by a link to it or by the subject of a
letter, who began a ticket by its direction. Each was left out, or not found, with a figure next to it that looked whole.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import reported
from small_reports import written

START = datetime(2026, 2, 1, 9)
FIRST, LAST = ("Anna", "Erik", "Karin"), ("Berg", "Lund", "Holm", "Ek")


def person(n: int) -> tuple[str, str]:
    """One of twelve people, by turns."""
    return FIRST[n % 3], LAST[n % 12 // 3]


def line(n: int, *more: str) -> str:
    """A ticket each day, replied to after two hours and resolved after four."""
    at = START + timedelta(days=n)
    times = (at, at + timedelta(hours=2), at + timedelta(hours=4))
    return ";".join([str(1000 + n), *(f"{one:%Y-%m-%d %H:%M}" for one in times), *more])


@pytest.mark.parametrize(
    "headers",
    [
        "Förnamn;Efternamn",
        "Kund förnamn;Kund efternamn",
        "Kund;Efternamn",
        "Fornavn;Etternavn",
        "Kunde;Efternavn",
        "First name;Last name",
        "Etunimi;Sukunimi",
    ],
)
def test_a_customer_is_the_first_and_the_last_name(tmp_path: Path, headers: str) -> None:
    """Hand-worked: twelve customers by turns, a ticket a day: nobody comes back within seven days."""
    rows = [line(n, *person(n)) for n in range(48)]
    found = reported(written(tmp_path, "t", f"Ärendenummer;Skapad;Första svar;Löst;{headers}", *rows))
    assert found.value("fcr_no_repeat") == 1.0


@pytest.mark.parametrize(
    ("headers", "key"),
    [("Kund;Efternamn", "k{}@ex.se"), ("Kundnummer;Förnamn;Efternamn", "{}"), ("Kund;Efternamn", "Firma {} AB")],
)
def test_a_number_or_an_address_of_the_customer_goes_before_names(tmp_path: Path, headers: str, key: str) -> None:
    """Everybody is called the same, and twelve customers come by turns."""
    names = ["Anna", "Berg"][-(headers.count(";")) :]
    rows = [line(n, key.format(100 + n % 12), *names) for n in range(48)]
    found = reported(written(tmp_path, "t", f"Ärendenummer;Skapad;Första svar;Löst;{headers}", *rows))
    assert found.value("fcr_no_repeat") == 1.0


@pytest.mark.parametrize(
    "form",
    [
        "https://desk.example/tickets/{}",
        "https://desk2.example/a/tickets/{}?from=mail",
        "https://desk.example/browse/{}/",
        "Re: [#{}]",
        "Sv: [#{}] Faktura 2024",
        "[Ärende {}] Vänta",
        "[{}]",
    ],
)
def test_answers_name_their_ticket_by_a_link_or_a_subject(tmp_path: Path, form: str) -> None:
    """Hand-worked: every other one of forty tickets is answered."""
    tickets = written(tmp_path, "tickets", "Ärendenummer;Skapad;Första svar;Löst", *[line(n) for n in range(40)])
    rows = [
        f"{n};{form.format(1000 + n)};{START + timedelta(days=n, hours=9):%Y-%m-%d %H:%M};{1 + n % 5}"
        for n in range(0, 40, 2)
    ]
    answers = written(tmp_path, "answers", "Svars-ID;Ärendenummer;Svarsdatum;Hur nöjd är du? (1-5)", *rows)
    assert reported(tickets, answers).value("response_rate_of_resolved") == 0.5


@pytest.mark.parametrize(
    ("header", "ours", "theirs"),
    [
        ("Riktning", "Utgående", "Inkommande"),
        ("Direction", "Outbound", "Inbound"),
        ("Initierad av", "Handläggare", "Kund"),
        ("Retning", "Utgående", "Innkommende"),
        ("Suunta", "Lähtevä", "Saapuva"),
    ],
)
def test_tickets_that_an_agent_began_wait_for_no_reply_and_are_created(
    tmp_path: Path, header: str, ours: str, theirs: str
) -> None:
    rows = [line(n, ours if n % 4 == 0 else theirs) for n in range(40)]
    found = reported(written(tmp_path, "t", f"Ärendenummer;Skapad;Första svar;Löst;{header}", *rows))
    assert (found.value("tickets_created"), found.result("first_reply_time")["n"]) == (40, 30)
    assert "count among the tickets created" in found.finding_text("opened-by-agents")
