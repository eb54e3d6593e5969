"""Messages that a column of their own says are none: notes among ourselves, and changes of the case.

Help desks keep both in the list of a case's messages, and mark them by a kind (`Type`, `Event type`, `Kommentartyp`). Such a row
is no reply, whoever wrote it. What decides is the words of the cells; a bare `Note` or `Internal` only under a header that speaks of
kinds, and only where customers wrote none of them: else the column has kinds of cases, and not of messages.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from kpi_core.ingest.fields.sample_cells import SampleCells
from kpi_core.ingest.fields.words import categories
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex

CODE = "unknown-message-kinds"
OF_WRITERS = ("reply_time*", "first_reply*", "fcr_one_touch*", "automated_first_reply_rate")
"""The KPIs that rest on who wrote a message, and to whom."""
Row = tuple[str | None, ...]
LOOKED_AT = 2000
"""Rows by whose words a column is recognised."""
FEW = 40
"""Different words of a sample past which a column is prose."""
_OF_CUSTOMERS = 0.1
"""The share of rows called notes from which a column cannot be of notes, where customers wrote them."""
_KINDS = regex(
    r"typ(?:e|es|en)?\b|tyyppi|\bkinds?\b|\bslag\b|\bsort\b|\bart\b|laji\b|action|åtgärd|handling|\bevents?\b|händelse|hendelse|hændelse|tapahtuma|"
    r"a[ck]tivit|aktiviteet|visibility|synlig|näkyvyys|\bmode\b|\bclass\b|category|kategori|\bform\b|\blabel\b|access|åtkomst|audience|målgrupp"
)
"""Headers that speak of kinds."""
_OF_OTHERS = regex(
    r"customer|client|user|kund|kunde|asiakas|ticket|ärende|\bcase\b|\bsak|\bsag|issue|request|agent|sender|author|avsänd|avsend|afsend|writer|"
    r"content|mime|file|\bfil|attachment|bilag|vedlegg|order|product|produkt|company|företag|account|konto|contact"
)
"""Those that speak of kinds of something else."""
_WAYS = regex(
    r"channel|kanal|kanava|\bvia\b|source|källa|kilde|incoming|outgoing|inbound|direction|riktning|retning|suunta|\bin/(?:out|ut)\b|medium"
)
"""Headers that say which way a message went: a note of its own kind went none."""
_INTERNAL = r"(?:intern(?:al|a|t|e)?|sisäi(?:nen|set)|hidden|dolda?|dolt|skjult|(?:staff|agents?|team)[ _-]?only)"
_NOTE = r"(?:notes?|anteckning\w*|notering\w*|notat\w*|merknad\w*|notits\w*|muistiinpano\w*|huomautu\w*)"
_MESSAGE = (
    r"(?:comments?|kommentar(?:er)?|kommentti|message|meddelande|melding|besked|viesti|reply|svar|e-?mail|e-post|post|chatt?|conversation|samtal|"
    r"discussion|diskussion|update|uppdatering|entry|activity|aktivitet|call)"
)
_AROUND = (
    r"(?:an?|the|new|add(?:ed)?|create[d]?|agent|staff|team|support|work|lagt?|till|skapad|tillagd|ny|nytt|manual|manuell|edit(?:ed)?|type|only|"
    r"privat(?:e|a|t)?|yksityinen)"
)
_PRIVATE = r"(?:privat(?:e|a|t)?|yksityinen)(?:[ _./:()-]*(?:comments?|kommentar|kommentti))?"
_GAP = r"[ _./:()-]*"


def _made_of(core: str) -> str:
    """A cell that is one of some words, with nothing around it but what may stand there."""
    around = f"(?:{_MESSAGE}|{_AROUND}|{_INTERNAL}|{_NOTE})"
    return rf"(?i:^\s*(?:{around}{_GAP})*{core}(?:{_GAP}{around})*{_GAP}\s*$)"


_IS_NOTE = _made_of(_NOTE)
_IS_INTERNAL = rf"{_made_of(_INTERNAL)}|(?i:^\s*{_PRIVATE}\s*$)"
_WHAT = r"(?:status|state|priority|prioritet|field|fält|felt|tags?|tagg|owner|assignee|group|grupp|gruppe|team|sla|ticket|case|conversation|ärende|sak)"
_CHANGE = r"(?:chang(?:e|ed|es)|updated?|ändring|ändrad|ändrat|endring|endret|ændring|ændret|byte|added|removed|muutos)"
_IS_CHANGE = (
    rf"(?i:^\s*(?:{_WHAT}{_GAP}{_CHANGE}|(?:{_WHAT}{_GAP})?(?:auto[ _-]?)?(?:re)?assign(?:ed|ment)?|(?:om)?tilldel(?:ad|at|ning)|tildelt|tildeling|statusändring|"
    r"statusendring|statusændring|audit|audit log|system event|systemhändelse|systemhendelse|merged|tagged|snoozed|unsnoozed|sla breached)\s*$)"
)
_OF_PUBLIC = (
    r"(?i:publi[ckqs]|offentlig|exter|ekstern|repl|svar|respon|answer|mail|e-?post|mejl|messag|meddel|melding|besked|viesti|comment|komment|chat|\bsms\b|phone|"
    r"call|telefon|samtal|\bweb|form|portal|customer|kund|asiakas|bound|coming|going|^\s*(?:in|out|ut|inn|ud|ind)\s*$|inkom|utgå|sent|skicka|sendt|facebook|"
    r"messenger|whatsapp|twitter|instagram|social|question|fråga|request|description|beskriv|julkinen|ulkoinen|vastaus|note|anteck)"
)
"""What stands in words for what the customer wrote or can read."""


def notes(match: Match, raw: RawExport) -> dict[Message, pl.Expr]:
    """By reason, which raw rows of a list of messages are none."""
    found: dict[Message, pl.Expr] = {}
    rows = _first_rows(match, raw)
    for place, words in _columns(match, rows):
        cell = pl.col(f"c{place}")
        if not _are_of_customers(match, rows, place, words):
            found[Message("marked-by", what=Message("mark-note"), header=match.headers[place])] = cell.str.contains(
                words
            )
        if _speaks_of_kinds(match.headers[place]):
            found[Message("marked-by", what=Message("mark-change"), header=match.headers[place])] = cell.str.contains(
                _IS_CHANGE
            )
    return found


def unknown_kinds(reader: SampleCells) -> Iterator[Finding]:
    """That words next to those for notes say nothing of who can read a message, or that customers wrote what is called a note."""
    match, rows = reader.match, _first_rows(reader.match, reader.raw)
    for place, words in _columns(match, rows):
        header = match.headers[place]
        called = [text for text in _cells(rows, place) if re.search(words, text)]
        if not called or not _speaks_of_kinds(header):
            continue
        line = f'is_public: {{from: {header}, values: {{{called[0]}: "false"}}}}'
        if _are_of_customers(match, rows, place, words):
            message = Message("notes-of-customers", file=reader.raw.name, word=called[0], header=header, line=line)
            yield Finding(code=CODE, message=message, kpis=OF_WRITERS)
            continue
        seen = sorted(set(_cells(rows, place)))
        known = f"{words}|{_IS_CHANGE}|{_OF_PUBLIC}"
        unknown = [text for text in seen if not re.search(known, text)]
        if unknown:
            line = f'is_public: {{from: {header}, values: {{{unknown[0]}: "false"}}}}'
            message = Message(
                "unknown-message-kinds", file=reader.raw.name, words=unknown, header=header, note=called[0], line=line
            )
            yield Finding(code=CODE, message=message, kpis=OF_WRITERS, is_serious=True)


def _first_rows(match: Match, raw: RawExport) -> list[Row]:
    """The first rows of a list of messages; none of another table."""
    return raw.sample(skip=match.skip, rows=LOOKED_AT).rows() if match.mapping.table == "messages" else []


def _columns(match: Match, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """The columns that may mark notes, with the pattern of their words for them: all under a header of kinds, notes alone under others."""
    if match.mapping.table != "messages":
        return
    columns = match.mapping.columns
    patterns = {
        place
        for name in ("author", "is_public")
        if (spec := columns.get(name))
        for place in match.places((*spec.headers, *spec.opposite))
    }
    ruled = {normal(header) for rule in match.mapping.leave_out for header in rule.headers}
    for place, header in enumerate(match.headers):
        if place in patterns or normal(header) in ruled or len(set(_cells(rows, place))) > FEW:
            continue
        if _speaks_of_kinds(header):
            yield place, f"{_IS_NOTE}|{_IS_INTERNAL}"
        elif _WAYS.search(normal(header)):
            yield place, _IS_NOTE


def _speaks_of_kinds(header: str) -> bool:
    return bool(_KINDS.search(normal(header))) and not _OF_OTHERS.search(normal(header))


def _cells(rows: Sequence[Row], place: int) -> list[str]:
    return [text for row in rows if place < len(row) and (text := (row[place] or "").strip())]


def _are_of_customers(match: Match, rows: Sequence[Row], place: int, words: str) -> bool:
    """Whether customers wrote what a column would call notes."""
    spec = match.mapping.columns.get("author")
    places = match.places(spec.headers) if spec is not None else []
    meanings: Mapping[str, str] = categories(Kind.AUTHOR)
    called = [row for row in rows if place < len(row) and re.search(words, (row[place] or "").strip())]
    own = [
        row
        for row in called
        if any(meanings.get((row[at] or "").strip().lower()) == "customer" for at in places if at < len(row))
    ]
    return len(own) > _OF_CUSTOMERS * len(called)
