"""Lines below a table that are none of its rows: when it was exported and by whom, which page it is, that it ends here.

Such a line fills one cell of a table whose rows fill several, and says in it what no other row says there.
"""

import re
from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.patterns import regex

FOOTER = Message("footer")
LAST = 10
"""Lines at the end of a table that may be below it."""
FEWEST = 2
"""Cells that rows fill where a line of one cell is unlike them."""
RARE = 0.05
"""The share of a column's cells with a blank in them up to which one with a blank is unlike them."""
_COUNTED = "rows?|records?|results?|tickets?|cases?|entries|items?|rader|rad|poster|ärenden|träffar|svar|saker|treff|rækker|poster|sager|riviä|tapausta"
_OPENS = (
    *("exported", "export date", "exporterad", "exporterat", "exportdatum", "eksportert", "eksporteret", "eksportdato", "viety"),
    *("generated", "genererad", "genererat", "generert", "genereret", "report", "rapport", "rapporten", "raportti", "run date", "run by"),
    *("printed", "downloaded", "utskriven", "utskrift", "nedladdad", "skrevet ut", "lastet ned", "udskrevet", "tulostettu"),
    *("source", "källa", "kilde", "lähde", "filter", "filters", "filtrerat", "urval", "note", "notes", "notering", "anm", "obs", "merknad"),
    *("bemærkning", "huom", "confidential", "konfidentiellt", "konfidentielt", "fortrolig", "copyright", "created by", "skapad av"),
    *("number of", "antal", "antall", "lukumäärä", "showing", "visar", "viser", "end of", "slut på", "slutt på", "as of", "per den"),
    *("last updated", "senast uppdaterad", "sist oppdatert", "senest opdateret", "data as of", "this report", "denna rapport"),
)  # fmt: skip
_SAYS = regex(
    rf"(?i)\W*(?:(?:{'|'.join(map(re.escape, _OPENS))})\b|(?:page|sida|sidan|side|sivu)\s*\d|(?:end|eof|slut|slutt|loppu)\W*$"
    rf"|\d+ (?:{_COUNTED})\W*$)|[*©]|[-–—=_#~ ]{{3,}}"
)


def footers(table: pl.DataFrame, names: Sequence[str], passed: pl.Series, ends: Sequence[int]) -> list[int]:
    """The places of lines below a table.

    Args:
        table: its cells as clean text, null for none.
        names: its columns.
        passed: rows that are blank or otherwise none of its own.
        ends: the place behind the last row of each part that ends by itself (a sheet).
    """
    found = [at for end in ends for at in _below(table, names, passed, end)]
    if not found:
        return []
    rest = table.with_row_index("_at").filter(~passed & ~pl.col("_at").is_in(found))
    return sorted(at for at in found if _is_unlike(table.row(at, named=True), names, rest))


def _below(table: pl.DataFrame, names: Sequence[str], passed: pl.Series, end: int) -> Iterator[int]:
    """From the end upwards, the lines that fill one cell, or two of which the first says what the line is."""
    for _ in range(LAST):
        while end > 0 and passed[end - 1]:
            end -= 1
        if end == 0:
            return
        end -= 1
        filled = _filled(table.row(end, named=True), names)
        different = len(set(filled))
        if different > FEWEST or (different == FEWEST and _SAYS.match(filled[0]) is None):
            return
        yield end


def _is_unlike(row: dict[str, str | None], names: Sequence[str], rest: pl.DataFrame) -> bool:
    """Whether the rows of a table fill more cells than a line, and hold nothing like what it says."""
    place = next(name for name in names if row[name] is not None)
    filled = _filled(row, names)
    text = filled[0]
    usual = rest.select(pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names).median()).item()
    if usual is None or usual < FEWEST * len(set(filled)):
        return False
    if _SAYS.match(text):
        return True
    own = rest[place].drop_nulls()
    return " " in text and len(own) > 0 and int(own.str.contains(" ", literal=True).sum()) <= RARE * len(own)


def _filled(row: dict[str, str | None], names: Sequence[str]) -> list[str]:
    return [cell for name in names if (cell := row[name]) is not None]
