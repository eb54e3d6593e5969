"""What a KPI should reach."""

from collections.abc import Mapping, Sequence
from datetime import date

from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A target's value in inside units (shares 0..1, NPS −1..1, seconds), and what is agreed about it.

    Of money the currency and of a mark the highest there is, where they were named.

    Attributes:
        segment: the dimension and the word of the group that it is for; None for all rows.
        deadline: the last day on which it is to be reached by; None where nobody has set one.
        since: the day from which on it is worked for.
        start: the value on that day, in the same unit; None where the files say it.
        owner: who answers for it; empty where nobody does.
    """

    value: float
    currency: str | None = None
    highest: float | None = None
    segment: tuple[str, str] | None = None
    deadline: date | None = None
    since: date | None = None
    start: float | None = None
    owner: str = ""

    def is_for(self, group: Mapping[str, str | None]) -> bool:
        """Whether it is that of a group, by its word in any case; of all rows where the group is empty."""
        if self.segment is None:
            return not group
        dimension, word = self.segment
        own = group.get(dimension)
        return len(group) == 1 and own is not None and own.casefold() == word.casefold()


def goals_for(goals: Sequence[Goal], group: Mapping[str, str | None], *, adds_up: bool = False) -> tuple[Goal, ...]:
    """The targets that hold for a group: its own, else those of all rows, unless the KPI's groups add up to all rows."""
    own = tuple(one for one in goals if one.is_for(group))
    return own if own or (group and adds_up) else tuple(one for one in goals if one.segment is None)
