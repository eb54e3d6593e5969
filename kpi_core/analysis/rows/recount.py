"""Headline figures counted anew from the rows that they rest on, so that a reader with a spreadsheet can check them.

A row is a line of a file. Of people it says nothing: it is known by the number of its case, answer or order and by where it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeAlias

import polars as pl

from kpi_core.analysis.privacy.small_groups import PRIVATE, called
from kpi_core.analysis.report import Prepared, of_people, prepare
from kpi_core.analysis.request import Request
from kpi_core.analysis.rows import provenance
from kpi_core.analysis.rows.parts import date_of, rows_of
from kpi_core.analysis.rows.provenance import READ
from kpi_core.analysis.rows.role import PLACE, Role
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.plan import sides, whole
from kpi_core.engine.state_cache import home
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import sheets_of
from kpi_core.ingest.files.workbooks.sheets import with_sheets
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import (
    Count,
    Distinct,
    Index,
    Kept,
    Mean,
    Measure,
    NetShare,
    Part,
    Quantile,
    Ratio,
    Repeated,
    Share,
    Stock,
    StockAge,
    StockDays,
    Sum,
)
from kpi_core.model.report import KpiResult, Report
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

MOST = 50_000
"""Rows that are listed in all. A sheet of more is slow to open, and a part of them would give another figure."""

NAMELESS = frozenset({"customers", "costs", "leads"})
"""Tables whose keys are people, or nothing that a reader knows."""
_PLAIN = r"^[\w./:#-]{1,60}$"
_OF_PEOPLE = (
    r"^\d{6,8}[-+A-FU-Y]\d{3}\w$",
    r"^(?:19\d\d|200\d|201[0-2])(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{4}$",
)
"""Forms of personal identity numbers, by which no row is known here."""
_NOWHERE = {READ: 65_535, ROW: 0}
"""Where rows stand of which that is not known."""


class How(StrEnum):
    """The total of the cells of a column; empty ones are no part of it."""

    SHARE = "share"
    NET_SHARE = "net share"
    MEAN = "mean"
    QUANTILE = "quantile"
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The total of one column of the rows; `at` is where a quantile is taken (0..1)."""

    column: str
    how: How
    at: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two figures made one: the first divided by the second, or less the second."""

    first: "Formula"
    second: "Formula"
    is_ratio: bool


Formula: TypeAlias = Figure | Pair


@dataclass(frozen=True, kw_only=True)
class Recounted:
    """A figure of the report, how it is made of the rows, and its value (inside unit; None for no value)."""

    result: KpiResult
    formula: Formula
    value: float | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of."""
        return tuple(figure.column for figure in figures(self.formula))

    @property
    def has_n(self) -> bool:
        """Whether the figure's n is how many rows have a cell in its one column: not of two figures, nor of keys."""
        measure = self.result.kpi.measure
        return isinstance(self.formula, Figure) and (isinstance(measure, Repeated) or not isinstance(measure, Distinct))


@dataclass(frozen=True, kw_only=True, eq=False)
class Recount:
    """The headline figures with their rows.

    Attributes:
        counted: those that the rows give, in the report's order.
        without: the others, and why.
        rows: a line a row: `file`, `row`, `id` (null where it is no plain number), an instant for each of `dates`, and the columns of
            the figures: 1 or 0 of a share, +1, 0 or −1 of a net share, seconds, a score, an amount; null where the row is no part of it.
        dates: the instants that place rows in the period.
        groups: the dimensions that the report is split by, each a column of the rows (`in_group`) with the row's group; null where it has none, and
            `HIDDEN_GROUP` for those of which the report hides a figure. Dimensions of people are none of them.
    """

    counted: tuple[Recounted, ...]
    without: tuple[tuple[KpiResult, Message], ...]
    rows: pl.DataFrame
    dates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


HIDDEN_GROUP = "…"
"""Stands for the group of a row where that group is hidden."""


def in_group(dimension: str) -> str:
    """The column of the rows that says in which group of a dimension each is."""
    return f"by {dimension}"


def figures(formula: Formula) -> Iterator[Figure]:
    """The columns that a formula is made of."""
    if isinstance(formula, Figure):
        yield formula
    else:
        yield from figures(formula.first)
        yield from figures(formula.second)


