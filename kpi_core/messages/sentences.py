"""Messages rendered in a language: numbers with its marks, plurals by its rules, lists as it writes them.

A sentence holds its values in braces, `{name}` or `{name:how}`:

    {count:ticket is|tickets are}   a number and the form that goes with it: `1 ticket is`, `1,204 tickets are`
    {count:=is|are}                 the form alone
    {count}, {limit}                a number, with the marks of the language
    {share:%}, {share:%0}           a share (0..1) as a percentage, with one decimal or none
    {hours:.1}                      a number with so many decimals: `8.0`
    {change:+}, {change:+2}         a number with its sign, whole or with decimals: `+12`, `−3`, `+0.52`
    {wait:time}                     seconds as a person says them: `3 h 24 min`
    {names}, {names:3}              a list; its first three `and 5 more`
    {names:or}, {names:and}         a list whose last two are joined by a word
    {names:`}, {names:`3}           a list of names as they are written in a file
    {names:;}                       a list whose parts have commas of their own
    {dimension:word}                a name of a dimension by its word; in English as it is
    {kpi:inside}, {kpis:inside6}    a label that does not open its sentence: `kundnöjdhet (CSAT)`; in English as it is
    {day}                           a date as 2026-03-31; a text as it is
    {day:date}                      a date as the language writes it: `31 Mar 2026`; outside English a period by its name too: `augusti 2026`
    {when:clock}                    an instant as the language writes it: `14 okt. 2026 kl. 16.57`; a date as a date
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from typing import Any, Protocol, runtime_checkable

from kpi_core.messages.formats import Formats
from kpi_core.messages.labels import labels, sentences
from kpi_core.patterns import regex

_DIMENSIONS = ("group", "agent", "channel", "priority", "status", "type", "product", "organisation", "segment", "country", "platform", "weekday", "hour", "time_first_reply_time", "time_resolution_time", "time_handle_time", "asked_treatment", "asked_competence", "growth_order_value")  # fmt: skip
_TITLE = regex(r"[A-Z]\w* [A-Z]")
"""Of a name: `Net Promoter Score`."""
_LIST = regex(r"(?P<ticks>`?)(?P<most>\d*)(?P<word>and|or|;)?")


def render(key: str, values: Mapping[str, Any], lang: str) -> str:
    """The sentence of a key in a language, with its values.

    Raises:
        KeyError: the language has no such sentence, or the sentence wants a value that is not given.
    """
    return filled(sentences(lang)[key], values, lang)


def filled(sentence: str, values: Mapping[str, Any], lang: str) -> str:
    """A sentence or a word with the values that stand in its braces."""
    return _Sentence(lang).vformat(sentence, (), values)


@runtime_checkable
class Sayable(Protocol):
    """Something that can be rendered in a language, such as a message."""

    def render(self, lang: str) -> str: ...  # noqa: D102


class _Sentence(Formatter):
    """Fills in one sentence."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.formats = Formats(lang)

    def format_field(self, value: Any, format_spec: str) -> str:
        match value:
            case str():
                return self._word(value, format_spec)
            case tuple():
                return self._listed(value, format_spec)
            case int() | float():
                return self._number(value, format_spec)
            case datetime() if format_spec == "clock":
                return self.formats.at(value)
            case date() if format_spec in ("date", "clock"):
                return self.formats.date(value)
            case datetime():
                return f"{value:%Y-%m-%d %H:%M}"
            case date():
                return value.isoformat()
            case Sayable():  # last, for to see whether it is takes long
                return self._word(value.render(self.lang), format_spec)
        return self._word(str(value), format_spec)

    def _word(self, value: str, how: str) -> str:
        if self.lang == "en":
            return value
        match how:
            case "word":
                return str(labels(self.lang)["words"].get(value, value)).lower()
            case "inside":
                return inside(value, self.lang)
            case "date":
                return self.formats.period_named(value)
        return value

    def _number(self, number: float, how: str) -> str:
        if "|" in how:
            form = how.removeprefix("=").split("|")[plural(number)]
            return form if how.startswith("=") else f"{self._number(number, '')} {form}"
        if how.startswith("%"):
            return self.formats.percent(number, int(how[1:] or 1))
        if how.startswith("."):
            return self.formats.number(number, int(how[1:]))
        if how.startswith("+"):
            minus, decimals = (
                "-" if self.lang == "en" else "\u2212",
                int(how[1:] or 0),
            )  # in English as programs read it
            return (minus if round(number, decimals) < 0 else "+") + self.formats.number(abs(number), decimals)
        if how == "time":
            return self.formats.duration(number)
        written = f"{number:.6g}"
        decimals = 0 if "e" in written else len(written.partition(".")[2])
        return self.formats.number(number, decimals)

    def _listed(self, values: tuple[Any, ...], how: str) -> str:
        each = next((one for one in ("inside", "date") if how.startswith(one)), "")
        found = _LIST.fullmatch(how.removeprefix(each))
        assert found is not None, how
        ticks, most = found["ticks"], int(found["most"] or len(values))
        names = [f"{ticks}{self.format_field(one, each)}{ticks}" for one in values[:most]]
        if found["word"] == ";":
            return "; ".join(names)
        if (rest := len(values) - most) > 0:
            more = labels(self.lang)["words"]["and_more"].format(count=self.formats.number(rest))
            return f"{listed(names)} {more}"
        if found["word"] and len(names) > 1:
            return f"{listed(names[:-1])} {labels(self.lang)['words'][found['word']]} {names[-1]}"
        return listed(names)


def inside(label: str, lang: str) -> str:
    """A label of ours as it stands inside of a sentence, with a small first letter; names and letters such as NPS keep theirs, and so does what users call things."""
    return label[:1].lower() + label[1:] if label.partition(" ")[0] in _openings(lang) else label


@lru_cache
def _openings(lang: str) -> frozenset[str]:
    """The words that open labels of KPIs and dimensions and are no names."""
    of_language = labels(lang)
    ours = [
        *of_language["kpis"].values(),
        *of_language["short"].values(),
        *(of_language["words"][one] for one in _DIMENSIONS),
    ]
    return frozenset(one.partition(" ")[0] for one in ours if not one[1:2].isupper() and not _TITLE.match(one))


def listed(names: Sequence[str]) -> str:
    """Names behind one another, with commas unless one of them has its own: `First reply time, median; Backlog`."""
    return ("; " if any(", " in name for name in names) else ", ").join(names)


def plural(number: float) -> int:
    """Which form goes with a number, 0 for the first: all of our languages have one for 1 and one for all others."""
    return 0 if abs(number) == 1 else 1
