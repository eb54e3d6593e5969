"""Codes of yes and no that a header explains: `Återöppnad (0=ja, 1=nej)` gave the share of tickets that were not opened again."""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

from kpi_core.ingest.headers.yes_no_codes import codes_of


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("Återöppnad (0=ja, 1=nej)", {"0": True, "1": False}),
        ("Gjenåpnet (0 = ja, 1 = nei)", {"0": True, "1": False}),
        ("Reopened (1: yes, 2: no)", {"1": True, "2": False}),
        ("Genåbnet [ja=2, nej=1]", {"2": True, "1": False}),
        ("Avattu uudelleen (k=kyllä, e=ei)", {"k": True, "e": False}),
        ("Spam (0=yes)", {"0": True, "1": False}),
        ("Löst (1=ja)", {"1": True, "0": False}),
        ("Reopened (1=yes, 1=no)", {}),
        ("Reopened yes/no", {}),
        ("Antal ja", {}),
        ("Reopened 0-1", {}),
    ],
)
def test_a_header_says_which_code_is_yes(header: str, codes: dict[str, bool]) -> None:
    assert codes_of(header) == codes


def listed(folder: Path, header: str, cells: list[str], column: str = "") -> Reported:
    lines = [
        f"{n},2026-03-{n % 28 + 1:02} 08:00,2026-03-{n % 28 + 1:02} 12:00,Closed,{cell}" for n, cell in enumerate(cells)
    ]
    path = written(folder, "t", f'Ticket ID,Created at,Resolved at,Status,"{header}"', *lines)
    return reported(path, *(["--column", f"{column}={header}"] if column else []), period="all")


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Återöppnad (0=ja, 1=nej)", "0", "1"),
        ("Gjenåpnet (1 = ja, 2 = nei)", "1", "2"),
        ("Återöppnad (0=ja, 1=nej)", "0.0", "1.0"),
        ("Återöppnad (1=ja, 0=nej)", "1", "0"),
    ],
)
def test_tickets_that_were_opened_again_are_those_that_the_header_calls_so(
    tmp_path: Path, header: str, yes: str, no: str
) -> None:
    found = listed(tmp_path, header, [yes] * 15 + [no] * 45)
    assert found.value("reopen_rate") == 0.25
    assert ("as the header says" in found.notes) is (yes not in ("1", "1.0") or no not in ("0", "0.0"))


def test_so_are_those_of_a_column_that_is_named(tmp_path: Path) -> None:
    found = listed(tmp_path, "Back again (0=yes, 1=no)", ["0"] * 15 + ["1"] * 45, "reopens")
    assert found.value("reopen_rate") == 0.25


@pytest.mark.parametrize("column", ["is_spam", "is_merged"])
@pytest.mark.parametrize(("header", "yes", "no"), [("Bort (0=ja, 1=nej)", "0", "1"), ("Bort (J=nej, N=ja)", "N", "J")])
def test_so_are_truths_that_take_tickets_out(tmp_path: Path, column: str, header: str, yes: str, no: str) -> None:
    found = listed(tmp_path, header, [yes] * 15 + [no] * 45, column)
    assert found.value("tickets_created") == 45
