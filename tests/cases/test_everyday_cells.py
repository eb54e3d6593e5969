"""Cells as people write them that were refused, or left unread in a note alone: dates of six figures, öre behind a colon, thousands
without decimals, clocks that may be either; days without a year and a bare `Svar` say what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from invoked import piped
from reported import reported
from small_reports import written

START = datetime(2026, 1, 3, 9, 20)
OPENED = [START + timedelta(days=2 * n, minutes=37 * n) for n in range(30)]
"""Thirty tickets, every second day from 3 January to 2 March: 13 of them in February."""
IN_FEBRUARY = sum(one.month == 2 for one in OPENED)


def tickets(folder: Path, headers: str, write: Callable[[datetime], str]) -> Path:
    """Tickets that were resolved three days later, as a list in semicolons."""
    rows = [f"{n};{write(one)};c{n % 7};{write(one + timedelta(days=3))}" for n, one in enumerate(OPENED)]
    return written(folder, "tickets", headers, *rows)


@pytest.mark.parametrize(
    ("headers", "pattern"),
    [
        ("Nr;Inkom;Kund;Åtgärdat", "%y%m%d"),
        ("Saksnr;Opprettet;Kunde;Løst", "%d%m%y"),
        ("Sagsnr;Oprettet;Kunde;Løst", "%-d%m%y"),
        ("Tapausnumero;Luotu;Asiakas;Ratkaistu", "%d%m%y %H:%M"),
        ("Ticket ID;Created;Customer;Resolved", "%y%m%d %H:%M"),
        ("Ticket ID;Created;Customer;Resolved", "%m%d%y"),
        ("Nr;Inkom;Kund;Löst", "%y-%m-%d"),
        ("Saksnr;Meldt;Kunde;Ferdigstilt", "%y-%m-%d %H:%M"),
        ("Nro;Pvm;Asiakas;Suljettu", "%d.%m.%Y %H:%M"),
    ],
)
def test_dates_of_six_figures_show_which_are_the_year(tmp_path: Path, headers: str, pattern: str) -> None:
    """Hand-worked: thirteen were opened in February, and each was resolved three days after."""
    found = reported(tickets(tmp_path, headers, lambda one: f"{one:{pattern}}"), period="2026-02")
    assert found.value("tickets_created") == IN_FEBRUARY == 13
    assert found.value("resolution_time") == 3 * 86_400


@pytest.mark.parametrize("last", ["26-01-05", "26-01-31", "31-01-26"])
def test_a_year_of_two_figures_that_nothing_shows_is_asked_for(tmp_path: Path, last: str) -> None:
    rows = ["1;26-01-04;a;26-01-05", f"2;{last};b;{last}"]
    ended = piped("report", written(tmp_path, "t", "Nr;Skapad;Kund;Löst", *rows))
    assert (ended.code, "--date-format" in ended.err) == (3, True)


def test_a_spreadsheet_s_numbers_of_six_figures_are_such_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nr", "Inkom", "Kund", "Löst"])
    for n, one in enumerate(OPENED):
        book.active.append([n, int(f"{one:%y%m%d}"), f"c{n % 7}", int(f"{one + timedelta(days=3):%y%m%d}")])
    book.save(tmp_path / "t.xlsx")
    assert reported(tmp_path / "t.xlsx", period="2026-02").value("tickets_created") == 13


@pytest.mark.parametrize("cells", [["260125", "260125", "260125"], ["010203", "020304", "030405"]])
def test_six_figures_that_show_nothing_are_not_read(tmp_path: Path, cells: list[str]) -> None:
    rows = [f"{n};{cell};c{n};Löst" for n, cell in enumerate(cells)]
    found = reported(written(tmp_path, "t", "Nr;Skapad;Kund;Status", *rows), period="2026-01")
    assert found.result("tickets_created") is None
    assert "--date-format %y%m%d reads 260701" in found.finding_text("unread-opening")


@pytest.mark.parametrize("numbers", [range(100_000, 131_000, 1033), range(260_500, 261_500, 31)])
def test_numbers_of_six_figures_are_no_dates(tmp_path: Path, numbers: range) -> None:
    rows = [f"{n};2026-01-{1 + n:02};{number}" for n, number in enumerate(list(numbers)[:28])]
    found = reported(written(tmp_path, "t", "Nr;Skapad;Löst", *rows), period="2026-01")
    assert found.result("resolution_time") is None


@pytest.mark.parametrize("pattern", ["%-d/%-m", "%d.%m.", "%-d %b", "%-d/%-m %H:%M"])
def test_days_without_a_year_say_what_to_do(tmp_path: Path, pattern: str) -> None:
    path = tickets(tmp_path, "Nr;Datum;Kund;Klar", lambda one: f"{one:{pattern}}")
    page = piped("report", path, "--period", "2026-02").out
    assert "has days without their year" in page
    assert "write its dates with their year" in page


ORDERS = [1299.5, 99.0, 249.75, 12499.0, 2490.1, 149.5, 1234.65, 88.2]
WAYS: list[tuple[str, Callable[[float], str]]] = [
    ("12 499:00", lambda one: f"{one:,.2f}".replace(",", " ").replace(".", ":")),
    ("12.499:00 kr", lambda one: f"{one:,.2f} kr".replace(".", ":").replace(",", ".")),
    ("12499:00 and 99:-", lambda one: f"{one:.0f}:-" if one % 1 == 0 else f"{one:.2f}".replace(".", ":")),
]


@pytest.mark.parametrize("write", [way for _, way in WAYS], ids=[name for name, _ in WAYS])
@pytest.mark.parametrize("header", ["Belopp", "Beløp", "Amount"])
def test_ore_behind_a_colon(tmp_path: Path, header: str, write: Callable[[float], str]) -> None:
    rows = [f"{n};2026-02-0{n + 1};c{n};{write(one)}" for n, one in enumerate(ORDERS)]
    found = reported(written(tmp_path, "orders", f"Ordernummer;Orderdatum;Kund;{header}", *rows))
    assert found.value("revenue") == pytest.approx(sum(ORDERS))


def test_clocks_are_no_amounts(tmp_path: Path) -> None:
    rows = [f"{n};2026-02-0{n + 1};c{n};1{n}:0{n}" for n in range(8)]
    assert reported(written(tmp_path, "o", "Ordernummer;Orderdatum;Kund;Belopp", *rows)).result("revenue") is None


@pytest.mark.parametrize("mark", [".", ","])
def test_thousands_show_by_their_noughts_next_to_whole_numbers_below(tmp_path: Path, mark: str) -> None:
    """As decimals, who writes the nought of `2.490` would write `249.000`."""
    amounts = [12_499, 2_490, 249, 99]
    rows = [f"{n};2026-02-0{n + 1};c{n};{one:,}".replace(",", mark) for n, one in enumerate(amounts)]
    found = reported(written(tmp_path, "orders", "Ordernummer;Orderdatum;Kund;Belopp", *rows))
    assert found.value("revenue") == sum(amounts)
    assert "between thousands" in found.notes


@pytest.mark.parametrize("cells", [["12.499", "2.499"], ["12.499", "249"], ["12.490", "2490"], ["12.490", "2.490"]])
def test_thousands_that_nothing_shows_are_not_guessed_and_the_way_out_works(tmp_path: Path, cells: list[str]) -> None:
    rows = [f"{n};2026-02-0{n + 1};c{n};{one}" for n, one in enumerate(cells)]
    path = written(tmp_path, "orders", "Ordernummer;Orderdatum;Kund;Belopp", *rows)
    found = reported(path)
    assert found.result("revenue") is None
    said = found.finding_text("numbers-in-doubt")
    assert f"`--decimal ,` reads `{cells[0]}` as {cells[0].replace('.', '')}, `--decimal .` as {cells[0]}" in said
    assert reported(path, "--decimal", ",").value("revenue") == sum(int(one.replace(".", "")) for one in cells)


@pytest.mark.parametrize("tax", ["Moms", "Varav moms 25%", "MVA-beløp", "VAT", "Sales tax", "ALV (24 %)"])
def test_value_added_tax_is_no_amount_to_take(tmp_path: Path, tax: str) -> None:
    rows = [f"{n};2026-02-0{n + 1};c{n};{80 * n},00;{20 * n},00;{100 * n},00" for n in range(1, 6)]
    headers = f"Ordernr;Datum;Kund;Summa exkl. moms;{tax};Summa inkl. moms"
    said = reported(written(tmp_path, "orders", headers, *rows)).finding_text("unread-amount")
    assert "amount=Summa inkl. moms" in said
    assert f"amount={tax}" not in said


@pytest.mark.parametrize("header", ["Svarstid", "First reply time", "Tid till första svar"])
def test_clocks_that_may_be_either_are_named_on_the_page(tmp_path: Path, header: str) -> None:
    rows = [
        f"{n};{one:%Y-%m-%d %H:%M};{one + timedelta(days=9):%Y-%m-%d %H:%M};{n % 14}:{7 * n % 60:02}"
        for n, one in enumerate(OPENED)
    ]
    page = piped("report", written(tmp_path, "t", f"Nr;Skapad;Löst;{header}", *rows), "--period", "2026-02").out
    assert "its clocks may be hours and minutes or minutes and seconds" in page


@pytest.mark.parametrize("header", ["Svar", "Vastaukset", "Responses"])
def test_a_bare_word_for_replies_is_named_and_not_taken(tmp_path: Path, header: str) -> None:
    """It may count what the agents wrote, or be what the customer answered."""
    rows = [
        f"{n};{one:%Y-%m-%d %H:%M};{one + timedelta(days=1):%Y-%m-%d %H:%M};{n % 4}" for n, one in enumerate(OPENED)
    ]
    path = written(tmp_path, "t", f"Nr;Skapad;Löst;{header}", *rows)
    assert f"`{header}` as agent_replies" in piped("report", path, "--period", "2026-02").out
    assert reported(path).result("fcr_one_touch") is None
    # Of those with a reply (1, 2, 3 by turns) eight of 22 had one.
    assert reported(path, "--column", f"agent_replies={header}").value("fcr_one_touch") == 8 / 22
