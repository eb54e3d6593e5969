"""Reading durations: clocks without a last hour, numbers in a unit, `1d 2h`, `PT1H`, and what spreadsheets make of them.

A clock or a cell with a unit says what it means, so it is read as such even under a header that promises hours. Which
shapes a column uses is seen in a sample, so that a column of plain minutes costs a cast and a multiplication.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

import polars as pl

from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.cells.clock_parts import are_typed
from kpi_core.ingest.cells.numbers import PLAIN, AmbiguousNumber, NumberReading, are_whole, parse_number, sniff_decimal
from kpi_core.ingest.cells.unfit_column import UnfitColumn
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass


class DurationUnit(StrEnum):
    """What a duration is written in; CLOCK is `h:mm:ss` or `h:mm`, MINUTE_CLOCK is `m:ss`, DAY_CLOCK is `d:hh:mm`."""

    CLOCK = "clock"
    MINUTE_CLOCK = "m:ss"
    DAY_CLOCK = "d:hh:mm"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


_SECONDS = {
    DurationUnit.DAYS: 86_400.0,
    DurationUnit.HOURS: 3_600.0,
    DurationUnit.MINUTES: 60.0,
    DurationUnit.SECONDS: 1.0,
    DurationUnit.MILLISECONDS: 0.001,
}


_SHORTER = (DurationUnit.MINUTES, DurationUnit.SECONDS)
"""The units of columns in which a clock of two parts is minutes and seconds."""


class Shape(StrEnum):
    """The ways a cell may write a duration."""

    CLOCK = "clock"
    NUMBER = "number"
    DAYS_AND_CLOCK = "days and clock"
    WORDS = "words"
    ABOUT = "about so long"
    ISO = "ISO 8601"
    SPREADSHEET = "spreadsheet instant"


UNITS = {
    DurationUnit.DAYS: Message("in-days"),
    DurationUnit.HOURS: Message("in-hours"),
    DurationUnit.MINUTES: Message("in-minutes"),
    DurationUnit.SECONDS: Message("in-seconds"),
    DurationUnit.MILLISECONDS: Message("in-milliseconds"),
}
"""What bare numbers count, in words; clocks are called by their parts."""
SHAPES = {
    Shape.DAYS_AND_CLOCK: Message("shape-days-and-clock"),
    Shape.WORDS: Message("shape-words"),
    Shape.ABOUT: Message("shape-about"),
    Shape.SPREADSHEET: Message("shape-spreadsheet"),
}
"""The ways to write a duration that have words for them."""


@dataclass(frozen=True, kw_only=True)
class DurationReading:
    """How the durations of one column are written.

    Args:
        unit: of the bare numbers; CLOCK where there are none.
        shapes: those seen, in the order tried.
        number: how the bare numbers are written.
        day_zero: the date a spreadsheet gives to durations under a day.
        is_short: whether a clock of two parts is minutes and seconds.
        is_typed: whether that goes for a clock of three parts too, whose seconds a spreadsheet has put behind it.
        is_of_days: whether a clock of three parts is days, hours and minutes.
    """

    unit: DurationUnit
    shapes: tuple[Shape, ...]
    number: NumberReading = PLAIN
    day_zero: str = "1899-12-31"
    is_short: bool = False
    is_typed: bool = False
    is_of_days: bool = False

    @property
    def in_full(self) -> "DurationReading":
        """The same with every shape that says what it means, for cells unlike those of the sample.

        An approximate time is not among them: it is read only where the sample has some, and so is reported.
        """
        shapes = tuple(shape for shape in Shape if shape in self.shapes or shape in _SELF_EVIDENT)
        return replace(self, shapes=shapes)


_SELF_EVIDENT = (Shape.CLOCK, Shape.DAYS_AND_CLOCK, Shape.WORDS, Shape.ISO)
_OF_A_CLOCK = ("first", "middle", "last")
_FEWEST, _LONG_ONES, _DIFFERENT, _LAST_HOUR = 8, 3, 5, 23
_SIGN = "[+\\-\u2212]"
_CLOCK = r"\d+:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_PARTS_OF_ONE = {"½": ".5", "¼": ".25", "¾": ".75"}
_AMOUNT = r"(?:(?:\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}]\d{3})+|\d+)(?:[.,]\d+)?|\d*\s?[½¼¾])"
_SAYS_HOW_MANY = r"[\d½¼¾]"
_WORDS: dict[DurationUnit, str] = {
    DurationUnit.DAYS: "days?|d|dgr|dag|dagar|dager|dage|dygn|døgn|päivää|päivän|päivä|pv|vrk|vuorokautta|vuorokausi",
    DurationUnit.HOURS: "hours?|hrs?|h|timmar|timme|timer|time|tim|t|tuntia|tunnin|tunti",
    DurationUnit.MINUTES: "minutes?|mins?|m|minuter|minutter|minutt|minut|minuuttia|minuutin|minuutti",
    DurationUnit.SECONDS: "seconds?|secs?|s|sekunder|sekund|sek|sekuntia|sekunnin|sekunti",
    DurationUnit.MILLISECONDS: "milliseconds?|ms|millisekunder|millisekund",
}
_WEEKS = "weeks?|wks?|w|veckor|vecka|uker|uke|uger|uge|viikkoa|viikon|viikko"
_COUNTED = ((604_800.0, _WEEKS), *((_SECONDS[unit], words) for unit, words in _WORDS.items()))
"""What an amount in words may be of, in seconds: a week is seven days."""
_PAUSE = r"\.?,?\s*(?:(?:and|och|og|ja)\s+)?"
_PARTS = "".join(rf"(?:{_AMOUNT}\s*(?:{words}){_PAUSE})?" for _, words in _COUNTED)
_ABOUT = r"(?:[~≈∼]|(?:ca|cca|circa|cirka|c:a|about|around|approx|approximately|roughly|some|omkring|ungefär|ungefärligen|runt|omtrent|rundt|noin|suunnilleen)\b\.?)\s*"
_BELOW_A_THOUSAND, _OF_THOUSANDS = r"^\s*-?\d{1,3}\s*$", r"^\s*-?[1-9]\d{0,2}[.,]\d{3}\s*$"
_FEWEST_WHOLE = 3
"""Whole numbers below a thousand from which marks in other cells are of thousands."""
_DAYS = rf"\d+\s*(?:{_WORDS[DurationUnit.DAYS]}),?\s*"
_TIME_SPAN = r"\d+\.\d\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"  # of .NET: `1.02:03:04`
_ISO = r"P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?"
_PATTERNS: dict[Shape, str] = {
    Shape.CLOCK: rf"^{_SIGN}?{_CLOCK}$",
    Shape.NUMBER: rf"^{_SIGN}?[\d.,][\d.,\s'’]*(?:[eE][+\-]?\d+)?$",
    Shape.DAYS_AND_CLOCK: rf"(?i)^{_SIGN}?(?:{_DAYS}{_SIGN}?{_CLOCK}|{_TIME_SPAN})$",
    Shape.WORDS: rf"(?i)^{_SIGN}?\s*{_PARTS}$",
    Shape.ABOUT: rf"(?i)^{_ABOUT}{_PARTS}$",
    Shape.ISO: rf"^{_SIGN}?{_ISO}$",
    Shape.SPREADSHEET: rf"^(?:1899-12-3[01]|190\d-\d\d-\d\d)[ T]{_CLOCK}$",
}


_IN_WORDS = (Shape.WORDS, Shape.ABOUT, Shape.ISO)


def sniff_duration(
    sample: pl.Series, *, column: str, unit: str | None, decimal: str | None = None, delimiter: str | None = None
) -> DurationReading:
    """Decides how a column writes its durations.

    Args:
        sample: some of its cells, cleaned; nulls allowed. Cells that are no duration are passed over.
        column: its header: for messages, and for a unit it names.
        unit: what bare numbers are counted in, one of `DurationUnit`; None to take it from the header.
        decimal: the decimal mark of bare numbers, where somebody knows.
        delimiter: what stands between the columns of its file, where that is a text.

    An empty sample settles on clocks, and on plain numbers where the unit is known.

    Raises:
        MappingError: `unit` is no unit.
        ExportError: none of its cells is a duration, or all are numbers and nothing says of what.
    """
    declared = _unit_called(unit) if unit else unit_from_header(column)
    is_of_days, is_of_minutes = declared is DurationUnit.DAY_CLOCK, declared is DurationUnit.MINUTE_CLOCK
    is_short = is_of_minutes or declared in _SHORTER
    declared = DurationUnit.CLOCK if is_of_days or is_of_minutes else declared
    cells = sample.cast(pl.String).drop_nulls()
    if cells.is_empty():
        return replace(_nothing_seen(declared), is_of_days=is_of_days, is_short=is_short)
    seen = _by_shape(cells)
    numbers = seen[Shape.NUMBER]
    counted = declared is not None and declared is not DurationUnit.CLOCK and not numbers.is_empty()
    shapes = tuple(shape for shape in Shape if not seen[shape].is_empty() and (counted or shape is not Shape.NUMBER))
    if not shapes:
        raise _no_duration(column, (cells if numbers.is_empty() else numbers)[0], declared)
    at_zero = seen[Shape.SPREADSHEET].str.starts_with("1899-12-30").any()
    return DurationReading(
        unit=declared if counted and declared else DurationUnit.CLOCK,
        shapes=shapes,
        number=_counted(numbers, column, decimal, delimiter) if counted else PLAIN,
        day_zero="1899-12-30" if at_zero else "1899-12-31",
        is_short=is_short,
        is_typed=is_of_minutes and are_typed(cells),
        is_of_days=is_of_days,
    )


def _counted(numbers: pl.Series, column: str, decimal: str | None, delimiter: str | None) -> NumberReading:
    """How bare numbers are written. Where a mark may be of thousands too, it is where all others are whole and below a thousand.

    Decimals that are always three, next to more numbers that have none, are no chance; nor next to any in a file with commas between its
    columns, for who writes decimal commas puts semicolons there.
    """
    try:
        return sniff_decimal(numbers, column=column, decimal=decimal)
    except AmbiguousNumber:
        whole = numbers.filter(numbers.str.contains(_BELOW_A_THOUSAND))
        grouped = numbers.filter(~numbers.str.contains(_BELOW_A_THOUSAND))
        marks = grouped.str.extract(r"([.,])").unique().to_list()
        if (
            len(marks) != 1
            or not grouped.str.contains(_OF_THOUSANDS).all()
            or len(whole) < (1 if marks == [","] == [delimiter] else max(_FEWEST_WHOLE, len(grouped)))
        ):
            raise
        mark = "," if marks == ["."] else "."
        read = sniff_decimal(numbers, column=column, decimal=mark)
        return replace(read, assumed=Message("with-mark-of-thousands", mark=marks[0], example=grouped[0]))


def may_count_days(sample: pl.Series) -> bool:
    """Whether clocks of three parts may as well be days, hours and minutes: the middle one never goes beyond 23.

    Minutes do so in more than half of the durations over an hour; parts that hardly vary (`8:00:00`) show nothing.
    """
    groups = sample.drop_nulls().str.extract_groups(r"^(\d+):([0-5]\d):([0-5]\d)$").struct.unnest()
    parts = (
        groups.drop_nulls().select(pl.all().cast(pl.Int64)).rename(dict(zip(groups.columns, _OF_A_CLOCK, strict=True)))
    )
    first, middle, last = (parts[name] for name in _OF_A_CLOCK)
    if len(middle) < _FEWEST or int((first > 0).sum()) < _LONG_ONES or middle.n_unique() < _DIFFERENT:
        return False
    return not (middle > _LAST_HOUR).any() and bool((last > _LAST_HOUR).any())


def _by_shape(cells: pl.Series) -> dict[Shape, pl.Series]:
    """The cells of each shape."""
    if are_whole(cells):
        return {shape: cells if shape is Shape.NUMBER else cells.clear() for shape in Shape}
    cell = pl.col("cell")
    has_shape = cells.to_frame("cell").select_seq(
        (cell.str.contains(pattern) & cell.str.contains(_SAYS_HOW_MANY) if shape in _IN_WORDS else cell.str.contains(pattern)).alias(shape)
        for shape, pattern in _PATTERNS.items()
    )  # fmt: skip
    return {shape: cells.filter(has_shape[shape]) if has_shape[shape].any() else cells.clear() for shape in _PATTERNS}


def _nothing_seen(declared: DurationUnit | None) -> DurationReading:
    if declared is None or declared is DurationUnit.CLOCK:
        return DurationReading(unit=DurationUnit.CLOCK, shapes=(Shape.CLOCK,))
    return DurationReading(unit=declared, shapes=(Shape.CLOCK, Shape.NUMBER))


def _unit_called(unit: str) -> DurationUnit:
    try:
        return DurationUnit(unit)
    except ValueError:
        raise MappingError(
            f"`{unit}` is no unit of a duration", hint=f"write one of {', '.join(DurationUnit)}"
        ) from None


def _no_duration(column: str, example: str, declared: DurationUnit | None) -> ExportError:
    if not re.match(_PATTERNS[Shape.NUMBER], example):
        return UnfitColumn(Message("no-duration-in-column", header=column, example=example))
    if declared is DurationUnit.CLOCK:
        return UnfitColumn(Message("numbers-not-clocks", header=column, example=example), hint="give their unit")
    return UnfitColumn(
        Message("numbers-without-unit", header=column, example=example),
        hint=f"give it in the mapping: {', '.join(_SECONDS)}",
    )


def approximate(sample: pl.Series, reading: DurationReading) -> str:
    """The first of the cells that says about how long; empty where none is read so."""
    if Shape.ABOUT not in reading.shapes:
        return ""
    return str(sample.drop_nulls().filter(sample.drop_nulls().str.contains(_PATTERNS[Shape.ABOUT]))[0])


def parse_duration(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    """The duration as Int32 seconds, rounded; negative where written so.

    Null where the cell has none of the reading's shapes or exceeds 68 years.
    """
    name = cell.meta.output_name()
    return _of_column(name, reading) if cell.meta.eq(pl.col(name)) else _parsed(cell, reading)


@lru_cache(maxsize=256)
def _of_column(name: str, reading: DurationReading) -> pl.Expr:
    # The same for all files of a folder, and long.
    return _parsed(pl.col(name), reading)


def _parsed(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    seconds = [_READERS[shape](cell, reading) for shape in reading.shapes]
    whole = seconds[0] if len(seconds) == 1 else pl.coalesce(*seconds)
    return whole.round().cast(pl.Int32, strict=False).alias(cell.meta.output_name())


def parse_whole(cell: pl.Expr, reading: DurationReading) -> pl.Expr | None:
    """The same of a column of whole numbers, by a cast alone: null elsewhere. None where it takes more."""
    seconds = _SECONDS.get(reading.unit, 0.5)
    if Shape.NUMBER not in reading.shapes or not reading.number.is_plain or seconds % 1:
        return None
    return (cell.cast(pl.Int64, strict=False) * int(seconds)).cast(pl.Int32, strict=False)


def _number(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    return parse_number(cell, reading.number) * _SECONDS[reading.unit]


def _clock(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    parts = cell.str.strip_chars_start("+-\u2212").str.splitn(":", 3).struct
    hours, minutes, seconds = (parts.field(f"field_{place}").cast(pl.Float64, strict=False) for place in range(3))
    length = hours * 3600 + minutes * 60 + seconds.fill_null(0)
    if reading.is_of_days:
        in_days = pl.when(minutes <= _LAST_HOUR).then(hours * 86_400 + minutes * 3600 + seconds * 60)
        length = pl.when(seconds.is_null()).then(length).otherwise(in_days)
    if reading.is_short:
        is_short = seconds.is_null() | (seconds == 0) if reading.is_typed else seconds.is_null()
        length = pl.when(is_short).then(hours * 60 + minutes).otherwise(length)
    return pl.when(cell.str.contains(_PATTERNS[Shape.CLOCK])).then(length * _direction(cell))


def _direction(cell: pl.Expr) -> pl.Expr:
    return pl.when(cell.str.starts_with("-") | cell.str.starts_with("\u2212")).then(-1).otherwise(1)


def _days_and_clock(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    # As Python and pandas print them: `-1 day, 23:59:59` is one second before zero.
    days = cell.str.extract(r"(\d+)").cast(pl.Float64, strict=False) * 86_400 * _direction(cell)
    clock = _clock(cell.str.extract(rf"({_SIGN}?{_CLOCK})$"), replace(reading, is_of_days=False))
    return pl.when(cell.str.contains(_PATTERNS[Shape.DAYS_AND_CLOCK])).then(days + clock)


def _words(cell: pl.Expr, _reading: DurationReading) -> pl.Expr:
    amounts = [_amount(cell, words) * seconds for seconds, words in _COUNTED]
    readable = cell.str.contains(_PATTERNS[Shape.WORDS]) & cell.str.contains(_SAYS_HOW_MANY)
    return pl.when(readable).then(pl.sum_horizontal(*amounts) * _direction(cell))


def _about(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    """The number as it stands."""
    stated = cell.str.replace(rf"(?i)^{_ABOUT}", "")
    return pl.when(cell.str.contains(_PATTERNS[Shape.ABOUT])).then(_words(stated, reading))


def _amount(cell: pl.Expr, words: str) -> pl.Expr:
    written = cell.str.extract(rf"(?i)({_AMOUNT})\s*(?:{words})(?:[^\p{{L}}]|$)")
    plain = written.str.replace_all(r"[ \x{a0}\x{202f}\x{2009}]", "").str.replace(",", ".", literal=True)
    whole = plain.str.replace_many(list(_PARTS_OF_ONE), list(_PARTS_OF_ONE.values()))
    return whole.cast(pl.Float64, strict=False)


def _iso(cell: pl.Expr, _reading: DurationReading) -> pl.Expr:
    days, clock = cell.str.extract(r"P(\d+)D"), cell.str.extract(r"T(.*)$")
    parts = [
        days.cast(pl.Float64) * 86_400,
        *(
            clock.str.extract(rf"(\d+(?:[.,]\d+)?){letter}").str.replace(",", ".", literal=True).cast(pl.Float64)
            * seconds
            for letter, seconds in (("H", 3600), ("M", 60), ("S", 1))
        ),
    ]
    is_duration = cell.str.contains(_PATTERNS[Shape.ISO]) & cell.str.contains(r"\d")
    return pl.when(is_duration).then(pl.sum_horizontal(*parts) * _direction(cell))


def _spreadsheet(cell: pl.Expr, reading: DurationReading) -> pl.Expr:
    zero = pl.lit(reading.day_zero).str.to_date("%Y-%m-%d")
    days = (cell.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False) - zero).dt.total_days()
    length = days * 86_400 + _clock(cell.str.slice(11), replace(reading, is_of_days=False))
    return pl.when(cell.str.contains(_PATTERNS[Shape.SPREADSHEET]) & (days >= 0)).then(length)


_READERS: dict[Shape, Callable[[pl.Expr, DurationReading], pl.Expr]] = {
    Shape.CLOCK: _clock,
    Shape.NUMBER: _number,
    Shape.DAYS_AND_CLOCK: _days_and_clock,
    Shape.WORDS: _words,
    Shape.ABOUT: _about,
    Shape.ISO: _iso,
    Shape.SPREADSHEET: _spreadsheet,
}

_SHORT_CLOCK = regex(r"(?<![^\W\d_])(?<!:)(?:mm?|min\w*):s(?:s|e[ck]\w*)?\b")
# Hours of opening, not hours counted: Zoho's `… in Business Hours` holds milliseconds.
_OPENING_HOURS = regex(r"(?:business|office|working|work|calendar|opening)[\s_]+(?:hours|hrs)")
_NAMES = {unit: regex(words) for unit, words in _WORDS.items()}
_NO_UNITS = frozenset({"time", "day", "hour", "minute", "second"})


def unit_called(word: str) -> str:
    """The name in `DurationUnit` of a unit as people write it (`min`, `hrs`, `timmar`); any other word as it is."""
    found = word.strip().rstrip(".").casefold()
    return next((unit.value for unit, names in _NAMES.items() if names.fullmatch(found)), word)


def unit_from_header(header: str) -> DurationUnit | None:
    """The unit a header names, as in `(in hrs)`, `in minutes`, `timmar`, `handle_time_s`, `(HH:mm:ss)`.

    A unit in brackets beats one in the text; abbreviations of one or three letters count in brackets, after
    `in` and at the end only (`Min reply time` names none), singulars never (`Second reply time`). None where no
    unit or several are named.
    """
    text = _OPENING_HOURS.sub(" ", re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", header).casefold())
    if re.search(r"(?<![^\W\d_])d\w*:[ht]\w*:m\w*(?!\w|:)", text):
        return DurationUnit.DAY_CLOCK
    if re.search(r"\b(?:hh?|tt?|tim|timmar|timer):m", text):
        return DurationUnit.CLOCK
    if _SHORT_CLOCK.search(text):
        return DurationUnit.MINUTE_CLOCK
    bracketed = {unit for group in re.findall(r"\(([^)]*)\)", text) for unit in _units_in(group)}
    units = bracketed or _units_in(text)
    return units.pop() if len(units) == 1 else None


def _units_in(text: str) -> set[DurationUnit]:
    words = re.findall(r"[^\W\d_]+", text)
    trusted = [
        word
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
        if len(word) > 3 or word == "hrs" or not after or before in ("in", "i")
    ]
    named = [word for word in trusted if word not in _NO_UNITS]
    return {unit for word in named for unit, names in _NAMES.items() if names.fullmatch(word)}
