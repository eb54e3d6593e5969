"""Lists of a month and what was spent in it, of which no column says what for: read, and in no figure, without a word of what to do."""

from pathlib import Path

import polars as pl
import pytest
from invoked import piped
from reported import reported
from small_reports import written

MONTHS = ("2026-07", "2026-08", "2026-09")


def customers(folder: Path) -> Path:
    """Ten a month."""
    rows = (f"K{n};2026-{n % 3 + 7:02}-{n % 27 + 1:02}" for n in range(30))
    return written(folder, "kunder", "Kundnummer;Startdatum", *rows)


def tickets(folder: Path) -> Path:
    """Twenty a month."""
    rows = (f"{n};2026-{n % 3 + 7:02}-{n % 27 + 1:02} 09:00;Open" for n in range(60))
    return written(folder, "saker", "Ticket ID;Created at;Status", *rows)


def costs(folder: Path, header: str, name: str = "list", months: tuple[str, ...] = MONTHS) -> Path:
    return written(folder, name, header, *(f"{month};12 000" for month in months))


@pytest.mark.parametrize(
    ("header", "months"),
    [
        ("Månad;Marknadsföringskostnad", MONTHS),
        ("Måned;Annonsekostnader (kr)", ("juli 2026", "august 2026", "september 2026")),
        ("Month;Marketing spend", MONTHS),
        ("Month;Advertising cost", ("2026-07-01", "2026-08-01", "2026-09-01")),
    ],
)
def test_the_header_says_that_costs_win_customers(tmp_path: Path, header: str, months: tuple[str, ...]) -> None:
    found = reported(costs(tmp_path, header, months=months), customers(tmp_path), period="2026-08")
    assert found.value("cac") == 1200
    assert found.value("cost_per_ticket") is None
    assert "says that all of its costs are for winning customers" in found.finding_text("kind-of-costs")


@pytest.mark.parametrize("header", ["Månad;Kostnad kundtjänst", "Måned;Supportkostnader", "Month;Support spend"])
def test_the_header_says_that_costs_are_those_of_support(tmp_path: Path, header: str) -> None:
    found = reported(costs(tmp_path, header), tickets(tmp_path), customers(tmp_path), period="2026-08")
    assert found.value("cost_per_ticket") == 600
    assert found.value("cac") is None
    assert "are for support" in found.finding_text("kind-of-costs")


@pytest.mark.parametrize(
    ("name", "kpi", "value"),
    [("marknadsföring 2026", "cac", 1200), ("Marketing costs", "cac", 1200), ("kundeservice", "cost_per_ticket", 600)],
)
def test_the_name_of_the_file_says_it_where_the_header_does_not(
    tmp_path: Path, name: str, kpi: str, value: float
) -> None:
    found = reported(costs(tmp_path, "Månad;Kostnad", name), customers(tmp_path), tickets(tmp_path), period="2026-08")
    assert found.value(kpi) == value
    assert name in found.finding_text("kind-of-costs")


def test_each_sheet_says_its_own(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    del book["Sheet"]
    for name, amount in (("Marknadsföring", 8000), ("Support", 4000), ("Lokaler", 90_000)):
        sheet = book.create_sheet(name)
        for row in (("Månad", "Kostnad"), *((month, amount) for month in MONTHS)):
            sheet.append(row)
    book.save(tmp_path / "kostnader.xlsx")
    found = reported(tmp_path / "kostnader.xlsx", customers(tmp_path), tickets(tmp_path), period="2026-08")
    assert (found.value("cac"), found.value("cost_per_ticket")) == (800, 200)
    assert "`Lokaler` does not say what its costs are for" in found.finding_text("costs-without-kind")


@pytest.mark.parametrize("header", ["Månad;Kostnad", "Måned;Kostnader", "Month;Cost", "Month;Total cost"])
def test_what_says_nothing_is_in_no_figure_and_says_what_to_do(tmp_path: Path, header: str) -> None:
    paths = (costs(tmp_path, header), customers(tmp_path), tickets(tmp_path))
    found = reported(*paths, period="2026-08")
    assert (found.value("cac"), found.value("cost_per_ticket")) == (None, None)
    text = found.finding_text("costs-without-kind")
    assert "does not say what its costs are for" in text
    assert "`constants: {kind: acquisition}`" in text
    for command in ("inspect", "report"):
        assert "does not say what its costs are for" in piped(command, paths[0]).out


def test_the_way_out_is_one(tmp_path: Path) -> None:
    path = costs(tmp_path, "Månad;Kostnad")
    assert piped("map", path, "-o", tmp_path / "m.yaml").code == 0
    with (tmp_path / "m.yaml").open("a", encoding="utf-8") as file:
        file.write("constants: {kind: acquisition}\n")
    found = reported(path, customers(tmp_path), "--mapping", tmp_path / "m.yaml", period="2026-08")
    assert found.value("cac") == 1200
    assert not found.finding_text("costs-without-kind")


def test_revenue_is_no_cost(tmp_path: Path) -> None:
    path = costs(tmp_path, "Månad;Intäkter marknadsföring")
    assert "kind-of-costs" not in piped("report", path, "--period", "2026-08", "--format", "json").out


def test_costs_with_a_kind_are_what_it_says(tmp_path: Path) -> None:
    rows = (f"{month};{kind};12000" for month in MONTHS for kind in ("Marketing", "Support"))
    path = written(tmp_path, "marketing", "Month;Cost type;Amount", *rows)
    found = reported(path, customers(tmp_path), tickets(tmp_path), period="2026-08")
    assert (found.value("cac"), found.value("cost_per_ticket")) == (1200, 600)
    assert pl.Series(sorted(found.codes)).is_in(["kind-of-costs", "costs-without-kind"]).sum() == 0
