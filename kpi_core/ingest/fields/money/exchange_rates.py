"""Amounts without a currency next to a column of exchange rates (`Valutakurs`) that has several: they are in several currencies.

Whether an amount is before or after the rate no file says, so that nothing is multiplied.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.narrow_scan import collect
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex

CODE = "no-currency"
_RATE = regex(
    r"(?i)^(?:valuta|växel|vaxel|veksel|valutta|exchange|currency|conversion|fx|forex|omräknings|omregnings)[\s_-]*(?:kurs|rate|kurssi)\w*\b.*$|^(?:fx|kurs till|rate to)\b.*$"
)
_PERHAPS = regex(r"(?i)^(?:kurs|rate|kurssi)(?:en)?\s*(?:\(.*\))?$")
APART, SURELY_APART = 1.3, 3.0
"""How many times as large as the lowest the highest rate is, where there are several currencies (one that goes up and down in a year does not
reach that); and where the header may mean another rate."""
ONE = 0.01
"""How far from 1 the rate of another currency is at least, next to that of the home currency."""


def of_exchange_rates(reader: FieldReader, amount: Field, kpis: Sequence[str]) -> list[Finding]:
    """The finding on amounts next to rates of several currencies."""
    for place, header in enumerate(reader.match.headers[: reader.raw.width]):
        name = header.strip()
        is_sure = _RATE.match(name) is not None
        if place == amount.place or not (is_sure or _PERHAPS.match(name)):
            continue
        if _are_several(reader, place, is_sure=is_sure):
            message = Message("money-of-rates", file=reader.raw.name, header=amount.header, other=header)
            found = Finding(
                code=CODE, message=message, kpis=tuple(kpis), is_serious=True, consequence=Consequence.NO_VALUE
            )
            return [found]
    return []


def _are_several(reader: FieldReader, place: int, *, is_sure: bool) -> bool:
    """Whether a column has the rates of several currencies; a blank is the home currency's."""
    cells = collect(
        reader.raw, reader.raw.scan(skip=reader.match.skip).select(pl.col(f"c{place}").unique())
    ).to_series()
    filled = cells.drop_nulls().str.strip_chars().replace("", None).drop_nulls()
    rates = filled.str.replace(",", ".").cast(pl.Float64, strict=False)
    if rates.is_empty() or rates.null_count() or float(rates.min() or 0) <= 0:  # type: ignore[arg-type]
        return False
    known = [float(rate) for rate in rates] + ([1.0] if len(filled) < len(cells) else [])
    lowest, highest = min(known), max(known)
    is_home = any(abs(rate - 1) < 1e-9 for rate in known)
    if is_sure:
        return highest >= APART * lowest or (is_home and max(highest - 1, 1 - lowest) > ONE)
    are_marks = all(rate.is_integer() for rate in known)  # of courses, or of five stars
    return is_home and not are_marks and highest >= SURELY_APART * lowest
