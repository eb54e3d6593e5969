"""How the workbook looks and how its numbers are typed: one font, one accent, real Excel formats.

Shares are fractions with a percent format, durations fractions of a day, so that both can be computed with.
Excel cannot show a negative time: a change of a duration, or a bound below zero, is hours or minutes.
"""

import math
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from kpi_cli.documents.wording import Wording
from kpi_core.model.kpi import Unit

FONT = "Arial"
ACCENT = "1F5673"
MUTED = "6B7780"
GOOD = "1B7A4B"
BAD = "B3261E"
_PALE = "EAF1F5"
_LINE = Side(style="hair", color="B8C4CC")
_RULE = Side(style="medium", color=ACCENT)

DAY = 86_400
HOUR = 3_600
_FORMATS = {
    Unit.SHARE: "0.0%",
    Unit.POINTS: "+0.0;-0.0;0.0",
    Unit.COUNT: "#,##0",
    Unit.SCORE: "0.00",
    Unit.MONEY: "#,##0.00",
    Unit.RATIO: "0.00",
    Unit.DAYS: "0.0",
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a cell is drawn."""

    color: str = "1B1F23"
    size: float = 10
    is_bold: bool = False
    is_right: bool = False
    wraps: bool = False
    is_head: bool = False
    is_ruled: bool = True
    number_format: str = "General"

    @property
    def font(self) -> Font:
        """The one font, in this size and colour."""
        return Font(name=FONT, size=self.size, bold=self.is_bold, color=self.color)

    @property
    def alignment(self) -> Alignment:
        """Numbers right, text left, a little in from the edge so that the two never touch."""
        side = "right" if self.is_right else "left"
        across = "bottom" if self.is_head else "center"
        return Alignment(horizontal=side, vertical=across, wrap_text=self.wraps, indent=1 if self.is_ruled else 0)

    @property
    def border(self) -> Border:
        """A hair line under a row, the accent under a head."""
        if not self.is_ruled:
            return Border()
        return Border(bottom=_RULE if self.is_head else _LINE)

    @property
    def fill(self) -> PatternFill:
        """A pale ground under a head, none elsewhere."""
        return PatternFill("solid", fgColor=_PALE) if self.is_head else PatternFill()


TITLE = Look(color=ACCENT, size=16, is_bold=True, is_ruled=False)
LEAD = Look(size=11, is_bold=True, is_ruled=False)
ASIDE = Look(color=MUTED, size=9, is_ruled=False)
HEAD = Look(color=ACCENT, is_bold=True, wraps=True, is_head=True)
HEAD_RIGHT = Look(color=ACCENT, is_bold=True, wraps=True, is_right=True, is_head=True)
SECTION = Look(color=ACCENT, size=12, is_bold=True, is_ruled=False)
TEXT = Look(wraps=True)
STRONG = Look(is_bold=True, wraps=True)
COUNT = Look(is_right=True, number_format="#,##0")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number as Excel holds it, and the format that shows it."""

    value: float | int | None
    number_format: str


def value(x: float | None, unit: Unit, like: float | None = None) -> Number:
    """A value in Excel's own terms; empty for none. `like` is the duration that decides how fine times are."""
    if x is None or not math.isfinite(x):
        return Number(value=None, number_format="General")
    if unit is Unit.SECONDS:
        if x < 0:
            return Number(value=x / HOUR, number_format='0.0" h"')
        return Number(value=x / DAY, number_format=duration_format(x if like is None else like))
    if unit is Unit.COUNT and float(x).is_integer():
        x = int(x)
    return Number(value=x * 100 if unit is Unit.POINTS else x, number_format=_FORMATS[unit])


def duration_format(seconds: float) -> str:
    """Hours and minutes; with seconds under an hour, where minutes alone would say too little."""
    return "[h]:mm:ss" if abs(seconds) < HOUR else "[h]:mm"


def change(x: float | None, unit: Unit, wording: Wording, like: float | None = None) -> Number:
    """A difference with its sign: shares in points, durations in hours, under an hour's value in minutes."""
    if x is None or not math.isfinite(x):
        return Number(value=None, number_format="General")
    match unit:
        case Unit.SHARE:
            return Number(value=x * 100, number_format=_signed("0.0", wording.word("share_points")))
        case Unit.POINTS:
            return Number(value=x * 100, number_format=_signed("0.0", wording.word("points")))
        case Unit.SECONDS:
            unit_word, size = ("clock_minute", 60) if abs(x if like is None else like) < HOUR else ("clock_hour", HOUR)
            return Number(value=x / size, number_format=_signed("#,##0.0", wording.word(unit_word)))
        case Unit.DAYS:
            return Number(value=x, number_format=_signed("0.0", wording.word("clock_day")))
        case _:
            return Number(value=x, number_format=_signed(_FORMATS[unit]))


def _signed(shape: str, word: str = "") -> str:
    shown = f'{shape}" {word}"' if word else shape
    return f"+{shown};-{shown};{shown}"
