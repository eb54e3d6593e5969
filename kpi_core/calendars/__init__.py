"""Business time: when a service desk is open, and how much of that lies between two instants.

A calendar is a YAML file (opening hours, public holidays, half days, days of one's own); `find_calendar` reads
one, and `OpenTime` counts its open seconds over whole columns.
"""

from kpi_core.calendars.calendar import Calendar
from kpi_core.calendars.find import built_in, find_calendar
from kpi_core.calendars.open_time import OpenTime

__all__ = ["Calendar", "OpenTime", "built_in", "find_calendar"]
