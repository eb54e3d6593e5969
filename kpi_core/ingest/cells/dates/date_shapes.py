"""What dates look like in exports, and the strptime format that reads each look.

A cell's text is taken apart once, in Python, for the few different looks a sample has; the formats that come
out are what the whole column is then read with.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

import polars as pl

from kpi_core.patterns import regex
from kpi_core.records import dataclass

Zone = Literal["naive", "utc", "offset"]

EPOCH_SECONDS = "%s"
EPOCH_MILLISECONDS = "%s%3f"
SERIAL_1900 = "excel"
SERIAL_1904 = "excel1904"
SERIALS = (SERIAL_1900, SERIAL_1904)
"""Days since Excel's day zero, as in a cell whose format was lost: of Windows, and of old Macintosh workbooks."""
SIX_FIGURES = "%y%m%d"
"""A date of six figures, until its column shows which of them are the year (see `six_figures`)."""

_MONTHS = {
    "Jan": "january januari januar jan tammikuuta tammikuu tammik tammi",
    "Feb": "february februari februar febr feb helmikuuta helmikuu helmik helmi",
    "Mar": "march mars marts mar maaliskuuta maaliskuu maalisk maalis",
    "Apr": "april apr huhtikuuta huhtikuu huhtik huhti",
    "May": "may maj mai toukokuuta toukokuu toukok touko",
    "Jun": "june juni jun kesäkuuta kesäkuu kesäk kesä KESÄKUUTA KESÄKUU",
    "Jul": "july juli jul heinäkuuta heinäkuu heinäk heinä HEINÄKUUTA HEINÄKUU",
    "Aug": "august augusti aug elokuuta elokuu elok elo",
    "Sep": "september sept sep syyskuuta syyskuu syysk syys",
    "Oct": "october oktober oct okt lokakuuta lokakuu lokak loka",
    "Nov": "november nov marraskuuta marraskuu marrask marras",
    "Dec": "december desember dec des joulukuuta joulukuu jouluk joulu",
}
_ENGLISH = (
    {spelling: month for month, words in _MONTHS.items() for word in words.split() for spelling in (f"{word}.", word)}
    | {"a.m.": "AM", "p.m.": "PM", "a. m.": "AM", "p. m.": "PM"}
    | {f" {half}": f" {english}" for half, english in (("fm", "AM"), ("em", "PM"), ("f.m.", "AM"), ("e.m.", "PM"))}
)
ABBREVIATIONS = {
    **dict.fromkeys(("utc", "gmt", "wet"), 0),
    **dict.fromkeys(("cet", "west", "bst"), 1),
    **dict.fromkeys(("cest", "eet"), 2),
    "eest": 3,
    "edt": -4,
    **dict.fromkeys(("est", "cdt"), -5),
    **dict.fromkeys(("cst", "mdt"), -6),
    **dict.fromkeys(("mst", "pdt"), -7),
    "pst": -8,
}
"""Names of zones as people write them behind a time, in hours from UTC; those of three letters in `T` as in America."""
_ZONES = {
    written: f" {hours:+03d}00" for name, hours in ABBREVIATIONS.items() for written in (f" ({name})", f" {name}", name)
} | {f"{blank}{name}{sign}": f" {sign}" for blank in (" ", "") for name in ("gmt", "utc") for sign in "+-"}
_WORDS = _ENGLISH | _ZONES
_LONGEST_FIRST = sorted(_WORDS, key=lambda word: (-len(word), word))