def recount(dataset: Dataset, request: Request, report: Report, kpis: Sequence[Kpi]) -> Recount | None:
    """The figures of some KPIs for all rows of a report, made of the same files by the same request.

    None where nothing can be counted anew, and where the report is about single people: the rows would be theirs.
    """
    names = [kpi.name for kpi in kpis]
    shown = [one for one in report.totals if one.kpi.name in names and one.estimate.value is not None]
    shown = sorted((one for one in shown if not one.suppressed), key=lambda one: names.index(one.kpi.name))
    formulas = {_key(one.kpi): formula_of(one.kpi) for one in shown}
    without = {_key(one.kpi): _why_not(one) for one in shown if formulas[_key(one.kpi)] is None or _is_large(one)}
    asked = [one for one in shown if _key(one.kpi) not in without]
    if not asked:
        return None if not without else Recount(counted=(), without=_not_recounted(shown, without), rows=pl.DataFrame())
    wanted = tuple(kpi for kpi in kpis if kpi.name in {one.kpi.name for one in asked})
    prepared = prepare(provenance.numbered(dataset), replace(request, kpis=wanted, compare="none"))
    if prepared.sides or of_people(prepared)(TOTAL, None):
        return None
    hidden = _hidden(prepared, report)
    known = {_key(kpi): kpi for kpi in prepared.kpis}
    cell = Cell(period=report.query.period)
    parts = {
        _key(one.kpi): list(_columns(prepared, known[_key(one.kpi)], cell)) for one in asked if _key(one.kpi) in known
    }
    left = _too_many(list(parts.values()))
    for name, columns in parts.items():
        if count := sum(one.rows.height for one in columns if one.table in left):
            without[name] = Message("recount-too-many", count=count, most=MOST)
    kept = [one for name, columns in parts.items() if name not in without for one in columns]
    rows, dates = _lines(prepared, kept, hidden)
    counted = tuple(
        Recounted(result=one, formula=formula, value=comes_to(formula, rows))
        for one in asked
        if _key(one.kpi) in parts and _key(one.kpi) not in without and (formula := formulas[_key(one.kpi)]) is not None
    )
    return Recount(
        counted=counted, without=_not_recounted(shown, without), rows=rows, dates=dates, groups=tuple(hidden)
    )


def _hidden(prepared: Prepared, report: Report) -> dict[str, frozenset[str | None]]:
    """By dimension the groups by which no row is known: those of which the report hides a figure. Dimensions of people are left out, for none is known by them."""
    names, is_private = called(prepared.dataset, PRIVATE), of_people(prepared)
    found = {}
    for dimension in prepared.request.by:
        results = report.grouped(dimension)
        if results and dimension.casefold() not in names:
            groups = [(one.group[dimension], one.suppressed) for one in results]
            found[dimension] = frozenset(
                group for group, is_hidden in groups if is_hidden or is_private(dimension, group)
            )
    return found


def _key(kpi: Kpi) -> tuple[str, str | None]:
    """What distinguishes one KPI from another: the same may be there in several currencies."""
    return kpi.name, kpi.currency


def _is_large(one: KpiResult) -> bool:
    return one.estimate.n > MOST


def _why_not(one: KpiResult) -> Message:
    if _is_large(one):
        return Message("recount-too-many", count=one.estimate.n, most=MOST)
    return Message("recount-not-of-rows")


def _not_recounted(
    shown: Sequence[KpiResult], without: Mapping[tuple[str, str | None], Message]
) -> tuple[tuple[KpiResult, Message], ...]:
    return tuple((one, without[_key(one.kpi)]) for one in shown if _key(one.kpi) in without)


# How a figure is made of its rows


def formula_of(kpi: Kpi) -> Formula | None:
    """How a KPI is made of columns of rows; None for what rows alone do not give: survival, and days of work in a stock."""
    name = kpi.name if kpi.currency is None else f"{kpi.name}_{kpi.currency.lower()}"
    both = sides(whole(kpi))
    return _formula(whole(kpi), name, is_whole=not both)


def _formula(part: Part, name: str, *, is_whole: bool) -> Formula | None:
    both = sides(part)
    if not both:
        how = _how(part.measure)
        at = part.measure.at if isinstance(part.measure, Quantile | StockAge) else 0.5
        return None if how is None else Figure(column=name, how=how, at=at)
    first, second = (_formula(side, f"{name}_{number}", is_whole=is_whole) for number, side in enumerate(both, start=1))
    if first is None or second is None:
        return None
    return Pair(first=first, second=second, is_ratio=isinstance(part.measure, Ratio))


def _how(measure: Measure) -> How | None:
    match measure:
        case Share() | Repeated() | Kept():
            return How.SHARE
        case NetShare():
            return How.NET_SHARE
        case Mean() | Index():
            return How.MEAN
        case Quantile() | StockAge():
            return How.QUANTILE
        case Sum() | Distinct():
            return How.SUM
        case Count():
            return How.COUNT
        case Stock() if not isinstance(measure, StockDays):
            return How.COUNT
    return None


