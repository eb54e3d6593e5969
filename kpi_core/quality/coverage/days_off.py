"""Days on which a desk may rest though its calendar is not known: those that some country keeps."""

from datetime import date
from functools import cache

from kpi_core.calendars import Calendar, built_in, find_calendar
from kpi_core.calendars.public import Country, find_country

EVES = ((12, 24), (12, 31))
ELSEWHERE = (("GB", "ENG"), ("US", None))
"""Countries whose desks write their reports in English, and that have no calendar here."""


@cache
def is_day_off(day: date) -> bool:
    """Whether a day is an eve of the year's end, or closed in any of the calendars shipped though their week has hours on it."""
    return (day.month, day.day) in EVES or any(calendar.is_closed_for_once(day) for calendar in _shipped())


@cache
def is_day_off_anywhere(day: date) -> bool:
    """Whether it is such a day, or a public holiday of the countries `ELSEWHERE`."""
    return is_day_off(day) or any(day in country.public_days(day.year) for country in _elsewhere())


@cache
def _shipped() -> tuple[Calendar, ...]:
    return tuple(map(find_calendar, built_in()))


@cache
def _elsewhere() -> tuple[Country, ...]:
    return tuple(find_country(*country) for country in ELSEWHERE)
