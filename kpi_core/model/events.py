"""What happened on a day and may be marked beside figures: a release, a campaign, an outage."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Event:
    """Something that happened, by its local day."""

    day: date
    name: str
