"""What a condition sees of a row: instants on the report's clock, keys as the files write them.

In the frames instants are UTC and keys are hashes. An expression is rewritten to speak of working columns next to them:
`local created_at`, `written ticket_id`. Time between two instants stays what it is, whatever a clock on the wall did.
"""

import re
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from kpi_core.model.clock import on_clock
from kpi_core.model.columns import Kind
from kpi_core.model.tables import TABLES
from kpi_core.patterns import regex

LOCAL = "local "
WRITTEN = "written "
KEYS = frozenset(column.name for table in TABLES.values() for column in table.columns if column.kind is Kind.KEY)
"""The columns that frames hold the hashes of."""

TOKEN = regex(r"'(?:[^']|'')*'|\"[^\"]*\"|[^\W\d]\w*(?!\s*\(|\w)")
"""A word, a name in double quotes, or text in single ones."""
_CALENDAR = regex(r"::|\b(?:cast|try_cast|date_part|extract|strftime|date|datetime|timestamp|time)\b", re.IGNORECASE)
"""What reads a clock on the wall; without it only the time between instants matters."""
_BETWEEN = r"-|<=|>=|<>|!=|==|=|<|>|is\s+(?:not\s+)?distinct\s+from"
_RAW = "raw "


def plain(name: str) -> str:
    """The column that a working column shows."""
    return name.removeprefix(LOCAL).removeprefix(WRITTEN)


def asked_as_written(text: str, names: Iterable[str]) -> frozenset[str]:
    """The keys among the names of an expression whose text matters: that are more than asked for being there."""
    found = set()
    for name in KEYS.intersection(names):
        rest = re.sub(rf'"?\b{name}\b"?\s+is\s+(?:not\s+)?null', "", text, flags=re.IGNORECASE)
        if any(token.strip('"') == name for token in TOKEN.findall(rest)):
            found.add(name)
    return frozenset(found)


def rewritten(text: str, instants: Collection[str], columns: Mapping[str, str]) -> str:
    """An expression over working columns.

    Args:
        text: as written.
        instants: the columns of instants, which are read on the report's clock.
        columns: other columns with the SQL that stands in their place.
    """
    local: dict[str, str] = {}
    if _CALENDAR.search(TOKEN.sub(lambda found: "" if found[0][0] in "'\"" else found[0], text)):
        text = _with_raw_pairs(text, instants)
        local = {name: f'"{LOCAL}{name}"' for name in instants}
        local |= {_RAW + name: f'"{name}"' for name in instants}
    places = {**columns, **local}
    return TOKEN.sub(lambda found: places.get(_named(found[0]), found[0]), text)


def _named(token: str) -> str:
    """The column that a token names; nothing for text in single quotes."""
    return "" if token.startswith("'") else token.strip('"')


def _with_raw_pairs(text: str, instants: Collection[str]) -> str:
    """Instants that stand against each other marked: two clocks on the wall differ by an hour too many or few in autumn."""
    if len(instants) < 2:
        return text
    name = "|".join(map(re.escape, instants))
    pair = re.compile(rf'"?\b({name})\b"?(\s*(?:{_BETWEEN})\s*)"?\b({name})\b"?', re.IGNORECASE)
    return pair.sub(rf'"{_RAW}\1"\2"{_RAW}\3"', text)


def with_working_columns(frame: pl.DataFrame, names: Iterable[str], zone: str | None) -> pl.DataFrame:
    """A frame with the working columns named, as far as it has what they show; a key that no file writes is null."""
    new = {}
    for name in names:
        shown = plain(name)
        if name in frame.columns or shown not in frame.columns:
            continue
        if name.startswith(LOCAL):
            new[name] = on_clock(pl.col(shown), zone)
        elif name.startswith(WRITTEN):
            new[name] = pl.lit(None, pl.String)
    return frame.with_columns(**new) if new else frame
