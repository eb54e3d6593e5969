"""The currency that a workbook shows beside a number by the format of its cell alone: `#,##0 [$€-407]`, `#,##0 "kr"`.

Readers of workbooks drop it, so that kronor and euros of one column look alike. It is looked for only where a style of
the workbook has one, and written beside the numbers of columns of money.
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
_HEAD = 20


def currency_styles(styles: bytes) -> dict[bytes, str]:
    """The currency of each cell style that shows one, from the workbook's table of styles."""
    formats = {}
    for tag in _FORMAT.findall(styles):
        found = re.search(rb"\snumFmtId=\"(\d+)\"", tag)
        code = re.search(rb"\sformatCode=\"([^\"]*)\"", tag)
        if found and code and (currency := currency_shown(_plain(code[1]))):
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
    """Writes the currency beside each number of a column of money whose cells show one, unless it is that of several countries throughout.

    Args:
        rows: the sheet, whose cells are changed.
        shown: the currency of each cell that shows one, by row and column.
        writer: gives what writes the numbers of a column as text.
    """
    columns: dict[int, dict[int, str]] = {}
    for (row, column), code in shown.items():
        columns.setdefault(column, {})[row] = code
    for column, codes in columns.items():
        if len(told := set(codes.values())) == 1 and told <= _OF_NOBODY:
            continue
        cells = [row[column] if column < len(row) else "" for row in rows]
        if not any(isinstance(cell, str) and names_money(cell) for cell in cells[:_HEAD]):
            continue
        write = writer(cells)
        for row, code in codes.items():
            number = cells[row] if row < len(cells) else ""
            if isinstance(number, float):
                rows[row][column] = f"{write(number)} {code}"
            elif isinstance(number, str) and number.removeprefix("-").isdecimal():
                rows[row][column] = f"{number} {code}"
