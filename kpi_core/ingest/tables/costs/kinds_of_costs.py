"""What the costs of a list are for where no column says it: by the header of the amounts, else by the name of the sheet or file.

`Marketing spend` is spent on winning customers and `Supportkostnad` on support; of a bare `Kostnad` nobody knows, and it is no part of any figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells.cost_words import FED_BY, said_kind
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.telling_names import of_sheet, units_of
from kpi_core.messages.message import Message
from kpi_core.model.columns import Kind
from kpi_core.model.findings import Finding

SAID, UNKNOWN = "kind-of-costs", "costs-without-kind"
_WAY = "`constants: {kind: acquisition}`"
"""What a mapping says of a list whose costs are all of one kind."""


def with_kinds(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The lists of costs with what theirs are for, and the findings on those of which something or nothing says it."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if read.mapping.table != "costs" or "kind" in read.used.columns or "amount" not in read.used.columns:
            continue
        header = next((field.header for field in read.narrow.fields if field.name == "amount"), "")
        kinds = dict[int | None, str]()
        if (said := said_kind(header)) is not None:
            kinds[None] = said
            findings.append(_finding(said, read.name, f"`{header}`"))
        for _, sheet, name in units_of(read, place) if said is None else ():
            title = str(name.values["sheet"]) if isinstance(name, Message) else name
            if (called := said_kind(title)) is not None:
                kinds[sheet] = called
            findings.append(_unknown(name) if called is None else _finding(called, name, title))
        if kinds:
            done[place] = replace(read, used=read.used.with_columns(kind=_kind_of(kinds)))
    return done, findings


def _kind_of(kinds: Mapping[int | None, str]) -> pl.Expr:
    """The kind of each row, by that of its sheet (None for all of a file); null in the others."""
    known: pl.Expr = pl.lit(None, Kind.COST.dtype)
    for sheet, kind in kinds.items():
        known = pl.when(of_sheet(sheet)).then(pl.lit(kind, Kind.COST.dtype)).otherwise(known)
    return known


def _finding(kind: str, name: Message | str, by: str) -> Finding:
    if kind == "acquisition":
        message = Message("all-costs-of-acquisition", list=name, by=by)
    else:
        message = Message("all-costs-of-support", list=name, by=by)
    return Finding(code=SAID, message=message, kpis=FED_BY[kind])


def _unknown(name: Message | str) -> Finding:
    kpis = tuple(each for names in FED_BY.values() for each in names)
    return Finding(code=UNKNOWN, message=Message("costs-without-kind", list=name, way=_WAY), kpis=kpis, is_serious=True)
