"""Rows of orders that a column of types calls credits or returns, and whose amounts have no minus: these are taken off."""

from collections.abc import Collection, Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.money.unit_prices import COUNTS
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import Kind

CREDIT = "_credit by "
"""How the working column of rows whose amount is taken off begins, which goes on with the header that says so."""
MONEY = ("revenue*", "aov*")
TYPES = frozenset(
    {
        *("type", "order type", "transaction type", "document type", "doc type", "invoice type", "record type", "row type", "entry type"),
        *("event type", "event", "transaction", "movement type", "sales type", "kind", "document kind"),
        *("typ", "ordertyp", "transaktionstyp", "dokumenttyp", "fakturatyp", "verifikationstyp", "bilagstyp", "radtyp", "händelse", "transaktion"),
        *("ordretype", "transaksjonstype", "transaktionstype", "dokumenttype", "fakturatype", "bilagstype", "hendelse", "transaksjon"),
        *("tyyppi", "laji", "tilaustyyppi", "tapahtumatyyppi", "laskutyyppi", "tositelaji", "tapahtuma"),
        *("art", "belegart", "dokumentart", "dokumententyp", "vorgang"),
    }
)  # fmt: skip
_BELOW = r"^[-−]\s?\d*[.,]?\d*[1-9]"
CREDITS = (
    *(
        "credit note",
        "creditnote",
        "credit memo",
        "credit invoice",
        "credit order",
        "refund",
        "refunds",
        "refunded",
        "partial refund",
    ),
    *("return order", "sales return", "customer return", "chargeback", "charge back"),
    *("kreditnota", "kreditfaktura", "kreditering", "kreditorder", "återbetalning", "returorder", "kundretur"),
    *("kreditnotat", "kreditordre", "refusjon", "tilbakebetaling", "tilbakeføring", "returordre", "kunderetur"),
    *("kreditnote", "refusion", "tilbagebetaling", "tilbageførsel"),
    *("hyvitys", "hyvityslasku", "palautuslasku", "asiakaspalautus"),
    *("gutschrift", "rückerstattung", "erstattung", "rechnungskorrektur", "stornorechnung"),
)
"""Words that say of a row, whatever the others say, that its amount is taken off."""
RETURNS = (
    *(
        "return",
        "returns",
        "returned",
        "credit",
        "credits",
        "credited",
        "retur",
        "returer",
        "returnerad",
        "kredit",
        "krediterad",
        "återköp",
    ),
    *(
        "returnert",
        "kreditert",
        "returneret",
        "krediteret",
        "palautus",
        "palautukset",
        "rückgabe",
        "retoure",
        "rücksendung",
    ),
)
"""Words that say it next to words for sales: a `return` may be a ticket there and back, and a `credit` a side of an account."""
INVOICES = (
    *(
        "invoice",
        "invoices",
        "sales invoice",
        "customer invoice",
        "faktura",
        "fakturor",
        "kundfaktura",
        "debetfaktura",
        "debitfaktura",
    ),
    *("fakturaer", "salgsfaktura", "kundefaktura", "lasku", "myyntilasku", "rechnung", "ausgangsrechnung"),
)
PAYMENTS = (
    "payment",
    "payments",
    "betalning",
    "inbetalning",
    "betaling",
    "innbetaling",
    "indbetaling",
    "maksu",
    "suoritus",
    "zahlung",
)
SALES = (
    *INVOICES,
    *PAYMENTS,
    *(
        "sale",
        "sales",
        "order",
        "orders",
        "sales order",
        "purchase",
        "charge",
        "receipt",
        "sold",
        "normal",
        "standard",
        "ordinary",
    ),
    *("försäljning", "sälj", "köp", "beställning", "kundorder", "försäljningsorder", "kvitto", "ordinarie"),
    *("salg", "kjøp", "ordre", "bestilling", "salgsordre", "kundeordre", "kvittering", "køb", "ordinær"),
    *("myynti", "tilaus", "osto", "kuitti", "myyntitilaus", "verkauf", "bestellung", "kauf", "auftrag"),
)
"""Words for what is sold."""

