"""The currency, or the unit of time, that a workbook shows next to a number by the format of its cell alone: `#,##0 [$€-407]`, `0.0 "h"`.

Readers of workbooks drop it, so that kronor and euros of one column look alike, and hours and minutes. It is looked for only where a style of
the workbook has one, and written next to the numbers of columns of money, or of time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from kpi_core.ingest.cells.money_words import names_money
from kpi_core.patterns import regex

Cell = str | float | bool | int | date | datetime | time | timedelta

_FORMAT = regex(rb"<(?:\w+:)?numFmt\s[^>]*>")
_STYLES = regex(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = regex(rb"<(?:\w+:)?xf\s[^>]*>")
_SHOWN = regex(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?[^\]]*\]|\"([^\"]*)\"|([€£$])")
_COUNTRIES = {
    "41d": "SEK",
    "414": "NOK",
    "814": "NOK",
    "406": "DKK",
    "40f": "ISK",
    "409": "USD",
    "1009": "CAD",
    "c09": "AUD",
}
"""The currency of a sign of several countries, by the language of its format."""
_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "$": "$",
    "us$": "USD",
    "kr": "kr",
    "zł": "PLN",
    "kč": "CZK",
    "¥": "JPY",
    "euro": "EUR",
}
_CODES = ("sek", "nok", "dkk", "isk", "eur", "usd", "gbp", "chf", "pln", "czk", "jpy", "cad", "aud")
_OF_NOBODY = {"kr", "$"}
_UNITS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "tim", "timmar", "timme", "timer", "time", "tuntia"), "h"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuter", "minutter", "minuttia"), "min"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunder", "sekuntia"), "s"),
    **dict.fromkeys(("d", "day", "days", "dag", "dagar", "dager", "dage", "dygn", "døgn", "pv", "päivää"), "d"),
}
_OF_TIME = regex(
    r"time\b|times\b|tid|duration|age\b|ålder|alder|wait|vänt|vent|aika|kesto|length|längd|lengde|svar|response|resolution|lösning|løsning|handle",
    re.IGNORECASE,
)
"""Headers of columns of time."""
_HEAD = 20


def currency_styles(styles: bytes) -> dict[bytes, str]:
    """The currency, or unit of time, of each cell style that shows one, from the workbook's table of styles."""
    formats = {}
    for tag in _FORMAT.findall(styles):
        found = re.search(rb"\snumFmtId=\"(\d+)\"", tag)
        code = re.search(rb"\sformatCode=\"([^\"]*)\"", tag)
        if found and code and (currency := unit_shown_by_format(_plain(code[1]))):
            formats[found[1]] = currency
    listed = _STYLES.search(styles) if formats else None
    if listed is None:
        return {}
    used = {}
    for place, tag in enumerate(_STYLE.findall(listed[0])):
        number = re.search(rb"\snumFmtId=\"(\d+)\"", tag)
        if number and number[1] in formats:
            used[str(place).encode()] = formats[number[1]]
    return used


def unit_shown_by_format(format_: str) -> str | None:
    """The currency, or else the unit of time, that a number format shows; None for none."""
    return currency_shown(format_) or unit_shown(format_)


def unit_shown(format_: str) -> str | None:
    """The unit of time that a number format shows in words of its own, not as a part of a clock; None for none."""
    number, *rest = format_.partition(";")[0].split('"')
    if not re.fullmatch(r"[#0?.,\s]+", number) or len(rest) != 2 or rest[1].strip():
        return None
    return _UNITS.get(rest[0].strip().casefold().rstrip("."))


def currency_shown(format_: str) -> str | None:
    """The currency that a number format shows; None for none."""
    if format_ == "Euro Currency":
        return "EUR"
    for found in _SHOWN.finditer(format_.partition(";")[0]):
        sign, language, text, bare = (part or "" for part in found.groups())
        word = (sign or text or bare).strip().casefold().rstrip(".")
        if word in _CODES:
            return word.upper()
        if word in ("kr", "$") and language.lower() in _COUNTRIES:
            return _COUNTRIES[language.lower()]
        if word in _SIGNS:
            return _SIGNS[word]
    return None


def _plain(code: bytes) -> str:
    text = code.decode("utf-8", "replace")
    for escaped, plain in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(escaped, plain)
    return re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text).replace("\\", "")


def with_currencies(
    rows: Sequence[list[Cell]],
    shown: Mapping[tuple[int, int], str],
    writer: Callable[[Sequence[Cell]], Callable[[float], str]],
) -> None:
    """Writes the currency next to each number of a column of money whose cells show one, unless it is that of several countries throughout.

    The unit of time likewise next to each number of a column of time.

    Args:
        rows: the sheet, whose cells are changed.
        shown: the currency, or unit, of each cell that shows one, by row and column.
        writer: gives what writes the numbers of a column as text.
    """
    columns: dict[int, dict[int, str]] = {}
    for (row, column), code in shown.items():
        columns.setdefault(column, {})[row] = code
    for column, codes in columns.items():
        if len(currencies := set(codes.values())) == 1 and currencies <= _OF_NOBODY:
            continue
        cells = [row[column] if column < len(row) else "" for row in rows]
        heads = [cell for cell in cells[:_HEAD] if isinstance(cell, str)]
        is_time = currencies <= set(_UNITS.values())
        if not any(_OF_TIME.search(head) if is_time else names_money(head) for head in heads):
            continue
        write = writer(cells)
        for row, code in codes.items():
            number = cells[row] if row < len(cells) else ""
            if isinstance(number, float):
                rows[row][column] = f"{write(number)} {code}"
            elif isinstance(number, str) and number.removeprefix("-").isdecimal():
                rows[row][column] = f"{number} {code}"
