"""Amounts of orders that are what is left once refunds are taken off: a refund comes off once, not twice."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells import numbers
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.typed_fields import parsed
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex

CODE = "net-amount"
MONEY = ("revenue*", "aov*", "repurchase_rate_net")
_NET = regex(r"(?i)^nett?o?|\bnett?o?\b|after refunds|efter återbetalning|etter refusjon|efter refusion")
_ROUNDED = 0.011
WHOLE = "whole"
"""The name under which a column is tried as the amount."""


def before_refunds(reader: FieldReader, fields: Sequence[Field], named: Collection[str]) -> list[Field]:
    """The fields of an orders' spreadsheet with an amount from which the refund next to it has not been taken off yet.

    Where another column less the refund is the amount in every row, that is the amount. Where there is none and refunds exceed
    what is left, the amount is after them; in doubt they are taken off, and the doubt is reported.

    Args:
        reader: the file.
        fields: its columns as they are read.
        named: the columns that the user names, of which nothing is doubted.
    """
    names = {each.name: each for each in fields}
    amount, back = names.get("amount"), names.get("refunded_amount")
    if not reader.mapping.fallback or amount is None or back is None or {"amount", "refunded_amount"} & set(named):
        return list(fields)
    seen = _values(reader, [amount, back]).with_columns(back=pl.col(back.value_name).abs().fill_null(0))
    repaid = seen.filter(pl.col("back") > 0)
    if repaid.is_empty():
        return list(fields)
    whole = next(
        (one for one in _numbers(reader, fields) if _is_whole(reader, _number(reader, WHOLE, *one), amount, back)), None
    )
    name = reader.raw.name
    if whole is not None:
        known = _number(reader, "amount", *whole)
        message = Message("amount-is-rest", file=name, amount=amount.header, whole=known.header, refund=back.header)
        known = replace(known, findings=(Finding(code=CODE, message=message, kpis=MONEY),))
        return [known if each is amount else each for each in fields]
    if not (is_net := _NET.search(amount.header) is not None) and not _exceeds(repaid, amount):
        return list(fields)
    if _exceeds(repaid, amount) if is_net else _leaves_nothing(repaid, amount):
        message = Message("refund-off-already", file=name, refund=back.header, amount=amount.header)
        known = replace(amount, findings=(*amount.findings, Finding(code=CODE, message=message, kpis=MONEY)))
        return [known if each is amount else each for each in fields if each is not back]
    message = Message(
        "refund-taken-off" if is_net else "refund-taken-off-exceeding",
        file=name,
        refund=back.header,
        amount=amount.header,
    )
    doubt = Finding(code=CODE, message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VERDICT)
    return [replace(each, findings=(*each.findings, doubt)) if each is amount else each for each in fields]


def _exceeds(repaid: pl.DataFrame, amount: Field) -> bool:
    """Whether more was paid back of some order than its amount; an amount below zero is a credit's."""
    left = pl.col(amount.value_name)
    return bool(repaid.select(((left >= 0) & (pl.col("back") > left + _ROUNDED)).any()).item())


def _leaves_nothing(repaid: pl.DataFrame, amount: Field) -> bool:
    """Whether orders that were paid back have no amount left wherever it is not more than what was paid back, and none has just that."""
    exceeded = repaid.filter(pl.col(amount.value_name) >= 0, pl.col("back") > pl.col(amount.value_name) - _ROUNDED)
    return bool(exceeded.select((pl.col(amount.value_name) < _ROUNDED).all()).item())


def _values(reader: FieldReader, fields: Sequence[Field]) -> pl.DataFrame:
    """The sample with the values of some fields."""
    wanted = {name: reader.cleaned[name] for each in fields for name in each.text.meta.root_names()}
    return narrow_scan.steps(reader.sample.lazy(), wanted, fields).select(each.value_name for each in fields).collect()


def _numbers(reader: FieldReader, fields: Sequence[Field]) -> Iterator[tuple[int, numbers.NumberReading]]:
    """The columns of numbers that nothing reads, with how these are written."""
    taken = {each.place for each in fields if each.kind is not Kind.TEXT}
    for place, header in enumerate(reader.match.headers):
        seen = reader.seen(reader.cell(place)) if header and place not in taken else pl.Series(dtype=pl.String)
        if not len(seen) or not seen.str.contains(r"\d").all() or seen.str.contains(r"\d[-/:]\d").any():
            continue
        with suppress(ExportError):
            yield (
                place,
                numbers.sniff_decimal(seen, column=header, decimal=reader.choices.decimal or reader.mapping.decimal),
            )


def _number(reader: FieldReader, name: str, place: int, reading: numbers.NumberReading) -> Field:
    """The field of a column of numbers."""
    text = pl.col(text_name(name))
    found = Field(
        name=name,
        header=reader.match.headers[place],
        place=place,
        kind=Kind.NUMBER,
        text=reader.cell(place),
        value=text,
    )
    return parsed(found, numbers.parse_number(text, reading))


def _is_whole(reader: FieldReader, whole: Field, amount: Field, back: Field) -> bool:
    """Whether a column less the refund is the amount in every row that has all of them."""
    rows = _values(reader, [whole, amount, back]).drop_nulls([whole.value_name, amount.value_name])
    rest = pl.col(whole.value_name) - pl.col(back.value_name).abs().fill_null(0) - pl.col(amount.value_name)
    return rows.height > 0 and bool(rows.select((rest.abs() < _ROUNDED).all()).item())
