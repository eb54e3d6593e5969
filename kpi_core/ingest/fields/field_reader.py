"""From a mapping and a file's columns to typed expressions: one `Field` a canonical column.

Formats are sniffed once from a sample, then every cell is parsed with them. A cell that says something which
cannot be read makes its row refused; of tickets only one of the number or the opening, and an unknown word is only counted.
"""

from collections.abc import Sequence
from dataclasses import field, replace

import polars as pl

from kpi_core.config.validation import suggestion
from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.cells import clock_parts, durations, missing, numbers
from kpi_core.ingest.cells.dates import dates, times_of_day
from kpi_core.ingest.cells.dates.date_remarks import remarked, without_remark
from kpi_core.ingest.cells.few import any_holds
from kpi_core.ingest.cells.prose import are_prose
from kpi_core.ingest.cells.unfit_column import UnfitColumn
from kpi_core.ingest.fields import review_cells, several_columns
from kpi_core.ingest.fields.date_fields import instant
from kpi_core.ingest.fields.field import MEASURES, Field, text_name
from kpi_core.ingest.fields.naming import indistinct_customers
from kpi_core.ingest.fields.naming.customers_of_tests import of_test_groups, of_tests
from kpi_core.ingest.fields.naming.cut_off import without_cut
from kpi_core.ingest.fields.naming.numbers_of_customers import naming_customers
from kpi_core.ingest.fields.naming.one_form import in_one_form
from kpi_core.ingest.fields.naming.placeholders import placeholder
from kpi_core.ingest.fields.sample_cells import SampleCells
from kpi_core.ingest.fields.typed_fields import counted_once, meaning, parsed, truth, worded
from kpi_core.ingest.fields.unassigned import OF_CUSTOMERS, is_nobody, no_cases, with_words_for_none
from kpi_core.ingest.fields.words import (
    CATEGORIES,
    RANKS,
    STATES,
    are_ranks,
    categories,
    of_responses,
    reworded,
    turned,
    with_promises,
)
from kpi_core.ingest.formats import outcomes
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers import header_units
from kpi_core.ingest.headers.header_zones import zone_of_header
from kpi_core.ingest.headers.yes_no_codes import notes_of, with_codes
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind
from kpi_core.records import dataclass

STATUS = "Status"
AMOUNTS = ("amount", "refunded_amount")
ONCE_AT_LEAST = ("reopens",)
"""Counts that are written as a tick too, or as the day on which it was so."""
_CLOCK = r"^(.*\d)[T ]+\d{1,2}[:.]\d{2}.*$"
"""A time of day behind a date."""


_BELOW_ZERO = r"^[-−]\s?[\d.,:]*[1-9]"
_LEFT = 0.1
"""The share of durations below zero from which they are no time that something took."""


class _NothingButErrors(UnfitColumn):
    """A column that lost all its values, which is as if it were not there."""


