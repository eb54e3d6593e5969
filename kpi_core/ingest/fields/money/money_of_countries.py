"""Amounts in money that several countries call so (`kr`, `$`), next to a column that names several of these countries.

Kronor of Sweden and Norway in one sum are a sum of nothing; that all of them are of one country the file does not say.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.narrow_scan import collect
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex

CODE = "no-currency"
_KRONOR: dict[str, tuple[str, ...]] = {
    "SEK": ("se", "swe", "sverige", "sweden", "sverge", "ruotsi"),
    "NOK": ("no", "nor", "norge", "norway", "noreg", "norja"),
    "DKK": ("dk", "dnk", "danmark", "denmark", "tanska"),
    "ISK": ("is", "isl", "island", "iceland", "islanti"),
}
_DOLLARS: dict[str, tuple[str, ...]] = {
    "USD": ("us", "usa", "united states", "united states of america"),
    "CAD": ("ca", "can", "canada", "kanada"),
    "AUD": ("au", "aus", "australia", "australien"),
}
_MONEY: dict[str, dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("kr", "kr.", "kronor", "kroner"), _KRONOR),
    "$": _DOLLARS,
    "dollar": _DOLLARS,
}
_IN_HEADER = regex(r"(?i)(?<![^\W\d_])[tkm]?(kr|kronor|kroner)\.?(?![^\W\d_])|(\$)")
_COUNTRY = regex(
    r"(?i)\b(?:country|land|maa|market|marknad|marked|butik|shop|store|site|webbplats|nettsted)(?:et|en|skod|kod|kode|code)?\b"
)
_OF_SITE = regex(r"^.*[./_ -]([a-z]{2})$")
_MOST = 30
"""Different words of a column of countries."""
_SHARE = 0.9
"""Of the words of such a column those that name a country or are two letters long at least."""


def of_several_countries(
    reader: FieldReader, amount: Field, currency: Field | None, kpis: Sequence[str]
) -> list[Finding]:
    """The findings on amounts without a currency of one country where a column next to them names several countries whose money is called so."""
    unit = _unit(reader, amount, currency)
    if unit is None:
        return []
    taken = {amount.place, *([currency.place] if currency else [])}
    for place, header in enumerate(reader.match.headers[: reader.raw.width]):
        if place not in taken and len(found := _countries(reader, place, header, _MONEY[unit])) > 1:
            message = Message(
                "money-of-countries", file=reader.raw.name, header=amount.header, unit=unit, other=header,
                currencies=sorted(found),
            )  # fmt: skip
            return [
                Finding(code=CODE, message=message, kpis=tuple(kpis), is_serious=True, consequence=Consequence.NO_VALUE)
            ]
    return []


def _unit(reader: FieldReader, amount: Field, currency: Field | None) -> str | None:
    """The word for money of several countries that is all that names the currency; None where there is none, or more."""
    if currency is not None:
        words = {word.strip().casefold() for word in reader.seen(currency.text).to_list()}
        return words.pop() if len(words) == 1 and words <= _MONEY.keys() else None
    units = [unit for unit in amount.units if unit in _MONEY]
    if units:
        return units[0] if len(amount.units) == 1 else None
    named = _IN_HEADER.search(amount.header)
    return (named[1] or named[2]).casefold() if named else None


def _countries(reader: FieldReader, place: int, header: str, money: dict[str, tuple[str, ...]]) -> set[str]:
    """The currencies of the countries that a column names."""
    words = _words(reader.sample[f"c{place}"].to_list())
    found = _named(words, money)
    if found and len(found) < 2 and _COUNTRY.search(header):
        whole = reader.raw.scan(skip=reader.match.skip).select(pl.col(f"c{place}").unique())
        words = _words(collect(reader.raw, whole).to_series().to_list())
        found = _named(words, money)
    return found


def _words(cells: Iterable[str | None]) -> set[str]:
    return {cell.strip().casefold() for cell in cells if cell and cell.strip()}


def _named(words: set[str], money: dict[str, tuple[str, ...]]) -> set[str]:
    if not words or len(words) > _MOST:
        return set()
    of = {country: currency for currency, countries in money.items() for country in countries}
    matched = {word: of.get(word) or (of.get(site[1]) if (site := _OF_SITE.match(word)) else None) for word in words}
    countries = [word for word, currency in matched.items() if currency or len(word) == 2]
    return {currency for currency in matched.values() if currency} if len(countries) >= _SHARE * len(words) else set()
