"""Typed columns as the text that a CSV of the same table would hold, so that they are read as any other file is.

Instants are ISO dates and times, with their offset where they have a zone; whole numbers stand without a point, which programs give them
where a cell is empty; what took how long is hours, minutes and seconds. Nested columns are taken apart as those of JSON are.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from kpi_core.ingest.files.text.composed_letters import MARKS
from kpi_core.records import dataclass

_DEEPEST = 50
"""Records in one another, as of JSON."""
_SAMPLE = 1000
"""Rows in which letters that are put together are looked for."""
_WHOLE = 2.0**63
"""The size from which a float is too large for a whole number of 64 bits."""
_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}")
_LIKE_THOUSANDS = r"^-?\d{1,3}\.\d{3}$"
_PER_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""The units of times, by how many a second has."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column as text: its header, and the cells as an expression over the typed rows; null for empty ones."""

    header: str
    cell: pl.Expr


@dataclass(frozen=True, kw_only=True)
class _Typed:
    header: str
    value: pl.Expr
    dtype: pl.DataType


def as_text(rows: pl.LazyFrame) -> tuple[list[Column], list[str]]:
    """The columns of a table as text, and the headers of those that cannot be: lists of records, maps, and bytes that are no text.

    The rows of some kinds are looked through once: whether times have fractions of a second, whether bytes are text.

    Raises:
        PolarsError: the rows are damaged.
    """
    typed = [
        found for name, dtype in rows.collect_schema().items() for found in _flat(name, pl.col(name), dtype, _DEEPEST)
    ]
    hits = _hits(rows, [_has_fractions(each) for each in typed])
    hits |= _hits(
        rows.head(_SAMPLE), [each.value.str.contains(MARKS) if each.dtype == pl.String else None for each in typed]
    )
    hits |= {place for place, each in enumerate(typed) if each.dtype == pl.Binary and not _is_text(rows, each.value)}
    columns, left = list[Column](), list[str]()
    for place, each in enumerate(typed):
        cell = _cell(each.value, each.dtype, is_hit=place in hits)
        if cell is None:
            left.append(each.header)
        else:
            columns.append(Column(header=each.header, cell=cell))
    return columns, left


def _flat(header: str, value: pl.Expr, dtype: pl.DataType, depth: int) -> Iterator[_Typed]:
    """A column, or those of a record: `requester.name`."""
    if isinstance(dtype, pl.Struct) and depth:
        for each in dtype.fields:
            inner = value.struct.field(each.name)
            yield from _flat(f"{header}.{each.name}", inner, _instance(each.dtype), depth - 1)
    else:
        yield _Typed(header=header, value=value, dtype=dtype)


def _instance(dtype: Any) -> pl.DataType:
    """A kind of column, which polars names by its class where it has no parts."""
    found: pl.DataType = dtype() if isinstance(dtype, type) else dtype
    return found


def _hits(rows: pl.LazyFrame, looks: Sequence[pl.Expr | None]) -> set[int]:
    """The places of the looks that are true of some row."""
    asked = {f"{place}": look.any() for place, look in enumerate(looks) if look is not None}
    if not asked:
        return set()
    found = rows.select(**asked).collect(engine="streaming").row(0, named=True)
    return {int(place) for place, is_hit in found.items() if is_hit}


def _has_fractions(column: _Typed) -> pl.Expr | None:
    """Whether a time is no whole second; None of what is no time."""
    match column.dtype:
        case pl.Datetime(time_unit=unit) | pl.Duration(time_unit=unit):
            return column.value.to_physical() % _PER_SECOND[unit or "us"] != 0
        case pl.Time():
            return column.value.to_physical() % _PER_SECOND["ns"] != 0
    return None


def _is_text(rows: pl.LazyFrame, value: pl.Expr) -> bool:
    """Whether all bytes of a column are text: old writers of Parquet do not say so."""
    try:
        rows.select(value.cast(pl.String).count()).collect(engine="streaming")
    except pl.exceptions.ComputeError:
        return False
    return True


