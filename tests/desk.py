"""A desk with opening hours, and its open time counted day by day in plain Python."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kpi_core.calendars import Calendar, find_calendar

ALWAYS = "Billing"
"""The group that never closes; the others are there from 9 to 17, Monday to Friday."""

DESK = f"""name: desk
label: Our desk
zone: Europe/Stockholm
week: {{mon-fri: 09:00-17:00}}
groups: {{{ALWAYS}: {{mon-sun: 00:00-24:00}}}}
"""


def written(folder: Path) -> Calendar:
    """The desk as a calendar read from its file."""
    path = folder / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return find_calendar(str(path))


def open_seconds(since: datetime, until: datetime, *, always: bool = False, zone: str | None = None) -> int:
    """Open seconds from one instant to a later one: of the clock on the desk's wall, or of UTC where a zone is named."""
    if always:
        return int((until - since).total_seconds())
    total, at = 0.0, since.date() - timedelta(days=1)
    while at <= until.date() + timedelta(days=1):
        first, last = (_instant(datetime.combine(at, time(hour)), zone) for hour in (9, 17))
        if at.weekday() < 5:
            total += max((min(last, until) - max(first, since)).total_seconds(), 0)
        at += timedelta(days=1)
    return int(total)


def _instant(wall: datetime, zone: str | None) -> datetime:
    return wall if zone is None else wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