def comes_to(formula: Formula, rows: pl.DataFrame) -> float | None:
    """The value computed from the rows (inside unit); None where there is nothing to divide by, or no row."""
    if isinstance(formula, Pair):
        first, second = comes_to(formula.first, rows), comes_to(formula.second, rows)
        if first is None or second is None or (formula.is_ratio and second == 0):
            return None
        return first / second if formula.is_ratio else first - second
    values = rows[formula.column].drop_nulls()
    match formula.how:
        case How.COUNT:
            return float(values.len())
        case How.SUM:
            return float(values.sum())
        case How.QUANTILE:
            return values.quantile(formula.at, "linear")
    mean = values.mean()
    return mean if isinstance(mean, float) else None


# The rows


@dataclass(frozen=True, kw_only=True, eq=False)
class _Column:
    """The cells of one column: `_n`, `_read`, `_row` (where the row stands) and `value`; the table and what dates its rows."""

    name: str
    table: str
    dated_by: str
    rows: pl.DataFrame


def _columns(prepared: Prepared, kpi: Kpi, cell: Cell) -> Iterator[_Column]:
    formula = formula_of(kpi)
    assert formula is not None
    parts = _leaves(whole(kpi))
    for figure, leaf in zip(figures(formula), parts, strict=True):
        table, dated_by = home(leaf)
        found = rows_of(prepared, kpi, leaf, (), cell)
        found = found.filter(pl.col("role").is_in([Role.NUMERATOR.value, Role.COUNTED.value]))
        found = _one_value_each(found.sort(PLACE, maintain_order=True), leaf.measure)
        placed = [pl.col(name).fill_null(nowhere).cast(pl.UInt32) for name, nowhere in _NOWHERE.items()]
        yield _Column(
            name=figure.column, table=table, dated_by=dated_by,
            rows=found.select(PLACE, *placed, pl.col("value").cast(pl.Float64)),
        )  # fmt: skip


def _leaves(part: Part) -> Iterator[Part]:
    both = sides(part)
    if not both:
        yield part
    for side in both:
        yield from _leaves(side)


