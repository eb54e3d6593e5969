"""Lines of a report set in columns: one line a result where the stream is wide enough, else two.

Widths are settled once for all sections, so that they stand under one another; only the first and the last
column ever wrap.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TextIO

from rich.box import Box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from kpi_cli import terminal
from kpi_cli.readout import Line, Readout
from kpi_core.report import Verdict

BARS = "▁▂▃▅▇"
PLAIN_BARS = "_.-=#"
TREND_LENGTH = 12
GAP = 2
NARROWEST, LONGEST_WORD = 16, 24
"""The least a column that wraps is given: room for its longest word, within these bounds."""

_RULED = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
_RULED_PLAIN = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_TONES = {Verdict.BETTER: "green", Verdict.WORSE: "red"}


def sparkline(values: Iterable[float | None], bars: str = BARS) -> str:
    """The last values as bars from the lowest to the highest, a blank for None; all alike sit in the middle.

    Empty where fewer than two are known.
    """
    shown = list(values)[-TREND_LENGTH:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return ""
    low, spread = min(known), max(known) - min(known)
    top = len(bars) - 1

    def bar(value: float) -> str:
        return bars[round((value - low) / spread * top)] if spread else bars[top // 2]

    return "".join(" " if value is None else bar(value) for value in shown)


class Pen:
    """Text fit for one stream: never markup, never a control character, nothing its encoding lacks."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_plain = not terminal.carries(stream)

    def text(self, words: str, style: str = "") -> Text:
        """One line; a line end that we set ourselves stays one."""
        return Text("\n".join(terminal.carried(line, self.stream) for line in words.split("\n")), style=style)

    def label(self, words: str, style: str = "") -> Text:
        """One line of text from the data, whose line ends become blanks."""
        return Text(terminal.carried(words, self.stream), style=style)

    def verdict(self, line: Line) -> Text:
        """The verdict; its colour repeats the word."""
        verdict = line.result.verdict
        return self.text(line.verdict, _TONES.get(verdict, "") if verdict else "")

    def trend(self, line: Line) -> Text:
        """The trend as bars."""
        return Text(sparkline(line.trend, PLAIN_BARS if self.is_plain else BARS), style="cyan")

    def frame(self, *, show_header: bool = True) -> Table:
        """An empty table: a thin rule under the head and no other lines."""
        return Table(
            box=_RULED_PLAIN if self.is_plain else _RULED,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bold",
            show_header=show_header,
        )


def above(first: Text, second: Text) -> Text:
    """Two texts above one another; one line where either is empty."""
    return Text("\n").join(text for text in (first, second) if text.plain)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its head, its cell for a line, and how wide it is once that is settled."""

    head: str
    cell: Callable[[Line], Text]
    is_left: bool = False
    wraps: bool = False
    width: int = 0
    least: int = 0

    def settled(self, lines: Iterable[Line], pen: Pen) -> "Column":
        """The column as wide as its widest cell, and knowing how narrow it may become."""
        texts = (pen.text(self.head), *map(self.cell, lines))
        parts = [part for text in texts for part in text.plain.split("\n")]
        width = max(map(cell_len, parts))
        word = max((cell_len(word) for part in parts for word in part.split()), default=0)
        least = min(width, max(NARROWEST, min(word, LONGEST_WORD))) if self.wraps else width
        return replace(self, width=width, least=least)


def columns(first: Column, lines: Sequence[Line], readout: Readout, pen: Pen, room: int) -> list[Column]:
    """The columns that show the lines in `room` characters, `first` in front.

    Where not even the stacked ones fit, they are given their least width and the terminal folds the lines.
    """
    wide = [column.settled(lines, pen) for column in (first, *_wide(lines, readout, pen))]
    if _total(wide) <= room:
        return wide
    stacked = [column.settled(lines, pen) for column in (first, *_stacked(lines, readout, pen))]
    for index, column in enumerate(stacked):
        over = max(_total(stacked) - room, 0)
        stacked[index] = replace(column, width=max(column.width - over, column.least))
    return stacked


def table(columns: Sequence[Column], lines: Iterable[Line], pen: Pen, *, show_header: bool) -> Table:
    """The lines in the settled columns."""
    drawn = pen.frame(show_header=show_header)
    for column in columns:
        drawn.add_column(
            pen.text(column.head),
            justify="left" if column.is_left else "right",
            overflow="fold",
            width=column.width,
            vertical="top",
        )
    for line in lines:
        drawn.add_row(*(column.cell(line) for column in columns))
    return drawn


def _total(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def _wide(lines: Sequence[Line], readout: Readout, pen: Pen) -> list[Column]:
    word = readout.wording.word
    offered = [
        Column(head=word("value"), cell=lambda line: pen.text(line.value, "bold")),
        Column(head=readout.interval_head(), cell=lambda line: pen.text(line.interval, "dim")),
        Column(head=word("n"), cell=lambda line: pen.text(line.n)),
        Column(head=readout.change_head(), cell=lambda line: pen.text(line.change)),
        Column(head=word("verdict"), cell=pen.verdict, is_left=True),
        Column(head=word("target"), cell=lambda line: pen.text(line.target), is_left=True),
        Column(head=word("trend"), cell=pen.trend, is_left=True),
    ]
    return [column for column in offered if any(column.cell(line).plain for line in lines)]


def _stacked(lines: Sequence[Line], readout: Readout, pen: Pen) -> list[Column]:
    """The interval under the value, the verdict under the change, the target under the trend."""
    word = readout.wording.word
    has_trend = any(pen.trend(line).plain for line in lines)
    has_target = any(line.target for line in lines)
    offered = [
        Column(
            head=f"{word('value')}\n{readout.interval_head()}",
            cell=lambda line: above(pen.text(line.value, "bold"), pen.text(line.interval, "dim")),
        ),
        Column(head=word("n"), cell=lambda line: pen.text(line.n)),
        Column(
            head=f"{readout.change_head()}\n{word('verdict')}",
            cell=lambda line: above(pen.text(line.change), pen.verdict(line)),
        ),
        Column(
            head="\n".join([word("trend")] * has_trend + [word("target")] * has_target),
            cell=lambda line: above(pen.trend(line), pen.text(line.target)),
            is_left=True,
            wraps=True,
        ),
    ]
    return [column for column in offered if any(column.cell(line).plain for line in lines)]
