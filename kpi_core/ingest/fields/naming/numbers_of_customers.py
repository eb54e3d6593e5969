"""Where customers have a number and an address, which of the two identifies them."""

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from kpi_core.ingest.fields.naming import cut_off, indistinct_customers
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.model.findings import Finding


class _Reader(Protocol):
    raw: RawExport
    match: Match
    file_findings: list[Finding]

    @property
    def mapping(self) -> Mapping: ...

    def cell(
        self, place: int, extra: Sequence[str] = (), *, is_date: bool = False, is_text: bool = False
    ) -> pl.Expr: ...

    def seen(self, text: pl.Expr) -> pl.Series: ...


def naming_customers(reader: _Reader, name: str, places: Sequence[int]) -> Sequence[int]:
    """The positions that may be a column's; of customers whose numbers a spreadsheet has cut off, or are one, that of their addresses."""
    if name != "customer_id" or not places:
        return places
    first = reader.seen(reader.cell(places[0], is_text=True))
    is_cut = cut_off.are_cut_off(first)
    if not is_cut and not indistinct_customers.is_one(first):
        return places
    emails = reader.mapping.columns.get("customer_email", ColumnSpec())
    others = [
        place
        for place in (*places[1:], *reader.match.places(emails.headers))
        if cut_off.are_addresses(seen := reader.seen(reader.cell(place, is_text=True)))
        and not indistinct_customers.is_one(seen)
    ]
    if not others:
        return places
    headers = reader.match.headers[places[0]], reader.match.headers[others[0]]
    by_address = cut_off.by_address if is_cut else indistinct_customers.by_address
    finding = by_address(*headers, reader.mapping.table, reader.raw.name)
    reader.file_findings.extend([finding] if finding not in reader.file_findings else [])
    return others
