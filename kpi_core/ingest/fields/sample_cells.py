"""The cells of one file as clean text, and what a sample of them shows: what every field is made of."""

import re
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import lru_cache, partial

import polars as pl

from kpi_core.ingest.cells import missing, numbers
from kpi_core.ingest.cells.dates import dates
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import Words
from kpi_core.model.columns import filled
from kpi_core.records import dataclass

OfWords = Callable[[pl.Series], pl.Expr]
"""The clean cell at a position, as it is asked of some raw cells of it."""


@dataclass(frozen=True, kw_only=True)
class ReadingChoices:
    """What the user settles about cells, over what the mapping says; None leaves it to the evidence."""

    decimal: str | None = None
    date_order: str | None = None
    date_formats: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ()
    zone: str | None = None


@dataclass(kw_only=True)
class SampleCells:
    """The clean cells of one file. `sample` holds its first rows as text, columns `c0` and on.

    `cleaned` are the clean cells that fields are made of; `plain` those that the sample shows to be clean as they are;
    `doubts` are of those of them that the sample shows to be whole numbers: whether a raw cell is none. `of_words` give the same clean
    cells as they are asked of the different words of a column, which are few: by a lookup, for a pattern takes longer to compile.
    """

    raw: RawExport
    match: Match
    sample: pl.DataFrame
    choices: ReadingChoices
    cleaned: dict[str, pl.Expr] = field(default_factory=dict)
    of_words: dict[str, OfWords] = field(default_factory=dict)
    plain: dict[str, pl.Expr] = field(default_factory=dict)
    doubts: dict[str, pl.Expr] = field(default_factory=dict)
    _clean_sample: dict[str, pl.Series] = field(default_factory=dict)
    _has_na: dict[int, bool] = field(default_factory=dict)

    @property
    def mapping(self) -> Mapping:
        """The mapping in force."""
        return self.match.mapping

    def cell(self, place: int, extra: Sequence[str] = (), *, is_date: bool = False, is_text: bool = False) -> pl.Expr:
        """The cell at a position as clean text, null where it spells nothing: a working column of its own.

        A date that stands for none (1900-01-01) spells nothing either, nor does a spreadsheet's error as text.
        """
        words = (*self.mapping.missing, *extra, *self.choices.null_values)
        name = " ".join(["clean", str(place), *(["date"] if is_date else []), *(["text"] if is_text else []), *extra])
        if name not in self.cleaned:
            raw = pl.col(f"c{place}")
            keeps_na = is_text and self.has_na(place, extra)
            self.cleaned[name] = _cleaned(place, words, is_date=is_date, is_text=is_text, keeps_na=keeps_na)
            self.of_words[name] = partial(_of_few, place, words, is_date=is_date, is_text=is_text, keeps_na=keeps_na)
            cells = self.sample[f"c{place}"]
            may_be_none = is_date and dates.may_be_missing(cells)
            if not may_be_none and missing.are_clean(cells, words, keeps_errors=not is_text):
                clean, are_plain, are_whole = cells, True, cells.is_empty() or numbers.are_whole(cells)
            else:
                few = _of_few(place, words, cells, is_date=may_be_none, is_text=is_text, keeps_na=keeps_na)
                seen = self.sample.select_seq(_looks(place, few))
                clean, are_plain, are_whole = seen["clean"], bool(seen["plain"].all()), bool(seen["whole"].all())
            self._clean_sample[name] = clean.alias(name)
            # A word that means nothing and could be read as a number or a date is to be looked for in every cell.
            is_plain = are_plain and not _has_digits(words)
            if is_plain:
                self.plain[name] = raw
            if is_plain and are_whole:
                self.doubts[name] = raw.is_not_null() & raw.cast(pl.Int64, strict=False).is_null()
        return pl.col(name)

    def has_na(self, place: int, extra: Sequence[str] = ()) -> bool:
        """Whether `NA` in a column of words is one of them; what the user or the mapping calls nothing is nothing."""
        words = {word.strip().lower() for word in (*self.mapping.missing, *extra, *self.choices.null_values)}
        if missing.NA.lower() in words:
            return False
        if place not in self._has_na:
            self._has_na[place] = missing.is_a_word(self.sample[f"c{place}"])
        return self._has_na[place]

    def fits(self, where: Words) -> tuple[pl.Expr, pl.Expr] | None:
        """Whether a row has the words asked for, over clean cells and over raw ones; None where a column lacks."""
        clean, raw = [], []
        for header, words in where.items():
            place = self.match.index(header.split("|"))
            if place is None:
                return None
            known = [word.lower() for word in words]
            clean.append(self.cell(place).str.to_lowercase().is_in(known))
            raw.append(pl.col(f"c{place}").str.strip_chars().str.to_lowercase().is_in(known))
        return pl.all_horizontal(clean), pl.all_horizontal(raw)

    def seen(self, text: pl.Expr) -> pl.Series:
        """What the sample shows of an expression over clean cells."""
        names = list(dict.fromkeys(text.meta.root_names()))
        if len(names) == 1 and text.meta.eq(pl.col(names[0])):
            return filled(self._clean_sample[names[0]].alias("seen"))
        return filled(pl.DataFrame([self._clean_sample[name] for name in names]).select(seen=text)["seen"])

    def seen_in_full(self, text: pl.Expr) -> pl.Series:
        """What all rows of the file show of an expression over clean cells: a second look, for what its first rows make likely."""
        cleaned = {name: self.cleaned[name] for name in text.meta.root_names()}
        rows = self.raw.scan(skip=self.match.skip).with_columns(**cleaned)
        return rows.select(seen=text).drop_nulls().collect(engine="streaming")["seen"]


@lru_cache(maxsize=256)
def _has_digits(words: tuple[str, ...]) -> bool:
    return any(re.search(r"\d", word) for word in words)


@lru_cache(maxsize=1024)
def _cleaned(
    place: int, words: tuple[str, ...], *, is_date: bool, is_text: bool, keeps_na: bool, are_few: bool = False
) -> pl.Expr:
    """The clean cell at a position: the same for all files of a folder."""
    clean = missing.clean(pl.col(f"c{place}"), words, keeps_errors=not is_text, keeps_na=keeps_na, are_few=are_few)
    return pl.when(~dates.is_missing_date(clean)).then(clean) if is_date else clean


def _of_few(
    place: int, words: tuple[str, ...], cells: pl.Series, *, is_date: bool, is_text: bool, keeps_na: bool
) -> pl.Expr:
    """The clean cell at a position, as it is asked of few `cells`."""
    if not is_date and missing.are_clean(cells, words, keeps_errors=not is_text):
        return pl.col(f"c{place}")
    if not is_date and missing.all_say_something(cells, words, keeps_errors=not is_text):
        return pl.col(f"c{place}").str.strip_chars()
    return _cleaned(place, words, is_date=is_date, is_text=is_text, keeps_na=keeps_na, are_few=True)


def _looks(place: int, clean: pl.Expr) -> tuple[pl.Expr, ...]:
    """What a sample is asked of a cell: the clean cell itself (`clean`), whether it is clean as it stands (`plain`), and whether all are whole numbers (`whole`)."""
    raw = pl.col(f"c{place}")
    return clean.alias("clean"), raw.eq_missing(clean).alias("plain"), numbers.is_whole(raw).all().alias("whole")
