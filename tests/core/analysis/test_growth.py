"""Growth: the article's example digit by digit, what is split from orders, and what is not."""

import math
from datetime import date, timedelta

import pytest

import kpi_core
from kpi_core.analysis.growth.outlook import Business, Move, Name, Net, what_if
from kpi_core.analysis.growth.split import growth
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME

SHOP = Business(customers=1000, frequency=2.3, order_value=1484)
MOVES = {Name.ORDER_VALUE: Move(value=1573), Name.FREQUENCY: Move(by=0.04), Name.CUSTOMERS: Move(by=0.072)}


def test_the_articles_example() -> None:
    found = what_if(SHOP, MOVES, years=5, rate=0.09)
    assert round(found.base.revenue) == 3_413_200
    assert [round(one, 3) for one in found.raised.factors] == [1072, 2.392, 1573]
    assert round(found.raised.revenue) == 4_033_524
    assert round(100 * found.growth, 4) == 18.1743
    customers, frequency, order_value = found.parts
    assert [order_value, frequency, customers] == pytest.approx([216_360, 145_734, 258_231], abs=1)
    assert round(math.fsum(found.parts)) == 620_324
    nine, own = found.ahead
    assert (nine.rate, round(nine.of_raised / 1e6, 2), round(nine.of_base / 1e6, 2)) == (0.09, 6.21, 5.25)
    assert (round(own.rate, 6), round(own.of_raised / 1e6, 2), round(own.of_base / 1e6, 2)) == (0.181743, 9.30, 7.87)
    printed = what_if(SHOP, MOVES, years=5, rate=0.1817).ahead[0]  # at the rate as the article prints it
    assert [round(one / 1e6, 2) for one in (printed.of_raised, printed.of_base)] == [9.29, 7.86]


def test_customers_won_less_customers_lost() -> None:
    found = what_if(SHOP, {}, net=Net(new=72, lost=50))
    assert found.raised.customers == 1022
    assert found.growth == pytest.approx(0.022)
    assert found.parts[1:] == (0, 0)


@pytest.mark.parametrize(
    ("moves", "net", "message"),
    [({Name.CUSTOMERS: Move(by=0.1)}, Net(new=1, lost=0), "two ways"), ({Name.FREQUENCY: Move(by=-1.5)}, None, "below 0")],
)  # fmt: skip
def test_what_means_nothing_is_refused(moves: dict[Name, Move], net: Net | None, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        what_if(SHOP, moves, net=net)


def test_a_business_of_nothing_does_not_grow() -> None:
    with pytest.raises(DefinitionError, match="above 0"):
        what_if(Business(customers=0, frequency=2, order_value=5), {})


def shop(folder, lines):
    path = folder / "orders.csv"
    path.write_text("Order ID;Customer ID;Order date;Amount\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def orders(start, customers, each, amount, first=0):
    """Orders on the days after a start: `each` for every customer."""
    return [
        f"{first + one * each + place};c{one};{start + timedelta(days=(one * each + place) % 28)};{amount}"
        for one in range(customers)
        for place in range(each)
    ]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    lines = [
        *orders(date(2026, 6, 1), 20, 2, 100, 1000), *orders(date(2026, 7, 1), 20, 2, 100, 2000),
        *orders(date(2026, 8, 1), 25, 2, 120, 3000), "9999;c1;2026-09-03;100",
    ]  # fmt: skip
    return kpi_core.read([shop(tmp_path_factory.mktemp("shop"), lines)])


def asked(**given):
    return Request(kpis=(BY_NAME["revenue"],), **given)


def test_revenue_is_split_between_customers_orders_and_their_value(dataset) -> None:
    found = growth(dataset, asked(period="2026-08"))
    assert found.refused is None
    assert found.now is not None
    assert found.now.factors == pytest.approx((25, 2, 120))
    assert found.change is not None
    assert found.change.base.factors == pytest.approx((20, 2, 100))
    assert found.change.growth == pytest.approx(0.5)
    assert found.change.parts == pytest.approx((1100, 0, 900))
    assert math.fsum(found.change.parts) == pytest.approx(found.revenue.change.value)


def test_what_if_begins_with_the_period(dataset) -> None:
    found = growth(dataset, asked(period="2026-08"), moves={Name.CUSTOMERS: Move(by=0.2)}, years=2)
    assert found.outlook is not None
    assert found.outlook.raised.revenue == pytest.approx(7200)
    assert found.outlook.ahead[0].of_base == pytest.approx(6000 * 1.2**2)


def test_an_incomplete_month_is_not_split(dataset) -> None:
    found = growth(dataset, asked(period="2026-09"))
    assert found.change is None
    assert "not complete" in str(found.refused)


def test_orders_without_a_customer_do_not_multiply(tmp_path) -> None:
    lines = [*orders(date(2026, 6, 1), 20, 2, 100), *orders(date(2026, 7, 1), 20, 2, 100, 500), "999;;2026-07-05;70", "1000;c1;2026-08-01;1"]  # fmt: skip
    found = growth(kpi_core.read([shop(tmp_path, lines)]), asked(period="2026-07"))
    assert found.change is None
    assert "name no customer" in str(found.refused)
