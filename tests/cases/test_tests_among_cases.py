"""Guards: a desk's own tries (`Test Testsson`, `test@test.se`) that count as customers' cases and orders without a word."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

BEGIN, HOUR = datetime(2026, 1, 5, 8), timedelta(hours=1)


def orders(folder: Path, who: str, every: int = 8) -> Path:
    rows = [
        f"{6000 + place};{BEGIN + place * 9 * HOUR:%Y-%m-%d %H:%M};{who if place % every == 3 else f'kund{place % 30}@ex.se'};100"
        for place in range(80)
    ]
    return written(folder, "orders", "Ordernummer;Orderdatum;Kund;Belopp", *rows)


@pytest.mark.parametrize(
    "who",
    ["test@test.se", "Test Testsson", "TEST", "Testkund", "test2@example.com", "anna.test@firma.se", "anna+test1@firma.se", "Test Customer", "testbruker", "test-konto 3"],
)  # fmt: skip
def test_orders_of_tests_are_reported_at_the_figures(tmp_path: Path, who: str):
    document = report_json(orders(tmp_path, who), "--all", "--kpi", "*", "--period", "2026-01")
    assert f"10 orders (12%) have a test as customer by `Kund`, as `{who}`" in findings(document, "test-customers")[0]
    assert any("have a test as customer" in note for note in totals(document)["revenue"]["notes"])
    assert totals(document)["revenue"]["value"] == 7200


@pytest.mark.parametrize(
    "who", ["Testa AB", "contest@ex.se", "Testamentshjälpen", "greatest@ex.se", "Attest Nord", "anna@testbolaget.se"]
)
def test_names_with_those_letters_are_names(tmp_path: Path, who: str):
    assert findings(report_json(orders(tmp_path, who), "--period", "2026-01"), "test-customers") == []


def test_a_few_are_reported_and_not_serious(tmp_path: Path):
    document = report_json(orders(tmp_path, "test@test.se", every=40), "--period", "2026-01")
    (finding,) = [one for one in document["findings"] if one["code"] == "test-customers"]
    assert not finding["serious"]


@pytest.mark.parametrize(
    ("group", "is_said"), [("Test", True), ("Testgrupp", True), ("Testlab", False), ("Testverksamhet", False)]
)
def test_a_group_of_trials_is_said(tmp_path: Path, group: str, *, is_said: bool):
    rows = [
        f"{4000 + place};{BEGIN + place * 9 * HOUR:%Y-%m-%d %H:%M};Öppen;{group if place % 8 == 3 else 'Teknik'}"
        for place in range(80)
    ]
    document = report_json(written(tmp_path, "t", "Ärendenummer;Skapad;Status;Grupp", *rows), "--period", "2026-01")
    assert bool(findings(document, "test-customers")) is is_said
