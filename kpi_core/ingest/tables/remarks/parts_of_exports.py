"""Files that say themselves that they are a part: a page of an API with another behind it, `Showing 1 to 90 of 220 entries` below a table.

What they lack is unknown, so every figure of their table is of a part. Where the other pages are among the files, nothing is reported.
"""

import re
from collections.abc import Iterator, Sequence

from kpi_core.ingest.fields.narrow_scan import collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.rows.footers import FOOTER
from kpi_core.ingest.tables.remarks.selections import PRELIMINARY, of_days, selection
from kpi_core.ingest.tables.remarks.units_and_scales import legend, stated_scale, stated_unit, unit_by_row
from kpi_core.ingest.tables.telling_names import kpis_of
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex
from kpi_core.records import dataclass

PART, FILTERED, DRAFT = "part-of-export", "filter-named", "called-preliminary"
WIDE = 4
"""Columns of a table of which a row fills more than two cells."""
LINES = 10
"""Lines above a table, and at the end of a file, that may speak of it."""
_ENDS = ":=?.!"
"""Marks behind which no other is wanted between two cells."""
LONGEST = 400
"""Characters of such a line; a longer one is a text, and would be looked through for as long as it is squared."""
_COUNTED = (
    r"(?:rows?|records?|results?|tickets?|cases?|entries|items?|orders?|responses?|messages?|customers?|rader|poster|ärenden|träffar|svar|kunder|ordrar|saker|treff|"
    r"rækker|sager|riviä|tapausta)"
)
_NUMBER = r"(\d{1,3}(?:[ \u00a0.,]\d{3})+|\d+)"
_OF = r"(?:of|out of|av|af|totalt|/|kaikkiaan)"
_RANGE = regex(
    rf"(?i)^\W*(?:showing|displaying|visar|viser|rows?|rader|records?|results?|entries|näytetään)?\W*{_NUMBER}\s*(?:-|–|—|to|till|til)\s*{_NUMBER}\s*{_OF}\s*{_NUMBER}\b(?:\s*{_COUNTED})?(?:\s*(?:totalt|total|in total))?\W*$"
)
_SOME = regex(
    rf"(?i)^\W*(?:showing|displaying|exported|visar|viser|exporterade|eksporterte|the )?\W*(?:only |endast |bara |kun )?(?:(?:the )?first |(?:de )?första |(?:de )?første )?{_NUMBER}\s*(?:{_COUNTED}\s*)?{_OF}\s*{_NUMBER}\s*{_COUNTED}?\W*$"
)
_PAGE = regex(rf"(?i)^\W*(?:page|sida|sidan|side|sivu)\s*(\d+)\s*{_OF}\s*(\d+)\W*$")
_CUT = regex(
    rf"(?i)^[\W\d]*(?:export(?:en)? (?:is )?(?:limited|truncated|begränsa\w*|begrens\w*)|(?:results?|output|list|report|rows?|data) (?:is |are |was |were )?(?:limited|truncated)|"
    rf"limited to\b|truncated\b|begränsa[dt] till|begrenset til|begrænset til|(?:only )?the first {_NUMBER} {_COUNTED}|endast de första|kun de første|"
    rf"(?:row|record|export) limit|max(?:imum|imalt)? (?:of )?{_NUMBER} {_COUNTED}|(?:(?:and|och|og|ytterligare|plus|\+|\.\.\.|…)\s*)*{_NUMBER} (?:more|fler|flere|ytterligare) {_COUNTED}|more {_COUNTED} (?:exist|not shown|follow)|"
    rf"not all {_COUNTED}|alla {_COUNTED} visas inte|partial (?:export|results?|data))"
)


@dataclass(frozen=True, kw_only=True)
class _Statement:
    """A line of a file that says how much of the whole it is: of `total` rows, or that `more` follow."""

    line: str
    total: int | None = None
    more: bool = False


