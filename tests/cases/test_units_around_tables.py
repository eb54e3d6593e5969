"""The unit of amounts above a table, below it, or in a row under its header."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

HEADER = "Ordernummer;Orderdatum;Kund;Belopp"
ROWS = [
    f"{4000 + place};2026-01-{1 + place % 28:02d} 10:00;K{place % 9};{90 + 7 * (place % 13)},50" for place in range(40)
]


@pytest.mark.parametrize(
    "lines",
    [
        ["Försäljning 2026;;;", "Alla belopp i tkr;;;", HEADER, *ROWS], ["Beløp i hele tusen kroner;;;", HEADER, *ROWS],
        ["Amounts in thousands of SEK;;;", HEADER, *ROWS], ["Alla siffror i MSEK;;;", HEADER, *ROWS], [HEADER, *ROWS, "Alla belopp i tusental kronor;;;"],
        [HEADER, ";;;tkr", *ROWS], [HEADER, ";;;(öre)", *ROWS], ["Kr 1000 (1000 NOK);;;", HEADER, *ROWS],
    ],
)  # fmt: skip
def test_nothing_is_computed_from_amounts_of_a_unit_next_to_them(tmp_path: Path, lines: list[str]):
    document = report_json(written(tmp_path, "orders", *lines), "--period", "2026-01")
    [text] = findings(document, "unit-beside")
    assert "the header `Belopp` names no unit" in text
    assert totals(document)["revenue"]["value"] is None
    assert totals(document)["aov"]["value"] is None
    assert totals(document)["active_customers"]["value"] == 9


@pytest.mark.parametrize(
    ("lines", "factor"),
    [
        (["Försäljning i Tusenbo 2026;;;", HEADER, *ROWS], 1), ([f"{HEADER} (tkr)", *ROWS], 1000), (["Alla belopp i tkr;;;", f"{HEADER} (tkr)", *ROWS], 1000),
        (["Alla belopp i SEK;;;", HEADER, *ROWS], 1), ([HEADER, *ROWS], 1),
    ],
)  # fmt: skip
def test_a_unit_of_the_header_or_none_leaves_the_amounts(tmp_path: Path, lines: list[str], factor: int):
    document = report_json(written(tmp_path, "orders", *lines), "--period", "2026-01")
    assert findings(document, "unit-beside") == []
    revenue = sum(90.5 + 7 * (place % 13) for place in range(40))
    assert totals(document)["revenue"]["value"] == pytest.approx(factor * revenue)


def test_tickets_next_to_the_unit_of_a_sum_are_no_matter(tmp_path: Path):
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:{n:02d};Open" for n in range(40)]
    document = report_json(
        written(tmp_path, "tickets", "Alla belopp i tkr;;", "Ärendenummer;Skapad;Status", *rows), "--period", "2026-01"
    )
    assert findings(document, "unit-beside") == []
    assert totals(document)["tickets_created"]["value"] == 40


@pytest.mark.parametrize(
    ("header", "words", "is_mixed"),
    [
        ("Enhet", ("tkr", "kr"), True), ("Unit", ("SEK", "kSEK"), True), ("Moms", ("exkl", "inkl"), True), ("Mva", ("Eks. mva", "Inkl. mva"), True),
        ("Enhet", ("kr", "kr"), False), ("Enhet", ("st", "kg"), False), ("Moms", ("25 %", "12 %"), False), ("Moms", ("inkl", "inkl"), False),
        ("Moms", ("100,50", "25,10"), False), ("Enhet", ("Norr", "Syd"), False),
    ],
)  # fmt: skip
def test_a_unit_of_each_row(tmp_path: Path, header: str, words: tuple[str, str], is_mixed: bool):
    rows = [f"{row};{words[place % 2]}" for place, row in enumerate(ROWS)]
    document = report_json(written(tmp_path, "orders", f"{HEADER};{header}", *rows), "--period", "2026-01")
    assert bool(findings(document, "unit-beside")) is is_mixed
    assert (totals(document)["revenue"]["value"] is None) is is_mixed
