"""Goals as people write them, with their units: `2h`, `5 t`, `6 måneder`, `85%`, `4.5/5`, `100 EUR`; and weights, `0.5,0.3,0.2`.

Durations go by the words of English, Swedish, Norwegian and Danish. Nothing heavy is imported: options are read here.
"""

import re

from kpi_core.model.goal import Goal
from kpi_core.patterns import regex
from kpi_core.records import dataclass

WEIGHED = ("satisfaction", "expectation", "ideal")
"""What the satisfaction index is made of, in the order of its weights."""
ROUNDED = 0.002
"""How far from 1 weights may add up to: thirds are written 0.333."""

_DAY = 86_400
_YEAR = 365 * _DAY
LONGEST = 1000 * _YEAR
"""The longest duration that is typed."""
HIGHEST = 1e15
"""The highest number that is typed: up to it a number is known to the unit."""
_UNITS = {
    1: "s secs? seconds? sek sekund sekunder",
    60: "m mins? minutes? minuter minutter minutt minut",
    3600: "h hrs? hours? t tim timme timmar time timer",
    _DAY: "d days? dag dagar dager dage dygn døgn",
    7 * _DAY: "w weeks? v vecka veckor u uke uker uge uger",
    30 * _DAY: "mo months? mån månad månader mnd måned måneder",
    365 * _DAY: "y years? år",
}
"""Seconds, and the words for them. A month is 30 days and a year 365."""
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_PART = regex(rf"({_NUMBER})\s*([^\W\d_]+)\.?")
_MARKS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CROWNS = regex(r"(?i)(?<![^\W\d])(?:kr|kronor|kroner)\b|:-$")
_SIGNED = rf"([+\-−]?)\s*({_NUMBER})"
_DECIMAL_COMMAS = regex(r"0\s*,\s*\d+(?:\s*[,;]\s*0\s*,\s*\d+){2}")
"""Three weights with commas for points."""
_WEIGHT = regex(r"([+-]?(?:\d{1,6}(?:\.\d{0,18})?|\.\d{1,18}))(?:/(\d{1,6}))?")
_POINTS = r"(?:\s*(?:pts|points?|poäng|poeng))?"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """`0.5,0.3,0.2`: what the parts of the satisfaction index weigh, 1 together."""

    parts: tuple[float, ...]


def duration(text: str) -> int:
    """Seconds of `90s`, `15m`, `2h`, `1h30m`, `3d`, `1.5h`, `5 timer`, `6 måneder`."""
    parts = _PART.findall(text)
    sizes = [_size(word) for _, word in parts]
    known = [size for size in sizes if size is not None]
    if not parts or len(known) < len(sizes) or _PART.sub("", text).strip():
        raise ValueError(f"`{text}` is no duration, write for example 90s, 15m, 2h, 1h30m or 3d")
    total = sum(_number(number) * size for (number, _), size in zip(parts, known, strict=True))
    if total > LONGEST:
        raise ValueError(f"`{text}` is longer than {LONGEST // _YEAR} years")
    return round(total)


def calendar_time(text: str) -> tuple[int, int]:
    """Months and days of `6 months`, `1 år`, `6 måneder`, `2 uker`, `90 days`: months and years are those of the calendar."""
    seconds = duration(text)
    months, days = 0, 0.0
    for number, word in _PART.findall(text):
        size, count = _size(word) or 0, _number(number)
        in_months = {30 * _DAY: 1, 365 * _DAY: 12}.get(size)
        if in_months is not None and count.is_integer():
            months += in_months * int(count)
        else:
            days += count * size / _DAY
    if seconds < _DAY:
        raise ValueError(f"`{text}` is less than a day")
    return months, round(days)


