"""Rows that add up others, and headers that stand again: no cases, whatever they would count as.

A word alone (`Total`) is no evidence: a customer may be called so. Such a row also lacks what the others have, or its
numbers are the sums or means of theirs.
"""

import re
from collections import deque
from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from kpi_core.ingest.rows.footers import FOOTER, footers
from kpi_core.ingest.rows.inner_sums import decimals, inner_sums, number
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

SUM = Message("sum-row")
AGAIN = Message("repeated-header-row")
_DAYS = 3
"""Days from which a column is one of days."""
TELLING = 0.8
"""The share of rows in which a column is filled that a row must have to be a case."""
LAST = 3
"""Rows at the end of a file that may be sums without saying so."""
SUMS = (
    *(
        "total",
        "totals",
        "grand total",
        "sub total",
        "subtotal",
        "sub-total",
        "sum",
        "sum total",
        "overall",
        "overall total",
    ),
    *(
        "total count",
        "count",
        "summa",
        "summor",
        "summering",
        "totalt",
        "totalsumma",
        "summa totalt",
        "delsumma",
        "mellansumma",
    ),
    *(
        "slutsumma",
        "antal",
        "totalt antal",
        "i alt",
        "ialt",
        "sum i alt",
        "totalsum",
        "delsum",
        "mellomsum",
        "antall",
        "totalt antall",
    ),
    *("samlet", "sammenlagt", "yhteensä", "kaikki yhteensä", "välisumma", "loppusumma", "kokonaissumma", "lukumäärä"),
    *("summe", "gesamt", "insgesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme", "teilergebnis", "anzahl"),
    *("totaal", "eindtotaal", "subtotaal", "total général", "sous-total", "somme", "suma", "total general"),
)
MEANS = (
    *(
        "average",
        "avg",
        "avg.",
        "mean",
        "median",
        "grand average",
        "medelvärde",
        "medeltal",
        "medel",
        "genomsnitt",
        "snitt",
    ),
    *("gjennomsnitt", "gennemsnit", "snit", "middelverdi", "middelværdi", "keskiarvo", "mediaani", "ka", "mittelwert"),
    *("durchschnitt", "gemiddelde", "moyenne", "promedio", "media"),
)
WORDS = (*SUMS, *MEANS)
_LISTED = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
_WORD = rf"(?i)^(?:{_LISTED})\s*[:=]?\s*(?:\(?[\d\s.,]*\)?)?$"
_OPENS = (
    r"(?i)^(?:total|totals|totalt|totalsumma|summa|sum|gesamt|yhteensä|i alt|grand total|average|avg\.?|mean|median|genomsnitt|medelvärde"
    r"|medeltal|medel|snitt|gjennomsnitt|gennemsnit|snit|keskiarvo|mittelwert|antal|antall|number of"
    r"|sub-?total|delsumma|mellansumma|slutsumma|delsum|mellomsum|totalsum|samlet|välisumma|loppusumma|zwischensumme)\b.{1,40}$"
)
_CLOSES = rf"(?i)^.{{1,80}}\s(?:{_LISTED})$"
_HINTS = (*WORDS, "number of")
"""What a cell has that may be a word for a sum in one of these ways: cheaper to look for than the patterns are to compile."""
_ALONE = regex(_WORD)
_MEAN = regex(rf"(?i)\b(?:{'|'.join(re.escape(word) for word in MEANS)})\b")
_NUMBER = r"^[-+−(]?[\d\s.,  '’]*\d[\d\s.,  '’)]*(?:\s?(?:%|[\p{L}.€$£/]{1,6}))?$|^\d+:\d\d(?::\d\d)?$"
_DIGIT = regex(r"\d")
_CELL = regex(r"c\d+")
_DATE = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
_DAY = regex(_DATE)
_WHEN = regex(rf"{_DATE}|^\d{{4}}[-/.]?\d{{2}}$|^\d{{1,2}}[-/.]\d{{4}}$|^[^\W\d]{{3,10}}\.?\s+\d{{4}}$")


