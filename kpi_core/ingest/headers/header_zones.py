"""The time zone that a header names: `Created (UTC)`, `Opprettet (UTC+1)`, `Resolved [GMT]`, `created_at_utc`.

It holds for the cells below it that name none of their own. Words of a zone say nothing else about a column, so headers are
compared without them.
"""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kpi_core.patterns import regex

_CIVIL = {
    "UTC": "UTC GMT Z Zulu",
    "Europe/Stockholm": "CET CEST MEZ MESZ svensk Swedish",
    "Europe/Oslo": "norsk Norwegian",
    "Europe/Copenhagen": "dansk Danish",
    "Europe/Helsinki": "EET EEST finsk Finnish",
    "Europe/Lisbon": "WET WEST",
    "Europe/London": "BST",
    "America/New_York": "EST EDT",
    "America/Chicago": "CST CDT",
    "America/Denver": "MST MDT",
    "America/Los_Angeles": "PST PDT",
}
_NAMES = {word.casefold(): zone for zone, words in _CIVIL.items() for word in words.split()}
"""What people call a zone, and the zone whose clocks they mean all year: `CET` above a column is not left in summer."""
_HALVES = {
    (3, 30): "Asia/Tehran", (4, 30): "Asia/Kabul", (5, 30): "Asia/Kolkata", (5, 45): "Asia/Kathmandu", (6, 30): "Asia/Yangon",
    (9, 30): "Australia/Darwin",
}  # fmt: skip
"""Zones without summer time whose clocks are apart from UTC by a part of an hour."""
_BEHIND = regex(r"[\s,_–-]*[(\[]\s*(?P<zone>[^()\[\]]+?)\s*[)\]]\s*$")
_LAST_WORD = regex(
    r"(?:[\s,_–-]+(?P<zone>(?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?|utc|gmt|Utc|[CE]ES?T|[A-Z]\w+/[A-Z]\w+(?:/[A-Z]\w+)?)"
    r"|(?<=[a-z])(?P<joined>Utc|UTC))\s*$"
)
_AROUND = regex(r"^(?:in |i |tz:? ?|time ?zone:? ?|tidss?one:? ?|tidszon:? ?)|\s?(?:time|tid|aika)$", re.IGNORECASE)
_OFFSET = regex(
    r"(?:(?:UTC|GMT)\s?(?=[+-]\d)|(?=[+-]\d\d:))(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE
)
_MOST_WEST, _MOST_EAST = -12, 14
_LONGEST = 120
_CLOSING = frozenset(")] ")
_LAST = frozenset(("utc", "gmt", "cet", "est", "eet"))


def split_zone(header: str) -> tuple[str, str | None]:
    """The header without the zone that it ends in, and the IANA name of that zone; the header and None where it names none."""
    # Every header of every file comes by here, and hardly any ends like a zone.
    last = header[-3:].casefold()
    may_end_so = last in _LAST or last[-1:] in _CLOSING or "/" in header or "UTC" in header or "GMT" in header
    return _split(header) if may_end_so and len(header) <= _LONGEST else (header, None)


@lru_cache(maxsize=4096)
def _split(header: str) -> tuple[str, str | None]:
    for pattern in (_BEHIND, _LAST_WORD):
        found = pattern.search(header)
        if found is not None and found.start() and (zone := _zone(found["zone"] or found["joined"])):
            return header[: found.start()], zone
    return header, None


def zone_of_header(header: str) -> str | None:
    """The IANA name of the zone that a header ends in; None where it names none."""
    return split_zone(header)[1]


def without_zone(header: str) -> str:
    """The header without the zone that it ends in."""
    return split_zone(header)[0]


def called(zone: str) -> str:
    """A zone as people call it: `UTC+1` for `Etc/GMT-1`, whose sign is the other way round."""
    hours = zone.removeprefix("Etc/GMT")
    return zone if hours == zone else f"UTC{-int(hours):+d}"


def _zone(text: str) -> str | None:
    bare = _AROUND.sub("", text.strip()).strip()
    if found := _OFFSET.fullmatch(bare):
        return _fixed(found)
    if re.fullmatch(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?", bare):
        try:
            return ZoneInfo(bare).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    named = {_NAMES.get(word.strip().casefold()) for word in re.split(r"/|\bor\b|\beller\b", bare)}
    return named.pop() if len(named) == 1 else None


def _fixed(found: re.Match[str]) -> str | None:
    """The zone that is always so far from UTC."""
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    if minutes:
        return _HALVES.get((hours, minutes)) if found["sign"] == "+" else None
    hours = hours if found["sign"] == "+" else -hours
    if not _MOST_WEST <= hours <= _MOST_EAST:
        return None
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"
