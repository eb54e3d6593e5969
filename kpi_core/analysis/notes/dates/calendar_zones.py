"""The finding on opening hours by another clock than the report's: each time in them is off by the hours between the two, if that is not meant."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kpi_core.calendars import Calendar
from kpi_core.facts import Rules
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.periods import Grain, steps

CALENDAR_ZONE = "calendar-zone"
IN_HOURS = ("*_business", "*_business_*")
"""The KPIs in opening hours, whatever was promised."""
ON_REPLIES = ("first_reply_within", "first_reply_within_km")
ON_RESOLUTIONS = ("sla_resolution_rate", "resolved_within_km")
MIDDAY = timedelta(hours=12)


Days = tuple[date, date]
"""The first and the last of some days."""


def calendar_label(calendar: Calendar | None, zone: str | None, days: Days | None) -> str | None:
    """What a report calls its calendar: with the zone where that has another clock than the report."""
    if calendar is None:
        return None
    differs = calendar.zone is not None and zone is not None and days is not None and _differ(calendar.zone, zone, days)
    return f"{calendar.label} ({calendar.zone})" if differs else calendar.label


def calendar_zones(rules: Rules, zone: str | None, days: Days | None) -> Iterator[Finding]:
    """One finding for each zone of the calendar whose clock is not that of the report on some of the days that the files cover.

    Serious where it is UTC, in which no desk opens its doors: the hours are then hardly meant so.
    """
    if rules.calendar is None or zone is None or days is None:
        return
    kpis = (
        *IN_HOURS,
        *(ON_REPLIES if rules.first_reply_targets else ()),
        *(ON_RESOLUTIONS if rules.resolution_targets else ()),
    )
    for other, whose in _zones(rules.calendar).items():
        if _differ(other, zone, days):
            text = Message("calendar-zone", whose=whose, other=other, zone=zone)
            yield Finding(code=CALENDAR_ZONE, message=text, kpis=kpis, is_serious=other == "UTC")


def _zones(calendar: Calendar) -> dict[str, Message]:
    """The zones of a calendar, with the words for whose they are."""
    found = {} if calendar.zone is None else {calendar.zone: Message("hours-of-calendar", calendar=calendar.label)}
    for group, own in calendar.groups.items():
        if own.zone is not None:
            found.setdefault(own.zone, Message("hours-of-group", group=group))
    return found


def _differ(one: str, other: str, days: Days) -> bool:
    """Whether two zones show different times at midday on either day, or in any month between."""
    looked_at = {*days, *(step.start for step in steps(*days, Grain.MONTH) if step.start is not None)}
    return any(_offset(one, day) != _offset(other, day) for day in looked_at)


def _offset(zone: str, day: date) -> timedelta | None:
    return (datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) + MIDDAY).utcoffset()