_FEW = 1000
"""Rows up to which an answer is kept: those of a short file are asked as a sample, for a draft and as a whole."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Asked:
    """Rows that were looked at for sums."""

    cells: pl.DataFrame
    headers: tuple[str, ...]
    ends: tuple[int, ...]


_answered: deque[tuple[_Asked, dict[Message, pl.Series]]] = deque(maxlen=4)


def spellings() -> list[str]:
    """The words in the ways they are commonly written, with and without a colon."""
    cased = {spelt for word in WORDS for spelt in (word, word.capitalize(), word.upper(), word.title())}
    return sorted({*cased, *(f"{word}:" for word in cased)})


def unlike_cases(rows: pl.DataFrame, headers: Sequence[str], ends: Sequence[int] = ()) -> dict[Message, pl.Series]:
    """By reason, which rows of a table of text (`c0` …) are no cases; only reasons that some row has.

    `ends` are the places behind the last row of each part that ends by itself (a sheet); none: it is one.
    """
    names = [name for name in rows.columns if _CELL.fullmatch(name)]
    if not names or rows.is_empty():
        return {}
    cells = rows if len(names) == rows.width else rows.select(names)
    if rows.height > _FEW:
        return _unlike_cases(cells, tuple(headers), ends)
    asked = _Asked(cells=cells, headers=tuple(headers), ends=tuple(ends or [rows.height]))
    for known, answer in [*_answered]:
        if (known.headers, known.ends) == (asked.headers, asked.ends) and known.cells.equals(asked.cells):
            return dict(answer)
    answer = _unlike_cases(asked.cells, asked.headers, asked.ends)
    _answered.append((asked, answer))
    return dict(answer)


def _unlike_cases(rows: pl.DataFrame, headers: tuple[str, ...], ends: Sequence[int]) -> dict[Message, pl.Series]:
    names = rows.columns
    trimmed, filled, signs = _steps(tuple(names), headers)
    table = rows.select(trimmed).select(filled).with_columns(_first=pl.coalesce(names)).with_columns(signs)
    table = table.with_columns(_word=_may_be_a_sum(table["_first"]))
    if table["_again"].any():  # that is, where it begins with any header
        table = table.with_columns(_again=_is_header(names, headers))
    if table["_word"].any():  # that is, one may be in it
        first = pl.col("_first")
        is_word = first.str.contains(_WORD) | first.str.contains(_OPENS) | first.str.contains(_CLOSES)
        table = table.with_columns(_word=is_word.fill_null(value=False))
    passed = table["_again"] | table["_word"] | table["_first"].is_null()
    below = footers(table, names, passed, ends or [table.height])
    table = table.with_columns(_below=pl.Series([False]).new_from_index(0, table.height).scatter(below, values=True))
    sums = _sums(table, names)
    inner = inner_sums(table, names, passed | sums | table["_below"], (_WORD, _OPENS, _CLOSES), _WHEN)
    sums = sums.scatter(sorted(inner), values=True) if inner else sums
    found = {AGAIN: table["_again"], SUM: sums, FOOTER: table["_below"]}
    return {reason: flags for reason, flags in found.items() if flags.any()}


@lru_cache(maxsize=64)
def _steps(names: Sequence[str], headers: Sequence[str]) -> tuple[list[pl.Expr], list[pl.Expr], list[pl.Expr]]:
    """The cells without blanks around them, those that say something, and what identifies a row; the same for all files of one header."""
    first, known = pl.col("_first"), pl.Series([header.strip() for header in headers if header], dtype=pl.String)
    return (
        [pl.col(name).str.strip_chars() for name in names],
        [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names],
        [first.is_in(known.implode()).fill_null(value=False).alias("_again")],
    )


def _may_be_a_sum(first: pl.Series) -> pl.Series:
    """Which of the first cells of rows may hold a word for a sum."""
    whole = "\n".join(text for text in first.to_list() if text).lower() if len(first) <= _FEW else None
    if whole is not None and not any(hint in whole for hint in _HINTS):
        return pl.Series([False]).new_from_index(0, len(first))
    text = first.str.to_lowercase()
    return text.str.contains_any([*_HINTS]).fill_null(value=False)


def _is_header(names: Sequence[str], headers: Sequence[str]) -> pl.Expr:
    """Whether every filled cell of a row is the header of its column."""
    pairs = list(zip(names, (header.strip() for header in headers), strict=False))
    same = [pl.col(name) == header for name, header in pairs if header]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names)
    hits = pl.sum_horizontal(one.fill_null(value=False).cast(pl.Int32) for one in same) if same else pl.lit(0)
    return (hits >= min(2, len(same))) & (hits == filled) & (filled > 0)


def _sums(table: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Rows that add up others."""
    again, blank = table["_again"] | table["_below"], table["_first"].is_null()
    marks = table["_word"] & ~again
    rest = ~(marks | blank | again)
    last = [at for at in (~blank & ~again).arg_true().to_list()[-LAST:] if rest[at]]
    if not marks.any() and not _looks_summed(table, names, last):
        return pl.Series([False]).new_from_index(0, table.height)
    seen = _Table(table=table, names=tuple(names), marks=marks, rest=rest, ends=_ends(blank | again | marks))
    hits = {at for at in marks.arg_true().to_list() if seen.is_sum(at)}
    hits |= {at for at in last if seen.is_unnamed_sum(at)}
    kept = {str(table["_first"][at]).casefold() for at in marks.arg_true().to_list() if at not in hits}
    hits = {at for at in hits if str(table["_first"][at]).casefold() not in kept}
    flags = pl.Series([False]).new_from_index(0, table.height)
    return flags.scatter(sorted(hits), values=True) if hits else flags


