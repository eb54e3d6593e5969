"""From a mapping and a file's columns to typed expressions: one `Field` a canonical column.

Formats are sniffed once from a sample, then every cell is parsed with them. A cell that says something which
cannot be read makes its row refused; a status, priority or truth word nobody knows is only counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from kpi_core import yaml
from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest import dates, durations, missing, numbers
from kpi_core.ingest.files import RawExport
from kpi_core.ingest.mapping import ColumnSpec, Mapping
from kpi_core.ingest.recognise import Match
from kpi_core.resources import configs
from kpi_core.tables import PRIORITIES, STATUSES, Kind


@dataclass(frozen=True, kw_only=True)
class ReadingChoices:
    """What the user settles about cells, over what the mapping says; None leaves it to the evidence."""

    decimal: str | None = None
    date_order: str | None = None
    date_formats: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ()
    zone: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """One canonical column of one file.

    `value` is typed and null where missing or unreadable; `unreadable` is true where the cell says something
    that cannot be read and so refuses the row; `unknown` where a word is not known but harms nothing.
    """

    name: str
    header: str
    kind: Kind
    text: pl.Expr
    value: pl.Expr
    unreadable: pl.Expr | None = None
    unknown: pl.Expr | None = None
    notes: tuple[str, ...] = ()
    is_utc: bool = False


@dataclass(kw_only=True)
class FieldReader:
    """Builds the fields of one file. `sample` holds the first rows as text, columns `c0`, `c1`, …"""

    raw: RawExport
    match: Match
    sample: pl.DataFrame
    choices: ReadingChoices
    order: dates.Order | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def mapping(self) -> Mapping:
        """The mapping in force."""
        return self.match.mapping

    def cell(self, place: int, extra: Sequence[str] = ()) -> pl.Expr:
        """The cell at a position as clean text: null where it spells nothing."""
        words = (*self.mapping.missing, *extra, *self.choices.null_values)
        return missing.clean(pl.col(f"c{place}"), words)

    def seen(self, text: pl.Expr) -> pl.Series:
        """The sample of an expression over the raw columns."""
        return self.sample.select(text.alias("seen"))["seen"]

    def read(self, name: str, kind: Kind, spec: ColumnSpec) -> Field | None:
        """The field for a canonical column; None where the file has no such column."""
        place = self.match.index(spec.headers)
        if place is None:
            return None
        header = self.match.headers[place]
        text = self.cell(place, spec.missing)
        if spec.time and (clock := self.match.index(spec.time)) is not None:
            text = pl.concat_str([text, self.cell(clock)], separator=" ")
            header = f"{header} + {self.match.headers[clock]}"
        text = _reworded(text, spec)
        return self._typed(name, header, kind, text, spec)

    def _typed(self, name: str, header: str, kind: Kind, text: pl.Expr, spec: ColumnSpec) -> Field:
        match kind:
            case Kind.INSTANT:
                return self._instant(name, header, text, spec)
            case Kind.DURATION:
                unit = spec.unit or durations.unit_from_header(header)
                reading = durations.sniff_duration(self.seen(text), column=header, unit=unit)
                return _parsed(name, header, kind, text, durations.parse_duration(text, reading))
            case Kind.COUNT | Kind.NUMBER:
                decimal = self.choices.decimal or self.mapping.decimal
                number = numbers.sniff_decimal(self.seen(text), column=header, decimal=decimal)
                parse = numbers.parse_count if kind is Kind.COUNT else numbers.parse_number
                return _parsed(name, header, kind, text, parse(text, number))
            case Kind.STATUS | Kind.PRIORITY:
                value = text.str.to_lowercase().replace_strict(_categories(kind), default=None, return_dtype=kind.dtype)
                return _worded(name, header, kind, text, value)
            case Kind.TRUTH:
                return _worded(name, header, kind, text, numbers.parse_truth(text))
            case _:
                return Field(name=name, header=header, kind=kind, text=text, value=text)

    def _instant(self, name: str, header: str, text: pl.Expr, spec: ColumnSpec) -> Field:
        formats = self.choices.date_formats or spec.formats
        asked = self.choices.date_order or self.mapping.date_order
        order = dates.Order(asked) if asked else self.order
        text = pl.when(~dates.is_missing_date(text)).then(text)
        reading = dates.sniff_dates(self.seen(text), column=header, order=order, formats=formats)
        found = _parsed(name, header, Kind.INSTANT, text, dates.parse_dates(text, reading))
        notes = (f"`{header}` read {reading.evidence}",) if reading.order and reading.evidence else ()
        return Field(name=name, header=header, kind=Kind.INSTANT, text=text, value=found.value, notes=notes,
                     unreadable=found.unreadable, is_utc=reading.zone != "naive")  # fmt: skip

    def settle_order(self, names: Sequence[str]) -> None:
        """Lets one date column that tells day from month, in the sample, speak for the file's others."""
        self._settle(names, self.sample.lazy())

    def settle_order_in_full(self, names: Sequence[str]) -> None:
        """The same from every row of the file, where the sample holds no evidence."""
        self._settle(names, self.raw.scan(skip=self.match.skip))

    def _settle(self, names: Sequence[str], rows: pl.LazyFrame) -> None:
        """Takes the order that the columns show.

        Raises:
            ExportError: two columns of the file contradict each other.
        """
        if self.choices.date_order or self.choices.date_formats or self.mapping.date_order:
            return
        for name in names:
            place = self.match.index(self.mapping.columns[name].headers)
            if place is None:
                continue
            day_first, month_first = (told.alias(name) for told, name in zip(dates.order_evidence(self.cell(place)), "dm", strict=True))
            told = _order(*rows.select(day_first, month_first).collect(engine="streaming").row(0))
            if told and self.order not in (None, told):
                message = f"`{self.match.headers[place]}` has the {told.value} order, other dates the {self.order}"
                raise ExportError(message, hint="pass --date-format dmy or mdy")
            self.order = told or self.order


