"""How numbers, times and dates read in English, Swedish and Norwegian.

Units are the inside ones (shares 0..1, durations in seconds). Numbers are written here, for the languages differ in two marks alone; babel,
which takes as long to load as all of a report's numbers to write, is imported on the first date, not before.
"""

import math
from datetime import date, datetime
from decimal import Decimal

from kpi_core.messages.labels import labels
from kpi_core.patterns import regex
from kpi_core.records import dataclass

SPACE = "\u00a0"
LOCALES = {"en": "en", "sv": "sv", "nb": "nb"}
DAY = 86400
_CLOCK = (("clock_second", 1, 60), ("clock_minute", 60, 60), ("clock_hour", 3600, 48), ("clock_day", DAY, None))
_PERIOD = regex(r"(?P<year>\d{4})-(?:W(?P<week>\d{2})|Q(?P<quarter>[1-4])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?)")
_MINUS = "\u2212"
_MANY_HOURS = 100
"""Hours from which on minutes say no more."""


@dataclass(frozen=True)
class Formats:
    """The formats of one language."""

    lang: str = "en"

    def word(self, key: str, **values: object) -> str:
        """A fixed word or sentence, its braces filled in. A key of two words may be written with its space."""
        text = labels(self.lang)["words"][key.replace(" ", "_")]
        return text.format(**values) if values else text

    def number(self, x: float, decimals: int = 0, *, signed: bool = False) -> str:
        """`x` with the locale's grouping and decimal mark and a minus sign; `signed` also shows a plus. Never −0."""
        rounded = round(x, decimals)
        # As decimals, whose digits are those that a person would write.
        text = "∞" if math.isinf(rounded) else f"{Decimal(str(abs(rounded))):,.{decimals}f}"
        if self.lang != "en":
            text = text.replace(",", SPACE).replace(".", ",")
        return _sign(rounded, signed=signed) + text

    def percent(self, share: float, decimals: int = 1) -> str:
        """A share 0..1 as `81.2%`, `81,2 %`."""
        return self.number(share * 100, decimals) + self.percent_sign

    @property
    def percent_sign(self) -> str:
        """The sign with the blank that stands before it in the language, if one does."""
        return "%" if self.lang == "en" else f"{SPACE}%"

    def duration(self, seconds: float, *, signed: bool = False, like: float | None = None) -> str:
        """Seconds as a person would say them: `45 s`, `7.5 min`, `3 h 24 min` (up to 48 h), `2.3 d`.

        `like` is the duration whose unit to use, so that a value, its interval and its change agree.
        """
        unit, size, decimals = _clock_unit(seconds if like is None else like)
        if unit != "clock_hour":
            return f"{self.number(seconds / size, decimals, signed=signed)}{SPACE}{self.word(unit)}"
        return _sign(round(seconds / 60), signed=signed) + self._hours(abs(seconds))

    def _hours(self, seconds: float) -> str:
        """`3 h 24 min`; hours alone from a hundred on, minutes alone below one."""
        hours, minutes = divmod(round(seconds / 60), 60)
        whole = f"{self.number(hours)}{SPACE}{self.word('clock_hour')}"
        if seconds >= _MANY_HOURS * 3600:
            return f"{self.number(seconds / 3600)}{SPACE}{self.word('clock_hour')}"
        rest = f"{minutes}{SPACE}{self.word('clock_minute')}"
        return whole if not minutes and hours else rest if not hours else f"{whole}{SPACE}{rest}"

    def whole_duration(self, seconds: int) -> str:
        """A duration as somebody set it: `8 h`, `24 h`, `3 d`, `90 min`."""
        unit, size = next(
            (unit, size) for unit, size, _ in reversed(_CLOCK)
            if seconds % size == 0 and seconds >= size * (2 if unit == "clock_day" else 1)
        )  # fmt: skip
        return f"{self.number(seconds // size)}{SPACE}{self.word(unit)}"

    def month(self, day: date) -> str:
        """`October 2026`, `oktober 2026`."""
        from babel.dates import format_date

        return format_date(day, "LLLL y", locale=LOCALES[self.lang])

    def short_date(self, day: date, *, with_year: bool) -> str:
        """`31 Oct`, `31 okt.`, `31. okt.`, with its year where that is wanted."""
        from babel.dates import format_date

        if with_year:
            return self.date(day)
        return format_date(day, "d. MMM" if self.lang == "nb" else "d MMM", locale=LOCALES[self.lang])

    def date(self, day: date) -> str:
        """`31 Oct 2026`, `31 okt. 2026`, `31. okt. 2026`."""
        from babel.dates import format_date

        return format_date(day, "d. MMM y" if self.lang == "nb" else "d MMM y", locale=LOCALES[self.lang])

    def at(self, moment: datetime) -> str:
        """An instant in a sentence: `31 Oct 2026 14:05`, `31 okt. 2026 kl. 14.05`, on the clock the moment carries."""
        return self.instant(moment) if self.lang == "en" else f"{self.date(moment.date())} kl. {moment:%H.%M}"

    def period_named(self, name: str) -> str:
        """A period by its name, as a sentence says it: `augusti 2026` for `2026-08`, `v. 14 2026` for `2026-W14`; any other text as it is."""
        first, between, last = name.partition("..")
        if between:
            begun, ended = self.period_named(first), self.period_named(last)
            return f"{begun} {self.word('to')} {ended}" if (begun, ended) != (first, last) else name
        found = _PERIOD.fullmatch(name)
        if found is None:
            return name
        year = found["year"]
        if found["week"]:
            return self.word("week", week=int(found["week"]), year=year)
        if found["quarter"]:
            return self.word("quarter", quarter=found["quarter"], year=year)
        try:
            day = date(int(year), int(found["month"]), int(found["day"] or 1))
        except ValueError:
            return name
        return self.date(day) if found["day"] else self.month(day)

    def instant(self, moment: datetime) -> str:
        """`31 Oct 2026 14:05`, on the clock the moment carries."""
        return f"{self.date(moment.date())} {moment:%H:%M}"


def _sign(x: float, *, signed: bool) -> str:
    return _MINUS if x < 0 else "+" if signed and x > 0 else ""


def _clock_unit(seconds: float) -> tuple[str, int, int]:
    for unit, size, limit in _CLOCK:
        amount = abs(seconds) / size
        decimals = 0 if size == 1 or amount >= 100 or (size == 60 and amount >= 10) else 1
        if limit is None or round(amount, decimals) < limit:
            return unit, size, decimals
    raise AssertionError("the last unit of the clock has no limit")
