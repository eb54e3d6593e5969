"""Periods that are mostly closed: Easter, and the week of Christmas, against days on which the desk is open."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median

from kpi_core.analysis.notes.dates.unequal_periods import grows
from kpi_core.calendars import Calendar
from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query

QUIET = 0.2
"""The share of what its weekday usually brings up to which a day brings hardly anything."""
FEWEST = 10.0
"""Tickets that the quiet days of a period should have brought, below which chance may have left them out."""
PART = 0.2
"""The part of what a period usually brings from which its holidays decide how much it has: one day of a week, or five of a month."""


def closed_days(engine: Engine, query: Query, kpis: Sequence[Kpi], calendar: Calendar | None) -> Iterator[Finding]:
    """What is not compared because one of the two periods has no open day, or without a calendar because of its public holidays."""
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if kpi.table == "tickets" or grows(kpi)))
    both = [
        one
        for one in (query.period, query.baseline)
        if one is not None and one.start is not None and one.end is not None
    ]
    if len(both) < 2 or not names:
        return
    if calendar is not None:
        shut = [all(map(calendar.is_closed, _days(one))) for one in both]
        if any(shut) and not all(shut):
            text = Message("no-open-day", period=both[shut.index(True)].name)
            yield Finding(code="closed-days", message=text, kpis=names, consequence=Consequence.NO_VERDICT)
        return
    if "tickets" not in engine.tables or "created_at" not in engine.tables["tickets"].frame.columns:
        return
    rows = engine.rows_by_day("tickets", "created_at")
    usual = _usual(rows)
    for period in both:
        if (found := _holidays(period, rows, usual)) is None:
            continue
        days, name = found
        text = Message("holidays-without-calendar", count=len(days), period=period.name, first=days[0], calendar=name)
        yield Finding(code="closed-days", message=text, kpis=names, consequence=Consequence.NO_VERDICT)
        return


def _usual(rows: Mapping[date, int]) -> list[float]:
    """What each weekday usually brings: the median of those from the first day with rows to the last."""
    if not rows:
        return [0.0] * 7
    first, last = min(rows), max(rows)
    every = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    by_weekday = [[rows.get(day, 0) for day in every if day.weekday() == weekday] for weekday in range(7)]
    return [float(median(each)) if each else 0.0 for each in by_weekday]


def _holidays(period: Period, rows: Mapping[date, int], usual: Sequence[float]) -> tuple[list[date], str] | None:
    """The public holidays of a period with hardly a ticket, and the calendar that has them; None where they are too small a part of it."""
    days = [day for day in _days(period) if day <= max(rows, default=day)]
    due = sum(usual[day.weekday()] for day in days)
    quiet = [day for day in days if rows.get(day, 0) <= QUIET * usual[day.weekday()] and usual[day.weekday()] > 0]
    if sum(usual[day.weekday()] for day in quiet) < max(FEWEST, PART * due):
        return None
    from kpi_core.calendars.find import built_in, find_calendar

    calendars = {name: find_calendar(name) for name in built_in()}
    found = {name: [day for day in quiet if one.is_closed_for_once(day)] for name, one in calendars.items()}
    most = max(map(len, found.values()))
    fit = {name: _fit(one, rows, usual) for name, one in calendars.items() if len(found[name]) == most > 0}
    if not fit:
        return None
    name = max(fit, key=lambda one: fit[one])
    enough = sum(usual[day.weekday()] for day in found[name]) >= max(FEWEST, PART * due)
    return (found[name], name) if enough else None


def _fit(calendar: Calendar, rows: Mapping[date, int], usual: Sequence[float]) -> int:
    """How many days on which a calendar is closed for once are quiet in the files, less those that are not."""
    first, last = min(rows), max(rows)
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    closed = [day for day in days if usual[day.weekday()] and calendar.is_closed_for_once(day)]
    quiet = sum(rows.get(day, 0) <= QUIET * usual[day.weekday()] for day in closed)
    return 2 * quiet - len(closed)


def _days(period: Period) -> list[date]:
    assert period.start is not None
    assert period.end is not None
    return [period.start + timedelta(days=place) for place in range((period.end - period.start).days)]
