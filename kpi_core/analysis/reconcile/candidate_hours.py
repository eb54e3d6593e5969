"""The opening hours that are tried: which there are, which assume least, and what they say as a calendar."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from kpi_core.calendars import Calendar
from kpi_core.calendars.calendar_file import CalendarFile
from kpi_core.records import dataclass

DAYS = {"mon-fri": "Mon–Fri", "mon-sat": "Mon–Sat", "mon-sun": "Mon–Sun", "sun-thu": "Sun–Thu"}
OPEN_DAYS = {"mon-fri": range(5), "mon-sat": range(6), "mon-sun": range(7), "sun-thu": (6, 0, 1, 2, 3)}
COUNTRIES = ("SE", "NO", "DK", "FI", "US", "GB", "DE")
SHIFTS = tuple(sorted(range(-12, 15), key=lambda hours: (abs(hours), hours)))
"""How many hours the desk's clock may be ahead of the export's; the nearest first."""

ZONES = {"Europe/London": 0, "Europe/Stockholm": 1, "Europe/Helsinki": 2, "America/New_York": -5,
         "America/Chicago": -6, "America/Los_Angeles": -8}  # fmt: skip
"""Zones with summer time that a desk is often in, and how far their winter is ahead of UTC."""

STARTS, ENDS = range(12, 25), range(28, 45)
"""Half hours after midnight at which it may open and close."""

HALVES = 48
WEEK = 7 * HALVES
"""Half hours in a week."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Opening hours tried, in half hours after midnight. `shift` is how many hours the desk's clock is ahead of the export's.

    `zone` is where the desk is, if that is not what `shift` says of the export's own.
    """

    start: int
    end: int
    days: str = "mon-fri"
    shift: int = 0
    holidays: str | None = None
    zone: str | None = None

    @property
    def words(self) -> str:
        """The hours as a person writes them."""
        spans = [f"{DAYS[self.days]} {_clock(self.start)}–{_clock(self.end)}"]
        if self.zone:
            spans.append(f"by the clock of {self.zone}")
        elif self.shift:
            side = "ahead of" if self.shift > 0 else "behind"
            spans.append(f"by a clock {abs(self.shift)} h {side} the export's")
        if self.holidays:
            spans.append(f"holidays of {self.holidays}")
        return ", ".join(spans)

    @property
    def assumptions(self) -> tuple[int, ...]:
        """What has to be believed: fewest first. Holidays, another clock, unusual days and half hours cost, then what is far from 9 to 17."""
        halves = self.start % 2 + self.end % 2
        is_unusual = (self.start, self.end) == (0, HALVES)
        others = (self.holidays is not None) + (self.shift != 0 or self.zone is not None)
        return (others + (self.days != "mon-fri") + halves, abs(self.shift), list(DAYS).index(self.days), is_unusual,
                COUNTRIES.index(self.holidays) if self.holidays else -1, abs(self.start - 18) + abs(self.end - 34), self.start)  # fmt: skip

    @cached_property
    def open_halves(self) -> bytes:
        """1 for each half hour of a week, from Monday 00:00 by the export's clock, in which it is open."""
        day = bytes(self.start) + b"\1" * (self.end - self.start) + bytes(HALVES - self.end)
        week = b"".join(day if weekday in OPEN_DAYS[self.days] else bytes(HALVES) for weekday in range(7))
        turn = 2 * self.shift % WEEK
        return week[turn:] + week[:turn]


def every() -> Iterator[Hours]:
    """All openings tried, on all the days tried."""
    openings = [(start, end) for start in STARTS for end in ENDS]
    for days in DAYS:
        yield from (Hours(start=start, end=end, days=days) for start, end in (*openings, (0, HALVES)))


def calendar_of(hours: Hours, zone: str | None) -> Calendar:
    """The calendar that keeps these hours; `zone` is the export's, None where it is unknown (then read as UTC)."""
    written = CalendarFile.model_validate(_written(hours, zone))
    return Calendar(name=written.name, label=written.label, zone=written.zone, written=written)


def calendar_text(hours: Hours, zone: str | None, explained: int, compared: int) -> str:
    """The same as a calendar file, with what it rests on."""
    lines = [f"# Inferred by kundpuls reconcile: explains {explained} of {compared} times."]
    if zone is None and (hours.shift or hours.zone):
        lines.append("# By the desk's clock, not the export's: read the export with --zone UTC.")
    elif zone is None:
        lines.append(
            "# The export names no zone, so these hours are by the clock of the report: name one here if the desk has another."
        )
    written = _written(hours, zone)
    lines += [f"name: {written['name']}", f"label: {written['label']}"]
    lines += [f"zone: {written['zone']}"] if zone or hours.shift or hours.zone else []
    lines.append("week:")
    lines += [f'  {days}: "{opening}"' for days, opening in written["week"].items()]
    if hours.holidays:
        lines += ["holidays:", f'  country: "{hours.holidays}"']
    return "\n".join(lines) + "\n"


def _written(hours: Hours, zone: str | None) -> dict[str, Any]:
    opening = f"{_clock(hours.start)}-{_clock(hours.end)}"
    # POSIX counts these zones west of Greenwich: three hours ahead of UTC is GMT-3.
    shifted = f"Etc/GMT{-hours.shift:+d}" if hours.shift else None
    holidays = {"holidays": {"country": hours.holidays}} if hours.holidays else {}
    return {"name": "inferred", "label": f"Inferred, {DAYS[hours.days]} {opening}",
            "zone": hours.zone or shifted or zone or "UTC", "week": {hours.days: opening}, **holidays}  # fmt: skip


def _clock(halves: int) -> str:
    return f"{halves // 2:02d}:{halves % 2 * 30:02d}"
