"""Opening hours as they are written: `08:00-12:00, 13:00-17:00` on a day, `mon-fri` in a week, `22:00-06:00` past midnight."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from kpi_core.config.validation import suggestion
from kpi_core.patterns import regex

Opening: TypeAlias = tuple[int, int]
"""Seconds after midnight of the day it begins: start, and an end that may lie in the next day."""

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = r"(\d{1,2})(?:[:.](\d\d))?(?:[:.](\d\d))?"
_OPENING = regex(rf"{_TIME}\s*[-–]\s*{_TIME}")


def read_hours(value: Any) -> tuple[Opening, ...]:
    """The openings of a day, earliest first, from text, a list of texts, or `closed`.

    Raises:
        ValueError: one is no opening, or begins before another has ended.
    """
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("opening hours are written as 08:00-17:00, a list of such, or closed")
    texts = [text.strip() for text in texts]
    if [text.casefold() for text in texts] == ["closed"]:
        return ()
    read = sorted((_opening(text), text) for text in texts)
    for ((_, end), earlier), ((start, _), later) in pairwise(read):
        if start < end:
            raise ValueError(f"`{later}` begins before {earlier} has ended")
    return tuple(opening for opening, _ in read)


def _opening(text: str) -> Opening:
    found = _OPENING.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text}` is no opening; write it as 08:00-17:00")
    start, end = _seconds(found.groups()[:3], text), _seconds(found.groups()[3:], text)
    if start == DAY:
        raise ValueError(f"`{text}` begins when the day is over; write 00:00 on the day after")
    if start == end:
        raise ValueError(f"`{text}` ends as it begins; write 00:00-24:00 for a whole day, closed for none")
    return start, end if end > start else end + DAY


def _seconds(parts: tuple[str | None, ...], text: str) -> int:
    hour, minute, second = (int(part or 0) for part in parts)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY:
        raise ValueError(f"`{text}` has a time that no clock shows")
    return seconds


def _check_week(week: dict[str, tuple[Opening, ...]]) -> dict[str, tuple[Opening, ...]]:
    taken: dict[int, str] = {}
    for key in week:
        for weekday in _weekdays(key):
            if other := taken.get(weekday):
                raise ValueError(f"`{key}` names {WEEKDAYS[weekday]} again, which `{other}` already covers")
            taken[weekday] = key
    return week


def _weekdays(key: str) -> Iterator[int]:
    for part in key.split(","):
        first, *rest = (_weekday(word.strip(), key) for word in re.split("[-–]", part))
        if len(rest) > 1:
            raise ValueError(f"`{key}` is no weekday; write mon, mon-fri, or mon, wed")
        last = rest[0] if rest else first
        yield from ((first + step) % 7 for step in range((last - first) % 7 + 1))


def _weekday(word: str, key: str) -> int:
    for names in (WEEKDAYS, _NAMES):
        if word.casefold() in names:
            return names.index(word.casefold())
    near = suggestion(word.casefold(), WEEKDAYS) or suggestion(word.casefold(), _NAMES)
    near = near or "; they are mon, tue, wed, thu, fri, sat and sun"
    raise ValueError(f"`{key}` is no weekday{near}")


Hours = Annotated[tuple[Opening, ...], BeforeValidator(read_hours)]
Week = Annotated[dict[str, Hours], AfterValidator(_check_week)]


def by_weekday(week: Week) -> tuple[tuple[Opening, ...], ...]:
    """The openings of Monday to Sunday; a day the week leaves out is closed."""
    days: list[tuple[Opening, ...]] = [()] * 7
    for key, hours in week.items():
        for weekday in _weekdays(key):
            days[weekday] = hours
    return tuple(days)


def shared(openings: Iterable[Opening], others: Iterable[Opening]) -> tuple[Opening, ...]:
    """What lies in an opening of both."""
    others = tuple(others)
    pairs = ((max(a, c), min(b, d)) for a, b in openings for c, d in others)
    return tuple((start, end) for start, end in pairs if start < end)


def merged(openings: Iterable[Opening]) -> list[Opening]:
    """The same time in as few openings as can be, earliest first; those that touch become one."""
    found: list[Opening] = []
    for start, end in sorted(openings):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
