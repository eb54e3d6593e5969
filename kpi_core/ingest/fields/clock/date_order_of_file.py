"""One order for all dates of a file: a column that separates day from month speaks for those that do not."""

from collections.abc import Callable, Sequence

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells import missing
from kpi_core.ingest.cells.dates import dates
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.narrow_scan import collect


def settle_order(reader: FieldReader, names: Sequence[str]) -> None:
    """Lets one date column that separates day from month, in the sample, speak for the file's others.

    Raises:
        ExportError: two columns of the file contradict each other.
    """
    _settle(reader, names, reader.sample.select_seq, is_sample=True)


def settle_order_in_full(reader: FieldReader, names: Sequence[str]) -> None:
    """The same from every row of the file, where the sample holds no evidence."""
    rows = reader.raw.scan(skip=reader.match.skip)
    _settle(reader, names, lambda looks: collect(reader.raw, rows.select(looks)))


def _settle(
    reader: FieldReader, names: Sequence[str], look: Callable[[list[pl.Expr]], pl.DataFrame], *, is_sample: bool = False
) -> None:
    choices, match = reader.choices, reader.match
    if choices.date_order or choices.date_formats or match.mapping.date_order:
        return
    found = (match.index(match.mapping.columns[name].headers) for name in names)
    places = list(dict.fromkeys(place for place in found if place is not None))
    if is_sample:
        places = [place for place in places if not dates.begin_with_years(reader.sample[f"c{place}"])]
    evidence = [dates.order_evidence(missing.clean(pl.col(f"c{place}"))) for place in places]
    looks = [one.alias(f"{at} {way}") for at, both in enumerate(evidence) for way, one in enumerate(both)]
    seen = look(looks).row(0) if looks else ()
    for at, place in enumerate(places):
        order = _order(*seen[2 * at : 2 * at + 2])
        if order and reader.order not in (None, order):
            message = f"`{match.headers[place]}` has the {order.value} order, other dates the {reader.order}"
            raise ExportError(message, hint="pass --date-format dmy or mdy")
        reader.order = order or reader.order


def _order(day_first: bool | None, month_first: bool | None) -> dates.Order | None:
    """The order that the evidence shows; None without any, and where it contradicts itself (reported when sniffed)."""
    if bool(day_first) is bool(month_first):
        return None
    return dates.Order.DMY if day_first else dates.Order.MDY
