"""When a desk is open, day by day: the week, with public holidays, half days and days of its own put over it.

What holds on a day: hours under `open`, else `closed`, else a public holiday, else a half day, else the week.
A half day shortens its day and never opens a closed one, so that julafton on a Sunday stays a Sunday.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from kpi_core.calendars.calendar_file import CalendarFile, same
from kpi_core.calendars.days import Days, find_days
from kpi_core.calendars.hours import Opening, by_weekday, shared
from kpi_core.calendars.public import NamedDays
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A desk's opening hours in its own zone (None: that of the report). `groups` have a calendar each; the others go by this one."""

    name: str
    label: str
    zone: str | None
    written: CalendarFile = field(repr=False)
    groups: Mapping[str, "Calendar"] = field(default_factory=dict, repr=False)
    _years: dict[int, dict[date, tuple[Opening, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def of_group(self, group: str | None) -> "Calendar":
        """The calendar of a group, whatever its capitals; this one where the group has none."""
        own = {name.casefold(): calendar for name, calendar in self.groups.items()}
        return self if group is None else own.get(group.strip().casefold(), self)

    def in_zone(self, zone: str | None) -> "Calendar":
        """The same, its hours and those of its groups by the clock of `zone` where their file names none."""
        groups = {name: calendar.in_zone(zone) for name, calendar in self.groups.items()}
        return replace(self, zone=self.zone or zone, groups=groups)

    def openings(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When it opens and closes, by the clock on its wall; one past midnight belongs to the day it begins."""
        midnight = datetime.combine(day, time())
        return tuple(
            (midnight + timedelta(seconds=start), midnight + timedelta(seconds=end)) for start, end in self.hours(day)
        )

    def hours(self, day: date) -> tuple[Opening, ...]:
        """The openings that begin on `day`, in seconds after its midnight."""
        if day.year not in self._years:
            self._years[day.year] = self._unusual(day.year)
        return self._years[day.year].get(day, self._week[day.weekday()])

    def is_closed(self, day: date) -> bool:
        """Whether it does not open on a day."""
        return not self.hours(day)

    def is_closed_for_once(self, day: date) -> bool:
        """Whether it is closed on a day that its week has hours on: a holiday, or a day of its own."""
        return self.is_closed(day) and bool(self._week[day.weekday()])

    @cached_property
    def _week(self) -> tuple[tuple[Opening, ...], ...]:
        return by_weekday(self.written.week)

    @cached_property
    def _half_days(self) -> list[tuple[Days, tuple[Opening, ...]]]:
        """The last first, so that the one written first has the last word; `open` alike."""
        country = self.written.country
        return [(find_days(text, country), hours) for text, hours in reversed(self.written.half_days.items())]

    @cached_property
    def _own(self) -> list[tuple[Days, tuple[Opening, ...]]]:
        country = self.written.country
        closed = [(find_days(text, country), ()) for text in self.written.closed]
        return closed + [(find_days(text, country), hours) for text, hours in reversed(self.written.opened.items())]

    def _unusual(self, year: int) -> dict[date, tuple[Opening, ...]]:
        """The days of a year that are not as their weekday is."""
        public = self._public(year)
        found: dict[date, tuple[Opening, ...]] = dict.fromkeys(public, ())
        for days, hours in self._half_days:
            for day in days.in_year(year):
                # A holiday yields only to a half day of its own name: grundlovsdag on Whit Monday stays closed.
                if all(names & days.names for names in public.get(day, ())):
                    found[day] = shared(self._week[day.weekday()], hours)
        for days, hours in self._own:
            found.update(dict.fromkeys(days.in_year(year), hours))
        return found

    def _public(self, year: int) -> NamedDays:
        holidays = self.written.holidays
        if holidays is None:
            return {}
        excepted, also = (
            frozenset(word for name in names for word in same(name)) for names in (holidays.excepted, holidays.also)
        )
        kept = {
            day: tuple(names for names in feasts if names.isdisjoint(excepted))
            for day, feasts in holidays.of.public_days(year).items()
        }
        for day, feasts in holidays.of.other_days(year).items() if also else ():
            kept[day] = (*kept.get(day, ()), *(names for names in feasts if names & also))
        return {day: feasts for day, feasts in kept.items() if feasts}
