"""Columns of orders and costs that hold money and are not read: what was paid back, what no name shows to be the amount, and a second amount."""

import re
from collections.abc import Iterator, Sequence

from kpi_core.ingest.cells.cost_words import FOR, said_kind
from kpi_core.ingest.cells.money_words import AMOUNT, NO_MONEY, PAID_BACK, PLANNED, TAX, names_money
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.formats.recognise import Match
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.patterns import regex

CODE = "unread-amount"
MONEY = ("revenue*", "aov*")
SPENT = ("cac*", "cost_per_ticket*")
_OF_TAX = regex(r"moms|\bmva\b|\bvat\b|\balv\b|\bnett?o|brutto|gross", re.IGNORECASE)
"""Words of two amounts of which one is the other with what the state gets."""
_INCOME = regex(
    r"^(?!.*(?:cost|kost|expense|utgift|udgift|kulu|kustann)).*(?:revenue|income|intäkt|inntekt|omsättning|omsetning|omsætning|försäljning|\bsales\b"
    r"|salg|myynti|liikevaihto|ordervärde)",
    re.IGNORECASE,
)
"""A header of what came in, next to what was spent."""
_OF_ONE = regex(r"\bper\b|\bpr\b|/|\bà\b|pris(?:er)?\b|\bprices?\b|hinta\b|\beach\b", re.IGNORECASE)
"""A header of what one costs, of which the amount is a sum."""
_NUMBER = regex(
    r"[-−(]?(?:kr|sek|nok|dkk|eur|usd|[€$£])?\.?\s*[-−]?\d[\d\s.,'’]*\)?\s*(?:kr|sek|nok|dkk|eur|usd|[€$£]|:-|,-)?\.?",
    re.IGNORECASE,
)
_SEEN = 200


def unread_money(
    name: str, match: Match, rows: Sequence[Sequence[str]], fields: tuple[Field, ...], refused: Sequence[Finding] = ()
) -> Iterator[Finding]:
    """The columns of orders or costs that look like money and are not read.

    Args:
        name: the file.
        match: what it is read as.
        rows: the first rows below its headers.
        fields: the columns that are read.
        refused: what is said of columns that could not be read, each with its own way out.
    """
    if match.mapping.table == "costs":
        yield from _unread_costs(name, match, rows, fields)
    if match.mapping.table != "orders":
        return
    taken = {field.place for field in fields}
    amount = next((field.header for field in fields if field.name == "amount"), None)
    messages = [finding.message for finding in (*refused, *(each for field in fields for each in field.findings))]
    named = {name for message in messages for name in _values(message)}
    for place, header in enumerate(match.headers):
        if place in taken or header in named or NO_MONEY.search(header) or not _is_money(place, rows):
            continue
        if TAX.match(header):
            continue
        if PAID_BACK.search(header):
            message = Message("unread-refund", file=name, header=header)
            yield Finding(code=CODE, message=message, kpis=MONEY, is_serious=True)
        elif AMOUNT.search(header) and (amount is None or match.mapping.fallback):
            message = Message("unread-amount", file=name, header=header)
            if amount is not None:
                message = Message("unread-amount-beside", file=name, header=header, amount=amount)
            yield Finding(code=CODE, message=message, kpis=MONEY, is_serious=amount is None)


def _unread_costs(
    name: str, match: Match, rows: Sequence[Sequence[str]], fields: tuple[Field, ...]
) -> Iterator[Finding]:
    """The columns of costs that look like a second amount: which of them was spent is then a guess."""
    amount = next((field.header for field in fields if field.name == "amount"), None)
    taken = {field.place for field in fields}
    for place, header in enumerate(match.headers):
        if (
            place in taken
            or not names_money(header)
            or any(pattern.search(header) for pattern in (PLANNED, TAX, _INCOME))
        ):
            continue
        if (amount is not None and _OF_ONE.search(header)) or not _is_money(place, rows):
            continue
        message = Message("unread-amount", file=name, header=header)
        if amount is not None:
            message = Message("unread-amount-beside", file=name, header=header, amount=amount)
        is_serious = amount is None or not (_OF_TAX.search(header) or _OF_TAX.search(amount))
        yield Finding(code=CODE, message=message, kpis=_fed_by(header, amount), is_serious=is_serious)


def _fed_by(header: str, amount: str | None) -> tuple[str, ...]:
    """The KPIs that a column of costs would feed: those of its kind where both headers say one, else all."""
    own, other = said_kind(header), None if amount is None else said_kind(amount)
    return SPENT if own is None or other in {None, own} else FOR[own]


def _values(message: Message) -> Iterator[object]:
    """The values of a message, and of those in it."""
    for value in message.values.values():
        for each in value if isinstance(value, tuple) else (value,):
            yield from _values(each) if isinstance(each, Message) else (each,)


def _is_money(place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of a column are numbers, one of them at least other than none."""
    cells = [cell for row in rows[:_SEEN] if place < len(row) and (cell := (row[place] or "").strip())]
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)
