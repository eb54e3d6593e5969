"""What happened on a day and may be marked next to figures: a release, a campaign, an outage."""

from datetime import date

from kpi_core.records import dataclass


@dataclass(frozen=True)
class Event:
    """Something that happened, by its local day."""

    day: date
    name: str