def _looks_summed(table: pl.DataFrame, names: Sequence[str], last: Sequence[int]) -> bool:
    """Whether one of the last rows holds numbers alone, and cannot be the only one there is."""
    if not last or table.height < 2:
        return False
    rows = table.select(names)[list(last)]
    if not any(all(cell is None or _may_be_number(cell) for cell in row) for row in rows.rows()):
        return False
    # Cell by cell in one column: the patterns are long, and a look at few cells with them costs as much as at many.
    cells = pl.concat([rows[name] for name in names]).alias("cell").to_frame()
    fits = cells.select(_is_number("cell") | pl.col("cell").is_null()).to_series().to_list()
    return any(all(fits[place :: len(last)]) for place in range(len(last)))


def _may_be_number(cell: str) -> bool:
    """Whether a cell has a figure, begins with no letter and is no day: seen before a pattern is compiled."""
    return not cell[0].isalpha() and _DIGIT.search(cell) is not None and not _DAY.match(cell)


def _ends(passed: pl.Series) -> pl.Series:
    """Rows that are none of the cases and after which none follows at once."""
    return passed & passed.shift(-1, fill_value=True)


def _is_number(name: str) -> pl.Expr:
    cell = pl.col(name)
    return (cell.str.contains(_NUMBER) & ~cell.str.contains(_DATE)).fill_null(value=False)


