"""Periods as analysts name them: `2026-10`, `2026-Q3`, `2026-W45`, `last-month`, `2026-01-01..2026-03-31`.

A period is local calendar days, start inclusive and end exclusive. `all` has neither and also holds the rows
whose date is missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from kpi_core.errors import DefinitionError
from kpi_core.patterns import regex
from kpi_core.records import dataclass

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years a period or an instant may be typed in: beyond them a date is a slip."""


class Grain(StrEnum):
    """The step of a trend."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """Local days from `start` up to but not including `end`; both None for everything.

    `grain` is set where the period is one whole step of it.
    """

    start: date | None
    end: date | None
    grain: Grain | None = None

    @property
    def is_all(self) -> bool:
        """Whether it is everything there is, undated rows included."""
        return self.start is None

    @property
    def days(self) -> int | None:
        """Calendar days in it; None for `all`."""
        return None if self.start is None or self.end is None else (self.end - self.start).days

    @property
    def name(self) -> str:
        """As it would be typed: `2026-10`, `2026-W45`, `2026-01-01..2026-03-31`, `all`."""
        if self.start is None or self.end is None:
            return "all"
        if self.grain is not None:
            return _NAMES[self.grain](self.start)
        return f"{self.start}..{self.end - timedelta(days=1)}"

    def before(self) -> "Period | None":
        """The period of the same length just before; None for `all`."""
        if self.start is None or self.end is None:
            return None
        if self.grain is not None:
            return period_of(self.start - timedelta(days=1), self.grain)
        return Period(self.start - (self.end - self.start), self.start)

    def before_all(self, count: int) -> "Period | None":
        """The `count` periods just before as one; None for `all`."""
        first: Period | None = self
        for _ in range(count):
            first = first.before() if first is not None else None
        return (
            None if first is None or count < 1 else Period(first.start, self.start, first.grain if count == 1 else None)
        )

    def steps_like(self, other: "Period") -> tuple["Period", ...]:
        """It in whole steps as long as another period, where it is made of those that follow on one another; else itself alone."""
        if self.end is None or self.start is None or other.grain is None or self.end != other.start:
            return (self,)
        found: list[Period] = []
        step: Period | None = other.before()
        while step is not None and step.start is not None and step.start >= self.start:
            found.insert(0, step)
            step = step.before()
        return tuple(found) if found and found[0].start == self.start else (self,)

    def year_ago(self) -> "Period | None":
        """The same period a year earlier (the same ISO week number for weeks); None for `all`."""
        if self.start is None or self.end is None:
            return None
        if self.grain is Grain.WEEK:
            year, week, _ = self.start.isocalendar()
            last = date(year - 1, 12, 28).isocalendar().week
            return period_of(date.fromisocalendar(year - 1, min(week, last), 1), Grain.WEEK)
        if self.grain is not None:
            return period_of(_year_before(self.start), self.grain)
        return Period(_year_before(self.start), _year_before(self.end))


ALL = Period(None, None)
SEVERAL = regex(r"previous:([1-9]\d?)")


def several(text: str) -> int | None:
    """How many periods before it one is compared with, as `previous:6` says; None for any other baseline."""
    found = SEVERAL.fullmatch(text)
    return int(found[1]) if found else None


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


_NAMES: dict[Grain, Callable[[date], str]] = {
    Grain.DAY: date.isoformat,
    Grain.WEEK: lambda day: "{}-W{:02d}".format(*day.isocalendar()[:2]),
    Grain.MONTH: lambda day: f"{day:%Y-%m}",
    Grain.QUARTER: lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    Grain.YEAR: lambda day: f"{day.year}",
}


def period_of(day: date, grain: Grain) -> Period:
    """The whole step of `grain` that `day` lies in."""
    match grain:
        case Grain.DAY:
            start, end = day, day + timedelta(days=1)
        case Grain.WEEK:
            start = day - timedelta(days=day.weekday())
            end = start + timedelta(days=7)
        case Grain.MONTH:
            start, end = _months(day.year, day.month, 1)
        case Grain.QUARTER:
            start, end = _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
        case Grain.YEAR:
            start, end = _months(day.year, 1, 12)
    return Period(start, end, grain)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = year * 12 + month - 1 + count
    return date(year, month, 1), date(after // 12, after % 12 + 1, 1)


def steps(first: date, last: date, grain: Grain) -> Iterator[Period]:
    """The whole steps of `grain` from the one holding `first` to the one holding `last`."""
    period = period_of(first, grain)
    while period.start is not None and period.end is not None and period.start <= last:
        yield period
        period = period_of(period.end, grain)


_SHAPES: tuple[tuple[str, Grain], ...] = (
    (r"(?P<y>\d{4})(?P<dash>-?)(?P<m>\d{2})(?P=dash)(?P<d>\d{2})", Grain.DAY),
    (r"(?P<y>\d{4})-?W(?P<w>\d{1,2})", Grain.WEEK),
    (r"(?P<y>\d{4})-?(?P<m>\d{2})", Grain.MONTH),
    (r"(?P<y>\d{4})-?Q(?P<q>[1-4])", Grain.QUARTER),
    (r"(?P<y>\d{4})", Grain.YEAR),
)


def _named(text: str) -> Period | None:
    for shape, grain in _SHAPES:
        if found := re.fullmatch(shape, text, re.IGNORECASE):
            part = {name: int(value) for name, value in found.groupdict().items() if name != "dash"}
            if not FIRST_YEAR <= part["y"] <= LAST_YEAR:
                raise ValueError(f"years run from {FIRST_YEAR} to {LAST_YEAR}")
            return period_of(_first_day(part), grain)
    return None


def _first_day(part: Mapping[str, int]) -> date:
    month = part["m"] if "m" in part else part.get("q", 1) * 3 - 2
    try:
        return (
            date.fromisocalendar(part["y"], part["w"], 1) if "w" in part else date(part["y"], month, part.get("d", 1))
        )
    except ValueError:
        raise ValueError("the calendar has no such day, week or month") from None


def parse_period(text: str, newest: date | None = None) -> Period:
    """Reads a period as typed.

    Args:
        text: `all`, a day, ISO week, month, quarter, year, `a..b` (b included), or `last-<grain>` and
            `last-complete-<grain>`: the newest step that ends no later than `newest`.
        newest: the last day of the data, which `last-…` counts from; never today.

    Raises:
        DefinitionError: the text is no period, or `last-…` is asked of data without dates.
    """
    hint = "write 2026-10, 2026-Q3, 2026-W45, 2026, last-month, 2026-01-01..2026-03-31 or all"
    if text == "all":
        return ALL
    try:
        if ".." in text:
            first, last = (_named(part) for part in text.split("..", 1))
            if first and last and first.start and last.end and first.start < last.end:
                return Period(first.start, last.end)
        elif named := _named(text):
            return named
    except ValueError as error:
        raise DefinitionError(f"`{text}` is no period: {error}", hint=hint) from None
    if found := re.fullmatch(r"last-(?:complete-)?(day|week|month|quarter|year)", text):
        if newest is None:
            raise DefinitionError(f"`{text}` needs dates, and the data has none", hint="use --period all")
        here = period_of(newest, Grain(found[1]))
        before = here.before()
        return here if here.end == newest + timedelta(days=1) or before is None else before
    raise DefinitionError(f"`{text}` is no period", hint=hint)