def amount(text: str, unit: str) -> Goal:
    """A value from what was typed: a share 0..1, points −1..1, seconds, days, money, a score or a number.

    Args:
        text: `85%` or `0.85` of a share, `30` of points, `2h` of seconds, `5 dagar` of days, `100 EUR` of money, `4.5/5`
            of a score, else a number; `4,2` is 4.2.
        unit: the KPI's unit as the JSON names it.
    """
    match unit:
        case "seconds":
            return Goal(value=float(duration(text)))
        case "days" if _PART.search(text):
            return Goal(value=duration(text) / _DAY)
        case "money":
            return _money(text)
        case "score" if found := re.fullmatch(rf"({_NUMBER})\s*(?:/|of|av)\s*({_NUMBER})", text.strip()):
            return _mark(text, _number(found[1]), _number(found[2]))
    return Goal(value=_plain(text, unit))


def weights(text: str) -> Weights:
    """Reads `0.5,0.3,0.2`, `50%,30%,20%` or `1/3,1/3,1/3`: what satisfaction, expectations and ideal weigh, 1 together."""
    parts = [part.strip() for part in text.split(",")]
    if _DECIMAL_COMMAS.fullmatch(text.strip()):
        pointed = ",".join(re.sub(r"\s*,\s*", ".", weight) for weight in re.findall(r"0\s*,\s*\d+", text))
        raise ValueError(f"`{text}` has decimal commas, and commas stand between the weights: write {pointed}")
    if len(parts) != len(WEIGHED):
        raise ValueError(f"`{text}` is not one weight each of {', '.join(WEIGHED)}, write for example 0.5,0.3,0.2")
    given = [_weight(part) for part in parts]
    if not all(weight > 0 for weight in given):
        raise ValueError(f"`{text}` has a weight that is not above 0")
    whole = sum(given)
    if abs(whole - 1) > ROUNDED:
        fitting = ",".join(f"{weight / whole:.4g}" for weight in given)
        raise ValueError(f"the weights {text} add up to {whole:.4g}, not to 1: the same in proportion is {fitting}")
    return Weights(parts=tuple(weight / whole for weight in given))


def _weight(text: str) -> float:
    """A number, a percentage or a fraction."""
    bare = text.removesuffix("%").strip()
    found = _WEIGHT.fullmatch(bare)
    if found is None or float(found[2] or 1) == 0:
        raise ValueError(f"`{text}` is no weight, write for example 0.5, 50% or 1/2")
    return float(found[1]) / float(found[2] or 1) / (100 if bare != text else 1)


def _size(word: str) -> int | None:
    return next((size for size, words in _UNITS.items() if re.fullmatch(words.replace(" ", "|"), word.lower())), None)


def _money(text: str) -> Goal:
    if _CROWNS.search(text.strip()):
        raise ValueError(f"`{text}` may be of several currencies, write SEK, NOK or DKK")
    found = re.fullmatch(rf"([A-Za-z]{{3}}|[€$£])?\s*{_SIGNED}\s*([A-Za-z]{{3}}|[€$£])?", text.strip())
    if found is None or (found[1] and found[4]):
        return Goal(value=_plain(text, "money"))
    named = found[1] or found[4]
    currency = _MARKS.get(named, named.upper()) if named else None
    return Goal(value=_signed(found[2], found[3]), currency=currency)


def _mark(text: str, value: float, highest: float) -> Goal:
    if value > highest:
        raise ValueError(f"`{text}` is above the highest mark")
    return Goal(value=value, highest=highest)


def _plain(text: str, unit: str) -> float:
    words = _POINTS if unit == "points" else ""
    number = re.fullmatch(rf"{_SIGNED}\s*(%?){words}", text.strip())
    if number is None:
        raise ValueError(f"`{text}` is no number")
    value = _signed(number[1], number[2])
    if number[3] and unit != "share":
        raise ValueError(f"`{text}` is a percentage, this KPI is counted in {unit}")
    if unit == "share" and not number[3] and not 0 <= value <= 1:
        raise ValueError(f"`{text}` is no share, write {number[1]}{number[2]}%")
    return value / 100 if number[3] or unit == "points" else value


def _signed(sign: str, number: str) -> float:
    return -_number(number) if sign in ("-", "−") else _number(number)


def _number(text: str) -> float:
    number = float(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))
    if number > HIGHEST:
        raise ValueError(f"`{text}` is out of range, the highest is {HIGHEST:.0e}")
    return number
