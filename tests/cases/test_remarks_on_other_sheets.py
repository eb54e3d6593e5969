"""A scale, a unit or a choice of rows that another sheet of the workbook gives, or a small table next to the list."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from small_reports import findings, report_json, totals, written

QUESTION = "Hur nöjd är du med supporten?"
ANSWERS = [
    ("Svars-ID", "Svarsdatum", QUESTION),
    *((9000 + n, f"2026-01-{1 + n % 28:02d} 10:00", (1, 2, 2, 5, 1, 4, 3)[n % 7]) for n in range(70)),
]
ORDERS = [
    ("Ordernummer", "Orderdatum", "Kund", "Belopp"),
    *((4000 + n, f"2026-01-{1 + n % 28:02d} 10:00", f"K{n % 9}", 90 + n) for n in range(40)),
]
Rows = list[tuple[object, ...]]


def book(folder: Path, **sheets: list[tuple[object, ...]]) -> Path:
    """A workbook of these sheets."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = folder / "book.xlsx"
    made.save(path)
    return path


@pytest.mark.parametrize(
    "remarks",
    [
        [("Fråga", "Skala"), (QUESTION, "1 = mycket nöjd, 5 = mycket missnöjd")], [("1 = very satisfied, 5 = very dissatisfied",)],
        [("Om enkäten",), ("Frågan ställs på en skala 1-10",)],
        [("Kod", "Betydelse"), (1, "Mycket nöjd"), (2, "Nöjd"), (3, "Varken eller"), (4, "Missnöjd"), (5, "Mycket missnöjd")],
        [("Svært fornøyd", 1), ("Fornøyd", 2), ("Verken eller", 3), ("Misfornøyd", 4), ("Svært misfornøyd", 5)],
    ],
)  # fmt: skip
def test_a_scale_of_another_sheet(tmp_path: Path, remarks: Rows) -> None:
    document = report_json(book(tmp_path, Svar=ANSWERS, Info=remarks), "--period", "2026-01")
    assert len(findings(document, "scale-beside")) == 1
    assert totals(document)["csat"]["value"] is None


@pytest.mark.parametrize(
    "remarks",
    [
        [("Fråga", "Skala"), (QUESTION, "1 = mycket missnöjd, 5 = mycket nöjd")], [("Hur troligt är det att du rekommenderar oss?", "skala 0-10"), (QUESTION, "skala 1-5")],
        [("Betyg", "Antal"), ("Mycket nöjd", 12), ("Nöjd", 30), ("Missnöjd", 5), ("Mycket missnöjd", 1)], [("Mycket missnöjd", 1), ("Missnöjd", 2), ("Varken eller", 3), ("Nöjd", 4), ("Mycket nöjd", 5)],
        [("Rapport", "Enkät Q1"), ("Antal svar", 70)],
    ],
)  # fmt: skip
def test_a_sheet_that_says_the_same_or_nothing(tmp_path: Path, remarks: Rows) -> None:
    document = report_json(book(tmp_path, Svar=ANSWERS, Info=remarks), "--period", "2026-01")
    assert findings(document, "scale-beside") == []
    assert totals(document)["csat"]["value"] == pytest.approx(2 / 7)


def test_a_unit_of_another_sheet(tmp_path: Path) -> None:
    document = report_json(book(tmp_path, Ordrar=ORDERS, Info=[("Alla belopp", "i tkr")]), "--period", "2026-01")
    assert len(findings(document, "unit-beside")) == 1
    assert totals(document)["revenue"]["value"] is None


@pytest.mark.parametrize("row", [("Filter", "Land = Sverige"), ("Endast betalda ordrar",), ("Urval:", "Region Nord")])
def test_a_choice_of_rows_that_another_sheet_names(tmp_path: Path, row: tuple[object, ...]) -> None:
    document = report_json(book(tmp_path, Ordrar=ORDERS, Info=[("Rapport", "Ordrar"), row]), "--period", "2026-01")
    [found] = [one for one in document["findings"] if one["code"] == "filter-named"]
    assert (found["serious"], found["consequence"]) == (True, "no verdict")


@pytest.mark.parametrize("row", [("Endast betalda", 12), ("Period", "januari 2026"), ("Ordrar exkl. moms", "SEK")])
def test_a_summary_is_no_choice_of_rows(tmp_path: Path, row: tuple[object, ...]) -> None:
    document = report_json(book(tmp_path, Ordrar=ORDERS, Info=[("Rapport", "Ordrar"), row]), "--period", "2026-01")
    assert findings(document, "filter-named") == []


def test_a_legend_next_to_the_list(tmp_path: Path) -> None:
    legend = ["Kod;Betydelse", "1;Mycket nöjd", "2;Nöjd", "3;Varken eller", "4;Missnöjd", "5;Mycket missnöjd"]
    rows = [";".join(map(str, row)) for row in ANSWERS]
    others = [f"{row};;{legend[at]}" if at < len(legend) else f"{row};;;" for at, row in enumerate(rows)]
    document = report_json(written(tmp_path, "answers", *others), "--period", "2026-01")
    assert len(findings(document, "scale-beside")) == 1
    assert totals(document)["csat"]["value"] is None
