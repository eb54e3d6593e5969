"""Days by name that are computed: the eves and feasts when Nordic desks close early or altogether.

Most of them are no public holidays, so no list of those has them; which of them a desk keeps is its calendar's to say.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from kpi_core.records import dataclass

InYear: TypeAlias = Callable[[int], date]


@dataclass(frozen=True, kw_only=True)
class Feast:
    """One day a year: the names it goes by, each as `key` gives it, and when it is."""

    names: frozenset[str]
    in_year: InYear


def key(name: str) -> str:
    """A name as it is compared: no capitals, no remark in parentheses, plain apostrophes and single blanks."""
    plain = re.sub(r"\([^)]*\)", " ", name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join(plain.casefold().split())


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar, by Gauss's rule in Knuth's form (The Art of Computer Programming 1, 1.3.2)."""
    golden, century = year % 19 + 1, year // 100 + 1
    dropped = 3 * century // 4 - 12
    moon = (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - dropped - 10
    epact = (11 * golden + 20 + moon - dropped) % 30
    epact += epact == 24 or (epact == 25 and golden > 11)
    full = 44 - epact + 30 * (epact > 23)
    return date(year, 3, 1) + timedelta(days=full + 6 - (sunday + full) % 7)


def _on(month: int, day: int) -> InYear:
    return lambda year: date(year, month, day)


def _easter(days: int) -> InYear:
    return lambda year: easter_sunday(year) + timedelta(days=days)


def _from(month: int, day: int, weekday: int) -> InYear:
    """The first `weekday` (Monday is 0) on or after a date."""

    def in_year(year: int) -> date:
        first = date(year, month, day)
        return first + timedelta(days=(weekday - first.weekday()) % 7)

    return in_year


_FRIDAY, _SATURDAY = 4, 5
_TABLE: tuple[tuple[InYear, str], ...] = (
    (_on(1, 1), "new year's day, nyårsdagen, første nyttårsdag, nytårsdag, uudenvuodenpäivä"),
    (_on(1, 5), "epiphany eve, trettondagsafton, helligtrekongersaften, loppiaisaatto"),
    (_on(1, 6), "epiphany, trettondagen, trettondedag jul, helligtrekonger, loppiainen"),
    (_easter(-3), "maundy thursday, skärtorsdagen, skärtorsdag, skjærtorsdag, skærtorsdag, kiirastorstai"),
    (_easter(-2), "good friday, långfredagen, långfredag, langfredag, pitkäperjantai"),
    (_easter(-1), "easter eve, påskafton, påskeaften, påskelørdag, pääsiäislauantai, lankalauantai"),
    (_easter(0), "easter sunday, påskdagen, første påskedag, påskedag, pääsiäispäivä"),
    (_easter(1), "easter monday, annandag påsk, andre påskedag, anden påskedag, toinen pääsiäispäivä"),
    (_on(4, 30), "walpurgis night, valborgsmässoafton, valborg, vappuaatto"),
    (_on(5, 1), "may day, första maj, første mai, første maj, vappu"),
    (_easter(39), "ascension day, kristi himmelsfärdsdag, kristi himmelfartsdag, helatorstai"),
    (_easter(48), "pentecost eve, whitsun eve, pingstafton, pinseaften"),
    (_easter(49), "pentecost, pentecost sunday, whit sunday, pingstdagen, første pinsedag, pinsedag, helluntaipäivä"),
    (_easter(50), "pentecost monday, whit monday, annandag pingst, andre pinsedag, anden pinsedag"),
    (_from(6, 19, _FRIDAY), "midsummer eve, midsommarafton, juhannusaatto"),
    (_from(6, 20, _SATURDAY), "midsummer day, midsommardagen, juhannuspäivä"),
    (_from(10, 30, _FRIDAY), "all saints' eve, allhelgonaafton, alla helgons afton, pyhäinpäivän aatto"),
    (_from(10, 31, _SATURDAY), "all saints' day, alla helgons dag, pyhäinpäivä"),
    (_on(12, 24), "christmas eve, julafton, julaften, juleaften, juleaftensdag, jouluaatto"),
    (_on(12, 25), "christmas day, juldagen, første juledag, juledag, joulupäivä"),
    (_on(12, 26), "second day of christmas, boxing day, annandag jul, andre juledag, anden juledag, tapaninpäivä"),
    (_on(12, 31), "new year's eve, nyårsafton, nyttårsaften, nytårsaften, nytårsaftensdag, uudenvuodenaatto"),
)

FEASTS: dict[str, Feast] = {
    name: Feast(names=frozenset(names.split(", ")), in_year=in_year)
    for in_year, names in _TABLE
    for name in names.split(", ")
}
"""Every computed day by each of its names."""
