"""How numbers, dates and fixed words read in English, Swedish and Norwegian.

Outputs for machines never pass here. Units are the inside ones (shares 0..1, NPS −1..1, durations in
seconds); the words lie in `configs/labels/<lang>.yaml`. Babel is imported on the first number, not before.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Literal

from kpi_core.errors import ConfigError
from kpi_core.messages.formats import DAY, LOCALES, SPACE, Formats
from kpi_core.messages.labels import LANGUAGES, labels
from kpi_core.messages.message import Message, Text
from kpi_core.messages.sentences import filled
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.periods import Grain, Period
from kpi_core.patterns import regex
from kpi_core.records import dataclass

Language = Literal["en", "sv", "nb"]
NONE = "–"
"""What stands where there is no value."""
_TWO_STOPS = regex(r"(?<=\w)\.\.(?=\s|$)")
"""Of a sentence that ends with an abbreviation: `44,1 p.e..`."""


@dataclass(frozen=True)
class Wording(Formats):
    """The words and formats of one language.

    `own` are the labels of KPIs that users have defined; `words` what the command line names as files and `store` its options of a
    store, for the commands that a page suggests.

    Raises:
        ConfigError: there are no labels in that language.
    """

    own: Mapping[str, str] = field(default_factory=dict, compare=False)
    words: Sequence[str] = field(default=(), compare=False)
    store: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ConfigError(f"no language `{self.lang}`", hint=f"choose one of {', '.join(LANGUAGES)}")

    def knowing(self, kpis: Iterable[Kpi]) -> "Wording":
        """The same with the labels of those KPIs that users have defined: in this language, else in the first there is."""
        labels_of = {kpi.name: kpi.own.labels for kpi in kpis if kpi.own}
        own = {name: given.get(self.lang) or next(iter(given.values())) for name, given in labels_of.items()}
        return replace(self, own=own) if own else self

    def files(self, room: int = 0) -> str:
        """What was read, as a command that a page suggests names it: its words where they fit into `room` characters, else the word for files; and the store."""
        named = " ".join(map(shlex.quote, self.words))
        is_short = 0 < len(named) <= room and not any("/" in one or one == "-" for one in self.words)
        files = named if is_short else self.word("files_placeholder")
        return " ".join(filter(None, (files if self.words or not self.store else "", self.store)))

    def label(self, kpi: str) -> str:
        """The KPI's name in the trade; its own name in plain words where the labels do not list it."""
        return self.own.get(kpi) or labels(self.lang)["kpis"].get(kpi) or _spelt_out(kpi)

    def heading(self, kpi: Kpi) -> str:
        """The KPI's label, with the currency of its amounts where they have one."""
        return f"{self.label(kpi.name)}, {kpi.currency}" if kpi.currency else self.label(kpi.name)

    def short(self, kpi: Kpi) -> str:
        """The KPI's label where there is little room, with its currency; the label itself where it has no other."""
        name = self.own.get(kpi.name) or labels(self.lang)["short"].get(kpi.name) or self.label(kpi.name)
        return f"{name}, {kpi.currency}" if kpi.currency else name

    def brief(self, kpi: Kpi) -> str:
        """The KPI's label for the head of a narrow column, with its currency; its short one where it has no other."""
        name = labels(self.lang)["brief"].get(kpi.name) if kpi.own is None else None
        return self.short(kpi) if name is None else f"{name}, {kpi.currency}" if kpi.currency else name

    def render(self, text: Text) -> str:
        """A message in this language; a text as it is."""
        return text.render(self.lang) if isinstance(text, Message) else text

    def word(self, key: str, **values: object) -> str:
        """A fixed word or sentence, its braces filled in as those of a message; a key of two words may be written with its space."""
        text = super().word(key)
        return _TWO_STOPS.sub(".", filled(text, values, self.lang)) if values else text

    def name(self, term: str) -> str:
        """The word for a dimension, chapter or unit; the term in plain words where there is none."""
        return labels(self.lang)["words"].get(term) or _spelt_out(term)

    def value(self, x: float | None, unit: Unit, like: float | None = None) -> str:
        """A value as a reader sees it; `–` for none. `like` as in `duration`."""
        if x is None:
            return NONE
        match unit:
            case Unit.SHARE:
                return self.percent(x)
            case Unit.SECONDS:
                return self.duration(x, like=like)
            case Unit.DAYS:
                return f"{self.number(x, 1)}{SPACE}{self.word('clock_day')}"
            case _:
                return self.number(unit.outside(x) or 0.0, _decimals(x, unit), signed=unit is Unit.POINTS)

    def aim(self, x: float, unit: Unit, like: float | None = None) -> str:
        """A target as somebody set it: `85 %`, `99.99 %`, `4.5`, `5 d`, with no decimal too many and, up to six, none too few."""
        match unit:
            case Unit.SECONDS | Unit.DAYS:
                return _ROUND_END.sub(
                    lambda found: found[1] + found[2] if found[2] not in ("", "0") else "", self.value(x, unit, like)
                )
            case Unit.SHARE:
                return self.percent(x, _written(x * 100))
        outside = unit.outside(x) or 0.0
        return self.number(outside, _written(outside), signed=unit is Unit.POINTS)

    def gap(self, x: float, unit: Unit, like: float | None = None) -> str:
        """What is short of a target, without a sign; of a share with a second decimal where the first would make nothing of it."""
        if unit is Unit.SHARE and 0 < x < 0.0005:
            return f"{self.number(x * 100, 2 if x >= 0.00005 else 4)}{SPACE}{self.word('share_points')}"
        return self.change(x, unit, like).removeprefix("+")

    def limit(self, x: float | None, of: float | None, unit: Unit, like: float | None = None) -> str:
        """A limit that a value lies beyond, as `value` writes it: with a decimal more where both would read alike."""
        shown = self.value(x, unit, like)
        if x is None or x == of or shown != self.value(of, unit, like) or unit in (Unit.SECONDS, Unit.DAYS):
            return shown
        if unit is Unit.SHARE:
            return self.percent(x, 2)
        return self.number(unit.outside(x) or 0.0, _decimals(x, unit) + 1, signed=unit is Unit.POINTS)

    def interval(self, low: float | None, high: float | None, unit: Unit, like: float | None = None) -> str:
        """`73.0–87.0%`, `+5 to +22`, `50 min–2 h 6 min`; empty where there is none or its ends are one value, `–` for an open end.

        `like` is the value between the two, whose unit of time both ends then take.
        """
        if low == high:
            return ""
        first, last = self.value(low, unit, like), self.value(high, unit, like)
        mark = self.percent_sign if unit is Unit.SHARE else SPACE + last.rpartition(SPACE)[2]
        if unit in (Unit.SHARE, Unit.SECONDS, Unit.DAYS) and first.endswith(mark) and last.endswith(mark):
            bare = first.removesuffix(mark)
            # `50 min–2 h 6 min`: only where both ends are of one unit does it stand once.
            first = first if SPACE in bare + last.removesuffix(mark) else bare
        signs = unit is Unit.POINTS or min(low or 0.0, high or 0.0) < 0
        between = f" {self.word('to')} " if signs or NONE in (first, last) else "–"
        return first + between + last

    def change_interval(self, low: float | None, high: float | None, unit: Unit, like: float | None = None) -> str:
        """The ends of a difference: `−11.1 to −1.3 pts`, `−20 min to +2 h 6 min`; empty where there are none, `–` for an open end."""
        if low is None and high is None:
            return ""
        first, last = self.change(low, unit, like), self.change(high, unit, like)
        mark = SPACE + last.rpartition(SPACE)[2] if SPACE in last else ""
        if mark and first.endswith(mark) and SPACE not in first.removesuffix(mark) + last.removesuffix(mark):
            first = first.removesuffix(mark)
        return f"{first} {self.word('to')} {last}"

    def change(self, x: float | None, unit: Unit, like: float | None = None) -> str:
        """A difference with its sign: shares in percentage points, all else in the unit itself (counts too).

        `like` is the value that changed, whose unit of time the difference then takes.
        """
        if x is None:
            return NONE
        match unit:
            case Unit.SHARE:
                return f"{self.number(x * 100, 1, signed=True)}{SPACE}{self.word('share_points')}"
            case Unit.POINTS:
                return f"{self.number(x * 100, 0, signed=True)}{SPACE}{self.word('points')}"
            case Unit.SECONDS:
                return self.duration(x, signed=True, like=like)
            case Unit.DAYS:
                return f"{self.number(x, 1, signed=True)}{SPACE}{self.word('clock_day')}"
            case _:
                return self.number(x, _decimals(x, unit), signed=True)

    def period(self, period: Period, *, short: bool = False, near: Period | None = None) -> str:
        """`October 2026` (short `Oct 2026`, `Oct` next to one of the same year), `W45 2026`, `Q3 2026`, `2026`, `1 Jan–31 Mar 2026`."""
        from babel.dates import format_date

        if period.start is None or period.end is None:
            return self.word("all")
        start = period.start
        match period.grain:
            case Grain.DAY:
                return self.date(start)
            case Grain.WEEK:
                year, week, _ = start.isocalendar()
                return self.word("week", week=week, year=str(year))
            case Grain.MONTH:
                is_bare = short and near is not None and near.start is not None and near.start.year == start.year
                pattern = "LLL" if is_bare else "LLL y" if short else "LLLL y"
                return format_date(start, pattern, locale=LOCALES[self.lang])
            case Grain.QUARTER:
                return self.word("quarter", quarter=(start.month + 2) // 3, year=str(start.year))
            case Grain.YEAR:
                return str(start.year)
        last = date.fromordinal(period.end.toordinal() - 1)
        if start.day == 1 and period.end.day == 1:
            month, locale = "LLL" if short else "LLLL", LOCALES[self.lang]
            begun = format_date(start, month if start.year == last.year else f"{month} y", locale=locale)
            return f"{begun}–{format_date(last, f'{month} y', locale=locale)}"
        return f"{self.short_date(start, with_year=start.year != last.year)}–{self.date(last)}"


def _spelt_out(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


MOST_DECIMALS = 6
_ROUND_END = regex(r"([.,])(\d?)0(?=\D*$)")


def _written(x: float) -> int:
    """The decimals that it takes to write a number as it is, up to six."""
    return next(
        (places for places in range(MOST_DECIMALS) if round(x, places) == round(x, MOST_DECIMALS)), MOST_DECIMALS
    )


def _decimals(x: float, unit: Unit) -> int:
    match unit:
        case Unit.COUNT | Unit.POINTS:
            return 0
        case Unit.MONEY:
            return 0 if abs(x) >= 1000 else 2
        case _:
            return 2


def scale_of(kpi: Kpi, x: float | None) -> float | None:
    """The duration whose unit suits a KPI's value: open time is in hours however long, for a day of it is no day."""
    return in_hours(x) if x is not None and kpi.is_open_time else x


def in_hours(seconds: float) -> float:
    """The duration whose unit suits another, without days."""
    return min(abs(seconds), DAY)
