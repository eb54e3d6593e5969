"""What growth is reckoned from, and what if: options of one command, and how they are written."""

from typing import TYPE_CHECKING, Annotated, Any

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.growth.outlook import Business

NAMES = ("customers", "frequency", "order-value")
"""As in the core, which knows them by these words."""
WON, LOST = "new", "lost"
BASE = "customers=1000,frequency=2.3,order-value=1484"
WHAT_IF = "order-value=1573,frequency=+4%,customers=+7.2%"


@dataclass(frozen=True)
class Moved:
    """One factor, or customers won or lost: `value`, or a share more (`by`, 0.04 is 4 %)."""

    name: str
    value: float | None = None
    by: float | None = None


@dataclass(frozen=True)
class Factors:
    """A business named on the line."""

    customers: float
    frequency: float
    order_value: float


@dataclass(frozen=True)
class Moves:
    """What factors become, in the order they were named."""

    each: tuple[Moved, ...] = ()


def factors_of(text: str) -> Factors:
    """Reads `customers=…,frequency=…,order-value=…`, all three."""
    found = {name: _number(value, name) for name, value in _pairs(text, NAMES, BASE)}
    if lacking := [name for name in NAMES if name not in found]:
        raise ValueError(f"`{text}` lacks {', '.join(lacking)}; write for example {BASE}")
    return Factors(*(found[name] for name in NAMES))


def moves_of(text: str) -> Moves:
    """Reads `order-value=1573,frequency=+4%,new=72,lost=50`: a value, or a share more or less."""
    return Moves(tuple(_moved(name, value) for name, value in _pairs(text, (*NAMES, WON, LOST), WHAT_IF)))


def rate_of(text: str) -> float:
    """Reads `9%` or `0.09`."""
    return _share(text) if text.strip().endswith("%") else _number(text, "rate")


def _moved(name: str, value: str) -> Moved:
    if value.endswith("%"):
        if name in (WON, LOST):
            raise ValueError(f"`{name}` is a number of customers, write for example {name}=72")
        return Moved(name, by=_share(value))
    if value[0] in "+-":
        raise ValueError(f"`{name}={value}`: write what it becomes, or by what share it changes: {name}=+4%")
    return Moved(name, value=_number(value, name))


def _pairs(text: str, known: tuple[str, ...], example: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not (equals and value):
            raise ValueError(f"`{part.strip()}` is not of the form NAME=VALUE, write for example {example}")
        if name not in known:
            raise ValueError(f"no `{name}`: there are {', '.join(known)}")
        if name in dict(found):
            raise ValueError(f"`{name}` stands twice")
        found.append((name, value))
    return found


def _share(text: str) -> float:
    return _number(text.strip().removesuffix("%"), text) / 100


def _number(text: str, name: str) -> float:
    try:
        found = float(text.replace(" ", "").replace("\u2212", "-"))
    except ValueError:
        raise ValueError(f"`{text}` is no number ({name}); write 1484 or 2.3") from None
    if not abs(found) < 1e15:
        raise ValueError(f"`{text}` is no number that {name} can be")
    return found


@dataclass(frozen=True, kw_only=True)
class Growing:
    """Three factors, what if they were others, and years ahead."""

    base: Annotated[
        Factors | None,
        panels.figures(metavar="FACTORS", parser=factors_of, show_default="the orders of the files",
                       help=f"Customers, orders a customer and order value: {BASE}."),
    ] = None  # fmt: skip
    what_if: Annotated[
        Moves | None,
        panels.figures("--what-if", metavar="FACTORS", parser=moves_of, show_default="nothing",
                       help=f"What they become, or change by: {WHAT_IF}; or customers won and lost: new=72,lost=50."),
    ] = None  # fmt: skip
    years: Annotated[
        int,
        panels.figures(metavar="N", min=0, max=100, help="How many years to look ahead."),
    ] = 0  # fmt: skip
    rate: Annotated[
        float | None,
        panels.figures(metavar="SHARE", parser=rate_of, show_default="the growth itself alone",
                       help="At which rate a year, in addition to the growth itself, as 9%."),
    ] = None  # fmt: skip
    base_year: Annotated[
        int | None,
        panels.figures("--base-year", metavar="YEAR", min=1900, max=2199, show_default="the period's, else year 0",
                       help="The year that the base is of."),
    ] = None  # fmt: skip

    def business(self, *, has_files: bool) -> "Business | None":
        """The business named on the line; None where the files name it.

        Raises:
            UsageError: there are neither, or both.
        """
        if not has_files and self.base is None:
            raise UsageError("nothing to reckon with", hint=f"name the files with the orders, or --base {BASE}")
        if has_files and self.base is not None:
            raise UsageError("`--base` stands in the place of files", hint="leave out one of them")
        if self.base is None:
            return None
        if min(vars(self.base).values()) <= 0:
            raise UsageError(
                "growth needs customers, orders and an order value above 0", hint=f"write for example {BASE}"
            )
        from kpi_core.analysis.growth.outlook import Business

        return Business(**vars(self.base))

    def asked(self) -> dict[str, Any]:
        """What if, as the core takes it."""
        from kpi_core.analysis.growth.outlook import Move, Name, Net

        each = self.what_if.each if self.what_if else ()
        moves = {Name(one.name): Move(value=one.value, by=one.by) for one in each if one.name not in (WON, LOST)}
        flows = {one.name: one.value or 0.0 for one in each if one.name in (WON, LOST)}
        if flows and Name.CUSTOMERS in moves:
            raise UsageError("customers are changed in two ways", hint="name customers, or new and lost, and not both")
        net = Net(new=flows.get(WON, 0.0), lost=flows.get(LOST, 0.0)) if flows else None
        return {"moves": moves, "net": net, "years": self.years, "rate": self.rate}