_NAME = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY = r"(?P<weekday>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s)?"
_NORDIC_WEEKDAY = (
    r"(?i)^(?:(?:(?:m[åa]n|tis|tirs?|ons|tors?|fre|l[öø]r|s[öø]n)(?:dag)?|on|fr|lø|sø|keskiviikko(?:na)?|ma|ti|ke|to|pe|la|su"
    r"|(?:maanan|tiis|tors|perjan|lauan|sunnun)tai(?:na)?)\.?,?\s+)?(?:den\s+)?(\d)"
)
_ORDINAL = r"(?i)\b(\d{1,2})(?:st|nd|rd|th)\b(?:\s+of\b)?"
_ZONE_IN_FORMAT = regex(r"\s?(?:(?:UTC|GMT)(?:%[#:]?z)?|%Z)")
_WEEK = regex(
    r"\d{4}[-\s]?w\d\d?|(?:\d{4}[\s,-]+)?(?:w|v|vk|kw|week|veckan?|uke|uge|viikko)\.?\s?\d\d?(?:[\s,/-]+\d{4})?",
    re.IGNORECASE,
)
_IN_WORDS = r"(?:jan|feb|mar|apr|ma[ijy]|jun|jul|aug|sep|o[ck]t|nov|de[cs])[a-zåäö]*\.?"
_YEARLESS = regex(
    r"(?:[^\W\d]{2,9}\.?\s)?"
    rf"(?:\d{{1,2}}[-/.]\d{{1,2}}\.?|\d{{1,2}}\.?[\s-]{_IN_WORDS}|{_IN_WORDS}[\s-]\d{{1,2}}\.?)"
    r"(?:,?\s(?:kl\.?\s?)?\d{1,2}[:.]\d\d)?",
    re.IGNORECASE,
)
_DAY = rf"""(?:
      (?P<iso>\d{{4}}(?P<mark>[-/.])\d{{1,2}}(?P=mark)\d{{1,2}})
    | (?P<numeric>(?P<first>\d{{1,2}})(?P<stop>[-/.])(?P<second>\d{{1,2}})(?P=stop)(?P<year>\d{{4}}|\d\d))
    | (?P<slashed>\d{{1,2}}/\d{{1,2}}(?P<dash>\s?[-–]\s?|\s)(?P<in>\d{{4}}|\d\d))
    | (?P<named>\d{{1,2}}(?P<before>\.?\s|[-/.]){_NAME}(?P<after>,?\s|[-/.]|)(?P<of>\d{{4}}|\d\d))
    | (?P<english>{_NAME}\s\d{{1,2}}(?P<comma>,?)\s\d{{4}})
    | (?P<packed>\d{{8}})
)"""
_CLOCK = r"""
    (?P<join>T|,?\s(?:(?:at|kl\.?|klo)\s)?)
    (?P<clock>\d{1,2}(?P<point>[:.])\d\d(?P<seconds>(?P=point)\d\d(?P<fraction>\.\d{1,9}|,\d{3}|,\d{6})?)?)
    (?P<half>\s?[AaPp][Mm])?
    (?P<zone>\s?Z|\s?[+-]\d\d(?::?\d\d)?)?
"""
_INSTANT = regex(rf"{_WEEKDAY}{_DAY}(?:{_CLOCK})?", re.VERBOSE | re.IGNORECASE)