@dataclass(kw_only=True)
class FieldReader(SampleCells):
    """Builds the fields of one file.

    `in_doubt` are the columns that are not read because their numbers may be two, with the messages about them.
    """

    order: dates.Order | None = None
    passed_over: list[tuple[int, Message]] = field(default_factory=list)
    file_findings: list[Finding] = field(default_factory=list)
    in_doubt: list[tuple[str, Message]] = field(default_factory=list)

    def read(self, name: str, kind: Kind, spec: ColumnSpec) -> Field | None:
        """The field for a canonical column; None where the file has no such column.

        A format that goes by common names alone (`Resolved`) takes a column only if its cells fit too; one that does
        not is passed over with a note.

        Raises:
            ExportError: the column of a known format holds something else than it should.
        """
        if spec.join:
            return self._composed(name, kind, spec)
        spec = self._by_its_words(name, with_words_for_none(self.mapping.table, name, spec))
        if self.mapping.fallback and (found := self._of_several(name, kind, spec)):
            return found
        straight, turned = self._places(kind, spec), self.match.places(spec.opposite)
        for place in self._suited(name, naming_customers(self, name, (*straight, *turned))):
            try:
                found = self._column(name, kind, spec, place, is_opposite=place not in straight)
            except dates.AmbiguousDate:
                raise
            except ExportError as error:
                if not self.mapping.fallback and not isinstance(error, _NothingButErrors):
                    raise
                self._pass_over(place, name, error)
                continue
            if self.mapping.fallback and (
                why := self._time_left(found) or self._subject(found, spec) or self._time_of_day(found)
            ):
                self.passed_over.append((place, Message("not-read-as", header=found.header, name=name, why=why)))
                continue
            if not self.mapping.fallback or self._fits(found):
                return found
            why = Message("no-known-word", words=self.seen(found.text).unique(maintain_order=True).to_list())
            self.passed_over.append((place, Message("not-read-as", header=found.header, name=name, why=why)))
        return self._end_of_day(name, spec) if name == "closed_at" else None

    def _by_its_words(self, name: str, spec: ColumnSpec) -> ColumnSpec:
        """How far a response has come, what became of a call, or whether a promise was kept, by the words for it."""
        spec = with_promises(name, spec)
        if name in STATES and self.mapping.table == "answers":
            return self._of_responses(name, spec)
        is_of_calls = name in outcomes.CALL_COLUMNS and self.mapping.table == "tickets" and self.mapping.fallback
        return self._of_calls(name, spec) if is_of_calls else spec

    def _of_calls(self, name: str, spec: ColumnSpec) -> ColumnSpec:
        """The column without, or with, the header of what became of calls (see `outcomes`)."""
        columns = self.mapping.columns
        if not set(outcomes.CALL_COLUMNS) <= columns.keys():
            return spec
        known = [self.match.headers[place] for place in self.match.places((*columns["status"].headers, *outcomes.HEADERS))
                 if outcomes.are_outcomes(self.seen(self.cell(place)), columns["is_answered"])]  # fmt: skip
        return outcomes.column_of_calls(
            name, spec, known, is_named=bool(self.match.places((*spec.headers, *spec.opposite)))
        )

    def _pass_over(self, place: int, name: str, error: ExportError) -> None:
        """Keeps the message about a column that is not read; louder where its numbers may be two."""
        header = self.match.headers[place]
        why = error.reason if isinstance(error, UnfitColumn) else error.message
        message = Message("not-read-as", header=header, name=name, why=why)
        if isinstance(error, numbers.AmbiguousNumber):
            self.in_doubt.append((name, Message("said-together", parts=[message, error.way])))
        else:
            self.passed_over.append((place, message))

    def _of_responses(self, name: str, spec: ColumnSpec) -> ColumnSpec:
        """How far a response has come, by the words for it: in a spreadsheet under a bare `Status` too, where all of its words are such."""
        words = of_responses(name)
        place = self.match.index([STATUS]) if self.mapping.fallback and not self.match.places(spec.headers) else None
        seen = None if place is None else self.seen(self.cell(place)).str.to_lowercase()
        is_state = seen is not None and len(seen) > 0 and bool(seen.is_in([word.lower() for word in words]).all())
        headers = (*spec.headers, *([STATUS] if is_state else []))
        return spec.model_copy(update={"headers": headers, "values": {**words, **spec.values}})

    def _places(self, kind: Kind, spec: ColumnSpec) -> list[int]:
        """The columns that a header of the spec names, in a spreadsheet of common names else those that also say a unit."""
        found = self.match.places(spec.headers)
        return found or (header_units.named(self.match.headers, spec.headers, kind) if self.mapping.fallback else [])

    def _of_several(self, name: str, kind: Kind, spec: ColumnSpec) -> Field | None:
        """The field as several columns of a spreadsheet say it; None where one says it alone."""
        found = None
        if kind is Kind.AUTHOR:
            found = several_columns.writer(self, name, spec)
        elif name == "is_refunded":
            found = several_columns.paid_back(self, name, spec, self._suited(name, self._places(kind, spec)))
        return None if found is None else self._typed(found, self.seen(found.text), spec)

    def _suited(self, name: str, places: Sequence[int]) -> Sequence[int]:
        """The positions that may be a column's: what was paid back is an amount, or a yes and no, as the cells say.

        That holds where common names alone decide, and of the headers that both may have.
        """
        other = self.mapping.columns.get(_REPAID.get(name, ""))
        if other is None or not places or not self.mapping.fallback:
            return places
        shared = self.match.places(other.headers)
        is_amount = name == "refunded_amount"
        return [place for place in places if place not in shared or self._holds_amounts(place) == is_amount]

    def _holds_amounts(self, place: int) -> bool:
        """Whether the cells of a column are amounts of money, not counts nor 1 for yes and 0 for no."""
        seen = self.seen(self.cell(place))
        try:
            reading = numbers.sniff_decimal(seen, column=self.match.headers[place], are_amounts=True)
        except numbers.AmbiguousNumber:
            return True
        except ExportError:
            return False
        values = seen.to_frame("cell").select(numbers.parse_number(pl.col("cell"), reading)).to_series()
        least = values.abs().max()
        is_large = isinstance(least, int | float) and least >= _LARGE
        return values.null_count() == 0 and (is_large or bool(seen.str.contains(r"\d[.,]\d").any()))

    def _composed(self, name: str, kind: Kind, spec: ColumnSpec) -> Field:
        """A key made of all columns of `from`, null where one is empty; of an instant its day counts.

        Raises:
            MappingError: the file lacks one of the columns.
        """
        places = [self.match.index([header]) for header in spec.headers]
        for header, place in zip(spec.headers, places, strict=True):
            if place is None:
                near = suggestion(header, self.match.headers)
                raise MappingError(
                    f"`{name}` is made of `{header}`, and there is no such column{near}", where=self.raw.name
                )
        cells = [
            self.cell(place, spec.missing, is_text=True).str.replace(_CLOCK, "$1")
            for place in places
            if place is not None
        ]
        text = pl.concat_str(cells, separator="\x1f")
        header = " + ".join(self.match.headers[place] for place in places if place is not None)
        return Field(name=name, header=header, place=places[0] or 0, kind=kind, text=text, value=pl.col(text_name(name)),
                     is_composed=True)  # fmt: skip

    def _column(self, name: str, kind: Kind, spec: ColumnSpec, place: int, *, is_opposite: bool = False) -> Field:
        header = self.match.headers[place]
        text, clock = self._joined(place, kind, spec)
        if clock is not None:
            header = f"{header} + {self.match.headers[clock]}"
        if spec.extract is not None:
            text = text.str.extract(spec.extract, 1)
        text = with_codes(text, header, kind)
        text = reworded(turned(text) if is_opposite else text, spec)
        if spec.empty is not None:
            text = text.fill_null(spec.empty)
        found = Field(name=name, header=header, place=place, kind=kind, text=text, value=pl.col(text_name(name)),
                      is_composed=len(set(text.meta.root_names())) > 1, distinguishes_empty=spec.empty is not None,
                      zone=self._zone(kind, place, clock), notes=notes_of(header, kind))  # fmt: skip
        if kind is Kind.TEXT and self.has_na(place, spec.missing):
            found = replace(
                found,
                notes=(Message("na-is-a-word", header=header, word=missing.NA),),
            )
        seen = self.seen(text)
        if kind is Kind.INSTANT and (example := remarked(seen)):
            text = without_remark(text)
            note = Message("column-read", header=header, how=Message("without-remarks", example=example))
            found, seen = replace(found, text=text, notes=(note,)), self.seen(text)
        if kind not in (Kind.KEY, Kind.TEXT) and missing.are_errors(seen):
            raise _NothingButErrors(Message("nothing-but-errors", example=seen[0]))
        typed = self._typed(found, seen, spec)
        is_optional = typed.kind in MEASURES or (typed.kind is Kind.INSTANT and name != OPENING)
        spares = self.mapping.table == "tickets" and is_optional and typed.unreadable is not None
        return replace(typed, unreadable=None, unknown=typed.unreadable) if spares else typed

    def _joined(self, place: int, kind: Kind, spec: ColumnSpec) -> tuple[pl.Expr, int | None]:
        """The clean cell, with the others of a header that repeats, or with its clock (and where that stands)."""
        is_text = kind in (Kind.KEY, Kind.TEXT)
        text = self.cell(place, spec.missing, is_date=kind is Kind.INSTANT, is_text=is_text)
        if spec.every and len(places := self.match.repeats(place)) > 1:
            cells = [self.cell(each, spec.missing, is_text=is_text) for each in places]
            joined = pl.concat_str(cells, separator=", ", ignore_nulls=True)
            return pl.when(joined != "").then(joined), None
        if spec.others:
            cells = [
                self.cell(each, spec.missing, is_text=is_text)
                for each in self.match.places(spec.others)
                if each != place
            ]
            return pl.coalesce(text, *cells), None
        if spec.time and (clock := self._clock(spec)) is not None and self._is_day(text):
            return pl.concat_str([text, times_of_day.marked(self.cell(clock))], separator=" "), clock
        return text, None

    def _clock(self, spec: ColumnSpec) -> int | None:
        """The column of a date's time of day; of common names only one that holds such."""
        places = self.match.places(spec.time)
        return next((place for place in places if not self.mapping.fallback or self._has_times(place)), None)

    def _has_times(self, place: int) -> bool:
        return times_of_day.are_times(self.seen(self.cell(place)), _MOSTLY)

    def _end_of_day(self, name: str, spec: ColumnSpec) -> Field | None:
        """The end of a case whose time of day stands next to the date of its opening; None where it does not."""
        clock = self._clock(spec) if spec.time and self.mapping.fallback else None
        day = self.match.index(self.mapping.columns.get(OPENING, ColumnSpec()).headers)
        if clock is None or day is None or not self._is_day(self.cell(day, is_date=True)):
            return None
        return self._column(name, Kind.INSTANT, ColumnSpec(time=(self.match.headers[clock],)), day)

    def _zone(self, kind: Kind, place: int, clock: int | None) -> str | None:
        """The time zone that the header of an instant names, or that of its clock."""
        headers = [self.match.headers[at] for at in (place, clock) if at is not None and kind is Kind.INSTANT]
        return next((zone for header in headers if (zone := zone_of_header(header))), None)

    def _is_day(self, text: pl.Expr) -> bool:
        """Whether a date lacks its time of day: a known format says so, of common names the sample decides."""
        return not self.mapping.fallback or not self.seen(text).str.contains(r"\d:\d\d|\s\d{1,2}\.\d\d").any()

    def _time_left(self, found: Field) -> Message | None:
        """Why a column of durations is the time that was left of a promise; None where it is not."""
        if found.kind is not Kind.DURATION:
            return None
        seen = self.seen(found.text)
        below = int(seen.str.contains(_BELOW_ZERO).sum())
        return Message("time-left", below=below, count=len(seen)) if below >= _LEFT * len(seen) > 0 else None

    def _time_of_day(self, found: Field) -> Message | None:
        """Why a column of durations holds the times of day of its events; None where it does not."""
        opening = "created_at" if found.kind is Kind.DURATION else ""
        spec = self.mapping.columns.get(opening, ColumnSpec())
        place = self.match.index(spec.headers)
        if (
            place is None
            or durations.unit_from_header(found.header)
            or not self.seen(found.text).str.contains(times_of_day.TIME_OF_DAY).all()
        ):
            return None
        try:
            opened = self._column(opening, Kind.INSTANT, spec, place)
        except ExportError:
            return None
        names = {*found.text.meta.root_names(), *opened.text.meta.root_names()}
        rows = self.sample.lazy().with_columns(**{name: self.cleaned[name] for name in names})
        texts = rows.select(found.text.alias("cell"), opened.text.alias(opened.text_name))
        both = texts.select("cell", opened.value.alias("opened")).collect()
        return times_of_day.NO_DURATIONS if times_of_day.follow_the_openings(both["cell"], both["opened"]) else None

    def _subject(self, found: Field, spec: ColumnSpec) -> Message | None:
        """Why a number that a format of many common headers looks for is what the case is about; None where it is not."""
        if found.name != TABLES[self.mapping.table].key or len(spec.headers) < 2:
            return None
        seen = self.seen(found.text)
        is_word = self.mapping.table == "tickets" and not seen.str.contains(r"\d").any() and seen.n_unique() < len(seen)
        return Message("cells-are-texts", example=seen[0]) if is_word or are_prose(seen) else None

    def _fits(self, found: Field) -> bool:
        """Whether the sample of a column of words holds one that is known."""
        if found.unknown is None:
            return True
        seen = self.seen(found.text)
        known = pl.DataFrame({found.text_name: seen}).select(found.value.is_not_null().any()).item()
        return bool(known) or seen.is_empty()

    def _typed(self, found: Field, seen: pl.Series, spec: ColumnSpec) -> Field:
        """The field with its parser, chosen from what the sample shows."""
        text, header = pl.col(found.text_name), found.header
        match found.kind:
            case Kind.INSTANT:
                return instant(self, found, seen, spec, order=self.order)
            case Kind.DURATION:
                unit = spec.unit or durations.unit_from_header(header)
                if unit is None and self.mapping.fallback and durations.may_count_days(seen):
                    raise UnfitColumn(Message("clocks-of-hours-or-days", example=seen[0]))
                if unit == durations.DurationUnit.HOURS and clock_parts.are_minutes_behind(seen):
                    how = Message("minutes-as-decimals", header=header, example=seen[0])
                    found = replace(found, text=clock_parts.as_clock(found.text), clock=how)
                    seen, unit = (
                        seen.to_frame("cell").select(clock_parts.as_clock(pl.col("cell")))["cell"],
                        durations.DurationUnit.CLOCK,
                    )
                decimal = self.choices.decimal or self.mapping.decimal
                between = self.raw.dialect.delimiter if self.raw.dialect else None
                reading = durations.sniff_duration(seen, column=header, unit=unit, decimal=decimal, delimiter=between)
                quick = durations.parse_whole(text, reading) if numbers.are_whole(seen) else None
                quick = durations.parse_duration(text, reading) if quick is None else quick
                whole = replace(parsed(found, durations.parse_duration(text, reading.in_full)), quick=quick)
                assumed = reading.number.assumed
                notes = () if assumed is None else (Message("column-read", header=header, how=assumed),)
                return replace(whole, about=durations.approximate(seen, reading), notes=(*whole.notes, *notes))
            case Kind.COUNT | Kind.NUMBER:
                return self._number(found, seen, spec)
            case kind if kind in CATEGORIES:
                return self._category(found, seen)
            case Kind.KEY:
                return without_cut(self._key(found, seen), seen, self.mapping.table, TABLES[self.mapping.table].key)
            case Kind.TRUTH:
                return truth(found, seen)
            case _:
                if found.name == "group":
                    cell = found.text
                    tests = of_test_groups(
                        seen, lambda: self.seen_in_full(cell), header, self.mapping.table, self.raw.name
                    )
                    found = replace(found, findings=(*found.findings, *tests))
                return without_cut(found, seen, self.mapping.table, TABLES[self.mapping.table].key)

    def _number(self, found: Field, seen: pl.Series, spec: ColumnSpec) -> Field:
        """A number, as many times itself as its header says of money."""
        text, header = pl.col(found.text_name), found.header
        if found.name == review_cells.RATING and review_cells.is_drawn(seen):
            return parsed(found, review_cells.rating(text, seen))
        decimal, are_amounts = self.choices.decimal or self.mapping.decimal, found.name in AMOUNTS
        is_count = found.kind is Kind.COUNT
        if is_count and found.name in ONCE_AT_LEAST and numbers.are_marks_of_once(seen):
            return counted_once(found)
        if is_count and not numbers.are_whole(seen):
            text, seen = numbers.so_often(text), seen.to_frame("cell").select(numbers.so_often(pl.col("cell")))["cell"]
        number = numbers.sniff_decimal(seen, column=header, decimal=decimal, are_amounts=are_amounts)
        how = () if number.assumed is None else (Message("column-read", header=header, how=number.assumed),)
        found = replace(found, units=number.units if are_amounts else found.units, notes=(*found.notes, *how))
        value = numbers.parse_count(text, number) if is_count else numbers.parse_number(text, number)
        if spec.divide is not None:
            return parsed(found, value / spec.divide)
        if found.name in AMOUNTS and (factor := header_units.factor_of(header)) != 1:
            note = Message("read-as-thousands", header=header, factor=factor)
            return replace(parsed(found, value * factor), notes=(*found.notes, note))
        is_quick = is_count and number.is_plain and numbers.are_whole(seen)
        return replace(parsed(found, value), quick=text.cast(pl.Int32, strict=False) if is_quick else None)

    def _category(self, found: Field, seen: pl.Series) -> Field:
        """A word with its meaning; bare numbers of a priority as ranks where no format says what they mean."""
        text, words = pl.col(found.text_name), categories(found.kind)
        if found.kind is Kind.PRIORITY and self.mapping.fallback and are_ranks(seen):
            words = words | RANKS
            found = replace(
                found, notes=(Message("column-read", header=found.header, how=Message("most-urgent-first")),)
            )
        value = meaning(text, words, found.kind)
        known = worded(found, value)
        return replace(known, says=no_cases(text)) if found.kind is Kind.STATUS else known

    def _key(self, found: Field, seen: pl.Series) -> Field:
        """A key; that of a customer without the words that stand for none. What names a row is its name, whatever it says."""
        text = pl.col(found.text_name)
        if found.name in OF_CUSTOMERS:
            found = in_one_form(found, seen)
        elif any_holds(seen, "@"):
            low = text.str.to_lowercase().str.replace_all(r"\s+", " ")
            found = replace(found, value=pl.when(text.str.contains("@", literal=True)).then(low).otherwise(text))
        if found.name not in OF_CUSTOMERS or found.name == TABLES[self.mapping.table].key:
            return found
        own = found
        tests = of_tests(seen, lambda: self.seen_in_full(own.text), found.header, self.mapping.table, self.raw.name)
        found = replace(found, findings=(*found.findings, *tests))
        words = numbers.other_than_numbers(text)
        nobody = (is_nobody(words) | indistinct_customers.is_masked(words)).fill_null(value=False)
        if doubt := indistinct_customers.indistinct(
            seen, lambda: self.seen_in_full(found.text), found.header, self.mapping.table, self.raw.name
        ):
            return replace(
                found, value=pl.when(~nobody).then(found.value), nobody=nobody, findings=(*found.findings, doubt)
            )
        if stand_in := placeholder(seen):
            found = replace(found, findings=(*found.findings, stand_in.finding(self.raw.name, found.header)))
            nobody = nobody | (text == stand_in.word) if stand_in.is_none else nobody
        return replace(found, value=pl.when(~nobody).then(found.value), nobody=nobody)


OPENING = "created_at"
_MOSTLY = 0.9
_REPAID = {"refunded_amount": "is_refunded", "is_refunded": "refunded_amount"}
"""Columns that say by an amount and by a yes and no what was paid back, each with the other."""
_LARGE = 20
"""A number from which a column of whole ones is of amounts, not of pieces sent back."""
