"""Native charts in the report's one colour, small and without ornament."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.series import XYSeries as Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from kpi_cli.workbook.looks import ACCENT, FONT, MUTED, PALE

WIDTH, HEIGHT = 10.2, 6.0
SMALL_WIDTH, SMALL_HEIGHT = 5.6, 2.1
"""Centimetres."""

BAR_WIDTH, SCATTER_HEIGHT = 14.5, 7.5
_GRID = "DDE4E8"
_MOST_STEPS = 6
_ROUNDING = 1e-9
"""What the arithmetic of steps is off by: an interval that ends at 1 needs no step beyond."""
_CLOCK_STEPS = tuple(
    minutes / 1440 for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 7200, 14400, 43200)
)


def line_chart(
    sheet: Worksheet, title: str, column: int, names: int, first: int, last: int, *, more: Iterable[int] = (),
    is_over_time: bool = True, floor: float | None = None, top: float | None = None,
) -> LineChart:  # fmt: skip
    """One KPI over the periods in rows `first` to `last`; a missing value leaves a gap. Points alone where one does not follow on another.

    `more` are the columns of what is drawn with it: limits, a mean, a target, thin and dashed. `floor` and `top` (in the cells' own unit)
    are the ends of the scale where limits go on beyond them; None leaves the scale to the program that opens the sheet.
    """
    chart = LineChart()
    _frame(chart, sheet, title, column, names, first, last)
    for extra in more:
        chart.add_data(Reference(sheet, min_col=extra, min_row=first, max_row=last), titles_from_data=False)
        chart.series[-1].smooth = False
        chart.series[-1].graphicalProperties.line = LineProperties(solidFill=MUTED, w=9_525, prstDash="dash")
    line = chart.series[0]
    line.smooth = False
    line.graphicalProperties.line = (
        LineProperties(solidFill=ACCENT, w=25_400) if is_over_time else LineProperties(noFill=True)
    )
    line.marker.symbol, line.marker.size = "circle", 5
    line.marker.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(solidFill=ACCENT))
    if floor is not None:
        chart.y_axis.scaling.min = floor
    if top is not None:
        chart.y_axis.scaling.max = top
    _size(chart, WIDTH, HEIGHT)
    return chart


def small_chart(sheet: Worksheet, column: int, first: int, last: int) -> LineChart:
    """Values over time without axes, words or lines around them, for a card."""
    chart = LineChart()
    chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last), titles_from_data=False)
    line = chart.series[0]
    line.smooth = False
    line.graphicalProperties.line = LineProperties(solidFill=ACCENT, w=19_050)
    line.marker.symbol = "none"
    chart.legend = None
    chart.visible_cells_only = False
    chart.x_axis.delete = chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.layout = Layout(
        manualLayout=ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.02, y=0.08, w=0.96, h=0.84)
    )
    _size(chart, SMALL_WIDTH, SMALL_HEIGHT)
    return chart


def bar_chart(sheet: Worksheet, title: str, column: int, names: int, first: int, last: int) -> BarChart:
    """One KPI by group, a bar a row, in the table's order from the top."""
    chart = BarChart()
    chart.type = "bar"
    chart.gapWidth = 60
    _frame(chart, sheet, title, column, names, first, last)
    chart.series[0].graphicalProperties = GraphicalProperties(solidFill=ACCENT)
    chart.series[0].invertIfNegative = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    if all(_number(sheet, row, column) >= 0 for row in range(first, last + 1)):
        chart.y_axis.scaling.min = 0.0
    _size(chart, BAR_WIDTH, max(4.5, 2.2 + 0.75 * (last - first + 1)))
    return chart


def with_intervals(chart: BarChart, sheet: Worksheet, columns: tuple[int, int, int], first: int, last: int) -> None:
    """Draws on each bar an interval that reaches as far below and above its value as stands in the second and the third of the columns."""
    value, below, above = columns

    def reach(column: int) -> NumDataSource:
        cells = Reference(sheet, min_col=column, min_row=first, max_row=last)
        return NumDataSource(numRef=NumRef(f=str(cells)))

    bars = ErrorBars(errBarType="both", errValType="cust", plus=reach(above), minus=reach(below), noEndCap=False)
    bars.spPr = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=12_700))
    chart.series[0].errBars = bars
    chart.series[0].graphicalProperties = GraphicalProperties(solidFill=PALE)
    rows = range(first, last + 1)
    lowest = min(0.0, *(_number(sheet, row, value) - _number(sheet, row, below) for row in rows))
    highest = max(0.0, *(_number(sheet, row, value) + _number(sheet, row, above) for row in rows))
    _reach(chart, lowest, highest)


def _reach(chart: BarChart, lowest: float, highest: float) -> None:
    """A scale that goes as far as intervals do: the one that a program finds by itself is that of the bars, and cuts them."""
    if chart.y_axis.majorUnit is not None:
        _clock_axis(chart, highest)
    step = chart.y_axis.majorUnit or _step(highest - lowest)
    chart.y_axis.majorUnit = step
    chart.y_axis.scaling.min = step * math.floor(lowest / step + _ROUNDING)
    chart.y_axis.scaling.max = step * math.ceil(highest / step - _ROUNDING)


