"""What a KPI should reach."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A target's value in inside units (shares 0..1, NPS −1..1, seconds).

    Of money the currency and of a mark the highest there is, where they were named.
    """

    value: float
    currency: str | None = None
    highest: float | None = None
