"""Sheets of a workbook whose headers differ from those of the sheet that is read, as words alone do: `Skapad` for `Skapat`.

Each is read by its own headers. Where these make the same columns, the sheets are one table, as two files would be; where they
make other columns of the same table, its rows are missing from every figure of it, which is serious.
"""

from collections.abc import Mapping
from dataclasses import replace

from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.file_read import Choices, Understood
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.files.workbooks.sheets import with_rows
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.tables.reshaping.reshape import is_pooled
from kpi_core.ingest.understanding import understand
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

UNREAD = "sheets-unread"
ALIKE = 0.75
"""The share of the columns that two sheets of one table have in common."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OtherSheets:
    """The sheets that are read in addition to those of one header, each with how; and how many rows have those that are not, though they hold the same table."""

    read: tuple[tuple[RawExport, Understood], ...] = ()
    unread: Mapping[str, int]

    def findings(self, raw: RawExport, table: str) -> list[Finding]:
        """The findings on both."""
        rows = {} if raw.stack is None else raw.stack.unread
        found = []
        if self.read:
            sheets = {one.sheet or "": rows.get(one.sheet or "", 0) for one, _ in self.read}
            message = Message("sheets-of-other-headers", file=raw.name, count=len(self.read), sheets=with_rows(sheets))
            found.append(Finding(code="sheets-pooled", message=message))
        if self.unread:
            message = Message(
                "sheets-of-other-columns", file=raw.name, count=len(self.unread), table=called(table),
                sheets=with_rows(self.unread),
            )  # fmt: skip
            found.append(Finding(code=UNREAD, message=message, kpis=OF[table], is_serious=True, consequence=Consequence.NO_VERDICT))  # fmt: skip
        return found


def other_sheets(raw: RawExport, match: Match, choices: Choices) -> OtherSheets:
    """What the sheets that are not read, since their headers differ, hold of the table that is."""
    left = {} if raw.stack is None else raw.stack.unread
    mapping = match.mapping
    if not left or mapping.table not in OF or is_pooled(mapping):
        return OtherSheets(unread={})
    own, read, unread = _columns(match), [], dict[str, int]()
    for name, rows in left.items():
        try:
            sheet = raw.other_sheet(name)
            understood = understand(sheet, choices, is_alone=False)
        except (ExportError, MappingError):
            continue
        theirs = understood.match
        if theirs.mapping.table != mapping.table or is_pooled(theirs.mapping):
            continue
        if _is_one(own, _columns(theirs), mapping.table):
            read.append((replace(sheet, sheet=name), understood))
        else:
            unread[name] = rows
    return OtherSheets(read=tuple(read), unread=unread)


def _columns(match: Match) -> frozenset[str]:
    """The columns of its table that a sheet has."""
    return frozenset(name for name, spec in match.mapping.columns.items() if match.index(spec.headers) is not None)


def _is_one(own: frozenset[str], theirs: frozenset[str], table: str) -> bool:
    """Whether two sheets have the same columns but for few, the number and the opening among those that both have or lack."""
    from kpi_core.ingest.drafting.by_cells import OPENINGS

    decisive = {TABLES[table].key, OPENINGS[table]}
    return own & decisive == theirs & decisive and len(own & theirs) >= ALIKE * max(len(own), len(theirs))