def _one_value_each(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The rows with what each gives to the figure; of what is counted by whose it is, the first row of each speaks for all."""
    match measure:
        case Repeated():
            is_repeated = (pl.col("role") == Role.NUMERATOR.value).cast(pl.Float64)
            return rows.with_columns(value=is_repeated).unique("_key", keep="first", maintain_order=True)
        case Distinct():
            return rows.with_columns(value=pl.col("_key").is_first_distinct().cast(pl.Float64))
        case Index():
            return rows.unique("_key", keep="first", maintain_order=True)
        case Kept():
            return rows.with_columns(value=(pl.col("role") == Role.NUMERATOR.value).cast(pl.Float64))
    return rows


def _too_many(parts: Sequence[Sequence[_Column]]) -> frozenset[str]:
    """The tables whose rows are not listed, the largest first, so that the rest are at most `MOST`."""
    sizes: dict[str, int] = {}
    for table in {one.table for columns in parts for one in columns}:
        spot = pl.when(pl.col(READ) == _NOWHERE[READ]).then(PLACE).otherwise(ROW)
        places = [one.rows.select(READ, spot) for columns in parts for one in columns if one.table == table]
        sizes[table] = pl.concat(places).n_unique()
    left: list[str] = []
    for table, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        if sum(count for name, count in sizes.items() if name not in left) > MOST:
            left.append(table)
    return frozenset(left)


_INSTANTS = tuple(dict.fromkeys(column.name for table in TABLES.values() for column in table.columns))
"""What may date rows, in the order of the tables."""
_LINE = (READ, ROW, "_own", "_again")
"""What distinguishes one line from another: the row of a file, else the row of a table, and which of several of the same."""


def _lines(
    prepared: Prepared, columns: Sequence[_Column], hidden: Mapping[str, frozenset[str | None]]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The columns side by side, a line for each row of a file, with its number, what dates it and its groups."""
    placed = [replace(one, rows=_placed(one)) for one in columns]
    lines = pl.concat([one.rows.select(_LINE) for one in placed]).unique(maintain_order=True)
    for one in placed:
        matching = one.rows.select(*_LINE, pl.col("value").alias(one.name))
        lines = lines.join(matching, on=_LINE, how="left", maintain_order="left")
    dates: dict[str, None] = {}
    numbers: list[pl.Expr] = []
    for table in dict.fromkeys(one.table for one in placed):
        of_table = [one for one in placed if one.table == table]
        rows = pl.concat([one.rows.select(PLACE, *_LINE) for one in of_table]).unique(_LINE, maintain_order=True)
        found, dated_by = _about(prepared, table, rows, dict.fromkeys(one.dated_by for one in of_table), hidden)
        lines = lines.join(found, on=_LINE, how="left", maintain_order="left")
        numbers.append(pl.col(f"id {table}"))
        for name in dated_by:
            own, kept = pl.col(f"{name} {table}"), [pl.col(name)] if name in dates else []
            lines = lines.with_columns(pl.coalesce(*kept, own).alias(name))
            dates[name] = None
    for name in hidden:
        of_tables = [pl.col(f"{in_group(name)} {table}") for table in dict.fromkeys(one.table for one in placed)]
        lines = lines.with_columns(pl.coalesce(of_tables).alias(in_group(name)))
    ordered = tuple(name for name in _INSTANTS if name in dates)
    in_time = [pl.coalesce(*ordered)] if ordered else []
    lines = lines.with_columns(id=pl.coalesce(numbers)).sort(*in_time, READ, ROW, "_own", "_again")
    return _with_files(prepared, lines, ordered, [*map(in_group, hidden), *(one.name for one in placed)]), ordered


def _placed(one: _Column) -> pl.DataFrame:
    """The rows of a column with what distinguishes their lines."""
    nowhere = pl.col(READ) == _NOWHERE[READ]
    own = pl.when(nowhere).then(pl.format("{} {}", pl.lit(one.table), PLACE)).otherwise(pl.lit(""))
    rows = one.rows.with_columns(_own=own)
    return rows.with_columns(_again=pl.int_range(pl.len(), dtype=pl.UInt32).over(READ, ROW, "_own"))


def _about(
    prepared: Prepared, table: str, rows: pl.DataFrame, dated_by: Mapping[str, None], hidden: Mapping[str, frozenset[str | None]]
) -> tuple[pl.DataFrame, list[str]]:  # fmt: skip
    """The number of each row, what dates it and its groups, in columns of the table's own; the dates there are."""
    frame = prepared.engine.tables[table].frame
    known = [name for name in dated_by if name in frame.columns]
    dated = frame.unique(PLACE, keep="first").select(
        PLACE, *(date_of(name, frame).alias(f"{name} {table}") for name in known),
        *(_group(frame, name, numbers).alias(f"{in_group(name)} {table}") for name, numbers in hidden.items()),
    )  # fmt: skip
    found = rows.join(dated, on=PLACE, how="left", maintain_order="left")
    if table in NAMELESS:
        return found.with_columns(pl.lit(None, pl.String).alias(f"id {table}")).drop(PLACE), known
    spots = rows.filter(pl.col(READ) != _NOWHERE[READ]).select(pl.col(READ).cast(pl.UInt16), ROW)
    written = provenance.written(prepared.dataset, spots, ["id"], table)
    numbers = written.select(pl.col(READ).cast(pl.UInt32), ROW, _number().alias(f"id {table}"))
    return found.join(numbers, on=[READ, ROW], how="left", maintain_order="left").drop(PLACE), known


def _group(frame: pl.DataFrame, dimension: str, hidden: frozenset[str | None]) -> pl.Expr:
    """The group of each row of a table; null where its table has no such column."""
    if dimension not in frame.columns:
        return pl.lit(None, pl.String)
    name = pl.col(dimension).cast(pl.String)
    is_hidden = name.is_in([one for one in hidden if one is not None]) | (name.is_null() & pl.lit(None in hidden))
    return pl.when(is_hidden).then(pl.lit(HIDDEN_GROUP)).otherwise(name)


def _number() -> pl.Expr:
    """The number of a row as its file writes it; null where it is an address, a name, or looks like a person's identity number."""
    key = pl.col("id")
    is_of_people = pl.any_horizontal(key.str.contains(form) for form in _OF_PEOPLE)
    return pl.when(key.str.contains(_PLAIN) & key.str.contains(r"\d") & ~is_of_people).then(key)


def _with_files(prepared: Prepared, lines: pl.DataFrame, dates: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """The lines with the names of their files, and instants on the report's clock without a zone."""
    reads = prepared.dataset.reads
    files = pl.DataFrame({"file": [read.name for read in reads]}).with_row_index(READ)
    joined = lines.join(files, on=READ, how="left", maintain_order="left")
    row = pl.when(pl.col("file").is_not_null()).then(ROW).alias("row")
    joined = with_sheets(joined.select("file", row, "id", *dates, *columns), sheets_of(reads))
    zone = prepared.query.time_zone
    if zone is None:
        return joined
    return joined.with_columns(
        pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None) for name in dates
    )