SIDES = frozenset(
    one + mark + other
    for one, other in (("debet", "kredit"), ("debit", "credit"), ("debet", "credit"), ("debit", "kredit"), ("d", "k"), ("d", "c"), ("dr", "cr"), ("soll", "haben"), ("s", "h"))
    for mark in ("/", " / ", " ", "-", " eller ", " or ")
) | {"dc", "dk", "debet/kredit (d/k)"}  # fmt: skip
"""Headers of a column that says on which side of an account a row is."""
DEBIT = frozenset({"d", "dr", "dr.", "debet", "debit", "deb", "s", "soll"})
CREDITED = frozenset({"k", "c", "cr", "cr.", "kr", "kredit", "credit", "kred", "cred", "h", "haben"})


def credits_by_type(reader: FieldReader, fields: list[Field]) -> tuple[dict[str, pl.Expr], list[Finding]]:
    """Which raw rows of an orders' spreadsheet a column of types says are credits, and the findings on types in doubt."""
    if reader.mapping.table != "orders" or not reader.mapping.fallback or all(each.name != "amount" for each in fields):
        return {}, []
    taken = {each.place for each in fields if each.kind is not Kind.TEXT}
    for place, header in enumerate(reader.match.headers):
        if normal(header) not in TYPES or place in taken:
            continue
        words = [word.casefold() for word in reader.seen(reader.cell(place, is_text=True)).unique().sort()]
        known = {*CREDITS, *RETURNS, *SALES}
        if not set(words) & known:
            continue
        are_known = set(words) <= known
        cell = pl.col(f"c{place}").str.strip_chars().str.to_lowercase()
        is_credit = cell.is_in([*CREDITS, *(RETURNS if are_known else ())]).fill_null(value=False)
        return {CREDIT + header: is_credit}, _doubts(reader.raw.name, header, words, are_known=are_known)
    return _by_quantity(reader, taken), _of_sides(reader, fields, taken)


def _of_sides(reader: FieldReader, fields: Sequence[Field], taken: Collection[int | None]) -> list[Finding]:
    """The finding on a column of debit and credit next to amounts without a minus: which of the two is sold, no row says."""
    amount = next(each.place for each in fields if each.name == "amount")
    for place, header in enumerate(reader.match.headers):
        if place in taken or normal(header) not in SIDES:
            continue
        words = {word.strip().casefold() for word in reader.seen(reader.cell(place, is_text=True)).unique()}
        has_both = words & DEBIT and words & CREDITED and words <= DEBIT | CREDITED
        if has_both and not reader.seen(reader.cell(amount)).str.contains(_BELOW).any():
            message = Message("debit-and-credit", file=reader.raw.name, header=header)
            return [
                Finding(code="credits", message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE)
            ]
    return []


def _by_quantity(reader: FieldReader, taken: Collection[int | None]) -> dict[str, pl.Expr]:
    """Which raw rows have less than none of what was bought: a return, whose amount has no minus either way."""
    for place, header in enumerate(reader.match.headers):
        if (
            normal(header) in COUNTS
            and place not in taken
            and reader.seen(reader.cell(place)).str.contains(_BELOW).any()
        ):
            return {CREDIT + header: pl.col(f"c{place}").str.strip_chars().str.contains(_BELOW).fill_null(value=False)}
    return {}


def _doubts(name: str, header: str, words: list[str], *, are_known: bool) -> list[Finding]:
    """The findings on words that may mean a credit, and on invoices next to their payments."""
    doubtful = [word for word in words if word in RETURNS and not are_known]
    found = []
    if doubtful:
        others = next(word for word in words if word not in {*CREDITS, *RETURNS, *SALES})
        message = Message("returns-in-doubt", file=name, header=header, word=doubtful[0], other=others)
        found.append(
            Finding(code="credits", message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VERDICT)
        )
    if set(words) & set(INVOICES) and set(words) & set(PAYMENTS):
        paid = next(word for word in words if word in PAYMENTS)
        message = Message("invoices-and-payments", file=name, header=header, word=paid)
        found.append(
            Finding(code="credits", message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE)
        )
    return found


def turned(used: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The orders with the amounts of credits below zero, and how many are."""
    mark = next((column for column in used.columns if column.startswith(CREDIT)), None)
    if mark is None:
        return used, []
    is_turned = pl.col(mark) & (pl.col("amount") > 0).fill_null(value=False)
    count = int(used.select(is_turned.sum()).item())
    used = used.with_columns(amount=pl.when(is_turned).then(-pl.col("amount")).otherwise("amount")).drop(mark)
    if not count:
        return used, []
    message = Message("credits", file=name, count=count, header=mark.removeprefix(CREDIT))
    return used, [Finding(code="credits", message=message, kpis=MONEY)]
