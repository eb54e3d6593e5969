"""What files hold once they are read: canonical tables, and an account of every row."""

from collections.abc import Mapping
from dataclasses import field

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import REPEATED_SCHEMA, Finding, Source
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """What the files hold, as canonical tables.

    `zone` is the zone instants are shown in when their files name one (instants are then UTC), None where they
    are wall clocks. `reads` keeps each file with how it was understood, `refused` the first refused rows, and
    `repeated` the rows that lost against another with their key (`file`, `table`, `row`). `scale_evidence` says by survey
    question where its scale is from, `older` by table the rows that lost and say when they were written.
    """

    tables: Mapping[str, pl.DataFrame]
    sources: tuple[Source, ...]
    refused: pl.DataFrame
    findings: tuple[Finding, ...]
    zone: str | None
    reads: tuple[FileRead, ...]
    repeated: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REPEATED_SCHEMA))
    scale_evidence: Mapping[str, Message | None] = field(default_factory=dict)
    older: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many there are in all tables."""
        return sum(frame.height for frame in self.tables.values())

    def present(self, table: str) -> frozenset[str]:
        """The columns of a table in which at least one cell is filled."""
        frame = self.tables.get(table)
        if frame is None or frame.is_empty():
            return frozenset()
        filled = frame.select(pl.all().is_not_null().any()).row(0, named=True)
        return frozenset(name for name, any_filled in filled.items() if any_filled)