def _step(span: float) -> float:
    """One, two or five of a power of ten, some six times in a span."""
    power = 10.0 ** math.floor(math.log10(span or 1.0)) / 10
    return next(power * times for times in (1, 2, 5, 10, 20, 50) if (span or 1.0) / (power * times) <= _MOST_STEPS)


def scatter_chart(
    sheet: Worksheet, title: str, columns: tuple[int, int], names: int, rows: tuple[int, int], *, titles: tuple[str, str],
    colors: Sequence[str], levels: Iterable[tuple[int, int]],
) -> ScatterChart:  # fmt: skip
    """Points by two numbers (from left to right 0 to 100), each with its name next to it; `levels` are the rows of lines across, in the first two columns.

    Each point is a series, since Excel has no other name for a point that stands in a cell.
    """
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 13, "lineMarker"
    across, up = columns
    for row, color in zip(range(rows[0], rows[1] + 1), colors, strict=True):
        point = Series(idx=0, order=0)
        point.xVal = AxDataSource(numRef=NumRef(f=str(Reference(sheet, min_col=across, min_row=row))))
        point.yVal = NumDataSource(numRef=NumRef(f=str(Reference(sheet, min_col=up, min_row=row))))
        point.tx = SeriesLabel(strRef=StrRef(f=str(Reference(sheet, min_col=names, min_row=row))))
        point.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        point.marker = Marker(symbol="circle", size=9)
        point.marker.graphicalProperties = GraphicalProperties(solidFill=color, ln=LineProperties(solidFill=color))
        is_right = _number(sheet, row, across) > 50
        point.dLbls = DataLabelList(
            showSerName=True, showVal=False, showCatName=False, showLegendKey=False, showPercent=False,
            dLblPos="l" if is_right else "r",
        )  # fmt: skip
        chart.series.append(point)
    for level in levels:
        chart.series.append(_level(sheet, (1, 2), level))
    _dress(chart, title)
    for axis, caption in ((chart.x_axis, titles[0]), (chart.y_axis, titles[1])):
        axis.title = Title(tx=_words(caption, size=800, color=MUTED), overlay=False)
    marks: Any = chart.x_axis
    marks.scaling.min, marks.scaling.max, marks.majorUnit = 0.0, 100.0, 20.0
    marks.number_format, marks.majorGridlines = "0", None
    chart.y_axis.number_format, chart.y_axis.scaling.min = "0%", 0.0
    _size(chart, BAR_WIDTH, SCATTER_HEIGHT)
    return chart


def _level(sheet: Worksheet, columns: tuple[int, int], rows: tuple[int, int]) -> Series:
    """A thin line through two points."""
    line = Series(idx=0, order=0)
    across, up = (str(Reference(sheet, min_col=one, min_row=rows[0], max_row=rows[1])) for one in columns)
    line.xVal, line.yVal = AxDataSource(numRef=NumRef(f=across)), NumDataSource(numRef=NumRef(f=up))
    line.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=9_525, prstDash="dash"))
    line.marker, line.smooth = Marker(symbol="none"), False
    return line


def _frame(
    chart: LineChart | BarChart, sheet: Worksheet, title: str, column: int, names: int, first: int, last: int
) -> None:
    chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last), titles_from_data=False)
    chart.set_categories(Reference(sheet, min_col=names, min_row=first, max_row=last))
    _dress(chart, title)
    formats = {cell.number_format for (cell,) in sheet.iter_rows(first, last, column, column)} - {"General"}
    chart.y_axis.number_format = min(formats, default="General")
    if any("[h]" in shown or "[m]" in shown for shown in formats):
        _clock_axis(chart, max(_number(sheet, row, column) for row in range(first, last + 1)))


def _dress(chart: LineChart | BarChart | ScatterChart, title: str) -> None:
    """A title, axes in small letters, a pale grid, and nothing else."""
    chart.title = Title(tx=_words(title), overlay=False)
    chart.title.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.03, y=0.03))
    chart.legend = None
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        letters = _letters(800, MUTED)
        axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)])
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
        axis.majorTickMark = "none"
    chart.x_axis.tickLblPos = "low"  # not amid what is below zero
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.visible_cells_only = False  # values may stand on a sheet that is out of sight


def _size(chart: Any, width: float, height: float) -> None:
    """In centimetres. The library's own types know whole ones only."""
    chart.width, chart.height = width, height


def _number(sheet: Worksheet, row: int, column: int) -> float:
    value = sheet.cell(row, column).value
    return float(value) if isinstance(value, int | float) else 0.0


def _clock_axis(chart: LineChart | BarChart, longest: float) -> None:
    """Steps of whole minutes, hours or days: Excel's own steps are tenths of a day."""
    chart.y_axis.scaling.min = 0.0
    chart.y_axis.majorUnit = next((step for step in _CLOCK_STEPS if longest / step <= _MOST_STEPS), None)


def _words(title: str, *, size: int = 1000, color: str = ACCENT) -> Text:
    run = RegularTextRun(rPr=_letters(size, color, is_bold=color == ACCENT), t=title)
    return Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_letters(size, color)), r=[run])]))


def _letters(size: int, color: str, *, is_bold: bool = False) -> CharacterProperties:
    return CharacterProperties(latin=Font(typeface=FONT), sz=size, b=is_bold, solidFill=color)
