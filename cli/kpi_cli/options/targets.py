"""Targets as people write them, read by the unit of their KPI: what is to be reached, by when, from where, for whom, by whom."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpi_cli.boundary import UsageError
from kpi_cli.options import amounts, arguments
from kpi_cli.options.repeated import once
from kpi_core.model.goal import Goal

if TYPE_CHECKING:
    from kpi_core.model.kpi import Kpi

_WRITTEN_SO = {
    "share": "it is a share: write 85% or 0.85; the mean of marks is a KPI of its own, such as csat_mean=4.5/5",
    "points": "it is counted in points: write 30 or -5",
    "seconds": "it is a time: write 4h, 30 min or 2 days",
    "days": "it is a time: write 5 days",
    "score": "it is a mark: write 4.5/5",
    "money": "it is money: write 100 EUR",
    "count": "it is counted: write a number, such as 500",
    "ratio": "write a number, such as 1.5",
}
"""How a target is written, by the unit of its KPI."""

PEOPLE = ("agent", "customer", "customer_id", "customer_email")
"""Dimensions whose groups are people."""
_DAYS = "2026-12-31, 2026-12, 2026-Q4 or 2026"


def goals(targets: Iterable[arguments.Target], known: "tuple[Kpi, ...]") -> dict[str, tuple[Goal, ...]]:
    """The targets by KPI, one for each segment and currency.

    Raises:
        UsageError: one means nothing, or two are of the same.
    """
    aims = [(target, _aimed(target, known)) for target in targets]
    same = (
        ((target.kpi, goal.currency, *(part.casefold() for part in goal.segment or ())), goal) for target, goal in aims
    )
    found: dict[str, tuple[Goal, ...]] = {}
    for (kpi, *_), goal in once("--target", same).items():
        found[str(kpi)] = (*found.get(str(kpi), ()), goal)
    return found


def _aimed(target: arguments.Target, known: "tuple[Kpi, ...]") -> Goal:
    from kpi_core.errors import DefinitionError

    try:
        return aim(target, known)
    except DefinitionError as error:
        raise UsageError(error.message, hint=error.hint) from None
    except ValueError as error:
        unit = next((each.unit.value for each in known if each.name == target.kpi), "")
        raise UsageError(f"target of `{target.kpi}`: {error}", hint=_WRITTEN_SO.get(unit)) from None


def aim(target: arguments.Target, known: "tuple[Kpi, ...]") -> Goal:
    """What is meant by a target (see `amounts.amount`).

    Raises:
        DefinitionError: there is no such KPI.
        ValueError: it is no value of the KPI's unit, or what is agreed about it means nothing.
    """
    from kpi_core.config.validation import suggestion
    from kpi_core.errors import DefinitionError

    kpi = next((one for one in known if one.name == target.kpi), None)
    if kpi is None:
        near = suggestion(target.kpi, [one.name for one in known])
        raise DefinitionError(f"no KPI `{target.kpi}`{near}", hint="`kundpuls kpis` lists them")
    goal = _value(target.value, kpi)
    start = None if target.start is None else _value(target.start, kpi)
    if start is not None and {start.currency, goal.currency, None} != {goal.currency, None}:
        raise ValueError(f"`{target.start}` is in another currency than `{target.value}`")
    if start is not None and start.highest is not None and start.highest != goal.highest:
        raise ValueError(f"`{target.start}` is on another scale than `{target.value}`")
    since = None if target.since is None else _first_day(target.since)
    return Goal(
        value=goal.value, currency=goal.currency, highest=goal.highest,
        segment=None if target.segment is None else _segment(target.segment),
        deadline=None if target.deadline is None else _deadline(target.deadline, since),
        since=since, start=None if start is None else start.value, owner=target.owner or "",
    )  # fmt: skip


def _value(text: str, kpi: "Kpi") -> Goal:
    """A value that the KPI can have."""
    from kpi_core.model.measures import Difference, Ratio

    found = amounts.amount(text, kpi.unit.value)
    least, most = {"share": (0.0, 1.0), "points": (-1.0, 1.0)}.get(kpi.unit.value, (None, None))
    if least is None or most is None or isinstance(kpi.measure, Ratio | Difference):
        return found
    if not least <= found.value <= most:
        ends = "0% to 100%" if kpi.unit.value == "share" else "-100 to 100"
        raise ValueError(f"`{text}` is beyond what `{kpi.name}` can be, {ends}")
    return found


def _segment(text: str) -> tuple[str, str]:
    name, sign, word = (part.strip() for part in text.partition("="))
    if not (name and sign and word):
        raise ValueError(f"`{text}` is no segment, write for example group=Billing")
    if name.casefold() in PEOPLE:
        raise ValueError(
            f"`{text}` is a person, and targets are for teams, products or channels: write for example group=Billing"
        )
    return name, word


def _first_day(text: str) -> date:
    """The day from which on, of a period its first."""
    start = _period(text, "since")[0]
    assert start is not None
    return start


def _deadline(text: str, since: date | None) -> date:
    """The last day of a period, or of a time from `since` on."""
    if not text[:1].isdigit() or text[:4].isdigit():
        return _after(text, since, _period(text, "deadline")[1] - timedelta(days=1))
    try:
        months, days = amounts.calendar_time(text)
    except ValueError:
        raise ValueError(f"deadline `{text}` is no day, write {_DAYS}, or 6 months with `since`") from None
    if since is None:
        raise ValueError(
            f"deadline `{text}` is counted from a day: write `since: 2026-10-01` next to it, or a day such as 2026-12-31"
        )
    return _after(text, since, _later(since, months) + timedelta(days=days - 1))


def _after(text: str, since: date | None, deadline: date) -> date:
    if since is not None and deadline <= since:
        raise ValueError(f"deadline `{text}` is not after `since`, {since}")
    return deadline


def _period(text: str, key: str) -> tuple[date, date]:
    from kpi_core.errors import DefinitionError
    from kpi_core.model.periods import parse_period

    try:
        period = parse_period(text, None)
    except DefinitionError:
        span = ", or 6 months with `since`" if key == "deadline" else ""
        raise ValueError(f"{key} `{text}` is no day, write {_DAYS}{span}") from None
    if period.start is None or period.end is None:
        raise ValueError(f"{key} `{text}` is no day, write {_DAYS}")
    return period.start, period.end


def _later(day: date, months: int) -> date:
    """So many months later; the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
