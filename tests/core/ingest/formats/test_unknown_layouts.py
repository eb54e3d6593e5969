"""The findings on files that are like none that is known."""

import pytest

from kpi_core.ingest.formats.unknown_layouts import why_unknown


@pytest.mark.parametrize(
    "headers",
    [
        ("Vorgangsschlüssel", "Status", "Erstellt", "Erledigt"),
        ("Numéro", "Créé le", "Statut", "Priorité"),
        ("Id", "Estado", "Creado", "Cerrado"),
    ],
)
def test_headers_of_another_language_are_named_as_such(headers: tuple[str, ...]) -> None:
    assert "in another language" in why_unknown(headers, [])


@pytest.mark.parametrize(
    "headers", [("Month", "Customer ID", "MRR"), ("Kundnr", "Månad", "Belopp"), ("Måned", "Kunde-ID", "Status")]
)
def test_a_customer_in_a_month_is_recognised_by_the_headers_and_the_rows(headers: tuple[str, ...]) -> None:
    assert "a customer in a month" in why_unknown(headers, [("2026-01", "1", "5"), ("2026-02", "2", "5")])
    assert not why_unknown(headers, [])


@pytest.mark.parametrize("headers", [("a", "b"), ("Ticket ID", "Status", "Priority"), ("Statut", "Created")])
def test_of_others_nothing_is_reported(headers: tuple[str, ...]) -> None:
    assert not why_unknown(headers, [("1", "2", "3")])


def test_numbers_that_a_spreadsheet_has_cut_off_are_the_reason() -> None:
    headers = ("Customer ID", "Customer since", "Weight")
    cut = [("4,67000E+10", "2026-01-01", "1"), ("4,67000E+10", "2026-01-02", "2"), ("467", "2026-01-03", "3")]
    assert "`Customer ID` are cut off by a spreadsheet (as `4,67000E+10`)" in why_unknown(headers, cut)
    assert not why_unknown(headers, [("46700000001", "2026-01-01", "1"), ("46700000002", "2026-01-02", "2")])


def test_so_are_those_whose_last_digits_became_zeros() -> None:
    rows = [
        ("617841400000000000", "2026-01-01"),
        ("617841400000000000", "2026-01-02"),
        ("617841400000001000", "2026-01-03"),
    ]
    assert "cut off by a spreadsheet" in why_unknown(("Customer ID", "Customer since"), rows)
