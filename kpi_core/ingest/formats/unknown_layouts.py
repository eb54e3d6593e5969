"""Why a file is like none that is known, where its headers or first rows show it: another language, or one row a month of a customer; whether it may hold cases at all."""

import re
from collections.abc import Sequence

from kpi_core.ingest.cells.numbers import EXPONENT
from kpi_core.ingest.formats.header_rules import matched_headers
from kpi_core.ingest.formats.mapping import find_mapping
from kpi_core.ingest.headers.header_rows import candidates, normal
from kpi_core.patterns import regex

_OTHER_LANGUAGES = regex(
    r"(?:vorgang\w*|erstellt\w*|aktualisiert\w*|erledigt\w*|bearbeiter\w*|priorität|geschlossen\w*|gelöst\w*|zusammenfassung|kundennummer"
    r"|créé\w*|clôtur\w*|statut|priorité|résolu\w*|creado|creada|cerrado|cerrada|prioridad|estado|resuelto|utworzono|zamknięto|priorytet)"
)
_MONTHS = ("month", "månad", "måned", "period", "snapshot", "snapshot month", "snapshot date", "kuukausi", "kk")
_CUSTOMERS = ("customer id", "customer", "customer number", "account id", "client id", "kundnr", "kundnummer", "kund-id", "kund", "kundenummer",
              "kunde-id", "kunde", "kundenr")  # fmt: skip
LOG = "spreadsheet_log-tickets"
"""The log of events that is known by its words alone."""
NAMED = 5
_FEWEST = 2
"""Headers of another language from which that is no chance."""

_DATED = regex(
    r"(?i)\b(?:19|20)\d\d[-/.]\d\d|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b(?:19|20)\d{6}\b|\b1[5-9]\d{8}(?:\d{3})?\b|\d[:.]\d\d\b"
    r"|\b(?:jan|feb|mar|apr|ma[ijy]|jun|jul|aug|sep|o[ck]t|nov|de[cs])[^\W\d]*\.?,? \d|\b\d{1,2}\.? (?:jan|feb|mar|apr|ma[ijy]|jun|jul|aug|sep|o[ck]t|nov|de[cs])"
)
_ROUNDED = regex(r"[1-9]\d{14}0{2,}")
"""A number of which a spreadsheet has kept fifteen digits."""


def is_undated(rows: Sequence[Sequence[str]]) -> bool:
    """Whether no cell of a file has a date or a time: nothing that is counted here comes without one."""
    return not any(_DATED.search(cell) for row in rows for cell in row)


def unknown_log(head: Sequence[Sequence[str]], width: int) -> str:
    """That a file has the headers of a log of events, and which of its words are not known; empty where it has not."""
    rule = find_mapping(LOG).recognised_by
    for skip, row in candidates(head, width):
        if matched_headers(row, rule) is None:
            continue
        for header, pattern in rule.cells.items():
            names = [normal(name) for name in header.split("|")]
            place = next((at for at, cell in enumerate(head[skip]) if normal(cell) in names), None)
            cells = [] if place is None else [line[place].strip() for line in head[skip + 1 :]]
            odd = dict.fromkeys(cell for cell in cells if cell and not re.search(pattern, cell, re.IGNORECASE))
            if odd:
                more = f" and {len(odd) - NAMED:,} more" if len(odd) > NAMED else ""
                listed = ", ".join(f"`{word}`" for word in [*odd][:NAMED]) + more
                return f"it looks like a log of events, most of them in unknown words: {listed}\n"
    return ""


def why_unknown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The reason that a file's headers and first rows give for its being like no other; empty where they give none."""
    names = [normal(header) for header in headers]
    if cut := _cut_off(headers, rows):
        return cut
    if sum(_OTHER_LANGUAGES.fullmatch(name) is not None for name in names) >= _FEWEST:
        return "columns are found by their names in English, Swedish, Norwegian, Danish and Finnish, and its headers are in another language: export it in one of those, or name its columns"
    month = next((place for place, name in enumerate(names) if name in _MONTHS), None)
    who = next((place for place, name in enumerate(names) if name in _CUSTOMERS), None)
    if month is None or who is None:
        return ""
    pairs = {(row[who], row[month]) for row in rows if len(row) > max(who, month) and row[who] and row[month]}
    return (
        "each of its rows is a customer in a month: of customers a list with one row each is read, with the days on which they came and left"
        if len(pairs) > 1
        else ""
    )


def _cut_off(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """That a spreadsheet has cut off the numbers of a column, so that many have one; empty where it has not."""
    for place, header in enumerate(headers):
        cells = [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
        cut = [cell for cell in cells if re.match(EXPONENT, cell) or _ROUNDED.fullmatch(cell)]
        if len(cut) > len(cells) / 2 and len(cut) > len(set(cut)):
            return f"the numbers of `{header}` are cut off by a spreadsheet (as `{cut[0]}`), so that many have one: export it as text"
    return ""
