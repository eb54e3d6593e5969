"""Lists of costs known by their words alone, thousands in a header that a mapping names, customers who are there and have left.

What a header or a word says is taken at its word, and what contradicts it is reported.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported
from small_reports import report_json, totals, written


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Datum;Typ;Belopp", ("Marknadsföring", "Support")),
        ("Måned;Kategori;Beløp", ("Markedsføring", "Kundeservice")),
        ("Month;Category;Amount", ("Marketing", "Customer support")),
    ],
)
def test_costs_are_known_by_the_words_of_what_they_were_for(
    tmp_path: Path, header: str, words: tuple[str, str]
) -> None:
    day = "" if header.startswith("M") else "-15"
    costs = [
        f"2026-{month:02}{day};{word};{amount}"
        for month in (7, 8, 9)
        for word, amount in zip(words, (900, 300), strict=True)
    ]
    customers = [f"K{n};2026-{n % 3 + 7:02}-{n % 27 + 1:02}" for n in range(1, 31)]
    files = (
        written(tmp_path, "costs", header, *costs),
        written(tmp_path, "customers", "Kundnummer;Startdatum", *customers),
    )
    assert reported(*files, period="2026-08").value("cac") == 90


@pytest.mark.parametrize("words", [("Hyra", "Support"), ("Fråga", "Klagomål")])
def test_other_types_make_no_costs(tmp_path: Path, words: tuple[str, str]) -> None:
    rows = [f"2026-09-{n:02};{words[n % 2]};{n}" for n in range(1, 21)]
    ended = piped("report", written(tmp_path, "list", "Datum;Typ;Belopp", *rows), "--period", "all")
    assert "costs (" not in ended.out


@pytest.mark.parametrize(
    ("header", "factor"),
    [("Belopp (tkr)", 1000), ("Beløp (mill. kr)", 1_000_000), ("Belopp (SEK)", 1), ("Amount (kSEK)", 1000)],
)
def test_a_draft_takes_amounts_with_their_unit_and_its_mapping_reads_them_so(
    tmp_path: Path, header: str, factor: int
) -> None:
    path = written(
        tmp_path,
        "orders",
        f"Ordernr;Orderdatum;Kund;{header}",
        *(f"{n};2026-09-{n:02};K{n};{n},5" for n in range(1, 11)),
    )
    ended = piped("map", path, "-o", tmp_path / "m.yaml")
    assert ended.code == 0
    assert f"amount: {header}" in (tmp_path / "m.yaml").read_text(encoding="utf-8")
    for arguments in ((path,), (path, "--mapping", tmp_path / "m.yaml")):
        revenue = [one["value"] for one in reported(*arguments).document["results"] if one["kpi"] == "revenue"]
        assert revenue == [pytest.approx(60 * factor)]


def members(folder: Path, there: int, left: int) -> Path:
    """Customers of whom some have left by both, some by their date alone, and the others are there."""
    ends = ["2026-09-20;Aktiv"] * there + ["2026-09-20;Avslutad"] * left + [";Aktiv"] * 20
    rows = [f"{n};2026-0{n % 8 + 1}-{n % 27 + 1:02};{end}" for n, end in enumerate(ends)]
    return written(folder, "customers", "Kundnummer;Startdatum;Slutdatum;Status", *rows, "99;2026-09-30;;Aktiv")


@pytest.mark.parametrize(("there", "is_serious", "has_value"), [(1, False, True), (5, True, True), (40, True, False)])
def test_customers_who_have_left_and_are_there_are_reported(
    tmp_path: Path, there: int, *, is_serious: bool, has_value: bool
) -> None:
    found = reported(members(tmp_path, there, 20), period="2026-09")
    assert f"{there} of {there + 20} customers" in found.finding_text("still-there")
    assert [one["serious"] for one in found.document["findings"] if one["code"] == "still-there"] == [is_serious]
    assert (found.value("churn_rate") is not None) is has_value


def test_a_status_and_a_date_that_agree_are_nothing_to_say(tmp_path: Path) -> None:
    assert not reported(members(tmp_path, 0, 20), period="2026-09").finding_text("still-there")


@pytest.mark.parametrize("other", ["System", "Hyra", "Rent", "Leie"])
def test_what_runs_the_firm_is_neither_for_customers_nor_unknown(tmp_path: Path, other: str) -> None:
    """Hand-worked: 40 000 for marketing and two new customers; wages of support and the rest win nobody."""
    costs = written(
        tmp_path,
        "kostnader",
        "Månad;Kostnadsslag;Belopp",
        "2026-10;Löner support;120 000",
        f"2026-10;{other};15 000",
        "2026-10;Marknadsföring;40 000",
    )
    customers = written(tmp_path, "kunder", "Kundnr;Kund sedan", "1;2026-09-01", "2;2026-10-02", "3;2026-10-31")
    found = totals(report_json(costs, customers, "--kpi", "cac", "--period", "2026-10"))["cac"]
    assert found["value"] == 20_000


@pytest.mark.parametrize(
    ("rows", "lost"),
    [
        (("1;2025-01-10;2026-10-05", "1;2025-03-10;"), 0),
        (("1;2025-03-10;", "1;2025-01-10;2026-10-05"), 0),
        (("1;2025-01-10;2025-06-05", "1;2026-03-10;"), 0),
        (("1;2025-01-10;", "1;2025-01-10;2026-10-05"), 1),
        (("1;2025-01-10;2025-06-05", "1;2025-08-10;2026-10-05"), 1),
    ],
    ids=["parallel", "parallel, open first", "came back", "one contract told twice", "both ended"],
)
def test_who_ends_one_of_two_contracts_is_there(tmp_path: Path, rows: tuple[str, ...], lost: int) -> None:
    others = [f"{at};2025-02-{at:02};" for at in range(2, 11)]
    path = written(tmp_path, "k", "Kundnr;Startdatum;Slutdatum", *rows, *others, "11;2026-10-31;")
    document = report_json(path, "--period", "2026-10", "--kpi", "churn_rate")
    assert totals(document)["churn_rate"]["value"] == pytest.approx(lost / 10)