def _order(day_first: bool | None, month_first: bool | None) -> dates.Order | None:
    """The order that the evidence shows; None without any, and where it contradicts itself (told when sniffed)."""
    if bool(day_first) is bool(month_first):
        return None
    return dates.Order.DMY if day_first else dates.Order.MDY


def _parsed(name: str, header: str, kind: Kind, text: pl.Expr, value: pl.Expr) -> Field:
    unreadable = text.is_not_null() & value.is_null()
    return Field(name=name, header=header, kind=kind, text=text, value=value, unreadable=unreadable)


def _worded(name: str, header: str, kind: Kind, text: pl.Expr, value: pl.Expr) -> Field:
    unknown = text.is_not_null() & value.is_null()
    return Field(name=name, header=header, kind=kind, text=text, value=value, unknown=unknown)


def _reworded(text: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """The mapping's own words put in place of the cell's: whole cells first, then patterns."""
    if not spec.values and not spec.patterns:
        return text
    own = {word.lower(): meaning or None for word, meaning in spec.values.items()}
    kept = text
    for pattern, meaning in reversed(spec.patterns.items()):
        kept = pl.when(text.str.contains(pattern)).then(pl.lit(meaning)).otherwise(kept)
    if not own:
        return kept
    found = text.str.to_lowercase().replace_strict(own, default=None, return_dtype=pl.String)
    return pl.when(text.str.to_lowercase().is_in(list(own))).then(found).otherwise(kept)


@lru_cache(maxsize=4)
def _categories(kind: Kind) -> dict[str, str]:
    """Every known word of a category, in lower case, and what it means."""
    names, file = (STATUSES, "statuses") if kind is Kind.STATUS else (PRIORITIES, "priorities")
    document = yaml.load(configs() / "values" / f"{file}.yaml", MappingError)
    words = {name: name for name in names}
    for category, spellings in document.data.items():
        if category not in names:
            raise MappingError(f"`{category}` is no {kind.value}", where=document.path)
        words |= {spelling.lower(): category for spelling in spellings}
    return words
