"""The business as its managers reckon it: worked examples, changes, and what is noted with the figures."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.ingest.dataset import read_exports
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.stats.decomposition import shares_of_change

Rows = list[dict[str, object]]
FACTORS = ("active_customers", "orders_per_customer", "aov")


@pytest.fixture
def ask(tmp_path: Path, mappings: dict[str, Path]):
    """Reports on tables of rows, each read by the canonical mapping."""

    def asked(
        tables: dict[str, Rows], *kpis: str, period: str = "all", compare: str = "none", **more: object
    ) -> Report:
        request = Question(kpi=kpis, period=period, compare=compare, **more).request()  # type: ignore[arg-type]
        datasets = []
        for name, rows in tables.items():
            path = tmp_path / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            datasets.append(
                read_exports([str(path)], Reading(mapping=(str(mappings[name]),)).choices(), request.texts())
            )
        together = {name: frame for dataset in datasets for name, frame in dataset.tables.items()}
        return summarise(replace(datasets[0], tables=together), request)

    return asked


def total(report: Report, kpi: str) -> KpiResult:
    (found,) = [result for result in report.totals if result.kpi.name == kpi]
    return found


def value(report: Report, kpi: str) -> float:
    found = total(report, kpi).estimate.value
    assert found is not None
    return found


def orders(customers: int, amounts: Iterable[float], year: int = 2026) -> Rows:
    """An order for each amount, dealt to the customers in turn, spread over the days of a year."""
    begin = date(year, 1, 1)
    return [
        {
            "order_id": f"{year}-{place}",
            "customer_id": f"c{place % customers}",
            "ordered_at": str(begin + timedelta(days=place % 365)),
            "amount": amount,
            "currency": "SEK",
        }
        for place, amount in enumerate(amounts)
    ]


def days_of(year: int, month: int, amounts: Iterable[float]) -> Rows:
    """An order a day."""
    return [
        {"order_id": f"{year}-{month}-{day}", "ordered_at": str(date(year, month, day)), "amount": amount}
        for day, amount in enumerate(amounts, start=1)
    ]


# Growth: 1 000 customers × 2.3 orders × 1 484 kr


def test_revenue_is_customers_times_their_orders_times_what_these_are_worth(ask) -> None:
    report = ask({"orders": orders(1000, [1484] * 2300)}, "revenue", *FACTORS)
    assert [value(report, name) for name in FACTORS] == [1000, 2.3, 1484]
    assert value(report, "revenue") == 3_413_200


def test_a_little_more_of_each_is_a_fifth_more_in_all(ask) -> None:
    """1 072 × 2.392 × 1 573 = 4 033 524: 2 564 orders are the whole number of them that comes nearest."""
    amounts = [1573] * 2563 + [4_033_524 - 1573 * 2563]
    report = ask({"orders": orders(1072, amounts)}, "revenue", *FACTORS)
    customers, frequency, worth = (value(report, name) for name in FACTORS)
    assert (customers, round(frequency, 3), round(worth)) == (1072, 2.392, 1573)
    assert value(report, "revenue") == 4_033_524 == round(1072 * 2.392 * 1573)


def test_the_change_is_dealt_to_the_three_exactly() -> None:
    parts = shares_of_change([1000, 2.3, 1484], [1072, 2.392, 1573])
    assert [round(part) for part in parts] == [
        pytest.approx(258_231, abs=1),
        pytest.approx(145_734, abs=1),
        pytest.approx(216_360, abs=1),
    ]
    assert sum(parts) == pytest.approx(1072 * 2.392 * 1573 - 3_413_200)


def test_a_factor_that_did_not_move_has_no_part_in_it() -> None:
    assert shares_of_change([10, 2, 5], [10, 3, 5]) == [0, 50, 0]


def test_the_report_says_what_revenue_grew_by(ask) -> None:
    rows = [*orders(10, [100] * 365, 2024), *orders(20, [100] * 365, 2025)]
    report = ask({"orders": rows}, "revenue", *FACTORS, period="2025", compare="previous")
    (note,) = [note for note in total(report, "revenue").notes if str(note).startswith("of the change")]
    assert str(note) == "of the change, customers +27,375, orders per customer -27,375, order value +0"


def test_orders_without_a_customer_leave_revenue_without_its_factors(ask) -> None:
    rows = [*orders(10, [100] * 365, 2024), *orders(20, [100] * 365, 2025)]
    rows[-1]["customer_id"] = ""
    report = ask({"orders": rows}, "revenue", *FACTORS, period="2025", compare="previous")
    assert not [note for note in total(report, "revenue").notes if str(note).startswith("of the change")]


# Intervals and changes of sums


def test_months_of_unlike_length_are_compared_by_the_day(ask) -> None:
    february, march = [99, 101] * 14, [99, 101] * 15 + [100]
    report = ask(
        {"orders": [*days_of(2026, 2, february), *days_of(2026, 3, march)]},
        "revenue",
        period="2026-03",
        compare="previous",
    )
    found = total(report, "revenue")
    assert found.change is not None
    assert (found.change.value, found.verdict) == (300, Verdict.NO_CHANGE)


def test_a_rise_in_what_orders_are_worth_is_found(ask) -> None:
    february, march = [99, 101] * 14, [119, 121] * 15 + [120]
    report = ask(
        {"orders": [*days_of(2026, 2, february), *days_of(2026, 3, march)]},
        "revenue",
        "aov",
        period="2026-03",
        compare="previous",
    )
    for name in ("revenue", "aov"):
        assert total(report, name).verdict is Verdict.BETTER, name
    moved = total(report, "aov").change
    assert moved is not None
    assert moved.value == pytest.approx(20)
    assert moved.low is not None
    assert moved.low > 19


def customers(kept: int, lost: int, new: int) -> Rows:
    """March with so many who stay, go and come, after a February in which none came or went but one of each."""
    rows = [("2025-06-01", "")] * kept + [("2025-06-01", f"2026-03-{1 + place % 31:02}") for place in range(lost)]
    rows += [("2026-03-10", "")] * new
    rows += [("2026-02-01", ""), ("2025-06-01", "2026-02-10"), ("2026-04-01", "")]
    return [
        {"customer_id": str(place), "acquired_at": came, "lost_at": went} for place, (came, went) in enumerate(rows)
    ]


def test_a_wave_of_leavings_is_distinguished_from_chance(ask) -> None:
    names = ("churn_rate", "retention_rate", "net_customer_change", "customer_growth")
    report = ask({"customers": customers(800, 200, 0)}, *names, period="2026-03", compare="previous")
    # All who were there came on one day, next to which a wave of net losses is no larger: only the rates of leaving show it.
    by_name = {name: total(report, name).verdict for name in names}
    assert by_name == dict.fromkeys(names[:2], Verdict.WORSE) | dict.fromkeys(names[2:], Verdict.CANNOT_TELL)
    quiet = ask({"customers": customers(998, 2, 1)}, *names, period="2026-03", compare="previous")
    by_name = {name: total(quiet, name).verdict for name in names}
    assert by_name == dict.fromkeys(names[:2], Verdict.NOT_TESTED) | dict.fromkeys(names[2:], Verdict.CANNOT_TELL)


def test_growth_is_the_net_change_over_those_there_at_the_start(ask) -> None:
    report = ask({"customers": customers(949, 50, 72)}, "net_customer_change", "customer_growth", period="2026-03")
    net, growth = total(report, "net_customer_change").estimate, total(report, "customer_growth").estimate
    assert (net.value, growth.value) == (22, 0.022)


@pytest.mark.parametrize(
    ("kpi", "tables"),
    [
        ("revenue", {"orders": days_of(2026, 3, [50, 150] * 15 + [100])}),
        ("net_customer_change", {"customers": customers(949, 50, 72)}),
        ("customer_growth", {"customers": customers(949, 50, 72)}),
    ],
)
def test_what_was_counted_or_added_up_is_a_fact_without_an_interval(ask, kpi: str, tables: dict[str, Any]) -> None:
    found = total(ask(tables, kpi, period="2026-03"), kpi).estimate
    assert found.value is not None
    assert (found.low, found.high) == (None, None)


def test_repurchase_is_tested_only_between_years_that_have_no_day_in_common(ask) -> None:
    rows = [*orders(200, [1] * 200, 2024), *orders(200, [1] * 365, 2025), *orders(9, [1] * 9, 2026)]
    yearly = ask({"orders": rows}, "repurchase_rate", period="2025", compare="previous")
    assert total(yearly, "repurchase_rate").verdict is Verdict.BETTER
    monthly = ask({"orders": rows}, "repurchase_rate", period="2025-12", compare="previous")
    assert total(monthly, "repurchase_rate").verdict is Verdict.NOT_TESTED


def test_how_many_ordered_has_a_change_and_no_test(ask) -> None:
    rows = [*orders(50, [1] * 365, 2024), *orders(80, [1] * 365, 2025)]
    found = total(ask({"orders": rows}, "active_customers", period="2025", compare="previous"), "active_customers")
    assert found.change is not None
    assert (found.change.value, found.verdict) == (30, Verdict.NOT_TESTED)


# Currencies


def test_a_target_is_not_compared_with_several_currencies(ask) -> None:
    from kpi_cli.options.arguments import Target

    rows = days_of(2026, 3, [100, 200])
    rows[0] |= {"currency": "SEK"}
    rows[1] |= {"currency": "EUR"}
    aim = (Target(kpi="aov", value="150"),)
    report = ask({"orders": rows}, "aov", target=aim)
    assert [(result.kpi.currency, result.target) for result in report.totals] == [("EUR", None), ("SEK", None)]
    assert all("several currencies" in " ".join(map(str, result.notes)) for result in report.totals)
    lone = ask({"orders": [row | {"currency": "SEK"} for row in rows]}, "aov", target=aim)
    assert [result.target is not None for result in lone.totals] == [True]


def test_groups_keep_to_their_currency(ask) -> None:
    rows = [row | {"currency": currency, "channel": channel}
            for row, currency, channel in zip(days_of(2026, 3, [1, 2, 4]), ("SEK", "SEK", "EUR"), ("web", "shop", "web"), strict=True)]  # fmt: skip
    report = ask({"orders": rows}, "revenue", by=("channel",))
    found = {
        (result.kpi.currency, result.group["channel"]): result.estimate.value for result in report.grouped("channel")
    }
    assert found == {("SEK", "web"): 1, ("SEK", "shop"): 2, ("EUR", "web"): 4}


# Costs known by their month


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2026-03", 10), ("2026-Q1", 10), ("2026-W11", None), ("2026-03-02..2026-03-31", None), ("all", 10)],
)
def test_a_month_s_cost_is_used_in_whole_months(ask, period: str, expected: float | None) -> None:
    tickets: Rows = [
        {"ticket_id": f"{month}-{number}", "created_at": str(date(2026, month, 1 + number % 28))}
        for month in (1, 2, 3)
        for number in range(31)
    ]
    costs: Rows = [
        {"cost_id": str(month), "month": f"2026-{month:02}-01", "kind": "support", "amount": 310} for month in (1, 2, 3)
    ]
    found = total(ask({"tickets": tickets, "costs": costs}, "cost_per_ticket", period=period), "cost_per_ticket")
    assert found.estimate.value == expected
    assert any("finer periods" in str(note) for note in found.notes) is (expected is None)


def test_a_month_s_cost_is_not_all_spent_on_its_first_day(ask) -> None:
    """Spread over the month, the interval is as wide as the tickets vary; on one day it would be as wide as the value."""
    tickets: Rows = [
        {"ticket_id": str(number), "created_at": str(date(2026, 3, 1 + number % 31))} for number in range(310)
    ]
    costs: Rows = [{"cost_id": "1", "month": "2026-03-01", "kind": "support", "amount": 1000.01}]
    found = total(
        ask({"tickets": tickets, "costs": costs}, "cost_per_ticket", period="2026-03"), "cost_per_ticket"
    ).estimate
    assert found.value == pytest.approx(1000.01 / 310, rel=1e-12)
    assert found.low == pytest.approx(found.value, rel=1e-3)
