"""Customers whose first and last names stand in two columns: together they are the customer, where no other column is."""

from dataclasses import replace
from functools import cache

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import ConfigError
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import ColumnSpec

_OF_WHOM = ("", "kund ", "kundens ", "kunde ", "customer ", "contact ", "kontakt ", "requester ", "asiakkaan ")
_FIRST = tuple(
    f"{whose}{name}" for name in ("first name", "firstname", "förnamn", "fornavn", "etunimi") for whose in _OF_WHOM
)
_LAST = tuple(f"{whose}{name}" for name in ("last name", "lastname", "surname", "efternamn", "etternavn", "efternavn", "sukunimi") for whose in _OF_WHOM)  # fmt: skip
_TABLES = ("tickets", "orders")
_MOSTLY = 0.5
"""The share of cells that must be common first names for a column of customers to be that of their first names."""
_LOOKED_AT = 200


def with_full_names(match: Match, raw: RawExport) -> Match:
    """The match of a list of common headers with its customers by their first and last names, where these are all that names them.

    A column of customers that holds first names alone is the first of the two.
    """
    spec = match.mapping.columns.get("customer_id")
    if not match.mapping.fallback or match.mapping.table not in _TABLES or spec is None or spec.join:
        return match
    first, last, place = match.index(_FIRST), match.index(_LAST), match.index(spec.headers)
    if last is None or last == place or (first is None) is (place is None):
        return match
    if first is None and (place is None or not _are_first_names(raw, match, place)):
        return match
    headers = tuple(match.headers[at] for at in (place if first is None else first, last) if at is not None)
    columns = {**match.mapping.columns, "customer_id": ColumnSpec(headers=headers, join=True)}
    return replace(match, mapping=match.mapping.model_copy(update={"columns": columns}))


def _are_first_names(raw: RawExport, match: Match, place: int) -> bool:
    """Whether the cells of a column are single words, and mostly common first names."""
    cells = raw.sample(skip=match.skip, rows=_LOOKED_AT)[f"c{place}"].drop_nulls().str.strip_chars()
    words = cells.filter(cells != "").str.to_lowercase().to_list()
    known = sum(word in _known() for word in words)
    return bool(words) and known >= _MOSTLY * len(words) and not any(" " in word for word in words)


@cache
def _known() -> frozenset[str]:
    """Common first names in lower case."""
    document = yaml.load(configs() / "values" / "first_names.yaml", ConfigError).data
    return frozenset(str(name).casefold() for key in ("names", "also_words") for name in document[key])
