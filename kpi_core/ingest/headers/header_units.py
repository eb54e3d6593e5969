"""What a header says of the numbers below it: in which unit of time, which currency, how many thousands, with VAT or without.

`Svarstid (tim)` is the column `Svarstid`, and `Belopp (SEK)` the column `Belopp`: a name is looked for without what it says of its numbers.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kpi_core.ingest.cells.durations import unit_from_header
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex

_CODES = [
    "sek",
    "nok",
    "dkk",
    "isk",
    "eur",
    "usd",
    "gbp",
    "chf",
    "pln",
    "cad",
    "aud",
    "nzd",
    "jpy",
    "cny",
    "inr",
    "czk",
    "huf",
    "ron",
    "bgn",
    "try",
]
_SIGNS = {"€": "EUR", "£": "GBP", "euro": "EUR", "euroa": "EUR", "euros": "EUR"}
_CURRENCIES = {code: code.upper() for code in _CODES} | _SIGNS
_OF_NOBODY = ("kr", "kronor", "kroner", "$")
"""Money of several countries: which one is unknown."""
_THOUSANDS = {
    0.01: ("öre", "øre", "cent", "cents", "eurocent", "pence", "penniä"),
    1_000.0: ("tkr", "tkr.", "t.kr", "t.kr.", "tsek", "tnok", "tdkk", "teur", "tusd", "ksek", "knok", "kdkk", "keur", "kusd", "kkr", "k€", "t€"),
    1_000_000.0: ("mkr", "msek", "mnok", "mdkk", "meur", "musd", "m€", "mnkr", "milj. kr", "mill. kr", "mio. kr", "mio kr", "mill kr"),
}  # fmt: skip
_FACTORS = {word: factor for factor, words in _THOUSANDS.items() for word in words}
_VAT = (
    r"(?:ex|exkl|exklusive|excl|excluding|exclusive of|ekskl|eksklusiv|eksklusive|uten|utan|uden|without|inkl|inklusive|incl|including"
    r"|inklusiv|med|with|ilman|sis)\.?\s*(?:moms|mva|vat|tax|alv|arvonlisävero\w*)|alv\s*0\s*%?|veroton|verollinen"
)
_MONEY = "|".join(re.escape(word) for word in sorted({*_CURRENCIES, *_OF_NOBODY, *_FACTORS}, key=len, reverse=True))
_SCALES = {
    1_000_000.0: r"(?<!\d)1[\s.,'’]?000[\s.,'’]?000|mill?joner|millioner|millions?|miljoonaa|mill?\.?|mio\.?|milj\.?",
    1_000.0: r"(?<!\d)(?:x\s*)?1[\s.,'’]?000|(?<!\d)['’]?000s?|(?:hel[ae] )?(?:tusental|tusen)|tusinde|thousands?|tuhatta",
}
_SCALE = "|".join(_SCALES.values())
_SCALED = rf"(?:{_SCALE})\s*(?:{_MONEY})|(?:{_MONEY})\s*(?:{_SCALE})"
_SCALED_ALONE = rf"[\s,]*[(\[]\s*(?:(?:in|i)\s+)?(?:{_SCALE})\s*[)\]]|\s+(?:in|i)\s+(?:{_SCALE})|\s+['’]000s?"
"""`(1000 NOK)`, `SEK thousands`; `(tusental)` and `i tusen` of a column that names no money."""
_MONEY_SUFFIX = regex(
    rf"(?i)(?:[\s,/–-]*[(\[]?\s*(?:\b(?:in|i)\s+)?(?<![^\W\d_])(?:{_SCALED}|{_MONEY}|{_VAT})\s*[)\]]?|{_SCALED_ALONE})\s*$"
)
_FACTOR = {factor: regex(rf"(?i)(?<![^\W_])(?:{words})(?![^\W_])") for factor, words in _SCALES.items()}
_IN_BRACKETS = regex(r"[\s,]*[(\[][^()\[\]]*[)\]]\s*$")
_BEHIND = regex(r"(?i)(?:\s+(?:in|i)|,)\s+\S+\s*$|\s+(?:timmar|timer|tuntia|hours|hrs|minuter|minutter|minuuttia|minutes|min|dagar|dager|dage|days|päivää)\s*$")  # fmt: skip


@lru_cache(maxsize=4096)
def without_unit(header: str, kind: Kind) -> str:
    """The header without the unit of time (of a duration) or of money (of a number) that it ends in; as it is where it names none."""
    if kind is Kind.NUMBER:
        bare = header
        while (shorter := _MONEY_SUFFIX.sub("", bare)) != bare and shorter:
            bare = shorter
        return bare
    if kind is Kind.DURATION and unit_from_header(header) is not None:
        bare = _IN_BRACKETS.sub("", header)
        return bare if bare != header else _BEHIND.sub("", header)
    return header


def named(headers: Sequence[str], names: Iterable[str], kind: Kind) -> list[int]:
    """The positions of the headers that are one of `names` but for the unit they end in; none where two are of money.

    Two amounts of one name are in two currencies, or with VAT and without: it is unknown which is meant.
    """
    return list(_named(tuple(headers), tuple(names), kind))


@lru_cache(maxsize=1024)
def _named(headers: tuple[str, ...], names: tuple[str, ...], kind: Kind) -> tuple[int, ...]:
    wanted = {normal(name) for name in names}
    bare = {place: without_unit(header, kind) for place, header in enumerate(headers)}
    found = tuple(place for place, name in bare.items() if name != headers[place] and normal(name) in wanted)
    return found if kind is Kind.DURATION or len(found) == 1 else ()


def currency_of(header: str) -> str | None:
    """The currency that a header names, as in `Belopp (SEK)` and `Amount in EUR`; None where it names none or that of several countries."""
    found = {_CURRENCIES[word] for word in _words(header) if word in _CURRENCIES}
    return found.pop() if len(found) == 1 else _of_thousands(header)


def factor_of(header: str) -> float:
    """How many one of its numbers stands for: 1 000 in `Belopp (tkr)` and `Beløp (1000 NOK)`, a hundredth in `Belopp (öre)`."""
    known = next((_FACTORS[word] for word in _words(header) if word in _FACTORS), None)
    if known is not None:
        return known
    ended = header[len(without_unit(header, Kind.NUMBER)) :]
    return next((factor for factor, pattern in _FACTOR.items() if pattern.search(ended)), 1.0)


def _of_thousands(header: str) -> str | None:
    found = next((word for word in _words(header) if word in _FACTORS), "")
    return _CURRENCIES.get(found[1:])


def _words(header: str) -> list[str]:
    ended = header[len(without_unit(header, Kind.NUMBER)) :].casefold()
    return [word.strip(" ()[],/–-") for word in (*ended.split(), ended)]
