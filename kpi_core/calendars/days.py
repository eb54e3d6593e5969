"""Which days a calendar means by `2026-12-24`, `12-24`, `2026-12-24..2027-01-01`, `midsummer eve` or `day before epiphany`."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from kpi_core.calendars.moving_days import FEASTS, key
from kpi_core.calendars.public import Country
from kpi_core.config.validation import suggestion
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_DATED = regex(r"\d{4}-\d\d-\d\d")
_YEARLY = regex(r"\d\d-\d\d")
_DAY_STEP = regex(r"day (before|after) (.+)")
_LEAP = 2024


@dataclass(frozen=True, kw_only=True)
class Days:
    """Days a calendar speaks of. `names` is what a feast among them goes by, empty for days by date or nearness."""

    in_year: Callable[[int], Iterable[date]]
    names: frozenset[str] = frozenset()


def find_days(text: str, country: Country | None) -> Days:
    """The days `text` means; names are computed feasts, or holidays of `country`.

    Raises:
        ValueError: it means none.
    """
    name, step = key(text), 0
    while step_words := _DAY_STEP.fullmatch(name):
        step += -1 if step_words[1] == "before" else 1
        name = step_words[2]
    found = _by_date(name, text) if name[:1].isdigit() else _by_name(name, text, country)
    return _shifted(found, step) if step else found


def _by_name(name: str, text: str, country: Country | None) -> Days:
    if feast := FEASTS.get(name):
        return Days(in_year=lambda year: (feast.in_year(year),), names=feast.names)
    known = () if country is None else (*country.names(is_public=True), *country.names(is_public=False))
    if country is None or name not in known:
        near = suggestion(name, (*FEASTS, *known)) or "; write a date, 12-24 for every year, or the name of a feast"
        raise ValueError(f"`{text}` is no day{near}")
    return Days(in_year=lambda year: _named(country, name, year), names=frozenset((name,)))


def _named(country: Country, name: str, year: int) -> Iterable[date]:
    every = (*country.public_days(year).items(), *country.other_days(year).items())
    return (day for day, feasts in every if any(name in names for names in feasts))


def _shifted(days: Days, step: int) -> Days:
    def in_year(year: int) -> Iterable[date]:
        moved = (day + timedelta(days=step) for near in (year - 1, year, year + 1) for day in days.in_year(near))
        return (day for day in moved if day.year == year)

    return Days(in_year=in_year)


def _by_date(name: str, text: str) -> Days:
    ends = [part.strip() for part in name.split("..")]
    for shape, read in ((_DATED, _dated), (_YEARLY, _yearly)):
        if len(ends) <= 2 and all(shape.fullmatch(end) for end in ends):
            return read(text, ends[0], ends[-1])
    raise ValueError(f"`{text}` is no day; write 2026-12-24, 12-24 for every year, or first..last")


def _dated(text: str, first: str, last: str) -> Days:
    start, end = _date(first, text), _date(last, text)
    if end < start:
        raise ValueError(f"`{text}` ends before it begins")

    def in_year(year: int) -> Iterable[date]:
        return _range(max(start, date(year, 1, 1)), min(end, date(year, 12, 31)))

    return Days(in_year=in_year)


def _yearly(text: str, first: str, last: str) -> Days:
    """Every year the same, over New Year where the end comes before the start; `02-29` is in leap years only."""
    start, end = (_date(f"{_LEAP}-{part}", text) for part in (first, last))
    low, high = (start.month, start.day), (end.month, end.day)

    def in_year(year: int) -> Iterable[date]:
        every = ((day, (day.month, day.day)) for day in _range(date(year, 1, 1), date(year, 12, 31)))
        if low <= high:
            return (day for day, place in every if low <= place <= high)
        return (day for day, place in every if place >= low or place <= high)

    return Days(in_year=in_year)


def _date(written: str, text: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"`{text}` has a day that no calendar shows") from None


def _range(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
