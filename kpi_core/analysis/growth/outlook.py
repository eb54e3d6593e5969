"""A business as three factors, what becomes of it if they were others, and years ahead: plain arithmetic on what is given."""

import math
from collections.abc import Mapping
from enum import StrEnum

from kpi_core.errors import DefinitionError
from kpi_core.records import dataclass
from kpi_core.stats.decomposition import shares_of_change


class Name(StrEnum):
    """What revenue is the product of."""

    CUSTOMERS = "customers"
    FREQUENCY = "frequency"
    ORDER_VALUE = "order-value"


@dataclass(frozen=True, kw_only=True)
class Business:
    """Customers, orders for each of them, and what an order is worth, in one period."""

    customers: float
    frequency: float
    order_value: float

    @property
    def revenue(self) -> float:
        """Their values."""
        return math.prod(self.factors)

    @property
    def factors(self) -> tuple[float, float, float]:
        """The three in the order of `Name`."""
        return self.customers, self.frequency, self.order_value


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a factor is taken to become: a value, or a share more (−0.1: a tenth less)."""

    value: float | None = None
    by: float | None = None

    def of(self, old: float) -> float:
        """The factor after it."""
        return old * (1 + self.by) if self.by is not None else old if self.value is None else self.value


@dataclass(frozen=True, kw_only=True)
class Net:
    """Customers won and lost: their number changes by the difference."""

    new: float
    lost: float

    @property
    def change(self) -> float:
        """How many more there are."""
        return self.new - self.lost


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """Revenue some years on, from the business as it was and as it is taken to become, at one rate a year (0.09 is 9 %)."""

    years: int
    rate: float
    of_base: float
    of_raised: float


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A business as it is, as it is taken to become, and what each factor adds to the change of revenue.

    Attributes:
        parts: one for each of `Name`, which add up to the change.
        growth: the change as a share of the revenue before.
        ahead: some years later, at the rate asked for and at the growth itself.
        net: the customers won and lost that the change of their number is made of, where that was given.
    """

    base: Business
    raised: Business
    parts: tuple[float, float, float]
    growth: float
    ahead: tuple[Ahead, ...] = ()
    net: Net | None = None


def what_if(
    base: Business, moves: Mapping[Name, Move], *, net: Net | None = None, years: int = 0, rate: float | None = None
) -> Outlook:
    """What becomes of revenue if factors become others; `years` on at `rate` and at the growth itself, from both.

    Raises:
        DefinitionError: the base is 0, a factor would be below 0, or customers are changed in two ways.
    """
    if base.revenue <= 0 or min(base.factors) <= 0:
        raise DefinitionError("growth needs customers, orders and an order value above 0", where="--base")
    if net is not None and Name.CUSTOMERS in moves:
        hint = "name customers, or new and lost, and not both"
        raise DefinitionError("customers are changed in two ways", where="--what-if", hint=hint)
    moved = [moves[name].of(old) if name in moves else old for name, old in zip(Name, base.factors, strict=True)]
    if net is not None:
        moved[0] = base.customers + net.change
    if min(moved) < 0:
        raise DefinitionError("a factor would be below 0", where="--what-if")
    raised = Business(customers=moved[0], frequency=moved[1], order_value=moved[2])
    parts = shares_of_change(base.factors, raised.factors)
    grown = raised.revenue / base.revenue - 1
    rates = [] if not years else [grown] if rate is None or rate == grown else [rate, grown]
    ahead = [
        Ahead(
            years=years,
            rate=one,
            of_base=base.revenue * (1 + one) ** years,
            of_raised=raised.revenue * (1 + one) ** years,
        )
        for one in rates
    ]
    return Outlook(base=base, raised=raised, parts=(parts[0], parts[1], parts[2]), growth=grown, ahead=tuple(ahead), net=net)  # fmt: skip