def _cell(value: pl.Expr, dtype: pl.DataType, *, is_hit: bool) -> pl.Expr | None:
    """The text of a cell; None where its kind has none. `is_hit`: times with fractions of a second, letters that are put together, bytes that are no text."""
    match dtype:
        case pl.String():
            text = value.str.normalize("NFC") if is_hit else value
            return pl.when(text != "").then(text)
        case pl.Categorical() | pl.Enum():
            return pl.when(value.cast(pl.String) != "").then(value.cast(pl.String))
        case pl.Binary():
            return None if is_hit else _cell(value.cast(pl.String), pl.String(), is_hit=False)
        case pl.Float32() | pl.Float64():
            is_whole = (value == value.round()) & (value.abs() < _WHOLE)
            number = pl.when(value.is_not_nan()).then(value)
            return (
                pl.when(is_whole)
                .then(pl.when(is_whole).then(value).cast(pl.Int64).cast(pl.String))
                .otherwise(_in_no_doubt(number.cast(pl.String)))
            )
        case pl.Decimal():
            return _in_no_doubt(value.cast(pl.String))
        case pl.Boolean() | pl.Null():
            return value.cast(pl.String)
        case pl.List(inner=inner) | pl.Array(inner=inner):
            return _joined(value, _instance(inner))
    return value.cast(pl.String) if dtype.is_integer() else _time(value, dtype, has_fractions=is_hit)


def _in_no_doubt(number: pl.Expr) -> pl.Expr:
    """A number with three decimals with a fourth, for `249.125` alone could be thousands."""
    return pl.when(number.str.contains(_LIKE_THOUSANDS)).then(number + "0").otherwise(number)


def _time(value: pl.Expr, dtype: pl.DataType, *, has_fractions: bool) -> pl.Expr | None:
    """The text of a day, an instant, a time of day, or of how long something took; None of anything else."""
    fraction = "%.6f" if has_fractions else ""
    match dtype:
        case pl.Date():
            return value.dt.to_string("%Y-%m-%d")
        case pl.Datetime(time_unit=unit, time_zone=zone):
            instant = value if zone is None or _is_zone(zone) else value.to_physical().cast(pl.Datetime(unit, "UTC"))
            return instant.dt.to_string(f"%Y-%m-%d %H:%M:%S{fraction}{'%:z' if zone else ''}")
        case pl.Time():
            return value.dt.to_string(f"%H:%M:%S{fraction}")
        case pl.Duration():
            return _hours(value.dt.total_microseconds(), has_fractions=has_fractions)
    return None


def _is_zone(name: str) -> bool:
    """Whether a zone is of the time zone database, or an offset; of another (`W. Europe Standard Time`) the instants, which are UTC in the file, are taken alone."""
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return _OFFSET.fullmatch(name) is not None
    return True


def _hours(microseconds: pl.Expr, *, has_fractions: bool) -> pl.Expr:
    """`26:10:00`, `-0:05:00`."""
    sign = pl.when(microseconds < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    seconds = microseconds.abs() // _PER_SECOND["us"]
    minutes = (seconds // 60 % 60).cast(pl.String).str.zfill(2)
    parts = [
        sign,
        (seconds // 3600).cast(pl.String),
        pl.lit(":"),
        minutes,
        pl.lit(":"),
        (seconds % 60).cast(pl.String).str.zfill(2),
    ]
    if has_fractions:
        parts += [pl.lit("."), (microseconds.abs() % _PER_SECOND["us"]).cast(pl.String).str.zfill(6)]
    return pl.concat_str(parts)


def _joined(values: pl.Expr, inner: pl.DataType) -> pl.Expr | None:
    """A list of plain values as one cell, joined by `, `; None for a list of anything else."""
    cell = None if inner.is_nested() else _cell(pl.element(), inner, is_hit=inner.is_temporal())
    if cell is None:
        return None
    text = values.cast(pl.List(inner)).list.eval(cell.drop_nulls()).list.join(", ")
    return pl.when(text != "").then(text)
