"""Prices of one unit beside how many were bought: they are no amounts of orders."""

from collections.abc import Collection, Sequence

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


def of_one_unit(reader: FieldReader, fields: Sequence[Field], said: Collection[str]) -> list[Finding]:
    """That an orders' amount is the price of one unit, where a column beside it says that some were bought several at a time.

    Args:
        reader: the file.
        fields: its columns as they are read.
        said: the columns that the user names, of which nothing is doubted.
    """
    amount = next((each for each in fields if each.name == "amount"), None)
    if amount is None or reader.mapping.table != "orders" or not reader.mapping.fallback or "amount" in said:
        return []
    if normal(without_unit(without_vat(amount.header), Kind.NUMBER)) not in _PRICES:
        return []
    places = [place for place, header in enumerate(reader.match.headers) if normal(header) in COUNTS]
    for place in places:
        seen = reader.seen(reader.cell(place))
        if seen.str.contains(r"^\d+(?:[.,]0+)?$").all() and not seen.str.contains(r"^[01](?:[.,]0+)?$").all():
            message = Message(
                "unit-price", file=reader.raw.name, header=amount.header, quantity=reader.match.headers[place]
            )
            return [Finding(code=CODE, message=message, kpis=MONEY, is_serious=True, consequence=Consequence.NO_VALUE)]
    return []
