"""A calendar as its file has it: every fault in it is reported when it is read, not when a day comes up."""

from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from kpi_core.calendars.days import find_days
from kpi_core.calendars.hours import Hours, Week
from kpi_core.calendars.moving_days import FEASTS, key
from kpi_core.calendars.public import Country, find_country
from kpi_core.config.validation import suggestion


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Strict(BaseModel):
    """A part of a calendar: nothing in it that is not known, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Holidays(Strict):
    """The public holidays of a country, but for those in `except`, and with those in `also` that are not public."""

    country: str
    subdivision: str | None = None
    excepted: Texts = Field(default=(), alias="except")
    also: Texts = ()

    @property
    def of(self) -> Country:
        """Whose holidays they are."""
        return Country(code=self.country.upper(), subdivision=self.subdivision)

    @model_validator(mode="after")
    def _known(self) -> "Holidays":
        find_country(self.country, self.subdivision)
        for names, kind, is_public in ((self.excepted, "public holiday", True), (self.also, "other holiday", False)):
            for name in names:
                known = self.of.names(is_public=is_public)
                if known.isdisjoint(same(name)):
                    raise ValueError(f"`{name}` is no {kind} of {self.country}{suggestion(key(name), known)}")
        return self


class CalendarFile(Strict):
    """What a calendar file may say. `extends` names a calendar whose keys hold where this file has none of its own.

    Without a `zone` the hours are by the clock of the report.
    """

    name: str
    label: str
    zone: str | None = None
    week: Week
    extends: str | None = None
    holidays: Holidays | None = None
    half_days: dict[str, Hours] = Field(default={})
    closed: Texts = ()
    opened: dict[str, Hours] = Field(default={}, alias="open")
    groups: dict[str, str | Week] = Field(default={})

    @property
    def country(self) -> Country | None:
        """Whose holidays it keeps."""
        return None if self.holidays is None else self.holidays.of

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str | None) -> str | None:
        if zone is None:
            return None
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = get_close_matches(
                zone.casefold(), by_case := {name.casefold(): name for name in available_timezones()}
            )
            hint = f", did you mean `{by_case[near[0]]}`?" if near else "; write it as Europe/Stockholm"
            raise ValueError(f"no time zone `{zone}`{hint}") from None
        return zone

    @model_validator(mode="after")
    def _means_days(self) -> "CalendarFile":
        for text in (*self.half_days, *self.closed, *self.opened):
            find_days(text, self.country)
        seen: set[str] = set()
        for group in self.groups:
            if group.casefold() in seen:
                raise ValueError(f"`{group}` is there twice among the groups, but for its capitals")
            seen.add(group.casefold())
        return self


def same(name: str) -> frozenset[str]:
    """Every name of the day that goes by `name`."""
    feast = FEASTS.get(key(name))
    return frozenset((key(name),)) if feast is None else feast.names
