"""Opening hours of the simulated desks: Monday to Friday 09-17, wall clock of Europe/Stockholm.

The months simulated lie wholly in summer time, so differences of wall-clock times need no zone.
"""

from datetime import datetime, timedelta

OPENS, OPEN_DAY = 9 * 3600, 8 * 3600
MONDAY = datetime(2026, 1, 5)


def open_seconds(start: datetime, end: datetime) -> int:
    """Opening time between two instants, Monday to Friday 09-17; negative when `end` comes first."""
    return _position(end) - _position(start)


def after_open_time(start: datetime, seconds: float) -> datetime:
    """The instant by which `seconds` of opening time have passed since `start`."""
    days, rest = divmod(_position(start) + int(seconds), OPEN_DAY)
    weeks, weekday = divmod(days, 5)
    return MONDAY + timedelta(weeks=weeks, days=weekday, seconds=OPENS + rest)


def is_open(at: datetime) -> bool:
    """The desk is staffed at this moment."""
    return at.weekday() < 5 and 9 <= at.hour < 17


def _position(at: datetime) -> int:
    since = at - MONDAY
    weeks, weekday = divmod(since.days, 7)
    today = min(max(since.seconds - OPENS, 0), OPEN_DAY) if weekday < 5 else 0
    return (weeks * 5 + min(weekday, 5)) * OPEN_DAY + today


def to_minute(at: datetime) -> datetime:
    """The instant with its seconds cut off."""
    return at.replace(second=0, microsecond=0)


def minutes(start: datetime, end: datetime) -> int:
    """Whole minutes by the clock."""
    return (end - start) // timedelta(minutes=1)
