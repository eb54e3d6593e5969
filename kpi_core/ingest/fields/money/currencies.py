"""In which currency amounts are where no column of its own says so: by their header, and by what stands next to each."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells import numbers
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.money.exchange_rates import of_exchange_rates
from kpi_core.ingest.fields.money.money_of_countries import of_several_countries
from kpi_core.ingest.headers.header_units import currency_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import Kind

CODE = "no-currency"
MONEY = {
    "orders": ("revenue*", "aov*"),
    "costs": ("cac*", "cost_per_ticket*"),
}
NAME = "currency"
_KRONOR = ("KR", "KR.", "KRONOR", "KRONER")


def named(reader: FieldReader, fields: Sequence[Field]) -> tuple[list[Field], str | None]:
    """The fields with the currency of each amount; or the one currency of all, None where nothing names one."""
    names = {found.name: found for found in fields}
    amount, completed = names.get("amount"), list(fields)
    if amount is not None and NAME not in reader.mapping.constants:
        kpis = MONEY.get(reader.mapping.table, ())
        if countries := of_several_countries(reader, amount, names.get(NAME), kpis):
            counted = replace(amount, findings=(*amount.findings, *countries))
            completed, amount = [counted if each is amount else each for each in completed], counted
    if amount is not None and NAME in names:
        doubts = _against_column(reader, amount, names[NAME])
        return [
            replace(each, findings=(*each.findings, *doubts)) if each is amount else each for each in completed
        ], None
    if amount is None or NAME in reader.mapping.constants:
        return completed, None
    header = currency_of(amount.header) if reader.mapping.fallback else None
    codes = {unit: code for unit in amount.units if (code := numbers.currency_called(unit, amount.units))}
    if (
        not codes
        and header is None
        and (rates := of_exchange_rates(reader, amount, MONEY.get(reader.mapping.table, ())))
    ):
        doubted = replace(amount, findings=(*amount.findings, *rates))
        return [doubted if each is amount else each for each in completed], None
    if not codes:
        return completed, header
    seen = reader.seen(amount.text).to_frame("cell")
    bare = seen.filter(~numbers.has_unit(pl.col("cell"), *amount.units)).height
    different = {*codes.values(), *([header] if header else [])}
    if len(different) == 1:
        (code,) = different
        if header or not bare or {*codes} & set(numbers.KRONOR):
            return completed, code
        message = Message(
            "some-without-currency", file=reader.raw.name, named=seen.height - bare, amounts=seen.height,
            header=amount.header, currency=code,
        )  # fmt: skip
        doubt = Finding(code=CODE, message=message, kpis=MONEY.get(reader.mapping.table, ()), is_serious=True)
        return [replace(each, findings=(*each.findings, doubt)) if each is amount else each for each in completed], None
    return [*completed, _by_cell(amount, codes, header)], None


def _against_column(reader: FieldReader, amount: Field, currency: Field) -> list[Finding]:
    """That the header of the amounts names one currency and a column next to them others: they may be converted already, or not."""
    header = currency_of(amount.header)
    others = sorted({*reader.seen(currency.text).str.to_uppercase()} - {header, *_KRONOR}) if header else []
    if not others:
        return []
    message = Message(
        "currencies-apart", file=reader.raw.name, amount=amount.header, currency=header or "", header=currency.header,
        other=others[0],
    )  # fmt: skip
    kpis = MONEY.get(reader.mapping.table, ())
    return [Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)]


def _by_cell(amount: Field, codes: dict[str, str], header: str | None) -> Field:
    """The currency that stands next to each amount, else that of the header."""
    by_unit = [pl.when(numbers.has_unit(amount.text, unit)).then(pl.lit(code)) for unit, code in codes.items()]
    text = pl.when(amount.text.is_not_null()).then(pl.coalesce(*by_unit, pl.lit(header, pl.String)))
    return Field(name=NAME, header=amount.header, place=amount.place, kind=Kind.TEXT, text=text, value=pl.col(text_name(NAME)),
                 is_composed=True)  # fmt: skip
