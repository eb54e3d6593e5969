"""How the workbook looks and how its numbers are typed: one font, one accent, real Excel formats.

Shares are fractions with a percent format, durations fractions of a day, so that both can be computed with.
Excel cannot show a negative time: a change of a duration, or a bound below zero, is hours or minutes.
"""

import math

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from kpi_cli.documents.wording import Wording
from kpi_core.model.kpi import Unit
from kpi_core.records import dataclass

FONT = "Arial"
ACCENT = "1F5673"
MUTED = "56606B"
GOOD = "0A5FA8"
BAD = "B2430A"
"""Blue and orange, which readers with red-green colour blindness can distinguish."""
RULE = "D3D9DF"
PALE = "A9C4D4"
"""Of bars that have something drawn on them."""
_PALE = "EAF1F5"
_LINE = Side(style="hair", color="B8C4CC")
_RULE = Side(style="medium", color=ACCENT)

DAY = 86_400
HOUR = 3_600
MINUTE = 60
TWO_DAYS = 48 * HOUR
_FORMATS = {
    Unit.SHARE: "0.0%",
    Unit.POINTS: "+0;-0;0",
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
    is_listed: bool = False
    number_format: str = "General"

    @property
    def font(self) -> Font:
        """The one font, in this size and colour."""
        return Font(name=FONT, size=self.size, bold=self.is_bold, color=self.color)

    @property
    def alignment(self) -> Alignment:
        """Numbers right, text left; in a table a little in from the edge so that the two never touch."""
        side = "right" if self.is_right else "left"
        across = "bottom" if self.is_head else "center"
        return Alignment(
            horizontal=side, vertical=across, wrap_text=self.wraps, indent=1 if self.is_ruled or self.is_listed else 0
        )

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


def value(x: float | None, unit: Unit, wording: Wording, like: float | None = None) -> Number:
    """A value in Excel's own terms; empty for none. `like` is the duration that decides how fine times are.

    Times of an hour and more are to the minute, as the page says them: Excel cuts off seconds that it does not show.
    """
    if x is None or not math.isfinite(x):
        return Number(value=None, number_format="General")
    if unit is Unit.SECONDS:
        if x < 0:
            return Number(value=x / HOUR, number_format=f'0.0" {wording.word("clock_hour")}"')
        scale = x if like is None else like
        exact = round(x / MINUTE) * MINUTE if HOUR <= abs(scale) < TWO_DAYS else x
        return Number(value=exact / DAY, number_format=duration_format(scale, wording))
    if unit is Unit.COUNT and float(x).is_integer():
        x = int(x)
    shown = f'{_FORMATS[unit]}" {wording.word("clock_day")}"' if unit is Unit.DAYS else _FORMATS[unit]
    return Number(value=x * 100 if unit is Unit.POINTS else x, number_format=shown)


def duration_format(seconds: float, wording: Wording) -> str:
    """`12 h 58 min`, `2.1 d`, as the page says it; with seconds under an hour, where minutes alone would say too little."""
    hour, minute, day = (wording.word(word) for word in ("clock_hour", "clock_minute", "clock_day"))
    if abs(seconds) < HOUR:
        return f'[m]" {minute} "ss" s"'
    return f'[h]" {hour} "mm" {minute}"' if abs(seconds) < TWO_DAYS else f'0.0" {day}"'


def change(x: float | None, unit: Unit, wording: Wording, like: float | None = None) -> Number:
    """A difference with its sign: shares in points, durations in the unit of the value: minutes, hours or days."""
    if x is None or not math.isfinite(x):
        return Number(value=None, number_format="General")
    match unit:
        case Unit.SHARE:
            return Number(value=x * 100, number_format=_signed("0.0", wording.word("share_points")))
        case Unit.POINTS:
            return Number(value=x * 100, number_format=_signed("0.0", wording.word("points")))
        case Unit.SECONDS:
            scale = abs(x if like is None else like)
            unit_word, size = (
                ("clock_minute", MINUTE)
                if scale < HOUR
                else ("clock_hour", HOUR)
                if scale < TWO_DAYS
                else ("clock_day", DAY)
            )
            return Number(value=x / size, number_format=_signed("#,##0.0", wording.word(unit_word)))
        case Unit.DAYS:
            return Number(value=x, number_format=_signed("0.0", wording.word("clock_day")))
        case _:
            return Number(value=x, number_format=_signed(_FORMATS[unit]))


def signed(number: Number, sign: str) -> Number:
    """The number with a sign behind it, which is part of how it is shown and not of what it is."""
    if not sign or number.value is None:
        return number
    shown = "0" if number.number_format == "General" else number.number_format
    return Number(value=number.value, number_format=";".join(f'{part}" {sign}"' for part in shown.split(";")))


def _signed(shape: str, word: str = "") -> str:
    shown = f'{shape}" {word}"' if word else shape
    return f"+{shown};-{shown};{shown}"
