"""Columns of tickets that say whether a case was resolved at the first contact, which no KPI of ours takes at the help desk's word."""

import re
from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.cells.numbers import parse_truth
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.formats.recognise import Match
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.patterns import regex

CODE = "unread-first-contact"
_SAYS = regex(
    r"\bfcr\b|first[\s-]?(?:contact|call|touch)|första kontakt|första samtal|direktlös|løst i første|første kontakt|første henvendelse|første samtale|ensikontakt|ensimmäisellä",
    re.IGNORECASE,
)


def first_contacts(
    name: str, match: Match, rows: Sequence[Sequence[str]], fields: Sequence[Field]
) -> Iterator[Finding]:
    """The finding on such a column of a file that is not read.

    Args:
        name: the file.
        match: what it is read as.
        rows: the first rows below its headers.
        fields: the columns that are read.
    """
    taken = {field.place for field in fields}
    for place, header in enumerate(match.headers):
        cells = [cell for row in rows if place < len(row) and (cell := row[place].strip())]
        if match.mapping.table == "tickets" and place not in taken and _SAYS.search(header) and _are_truths(cells):
            columns = f"columns: {{{header}: truth}}"
            share = f"share: {{of: '\"{header}\"', among: is_resolved}}"
            message = Message("unread-first-contact", file=name, header=header, columns=columns, share=share)
            yield Finding(code=CODE, message=message, kpis=("fcr_*",))


def _are_truths(cells: Sequence[str]) -> bool:
    """Whether there are cells, each a yes or a no."""
    read = pl.DataFrame({"cell": cells}, schema={"cell": pl.String}).select(parse_truth(pl.col("cell"))).to_series()
    return bool(cells) and read.null_count() == 0
