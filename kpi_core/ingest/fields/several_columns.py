"""One thing that several columns of a file say: who wrote a message, whether an order was paid back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells.numbers import TICKS, parse_truth
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.sample_cells import SampleCells
from kpi_core.ingest.fields.words import categories, reworded
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import Kind

NOTE = "note"
_MAILBOX = r"^<?(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|svara[-_.]?(?:ej|inte)|ikke[-_.]?svar|auto[-_.]?(?:reply|svar|responder))\S*@"
"""Addresses from which nobody writes."""
PAYMENTS = frozenset(
    {
        *("payment status", "payment state", "financial status", "refund status", "return status"),
        *("betalstatus", "betalningsstatus", "betalingsstatus", "returstatus", "återbetalningsstatus", "refusjonsstatus"),
        *("maksun tila", "maksutila", "palautuksen tila", "zahlungsstatus"),
    }
)  # fmt: skip
"""Headers under which each word says something of what was paid."""
DATED = frozenset(
    {
        *("refunded at", "refunded on", "refund date", "date refunded", "credited at", "återbetald den", "återbetalningsdatum"),
        *("krediteringsdatum", "krediterad den", "refusjonsdato", "refundert dato", "tilbakebetalt dato", "refusionsdato"),
        *("tilbagebetalt dato", "palautuspäivä", "hyvityspäivä"),
    }
)  # fmt: skip
"""Headers of the day on which an order was paid back: empty where it was not."""
_BY_US = frozenset(
    {
        *("outgoing", "outbound", "is outbound", "is outgoing", "from us", "from agent", "is agent", "by agent", "utgående"),
        *("udgående", "från oss", "fra oss", "fra os", "lähtevä",),
    }
)  # fmt: skip
_BY_THEM = frozenset(
    {
        *("incoming", "inbound", "is inbound", "is incoming", "from customer", "is customer", "by customer", "inkommande", "ingående"),
        *("innkommende", "inngående", "indgående", "indkommende", "från kund", "från kunden", "fra kunde", "fra kunden"),
        *("är kund", "er kunde", "saapuva", "asiakkaalta",),
    }
)  # fmt: skip
"""Headers that ask of a message whether we wrote it, or the customer did: yes or no, or 1 and 0, says who."""
_TELLS_ALONE = PAYMENTS | DATED | _BY_US | _BY_THEM
_IN_PART = (
    r"(?i)^(?:part|del|osittain|teil).*(?:refund|return|credit|återb|tilba[gk]e|kredit|retur|hyvit|palau|erstatt)"
)
_UNPAID = (
    *("unpaid", "not paid", "not yet paid", "payment due", "due", "overdue", "awaiting payment", "pending payment"),
    *("partially paid", "partially_paid", "obetald", "obetalt", "ej betald", "inte betald", "ej betalt", "förfallen"),
    *("väntar på betalning", "inväntar betalning", "delbetald", "delvis betald", "ubetalt", "ikke betalt", "forfalt"),
    *("forfalden", "venter på betaling", "afventer betaling", "delvis betalt", "maksamatta", "maksamaton", "ei maksettu"),
    *("erääntynyt", "odottaa maksua", "unbezahlt", "offen", "teilweise bezahlt",),
)  # fmt: skip
"""Words that a payment is still to come."""


def writer(reader: SampleCells, name: str, spec: ColumnSpec) -> Field | None:
    """Who wrote a message by all columns that say so, each cell by the first of them whose word is known.

    A sender that is a name leaves it to the direction; what any of them calls a note is one. None where one says it alone.
    """
    words = list(categories(Kind.AUTHOR))
    telling = []
    for place in reader.match.places(spec.headers):
        cell = reworded(_asked(reader, place, reader.cell(place, spec.missing)), spec)
        if reader.seen(cell).str.to_lowercase().is_in(words).any():
            telling.append((place, cell, cell.str.to_lowercase().is_in(words)))
    notes = [word for word, meaning in categories(Kind.AUTHOR).items() if meaning == NOTE]
    known = [pl.when(cell.str.to_lowercase().is_in(notes)).then(cell) for _, cell, _ in telling]
    robots = list(_robots(reader)) if telling else []
    known += [pl.when(is_robot).then(pl.lit("bot")) for _, is_robot in robots]
    known += [pl.when(is_known).then(cell) for _, cell, is_known in telling]
    text = pl.coalesce(*known, *(cell for _, cell, _ in telling)) if telling else pl.lit(None, pl.String)
    return _composed(
        reader, name, Kind.AUTHOR, text, [*(place for place, *_ in telling), *(place for place, _ in robots)]
    )


def _asked(reader: SampleCells, place: int, cell: pl.Expr) -> pl.Expr:
    """Who wrote, where the header asks whether we did or the customer, a blank beside ticks for no; other cells as they are."""
    known = normal(reader.match.headers[place])
    if known not in _BY_US | _BY_THEM:
        return cell
    seen = reader.seen(cell)
    is_ticked = len(seen) > 0 and bool(seen.str.to_lowercase().is_in(TICKS).all())
    truth = parse_truth(cell.fill_null("false") if is_ticked else cell)
    yes, no = ("agent", "customer") if known in _BY_US else ("customer", "agent")
    return pl.when(truth).then(pl.lit(yes)).when(~truth).then(pl.lit(no)).otherwise(cell)


def _robots(reader: SampleCells) -> Iterator[tuple[int, pl.Expr]]:
    """The columns of agents in which one is called as automatic replies are (`System`, `noreply@…`), and where."""
    spec = reader.mapping.columns.get("agent")
    words = [word for word, meaning in categories(Kind.AUTHOR).items() if meaning == "bot"]
    for place in reader.match.places(spec.headers) if spec is not None else ():
        cell = reader.cell(place).str.to_lowercase()
        is_robot = cell.is_in(words) | cell.str.contains(_MAILBOX)
        if len(reader.seen(cell)) and reader.seen(is_robot).any():
            yield place, is_robot.fill_null(value=False)


def paid_back(reader: SampleCells, name: str, spec: ColumnSpec, places: Sequence[int]) -> Field | None:
    """Whether an order was paid back by all columns that may say so: it was where one of them says so.

    A word that settles nothing is not settled by another column, where it is the column that is looked at first, one of
    payments, or a part of an order that was paid back. An order that a column of payments calls unpaid was placed. None
    where one column says it alone, unless that is of payments or dates.
    """
    telling, unpaid = [], dict[str, str]()
    for place in places:
        header = reader.match.headers[place]
        cell = reader.cell(place, spec.missing)
        if normal(header) in PAYMENTS:
            open_still = reader.seen(cell)
            open_still = open_still.filter(open_still.str.to_lowercase().is_in(_UNPAID))
            unpaid |= {header: open_still[0]} if len(open_still) else {}
            cell = pl.when(cell.str.to_lowercase().is_in(_UNPAID)).then(pl.lit("false")).otherwise(cell)
        if normal(header) in DATED:
            cell = pl.when(cell.is_not_null()).then(pl.lit("true")).otherwise(pl.lit("false"))
        cell = reworded(cell, spec)
        truth = parse_truth(cell)
        seen = reader.seen(cell).to_frame("cell")
        if seen.select(parse_truth(pl.col("cell")).is_not_null().any()).item():
            telling.append((place, cell, truth))
    truths = [truth.fill_null(value=False) for _, _, truth in telling]
    doubts = []
    for at, (place, cell, truth) in enumerate(telling):
        is_open = truth.is_null() & cell.is_not_null()
        if at and normal(reader.match.headers[place]) not in PAYMENTS:
            is_open = is_open & cell.str.contains(_IN_PART)
        doubts.append(pl.when(is_open).then(cell))
    text = pl.when(pl.any_horizontal(pl.lit(value=False), *truths)).then(pl.lit("true")).otherwise(
        pl.coalesce(pl.lit(None, pl.String), *doubts, *(pl.when(~truth).then(pl.lit("false")) for _, _, truth in telling))
    )  # fmt: skip
    text = telling[0][1] if len(telling) == 1 else text
    found = _composed(reader, name, Kind.TRUTH, text, [place for place, *_ in telling])
    return None if found is None else replace(found, findings=tuple(_counted(reader, unpaid)))


def _counted(reader: SampleCells, unpaid: Mapping[str, str]) -> Iterator[Finding]:
    """The findings on orders that are not paid, by header a word for it."""
    for header, word in unpaid.items():
        message = Message("unpaid-orders", file=reader.raw.name, header=header, word=word)
        yield Finding(code="unpaid-orders", message=message, kpis=OF["orders"])


def _composed(reader: SampleCells, name: str, kind: Kind, text: pl.Expr, places: Sequence[int]) -> Field | None:
    """The field of several columns, or of one of payments, without its value; None of another alone."""
    headers = [reader.match.headers[place] for place in places]
    if not headers or (len(headers) == 1 and normal(headers[0]) not in _TELLS_ALONE):
        return None
    return Field(name=name, header=" + ".join(headers), place=places[0], kind=kind, text=text, value=pl.col(text_name(name)),
                 is_composed=len(headers) > 1, distinguishes_empty=any(normal(header) in DATED | _BY_US | _BY_THEM for header in headers))  # fmt: skip