def parts(reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The findings on files that call themselves parts, where the others of their table do not have the rest."""
    firsts = {str(read.raw.path): read for read in reversed(reads)}
    for path, first in firsts.items():
        tables = [read.mapping.table for read in reads if str(read.raw.path) == path]
        others = [read for read in firsts.values() if read.mapping.table == first.mapping.table]
        others_rows = sum(map(_rows, others))
        statement = _in_json(first, others, others_rows) if first.raw.kind == "json" else _in_lines(first, others_rows)
        names = tuple(dict.fromkeys(name for table in tables for name in kpis_of(table)))
        if statement is not None:
            yield Finding(
                code=PART,
                message=_message(first, statement, others_rows),
                kpis=names,
                is_serious=True,
                consequence=Consequence.NO_VERDICT,
            )
        notes = _notes(first)
        for read in reads:
            if str(read.raw.path) == path:
                yield from stated_unit(read, notes)
                yield from unit_by_row(read)
                yield from stated_scale(read, notes)
        yield from _chosen(first, notes, names)


def _chosen(read: FileRead, notes: Sequence[str], names: tuple[str, ...]) -> Iterator[Finding]:
    """The findings on a file where a line next to its rows names those that it has, or calls it no final one."""
    if (line := selection(notes)) is not None:
        message = Message("filter-named", file=read.name, line=line)
        yield Finding(code=FILTERED, message=message, kpis=names, is_serious=True, consequence=Consequence.NO_VERDICT)
    elif (line := of_days(notes)) is not None:
        yield Finding(code=FILTERED, message=Message("filter-named", file=read.name, line=line), kpis=names)
    if (line := next(filter(PRELIMINARY.match, notes), None)) is not None:
        yield Finding(code=DRAFT, message=Message("called-preliminary", file=read.name, line=line), kpis=names)


def _message(read: FileRead, statement: _Statement, others_rows: int) -> Message:
    table = called(read.mapping.table)
    if statement.total is not None:
        return Message(
            "part-of-total", file=read.name, line=statement.line, count=others_rows, total=statement.total, table=table
        )
    return Message("part-of-more", file=read.name, line=statement.line, count=others_rows, table=table)


def _rows(read: FileRead) -> int:
    return read.narrow.frame.height + sum(count for reason, count in read.narrow.left_out.items() if reason != FOOTER)


def _in_json(read: FileRead, others: Sequence[FileRead], others_rows: int) -> _Statement | None:
    paging = read.raw.paging
    if paging.total is not None and paging.total > _rows(read):
        return _Statement(line=paging.by, total=paging.total) if paging.total > others_rows else None
    ended = any(other.raw.kind == "json" and other.raw.paging.more is False for other in others)
    return _Statement(line=paging.by, more=True) if paging.more and not ended else None


def _in_lines(read: FileRead, others_rows: int) -> _Statement | None:
    lines = _lines(read)
    for line in lines:
        if (found := _RANGE.match(line)) and (total := _number(found[3])) > others_rows:
            return _Statement(line=line, total=total)
        if (found := _SOME.match(line)) and (total := _number(found[2])) > others_rows and _number(found[1]) < total:
            return _Statement(line=line, total=total)
        if _CUT.match(line):
            return _Statement(line=line, more=True)
    pages = [(line, found) for line in lines if (found := _PAGE.match(line))]
    if pages and int(pages[-1][1][1]) < int(pages[-1][1][2]):
        return _Statement(line=pages[-1][0], more=True)
    return None


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _lines(read: FileRead) -> list[str]:
    """The lines above a table, and the last of its file, that fill no more than two cells, as one text each."""
    above, below, whole = _around(read)
    lines = dict.fromkeys((*whole, *_joined((*above, *below), 2)))
    return [line for line in lines if len(line) <= LONGEST]


def _notes(read: FileRead) -> list[str]:
    """The lines above a table, those of the last of its file that are no rows of it, and of what stands next to it: small tables and sheets of remarks."""
    above, below, _ = _around(read)
    apart = [*(cells for side in read.raw.sides for cells in side.cells), *read.raw.remarks]
    legends = [line for rows in (above, apart) if (line := legend(rows))]
    few = 2 if read.raw.width >= WIDE else 1
    return [
        line
        for line in (*legends, *_joined(above, 2, ": "), *_joined(below, few, ": "), *_joined(apart, WIDE, ": "))
        if len(line) <= LONGEST
    ]


def _joined(rows: Sequence[Sequence[str]], most: int, mark: str = " ") -> list[str]:
    """Rows that fill no more than so many cells, as one text each; the mark is put between cells where none of their own stands there."""
    return [
        "".join(
            cell if not at else (" " if cells[at - 1][-1] in _ENDS else mark) + cell for at, cell in enumerate(cells)
        )
        for row in rows
        if 0 < len(cells := [cell.strip().strip("\"'") for cell in row if cell.strip().strip("\"'")]) <= most
    ]


def _around(read: FileRead) -> tuple[list[list[str]], list[list[str]], list[str]]:
    """The rows above a table and the last of its file, by cells; of a text the last lines whole too."""
    raw = read.raw
    if raw.kind == "json":
        return [], [], []
    above = [list(row) for row in raw.head[: max(read.match.skip - 1, 0)]][:LINES]
    if raw.dialect is not None and raw.ending is not None:
        last = _outside_quotes(raw.ending.splitlines()[-LINES:])
        below = [line.split(raw.dialect.delimiter) for line in last]
        whole = [line.strip().strip("\"'") for line in last]
    else:
        rows = collect(raw, raw.scan(skip=read.match.skip).tail(LINES))
        below, whole = [[cell or "" for cell in row] for row in rows.iter_rows()], []
    return above, below, whole


def _outside_quotes(lines: Sequence[str]) -> list[str]:
    """The last lines of a text without those that go on with a cell of several lines: as many quotes follow as are opened."""
    kept, quotes = list[str](), 0
    for line in reversed(lines):
        quotes += line.count('"')
        if quotes % 2 == 0:
            kept.append(line)
    return kept[::-1]
