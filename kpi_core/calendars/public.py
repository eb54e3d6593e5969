"""Public holidays by country, from the package `holidays`, which is imported only where a calendar asks for a country."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from typing import Any, TypeAlias

from kpi_core.calendars.moving_days import key
from kpi_core.config.validation import suggestion
from kpi_core.records import dataclass

NamedDays: TypeAlias = Mapping[date, tuple[frozenset[str], ...]]
"""The holidays on each day, each as all the names it goes by."""

_NAMED_IN = range(1990, 2051)
"""A name is known when one of these years has it: holidays are founded and abolished."""


@dataclass(frozen=True, kw_only=True)
class Country:
    """A country (ISO 3166 alpha-2, capitals) and perhaps a part of it, as `find_country` has found them."""

    code: str
    subdivision: str | None = None

    def public_days(self, year: int) -> NamedDays:
        """The public holidays of a year, days taken in lieu among them."""
        return _days(self, year, is_public=True)

    def other_days(self, year: int) -> NamedDays:
        """What is kept by banks, by custom or by choice, and is no public holiday."""
        return _days(self, year, is_public=False)

    def names(self, *, is_public: bool) -> frozenset[str]:
        """Every name a day of that kind goes by."""
        return _names(self, is_public=is_public)


def find_country(code: str, subdivision: str | None) -> Country:
    """The country, and the part of it, where holidays are known.

    Raises:
        ValueError: there is no such country or part of it.
    """
    import holidays

    country = Country(code=code.upper(), subdivision=subdivision)
    # To list the countries loads them all. Another code than its own is an alias, other names of the package are no countries.
    with suppress(NotImplementedError, AttributeError, TypeError):
        if holidays.country_holidays(country.code, subdiv=subdivision).country == country.code:
            return country
    known = holidays.list_supported_countries(include_aliases=False)
    if country.code not in known:
        near = suggestion(country.code, known) or "; write its two letters, as SE"
        raise ValueError(f"`{code}` is no country whose holidays are known{near}")
    parts = known[country.code]
    near = suggestion(subdivision or "", parts) or f"; known are {', '.join(parts) or 'none'}"
    raise ValueError(f"`{subdivision}` is no part of {country.code}{near}")


@cache
def _names(country: Country, *, is_public: bool) -> frozenset[str]:
    years = (_days(country, year, is_public=is_public) for year in _NAMED_IN)
    return frozenset(name for days in years for feasts in days.values() for names in feasts for name in names)


@lru_cache(maxsize=1024)
def _days(country: Country, year: int, *, is_public: bool) -> NamedDays:
    english, own = (_table(country, language, year, is_public=is_public) for language in ("en_US", None))
    found: dict[date, tuple[frozenset[str], ...]] = {}
    for day in sorted(own):
        names, others = own.get_list(day), english.get_list(day)
        # Both languages list a day's holidays in the same order, unless two are one word in one of them.
        pairs = zip(names, others, strict=True) if len(names) == len(others) else [(name, name) for name in names]
        found[day] = tuple(frozenset(map(key, pair)) for pair in pairs)
    return found


@cache
def _about(country: Country) -> Any:
    """What is known of a country apart from its days: its languages, and the kinds of days that it has."""
    import holidays

    return holidays.country_holidays(country.code, subdiv=country.subdivision)


def _table(country: Country, language: str | None, year: int, *, is_public: bool) -> Any:
    """A year's holidays by day; None is the country's own language."""
    import holidays

    about = _about(country)
    spoken = language if language in about.supported_languages else about.default_language
    others = tuple(category for category in about.supported_categories if category not in ("public", "workday"))
    if not is_public and not others:
        return {}
    categories = ("public",) if is_public else others
    return holidays.country_holidays(
        country.code, subdiv=country.subdivision, years=year, language=spoken, categories=categories
    )