@cache
def _others() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Looks of dates other than the common one, with the format that reads each: compiled where the common one does not fit."""
    return (
        *(
            (re.compile(pattern, re.IGNORECASE), strptime)
            for pattern, strptime in (
                *((rf"\d{{4}}{re.escape(mark)}\d\d", f"%Y{mark}%m") for mark in "-/."),
                *((rf"\d\d{re.escape(mark)}\d{{4}}", f"%m{mark}%Y") for mark in "-/."),
                *((rf"{_NAME}{mark}\d{{4}}", f"%B{mark}%Y") for mark in " -"),
                (rf"{_NAME}-\d{{2}}", "%B-%y"),  # which spreadsheets make of a month; a day of it they write first
                (r"20[2-9]\d(?:0[1-9]|1[0-2])", "%Y%m"),
                *((rf"\d{{8}}{join}\d{{4}}", f"%Y%m%d{join}%H%M") for join in (" ", "T")),
                (r"\d{8} \d{6}", "%Y%m%d %H%M%S"),
                (r"20\d{10}", "%Y%m%d%H%M"),
            )
        ),
        (re.compile(r"\d{14}"), "%Y%m%d%H%M%S"),
        (re.compile(r"\d{8}T\d{6}"), "%Y%m%dT%H%M%S"),
        (re.compile(r"\d{8}T\d{6}Z"), "%Y%m%dT%H%M%SZ"),
        (re.compile(r"\d{6}"), SIX_FIGURES),
        (re.compile(r"\d{6} \d\d:\d\d"), f"{SIX_FIGURES} %H:%M"),
        (re.compile(r"\d{6} \d\d:\d\d:\d\d"), f"{SIX_FIGURES} %H:%M:%S"),
        (re.compile(r"\d{10}"), EPOCH_SECONDS),
        (re.compile(r"\d{13}"), EPOCH_MILLISECONDS),
        (re.compile(r"\d{5}(?:[.,]\d{1,17})?"), SERIAL_1900),
        (
            re.compile(rf"[A-Z][a-z]{{2}} {_NAME} +\d{{1,2}} \d\d:\d\d:\d\d [+-]\d{{4}} \d{{4}}"),
            "%a %b %d %H:%M:%S %z %Y",
        ),
    )


def is_month(strptime: str) -> bool:
    """Whether a format reads a month and no day of it."""
    return re.search(r"%[deVUWjs]", strptime) is None and re.search(r"%[mBb]", strptime) is not None


@dataclass(frozen=True, kw_only=True)
class DateShape:
    """One look of a date.

    Args:
        format: its strptime format, day first where that is open.
        is_open: whether day and month could be the other way round.
        is_dotted: whether they could only against all custom (`03.25.2024`).
    """

    format: str
    is_open: bool = False
    is_dotted: bool = False

    @property
    def month_first(self) -> str:
        """The same look with the month before the day."""
        return re.sub("%d(.)%m", r"%m\1%d", self.format) if self.is_open or self.is_dotted else self.format

    @property
    def zone(self) -> Zone:
        """Whether such a date says where on the line of time it lies."""
        return zone_of([self.format])


def zone_of(formats: Iterable[str]) -> Zone:
    """`offset` if any strptime format reads an offset, else `utc` if any says so, else `naive`."""
    zones = {_zone_of_one(strptime) for strptime in formats}
    return "offset" if "offset" in zones else "utc" if "utc" in zones else "naive"


def _zone_of_one(strptime: str) -> Zone:
    if any(mark in strptime for mark in ("%z", "%#z", "%:z")):
        return "offset"
    return "utc" if strptime.endswith("Z") or strptime in (EPOCH_SECONDS, EPOCH_MILLISECONDS) else "naive"


def shape_of(cell: str) -> DateShape | None:
    """The look of a cell whose months are English; None if it is no date."""
    if not (found := _INSTANT.fullmatch(cell)):  # no cell fits this look and one of the others
        strptime = next((strptime for pattern, strptime in _others() if pattern.fullmatch(cell)), None)
        return None if strptime is None else DateShape(format=strptime)
    day = _day_format(found)
    weekday = "%A, " if "," in (found["weekday"] or "") else "%A " if found["weekday"] else ""
    return DateShape(
        format=weekday + day + _clock_format(found), is_open=found["stop"] in ("-", "/"), is_dotted=found["stop"] == "."
    )


def _day_format(found: re.Match[str]) -> str:
    if mark := found["mark"]:
        return f"%Y{mark}%m{mark}%d"
    if stop := found["stop"]:
        return f"%d{stop}%m{stop}{_year(found['year'])}"
    if found["slashed"]:  # as people in the Nordic countries write it: the day first
        return f"%d/%m{_spaced(found['dash'])}{_year(found['in'])}"
    if found["named"]:
        return f"%d{_spaced(found['before'])}%B{_spaced(found['after'])}{_year(found['of'])}"
    return f"%B %d{found['comma']} %Y" if found["english"] else "%Y%m%d"


def _clock_format(found: re.Match[str]) -> str:
    if not found["clock"]:
        return ""
    point, half, zone = found["point"], found["half"] or "", found["zone"] or ""
    hours = f"%I{point}%M" if half else f"%H{point}%M"
    seconds = f"{point}%S" if found["seconds"] else ""
    halves = (" " if half[0].isspace() else "") + "%p" if half else ""
    return _spaced(found["join"]) + hours + seconds + _fraction_format(found["fraction"]) + halves + _zone_format(zone)


def _fraction_format(fraction: str | None) -> str:
    # A fixed number of digits is read six times as fast as any number of them.
    if not fraction:
        return ""
    return f"{fraction[0]}%{len(fraction) - 1}f" if len(fraction) - 1 in (3, 6, 9) else "%.f"


def _zone_format(zone: str) -> str:
    space = " " if zone[:1].isspace() else ""
    return zone and f"{space}{'Z' if zone.strip() in 'Zz' else '%#z'}"


def _spaced(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def is_week(cell: str) -> bool:
    """Whether a cell names a week, with its year or without: `2024-W09`, `v. 9 2024`, `uke 24`."""
    return _WEEK.fullmatch(cell) is not None


def is_yearless(cell: str) -> bool:
    """Whether a cell names a day without its year, with a time of day or without: `25/1`, `25.1.`, `25 jan`, `Jan 25 10:00`."""
    return _YEARLESS.fullmatch(cell) is not None


def with_offset(strptime: str) -> str:
    """A given format with the name of a zone (`%Z`, `UTC`, `GMT%z`) as the offset that `in_english` puts in its place."""
    return _ZONE_IN_FORMAT.sub(" %#z", strptime)


@cache
def _replaced() -> tuple[pl.Expr, pl.Expr]:
    """The words that are put into English, the longest first, and what is put in their place."""
    return pl.lit(_LONGEST_FIRST), pl.lit([_WORDS[word] for word in _LONGEST_FIRST])


def in_english(cell: pl.Expr) -> pl.Expr:
    """The cell with Nordic months in English and weekdays left out, `3rd` as 3, `p.m.` as PM, `GMT+1` as +01 and `CEST` as +0200."""
    plain = cell.str.replace(_NORDIC_WEEKDAY, "$1").str.replace(_ORDINAL, "$1")
    words = plain.str.replace_many(*_replaced(), ascii_case_insensitive=True, leftmost=True)
    return words.str.replace(r"(\s[+-])(\d)(:\d\d)?$", "${1}0${2}${3}")