class _Table:
    """A table with candidates (`marks`) and the rows that are surely none (`rest`)."""

    def __init__(
        self, *, table: pl.DataFrame, names: tuple[str, ...], marks: pl.Series, rest: pl.Series, ends: pl.Series
    ) -> None:
        self.table, self.names, self.ends = table, names, ends
        self.bounds = marks.arg_true().to_list()
        self.rest = rest
        others = table.filter(rest)
        shares = others.select(
            *((pl.col(name).is_not_null().mean()).alias(f"{name} filled") for name in names),
            *((_is_number(name).sum() / pl.col(name).is_not_null().sum()).alias(f"{name} number") for name in names),
        ).row(0, named=True)
        self.known = [name for name in names if (shares[f"{name} filled"] or 0) >= TELLING]
        self.telling = [name for name in self.known if shares[f"{name} number"] < 0.5]
        self.numeric = [name for name in names if (shares[f"{name} number"] or 0) >= 0.5]
        numbers = table.select(_is_number(name).alias(name) for name in names)
        self.is_number = {name: numbers[name] for name in names}
        self.values: dict[str, list[float | None]] = {}

    def is_sum(self, at: int) -> bool:
        """Whether a row with a word for a sum is one."""
        row = self.table.row(at, named=True)
        own = next(name for name in self.names if row[name] is not None)
        filled = [name for name in self.names if name != own and row[name] is not None]
        if not filled:
            return bool(self.rest.any())
        if self._is_of_days(own):
            return True
        asked = [name for name in self.telling if name != own]
        lacks = any(row[name] is None for name in asked)
        if lacks and all(row[name] is None or self.is_number[name][at] for name in asked):
            return True
        is_mean = _MEAN.search(row[own]) is not None or bool(self.ends[at])
        if self._has_numbers_only(at, filled):
            return self._adds_up(at, filled, is_mean=is_mean)
        return self._is_dated_sum(at, own, filled)

    def _is_dated_sum(self, at: int, own: str, filled: Sequence[str]) -> bool:
        """Whether a row with a word for a sum has a day, and next to it only numbers that add up those above.

        It must lack what the others have, or say of what it is the sum: a bare word may be somebody's name.
        """
        row = self.table.row(at, named=True)
        numbers = [name for name in filled if self.is_number[name][at]]
        if not all(_WHEN.match(row[name]) for name in filled if name not in numbers):
            return False
        is_short = any(row[name] is None for name in self.known) or _ALONE.match(row[own]) is None
        return is_short and self._adds_up(at, numbers, is_mean=_MEAN.search(row[own]) is not None)

    def _is_of_days(self, name: str) -> bool:
        """Whether a column has nothing but days in the rows that are surely none, so that a word for a sum there is no case."""
        cells = self.table[name].filter(self.rest).drop_nulls()
        return len(cells) >= _DAYS and bool(cells.str.contains(_DATE).all())

    def is_unnamed_sum(self, at: int) -> bool:
        """Whether a row of numbers alone is the sum of those above, where others have words too."""
        row = self.table.row(at, named=True)
        filled = [name for name in self.names if row[name] is not None]
        is_bare = (
            bool(self.telling)
            and self._has_numbers_only(at, filled)
            and all(row[name] is None for name in self.telling)
        )
        return is_bare and self._adds_up(at, filled, is_mean=True)

    def _has_numbers_only(self, at: int, filled: Sequence[str]) -> bool:
        return all(self.is_number[name][at] for name in filled)

    def _adds_up(self, at: int, filled: Sequence[str], *, is_mean: bool) -> bool:
        """Whether each number of a row is the sum (or mean) of its column, since the sum before or of all rows above."""
        spans = [range(max((bound for bound in self.bounds if bound < at), default=-1) + 1, at), range(at)]
        checked = [name for name in filled if name in self.numeric]
        return bool(checked) and any(
            all(
                self._is_total(name, at, [place for place in span if self.rest[place]], is_mean=is_mean)
                for name in checked
            )
            for span in spans
        )

    def _is_total(self, name: str, at: int, places: Sequence[int], *, is_mean: bool) -> bool:
        column = self._column(name)
        stated, above = column[at], [value for place in places if (value := column[place]) is not None]
        if stated is None or len(above) < 2 or stated == 0:
            return False
        near = 0.5 * 10 ** -decimals(self.table[name][at]) + 1e-9 * abs(stated)
        totals = [sum(above)] + ([sum(above) / len(above)] if is_mean else [])
        return any(abs(stated - total) <= near for total in totals)

    def _column(self, name: str) -> list[float | None]:
        if name not in self.values:
            self.values[name] = [number(text) for text in self.table[name]]
        return self.values[name]
