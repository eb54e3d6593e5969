"""`kundpuls growth`: the article's example on a line, and revenue split from orders."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from invoked import piped

ARTICLE = ("growth", "--base", "customers=1000,frequency=2.3,order-value=1484",
           "--what-if", "order-value=1573,frequency=+4%,customers=+7.2%")  # fmt: skip


def test_the_articles_example_on_a_line() -> None:
    ended = piped(*ARTICLE, "--years", "5", "--rate", "9%", "--base-year", "2026")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[2] == "Revenue would be 4,033,524: 18.17% more than 3,413,200."
    text = ended.out
    for result in (
        "2.392",
        "+258,231",
        "+145,734",
        "+216,360",
        "+620,324",
        "6,206,077",
        "9,296,071",
        "18.1743%",
        "2031",
        "2032",
    ):
        assert result in text, result


def test_the_same_for_programs() -> None:
    found = json.loads(piped(*ARTICLE, "--years", "5", "--rate", "9%", "--format", "json").out)
    assert found["base"]["revenue"] == pytest.approx(3_413_200)
    assert found["raised"]["revenue"] == pytest.approx(4_033_524.352)
    assert sum(found["parts"].values()) == pytest.approx(620_324.352)
    assert [(one["rate"], round(one["from_raised"] / 1e6, 2)) for one in found["ahead"]] == [
        (0.09, 6.21),
        (pytest.approx(0.181743, abs=1e-6), 9.30),
    ]


def test_customers_won_and_lost() -> None:
    ended = piped(*ARTICLE[:3], "--what-if", "new=72,lost=50", "--lang", "sv")
    assert "72 nya och 50 förlorade ger +22 på 1 000 (+2,20 %)." in ended.out.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("growth",), "nothing to reckon with"),
        (("growth", "orders.csv", *ARTICLE[1:3]), "stands in the place of files"),
        (("growth", "--base", "customers=1000,frequency=2.3"), "lacks order-value"),
        (("growth", "--base", "customers=1000,frequency=2.3,order-value=x"), "is no number"),
        (("growth", "--base", "clients=1000"), "no `clients`"),
        ((*ARTICLE[:3], "--what-if", "frequency=+4"), "by what share it changes"),
        ((*ARTICLE[:3], "--what-if", "new=4%"), "is a number of customers"),
        ((*ARTICLE[:3], "--what-if", "new=4,customers=1010"), "two ways"),
        (("growth", "--base", "customers=0,frequency=2,order-value=5"), "above 0"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(arguments: tuple[str, ...], message: str) -> None:
    ended = piped(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_revenue_is_split_from_orders(tmp_path: Path) -> None:
    lines = ["Order ID;Customer ID;Order date;Amount"]
    for start, customers, amount in (
        (date(2026, 7, 1), 20, 100),
        (date(2026, 8, 1), 25, 120),
        (date(2026, 9, 1), 1, 9),
    ):
        for number in range(2 * customers):
            lines.append(f"{len(lines)};c{number // 2};{start + timedelta(days=number % 28)};{amount}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ended = piped("growth", path, "--period", "2026-08", "--no-config", "--what-if", "customers=+20%", "--years", "2")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[0] == "Growth, August 2026 against July 2026"
    assert "Revenue rose by 50.0% to 6,000." in lines[2]
    assert "customers (+1,100)" in lines[3]
    assert "Revenue would be 7,200: 20.00% more than 6,000." in ended.out
    incomplete = piped("growth", path, "--period", "2026-09", "--no-config")
    assert "Its change is not split: not compared: one of the two periods is not complete" in incomplete.out


def test_a_rise_comes_from_what_rose() -> None:
    given = ("--base", "customers=1000,frequency=2,order-value=100", "--what-if", "customers=-9%,order-value=+12%")
    output = piped("growth", *given).out
    assert "comes from order value (+" in output
    assert "comes from customers" not in output
    both = piped("growth", *given[:3], "customers=+5%,frequency=+5%,order-value=+6%").out
    assert "The largest contribution comes from order value (+" in both


def test_a_period_without_one_before_it_is_shown_by_its_factors(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    lines = [f"{number};c{number % 25};2026-08-{1 + number % 28:02d};120" for number in range(50)]
    path.write_text("\n".join(["Order ID;Customer ID;Order date;Amount", *lines, ""]), "utf-8")
    ended = piped("growth", path, "--period", "all")
    assert ended.code == 0, ended.err
    rows = [line.split("  ") for line in ended.out.splitlines()[4:10]]
    shown = {row[0]: row[-1].strip() for row in rows}
    assert shown["Customers"] == "25"
    assert shown["Orders per customer"] == "2.00"
    assert shown["Order value"] == "120.00"
    assert shown["Revenue"] == "6,000"
