"""Columns of orders and costs that hold money and are not read: what was paid back, what no name shows to be the amount, and a second amount."""

import re
from collections.abc import Iterator, Sequence

from kpi_core.ingest.cells.cost_words import FED_BY, INCOME, PLANNED, UNIT_PRICE, said_kind
from kpi_core.ingest.cells.money_words import AMOUNT, NO_MONEY, PAID_BACK, TAX, names_money
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.formats.recognise import Match
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.patterns import regex

CODE = "unread-amount"
OF_ORDERS = ("revenue*", "aov*")
OF_COSTS = tuple(kpi for kpis in FED_BY.values() for kpi in kpis)
_WITH_TAX = regex(r"moms|\bmva\b|\bvat\b|\balv\b|\bnett?o|brutto|gross", re.IGNORECASE)
"""Words of two amounts of which one is the other with what the state gets."""
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
    rule = {"orders": _in_orders, "costs": _in_costs}.get(match.mapping.table)
    if rule is None:
        return
    taken = {field.place for field in fields}
    amount = next((field.header for field in fields if field.name == "amount"), None)
    messages = [finding.message for finding in (*refused, *(each for field in fields for each in field.findings))]
    named = {name for message in messages for name in _values(message)}
    for place, header in enumerate(match.headers):
        if place in taken or header in named or NO_MONEY.search(header) or TAX.match(header):
            continue
        if _is_money(place, rows) and (finding := rule(name, header, amount, match)) is not None:
            yield finding


def _in_orders(name: str, header: str, amount: str | None, match: Match) -> Finding | None:
    """What was paid back, and of common headers another amount."""
    if PAID_BACK.search(header):
        message = Message("unread-refund", file=name, header=header)
        return Finding(code=CODE, message=message, kpis=OF_ORDERS, is_serious=True)
    if AMOUNT.search(header) and (amount is None or match.mapping.fallback):
        return _amount(name, header, amount, OF_ORDERS, is_serious=amount is None)
    return None


def _in_costs(name: str, header: str, amount: str | None, _match: Match) -> Finding | None:
    """Another amount: which of the two was spent is a guess, unless one is the other with tax."""
    if not names_money(header) or PLANNED.search(header) or INCOME.search(header):
        return None
    if amount is not None and UNIT_PRICE.search(header):
        return None
    own, read = said_kind(header), said_kind(amount or "")
    kpis = OF_COSTS if own is None or read in {None, own} else FED_BY[own]
    is_of_tax = amount is not None and _WITH_TAX.search(f"{header} {amount}") is not None
    return _amount(name, header, amount, kpis, is_serious=not is_of_tax)


def _amount(name: str, header: str, amount: str | None, kpis: tuple[str, ...], *, is_serious: bool) -> Finding:
    """That a column of amounts is not read, next to the one that is, if any."""
    message = Message("unread-amount", file=name, header=header)
    if amount is not None:
        message = Message("unread-amount-beside", file=name, header=header, amount=amount)
    return Finding(code=CODE, message=message, kpis=kpis, is_serious=is_serious)


def _values(message: Message) -> Iterator[object]:
    """The values of a message, and of those in it."""
    for value in message.values.values():
        for each in value if isinstance(value, tuple) else (value,):
            yield from _values(each) if isinstance(each, Message) else (each,)


def _is_money(place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of a column are numbers, one of them at least other than none."""
    cells = [cell for row in rows[:_SEEN] if place < len(row) and (cell := (row[place] or "").strip())]
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)
