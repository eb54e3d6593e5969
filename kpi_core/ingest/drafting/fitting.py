"""Whether the cells of a column are what a canonical column holds, and what a mapping must say to read them.

The same readers decide as in a report, so that what fits here is read there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells import durations, numbers
from kpi_core.ingest.cells.clock_parts import are_short
from kpi_core.ingest.drafting.date_columns import DateColumns, SeenDates
from kpi_core.ingest.drafting.evidence import SeenColumn
from kpi_core.ingest.fields.unassigned import NO_CASE
from kpi_core.ingest.fields.words import categories, reworded
from kpi_core.ingest.file_read import SAMPLE
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.vocabulary import says_the_contrary, speaks_of
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind
from kpi_core.records import dataclass

_READABLE = 0.8
_SHOWN = 6
_KEPT = ("time", "every", "extract", "unit", "empty", "divide")
_NAMED_BY = {
    Kind.STATUS: "status",
    Kind.PRIORITY: "priority",
    Kind.AUTHOR: "author",
    Kind.COST: "type",
    Kind.TRUTH: "sla",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """A column read as a canonical one.

    `share` of its filled cells could be read and look as `shown`; `values` are its instants, seconds, numbers or
    scores where it has some. `settings` is what the mapping must say apart from the header, `unknown` the unknown words with their counts,
    `lacks` what only the user can say (`unit`, `decimal`), `doubt` what speaks against it: of marks nothing but that their scale is
    not known where it `has_no_scale`.
    """

    share: float
    shown: Message
    values: pl.Series | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    lacks: str = ""
    doubt: Message | None = None
    has_no_scale: bool = False


def fit(column: SeenColumn, kind: Kind, spec: ColumnSpec, dates: DateColumns) -> Fit | None:
    """How the column reads as `kind` under what is known of it (`spec`); None where it does not.

    An empty column fits nothing.
    """
    if not column.filled:
        return None
    kept = spec.model_dump(include=set(_KEPT), exclude_defaults=True)
    match kind:
        case Kind.INSTANT:
            return _as_instant(dates.found.get(column.place), column, kept)
        case Kind.DURATION:
            return _as_duration(column, spec, kept)
        case Kind.COUNT | Kind.NUMBER:
            return _as_number(column, kind, spec, dates, kept)
        case Kind.KEY | Kind.TEXT:
            missing = [word for word in spec.missing if word in column.words]
            return Fit(share=1.0, shown=column.variety, settings=kept | ({"missing": missing} if missing else {}))
        case _:
            return _as_words(column, kind, spec, kept) if kind in _NAMED_BY else None


def _as_instant(seen: SeenDates | None, column: SeenColumn, kept: dict[str, Any]) -> Fit | None:
    if seen is None:
        return None
    doubts = [Message("day-or-month")] if seen.is_doubtful else []
    doubts += [Message("cells-unread", count=seen.unread)] if seen.unread else []
    return Fit(
        share=1 - seen.unread / column.filled,
        shown=column.variety if seen.is_doubtful else seen.span,
        values=seen.values,
        settings={key: value for key, value in kept.items() if key != "time"},
        doubt=Message("said-together", parts=doubts) if doubts else None,
    )


def _as_duration(column: SeenColumn, spec: ColumnSpec, kept: dict[str, Any]) -> Fit | None:
    unit = spec.unit or durations.unit_from_header(column.header)
    cells = column.cells.alias("cell")
    if unit is None and durations.may_count_days(cells.head(SAMPLE)):
        return Fit(share=1.0, shown=Message("hours-or-days", what=column.variety), lacks="unit")
    try:
        reading = durations.sniff_duration(cells.head(SAMPLE).drop_nulls(), column=column.header, unit=unit)
    except ExportError:
        return _without_unit(cells, column) if unit is None else None
    seconds = cells.to_frame().select(durations.parse_duration(pl.col("cell"), reading))["cell"]
    read = len(seconds) - seconds.null_count()
    if not read or read < _READABLE * column.filled:
        return None
    if unit is None and are_short(column.cells):
        return Fit(
            share=read / column.filled,
            shown=Message("hours-or-minutes", what=column.variety),
            values=seconds,
            settings=kept,
            lacks="unit",
        )
    counted = durations.UNITS.get(reading.unit, reading.unit.value)
    shown = Message("times-from-to", unit=counted, low=_clock(seconds.min()), high=_clock(seconds.max()))
    return Fit(
        share=read / column.filled, shown=shown, values=seconds, settings=kept, doubt=_unread(column.filled - read)
    )


def _without_unit(cells: pl.Series, column: SeenColumn) -> Fit | None:
    """Bare numbers under a header that speaks of time and names no unit."""
    if not speaks_of(column.header, "time", "duration", "wait", "handle"):
        return None
    found = cells.cast(pl.Float64, strict=False)
    read = len(found) - found.null_count()
    if read < _READABLE * column.filled:
        return None
    return Fit(
        share=read / column.filled,
        shown=Message("from-to", low=_plain(found.min()), high=_plain(found.max())),
        values=found,
        lacks="unit",
    )


def _clock(seconds: Any) -> str:
    """Seconds as `h:mm:ss`."""
    whole = abs(int(seconds))
    return f"{'-' if seconds < 0 else ''}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _plain(number: Any) -> str:
    return f"{number:.10g}"


def _unread(cells: int) -> Message | None:
    return Message("cells-unread", count=cells) if cells else None


def _as_number(
    column: SeenColumn, kind: Kind, spec: ColumnSpec, dates: DateColumns, kept: dict[str, Any]
) -> Fit | None:
    if column.place in dates.found:
        return None
    cells = column.cells.alias("cell").to_frame().select(reworded(pl.col("cell"), spec).alias("cell"))
    try:
        reading = numbers.sniff_decimal(cells["cell"].head(SAMPLE), column=column.header, decimal=dates.choices.decimal)
    except numbers.AmbiguousNumber:
        return Fit(share=1.0, shown=column.variety, lacks="decimal")
    except ExportError:
        return None
    parse = numbers.parse_count if kind is Kind.COUNT else numbers.parse_number
    found = cells.select(parse(pl.col("cell"), reading).alias("value"))["value"]
    read = len(found) - found.null_count()
    lowest, highest = found.min(), found.max()
    if read < _READABLE * column.filled or not isinstance(lowest, int | float) or (kind is Kind.COUNT and lowest < 0):
        return None
    own = _own(column.words, spec)
    return Fit(share=read / column.filled, shown=Message("from-to", low=_plain(lowest), high=_plain(highest)), values=found,
               settings=kept | _meanings(own, spec), doubt=_unread(column.filled - read))  # fmt: skip


def _as_words(column: SeenColumn, kind: Kind, spec: ColumnSpec, kept: dict[str, Any]) -> Fit | None:
    if not column.words:
        return None
    if kind is Kind.AUTHOR:
        spec = spec.model_copy(update={"patterns": {**spec.patterns, **_roles(column)}})
    own = _own(column.words, spec)
    unknown = {word: count for word, count in column.words.items() if word not in own and not _is_known(word, kind)}
    share = 1 - sum(unknown.values()) / column.filled
    turns = {"opposite": True} if kind is Kind.TRUTH and says_the_contrary(column.header) else {}
    if share < 0.5 and (not speaks_of(column.header, _NAMED_BY[kind]) or len(column.words) > 25 or column.is_unique):
        return None
    return Fit(share=share, shown=listed(column.words), settings=kept | turns | _meanings(own, spec), unknown=unknown)


def _roles(column: SeenColumn) -> dict[str, str]:
    """Patterns for authors whose role stands in parentheses behind their name: `Anna (agent)`."""
    known = categories(Kind.AUTHOR)
    roles = (found[1].strip().lower() for word in column.words if (found := re.search(r"\(([^()]+)\)\s*$", word)))
    return {rf"(?i)\({re.escape(role)}\)\s*$": str(known[role]) for role in roles if role in known}


def _meanings(own: dict[str, str], spec: ColumnSpec) -> dict[str, Any]:
    """The words seen with their meanings; patterns whole, for the next export may hold other words that they fit."""
    listed_words = {word.lower() for word in spec.values}
    values = {word: meaning for word, meaning in own.items() if word.lower() in listed_words}
    is_patterned = bool(spec.patterns) and len(values) < len(own)
    return ({"values": values} if values else {}) | ({"patterns": spec.patterns} if is_patterned else {})


def _own(words: Iterable[str], spec: ColumnSpec) -> dict[str, str]:
    """What the mapping's own words make of these; without those that they do not know."""
    if not spec.values and not spec.patterns:
        return {}
    cells = pl.Series("cell", [*words], pl.String)
    meanings = cells.to_frame().select_seq(reworded(pl.col("cell"), spec).alias("cell"))["cell"]
    pairs = zip(cells.to_list(), meanings.to_list(), strict=True)
    return {word: meaning for word, meaning in pairs if meaning is not None and meaning != word}


def _is_known(word: str, kind: Kind) -> bool:
    if kind is Kind.TRUTH:
        return _is_truth(word)
    return word.lower() in categories(kind) or (
        kind is Kind.STATUS and any(word.lower() in words for words in NO_CASE.values())
    )


@lru_cache(maxsize=1024)
def _is_truth(word: str) -> bool:
    return pl.select(numbers.parse_truth(pl.lit(word))).item() is not None


def listed(words: Mapping[str, int]) -> Message:
    """The most frequent words with their counts: `Closed 85, Open 15`."""
    shown = [Message("bare-word-times", word=word, count=count) for word, count in [*words.items()][:_SHOWN]]
    return Message("words-listed", words=first_of(shown, _SHOWN, len(words)))
