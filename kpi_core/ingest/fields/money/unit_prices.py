"""Prices of one unit next to how many were bought: they are no amounts of orders, and a column that is the product of both is.

`Amount` is a word for money and for how many. The rows decide: where it times another column is a third one, that third one is the amount.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import product

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells import numbers
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.headers.header_rows import normal, without_vat
from kpi_core.ingest.headers.header_units import without_unit
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import Kind

CODE = "unit-price"
MONEY = ("revenue*", "aov*")
_PRICES = frozenset(
    {
        *("price", "unit price", "item price", "price each", "price per unit", "list price", "unit amount"),
        *("pris", "styckpris", "à-pris", "á-pris", "a-pris", "enhetspris", "pris per st", "pris/st", "stykpris", "stykkpris", "enhedspris"),
        *("hinta", "yksikköhinta", "kappalehinta", "à-hinta", "a-hinta", "preis", "einzelpreis", "stückpreis"),
    }
)  # fmt: skip
COUNTS = frozenset(
    {
        *("quantity", "qty", "units", "pieces", "number of items", "items", "antal", "st", "kvantitet", "antal st"),
        *("antall", "stk", "mengde", "mængde", "määrä", "kpl", "menge", "anzahl"),
    }
)  # fmt: skip
FEWEST, MOSTLY, MOST_COLUMNS = 5, 0.95, 12
"""Rows in which one column must be the product of two others, their share, and the columns of numbers that are tried."""
_MANY = 100
"""How many of one thing hardly anybody buys."""


def _doubtful_amount(reader: FieldReader, fields: Sequence[Field], named: Collection[str]) -> Field | None:
    """The amount of orders in a list that is in no known format, where the user did not name it."""
    is_doubtful = reader.mapping.table == "orders" and reader.mapping.fallback and "amount" not in named
    return next((each for each in fields if each.name == "amount"), None) if is_doubtful else None


def of_products(reader: FieldReader, fields: Sequence[Field], named: Collection[str]) -> list[Field]:
    """The fields with the amount of orders in the column that is the product of what was taken for the amount and of another column.

    Args:
        reader: the file.
        fields: its columns as they are read.
        named: the columns that the user names, of which nothing is doubted.
    """
    amount = _doubtful_amount(reader, fields, named)
    if amount is None:
        return list(fields)
    spec, taken = reader.mapping.columns["amount"], {each.place for each in fields}
    own = _values(reader, amount.place)
    totals = [place for place in reader.match.places(spec.headers) if place not in taken]
    if own is None or own.is_empty() or not totals:
        return list(fields)
    others = [
        place
        for place, header in enumerate(reader.match.headers)
        if header and place not in taken and place < reader.raw.width
    ]
    values = {place: cells for place in others if (cells := _values(reader, place)) is not None}
    values = dict(list(values.items())[:MOST_COLUMNS])
    for total, factor in product(totals, values):
        if total != factor and total in values and (rows := _is_product(own, values[factor], values[total])):
            headers = reader.match.headers
            read = reader.read("amount", amount.kind, spec.model_copy(update={"headers": (headers[total],)}))
            if read is None:
                continue
            message = Message(
                "amount-times-another", file=reader.raw.name, header=amount.header, other=headers[factor], amount=headers[total], count=rows,
            )  # fmt: skip
            finding = Finding(code=CODE, message=message, kpis=MONEY, is_serious=True)
            read = replace(read, findings=(*read.findings, finding))
            return [read if each is amount else each for each in fields]
    return list(fields)


def _values(reader: FieldReader, place: int) -> pl.Series | None:
    """The sampled cells of a column as numbers, null where one is empty; None where they are none, or may be two."""
    cell = pl.col(f"c{place}").str.strip_chars()
    cells = reader.sample.select(pl.when(cell != "").then(cell)).to_series()
    return None if cells.null_count() == len(cells) else _numbers(cells, reader.match.headers[place])


def _numbers(cells: pl.Series, header: str) -> pl.Series | None:
    try:
        reading = numbers.sniff_decimal(cells.drop_nulls(), column=header)
    except ExportError:
        return None
    read = cells.to_frame("cell").select(numbers.parse_number(pl.col("cell"), reading)).to_series()
    return None if read.null_count() > cells.null_count() else read


def _is_product(one: pl.Series, other: pl.Series, total: pl.Series) -> int:
    """In how many rows one column times another is a third, to half of its last decimal a piece; 0 where in too few, or where a column is 1 throughout."""
    rows = pl.DataFrame({"one": one, "other": other, "total": total}).drop_nulls()
    if rows.height < FEWEST or (rows["one"] == 1).all() or (rows["other"] == 1).all() or (rows["total"] == 0).all():
        return 0
    near = 0.005 * pl.max_horizontal(pl.lit(2.0), pl.min_horizontal(pl.col("one").abs(), pl.col("other").abs()) + 1)
    matching = int(rows.select(((pl.col("one") * pl.col("other") - pl.col("total")).abs() <= near).sum()).item())
    return matching if matching >= MOSTLY * rows.height else 0


def of_one_unit(reader: FieldReader, fields: Sequence[Field], named: Collection[str]) -> list[Finding]:
    """That an orders' amount is the price of one unit, where a column next to it says that some were bought several at a time.

    Args:
        reader: the file.
        fields: its columns as they are read.
        named: the columns that the user names, of which nothing is doubted.
    """
    amount = _doubtful_amount(reader, fields, named)
    if amount is None:
        return []
    if not _is_price(amount.header):
        return _of_counts(reader, amount)
    places = [place for place, header in enumerate(reader.match.headers) if normal(header) in COUNTS]
    for place in places:
        seen = reader.seen(reader.cell(place))
        if seen.str.contains(r"^\d+(?:[.,]0+)?$").all() and not seen.str.contains(r"^[01](?:[.,]0+)?$").all():
            message = Message(
                "unit-price", file=reader.raw.name, header=amount.header, quantity=reader.match.headers[place]
            )
            return [Finding(code=CODE, message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE)]
    return []


def _is_price(header: str) -> bool:
    return normal(without_unit(without_vat(header), Kind.NUMBER)) in _PRICES


def _of_counts(reader: FieldReader, amount: Field) -> list[Finding]:
    """That an orders' amount may be how many were bought: small whole numbers next to the price of one, which is mostly higher and has more values."""
    prices = [place for place, header in enumerate(reader.match.headers) if _is_price(header) and place != amount.place]
    own = _values(reader, amount.place)
    for place in prices:
        price = _values(reader, place)
        if own is None or price is None or len(own.drop_nulls()) < FEWEST:
            continue
        most, several = own.max(), price.drop_nulls().n_unique() > own.drop_nulls().n_unique()
        are_counts = bool((own.drop_nulls() % 1 == 0).all()) and isinstance(most, float) and 1 < most <= _MANY
        is_higher = pl.DataFrame({"own": own, "price": price}).select((pl.col("price") > pl.col("own")).mean()).item()
        if are_counts and several and isinstance(is_higher, float) and is_higher > 0.5:
            message = Message(
                "amount-may-count", file=reader.raw.name, header=amount.header, price=reader.match.headers[place]
            )
            return [Finding(code=CODE, message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE)]
    return []
