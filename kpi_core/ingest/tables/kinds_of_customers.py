"""A state of customers that names kinds of records alone (`Customer`, `Prospect`): it says of nobody that they are still there, the date does."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match

KINDS = frozenset(
    {
        *("customer", "prospect", "lead", "partner", "supplier", "vendor", "kund", "prospekt", "leverantör", "kunde", "emne", "leverandør"),
        *("asiakas", "prospekti", "toimittaja", "klient", "client", "kunden", "interessent"),
    }
)  # fmt: skip
"""Words for what a record is of, which say nothing of whether it has ended."""
SEEN = 10_000


def without_kinds(used: pl.DataFrame, fields: Sequence[Field], raw: RawExport, match: Match) -> pl.DataFrame:
    """Customers without what a column of kinds would say of who has left, where dates say it."""
    found = next((each for each in fields if each.name == "is_lost"), None)
    if found is None or found.is_composed or not {"is_lost", "lost_at"} <= set(used.columns):
        return used
    if used["lost_at"].null_count() == used.height or used["is_lost"].any():
        return used
    words = raw.sample(skip=match.skip, rows=SEEN, place=found.place)[f"c{found.place}"].drop_nulls()
    plain = words.str.strip_chars().str.to_lowercase().unique()
    return used.drop("is_lost") if len(plain) and plain.is_in(list(KINDS)).all() else used
