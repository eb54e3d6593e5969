"""Why a file is like none that is known, where its headers or first rows tell: another language, or one row a month of a customer."""

import re
from collections.abc import Sequence

from kpi_core.ingest.header_rows import normal

_OTHER_LANGUAGES = re.compile(
    r"(?:vorgang\w*|erstellt\w*|aktualisiert\w*|erledigt\w*|bearbeiter\w*|priorität|geschlossen\w*|gelöst\w*|zusammenfassung|kundennummer"
    r"|créé\w*|clôtur\w*|statut|priorité|résolu\w*|creado|creada|cerrado|cerrada|prioridad|estado|resuelto|utworzono|zamknięto|priorytet)"
)
_MONTHS = ("month", "månad", "måned", "period", "snapshot", "snapshot month", "snapshot date", "kuukausi", "kk")
_CUSTOMERS = ("customer id", "customer", "customer number", "account id", "client id", "kundnr", "kundnummer", "kund-id", "kund", "kundenummer",
              "kunde-id", "kunde", "kundenr")  # fmt: skip
_FEWEST = 2
"""Headers of another language from which that is no chance."""


def why_unknown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The reason that a file's headers and first rows give for its being like no other; empty where they give none."""
    names = [normal(header) for header in headers]
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
