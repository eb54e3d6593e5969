"""The spellings of nothing: what exports write where there is no value.

An empty cell, a dash, `N/A`: all become null before anything else reads the cell. A spreadsheet's error (`#REF!`) is a
value lost, not none: in a column of dates or numbers it cannot be read, as a key or a text it is missing.
Words that mean nothing in one system only (`No Group`, `Unoffered`) belong to that system's mapping.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from kpi_core.ingest.cells.few import FEW, all_are, any_holds

MISSING_WORDS: frozenset[str] = frozenset(
    {
        *("", "-", "--", "–", "—", "?", "."),
        *("n/a", "na", "n.a.", "null", "(null)", "<null>", "none", "(none)", "nil", "nan", "nat", "\\n"),
        *("(blank)", "(empty)", "undefined"),
    }
)

NO_END = (
    *("open", "open-ended", "open ended", "ongoing", "on-going", "until further notice", "until cancelled", "indefinite", "indefinitely"),
    *("permanent", "perpetual", "never", "no end", "no end date", "present", "current", "still active", "active", "evergreen"),
    *("tillsvidare", "tills vidare", "tv", "t.v.", "löpande", "pågående", "pågår", "öppen", "öppet", "aktiv", "aktivt", "inget slutdatum"),
    *("ej avslutad", "inte avslutad", "ej uppsagd", "inte uppsagd", "aldrig", "nuvarande", "obestämd", "ingen uppsägning"),
    *("løpende", "inntil videre", "inntil vidare", "pågående", "pågår", "åpen", "åpent", "ikke avsluttet", "ikke oppsagt", "ingen sluttdato"),
    *("aldri", "nåværende", "løbende", "indtil videre", "igangværende", "åben", "åbent", "ikke afsluttet", "ikke opsagt", "ingen slutdato"),
    *("nuværende", "toistaiseksi", "toistaiseksi voimassa", "toistaiseksi voimassa oleva", "voimassa", "voimassa toistaiseksi", "jatkuva"),
    *("no", "nej", "nei", "ei", "nein", "false", "falskt", "falsk"),
    *("jatkuu", "avoin", "aktiivinen", "ei päättymispäivää", "unbefristet", "laufend", "offen", "bis auf weiteres", "doorlopend"),
)  # fmt: skip
"""Where a date says when something ended: that it has not."""
OF_ENDS = frozenset({"lost_at"})
NOT_RESOLVED = (
    *(
        "not resolved yet",
        "not solved",
        "not closed",
        "not done",
        "not yet",
        "in progress",
        "no",
        "remaining",
        "ongoing",
    ),
    *(
        "inte löst",
        "ej löst",
        "ej löst än",
        "inte löst än",
        "olöst",
        "ej klar",
        "ej klart",
        "inte klar",
        "inte klart",
        "ej avslutad",
        "ej avslutat",
    ),
    *(
        "inte avslutad",
        "inte avslutat",
        "ej åtgärdad",
        "ej åtgärdat",
        "ej stängd",
        "ej stängt",
        "under arbete",
        "under utredning",
        "på gång",
    ),
    *(
        "kvarstår",
        "återstår",
        "nej",
        "ikke løst",
        "ikke løst ennå",
        "uløst",
        "ikke ferdig",
        "ikke lukket",
        "under arbeid",
        "under utredning",
        "gjenstår",
        "nei",
    ),
    *("ikke løst endnu", "ikke færdig", "under arbejde", "udestår", "nej", "ei ratkaistu", "ei valmis", "kesken", "ei"),
)
"""Where a date says when a ticket was resolved: that it is not; in addition to the words of statuses that say so."""
OF_RESOLUTIONS = frozenset({"resolved_at", "first_resolved_at", "closed_at"})

NO_VALUE = "#formula without a value"
"""What is put in the place of a formula that was never computed."""

ERROR_WORDS: frozenset[str] = frozenset(
    {
        NO_VALUE,
        *("#n/a", "#name?", "#ref!", "#value!", "#div/0!", "#null!", "#num!", "#spill!", "#calc!", "#getting_data"),
        *("#saknas!", "#namn?", "#referens!", "#värdefel!", "#division/0!", "#skärning!", "#ogiltigt!"),
        *("#i/t", "#navn?", "#verdi!", "#dividera/0!"),
        *("#puuttuu!", "#nimi?", "#viittaus!", "#arvo!", "#jako/0!", "#tyhjä!", "#luku!"),
    }
)
"""What Excel writes in a cell whose formula failed, in English, Swedish, Norwegian, Danish and Finnish."""


NA = "NA"
_CODE = r"^[A-Z]{2,5}$"
_FEWEST = 2


def are_errors(cells: pl.Series) -> bool:
    """Whether there are cells, and all of them are errors of a spreadsheet."""
    if cells.is_empty() or str(cells[0]).lower() not in ERROR_WORDS:
        return False
    return bool(cells.str.to_lowercase().is_in(ERROR_WORDS).all())


def is_a_word(cells: pl.Series) -> bool:
    """Whether `NA` among some cells is a word of theirs: North America next to EMEA and APAC, Namibia next to SE and NO, or of codes among blanks.

    Never next to numbers or addresses, which have no such word.
    """
    if not any_holds(cells, NA):  # mostly so, and quickly found
        return False
    words = cells.fill_null("").str.strip_chars().unique()
    others = words.filter(~words.str.to_lowercase().is_in(MISSING_WORDS))
    if NA not in words or others.is_empty() or others.str.contains(r"[\d@]").any():
        return False
    codes = others.str.contains(_CODE).sum()
    return (codes >= _FEWEST and 2 * codes >= len(others)) or (codes > 0 and "" in words)


def clean(
    cell: pl.Expr,
    extra: Sequence[str] = (),
    *,
    keeps_errors: bool = False,
    keeps_na: bool = False,
    are_few: bool = False,
) -> pl.Expr:
    """The cell without white space at its ends (no-break spaces included), null where it says nothing.

    Args:
        cell: text.
        extra: further words that mean nothing in this column.
        keeps_errors: whether a spreadsheet's error stays, to be refused by what reads the cell.
        keeps_na: whether `NA`, written so, is a word.
        are_few: whether few cells are asked, so that a lookup is done before a pattern is compiled.

    Case does not matter, nor do decimals of a whole number that are none: where `98` means nothing, so does `98.0`. One anchored pattern costs what a lookup of the words as listed would, without folding
    the case of a million cells.
    """
    text = cell.str.strip_chars()
    listed = _listed(tuple(extra), keeps_errors) if are_few else None
    says_nothing = (
        text.str.contains(_nothing(tuple(extra), keeps_errors))
        if listed is None
        else text.str.to_lowercase().is_in(listed)
    )
    is_word = ~says_nothing
    return pl.when(is_word | (text == NA) if keeps_na else is_word).then(text)


def all_say_something(cells: pl.Series, extra: Sequence[str] = (), *, keeps_errors: bool = False) -> bool:
    """Whether each of few cells says something or is null, so that `clean` does no more than take blanks off; no where a lookup does not show it."""
    if len(cells) > FEW or _listed(tuple(extra), keeps_errors) is None:
        return False
    known = _looked_up(tuple(extra), keeps_errors)
    return not any(cell is not None and cell.strip().lower() in known for cell in cells.to_list())


def are_clean(cells: pl.Series, extra: Sequence[str] = (), *, keeps_errors: bool = False) -> bool:
    """Whether each of few cells is null or as `clean` leaves it; no where a lookup does not show it."""
    are_bare = bool(all_are(cells, lambda cell: cell == cell.strip()))
    return are_bare and all_say_something(cells, extra, keeps_errors=keeps_errors)


@lru_cache(maxsize=256)
def _looked_up(extra: tuple[str, ...], keeps_errors: bool) -> frozenset[str]:
    return frozenset(_words(extra, keeps_errors=keeps_errors))


@lru_cache(maxsize=256)
def _nothing(extra: tuple[str, ...], keeps_errors: bool) -> str:
    """The pattern of all cells that say nothing: the same for most columns of most files."""
    return "(?i)^(?:" + "|".join(map(_spelled, _words(extra, keeps_errors=keeps_errors))) + ")$"


@lru_cache(maxsize=256)
def _listed(extra: tuple[str, ...], keeps_errors: bool) -> pl.Expr | None:
    """The same as a list of words in small letters; None where one of them is a number, which has several spellings."""
    words = _words(extra, keeps_errors=keeps_errors)
    return None if any(map(_spelled_apart, words)) else pl.lit(pl.Series(words).implode())


def _words(extra: tuple[str, ...], *, keeps_errors: bool) -> list[str]:
    errors = frozenset[str]() if keeps_errors else ERROR_WORDS
    return sorted({word.strip().lower() for word in (*MISSING_WORDS, *errors, *extra)})


def _spelled_apart(word: str) -> bool:
    return _spelled(word) != re.escape(word)


def _spelled(word: str) -> str:
    """The pattern of a word that means nothing."""
    return re.escape(word) + ("(?:[.,]0+)?" if re.fullmatch(r"-?\d+", word) else "")
