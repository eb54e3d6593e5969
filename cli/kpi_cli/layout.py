"""A page as lines of text, as wide as there is room: what a terminal, a pipe and a mail are given.

Columns that do not fit are left out from the least important on, then those that may fold do; a table of which no column may go
goes on below in bands. Off a terminal everything has its natural width. A line is a row of spans with their tones; how
a tone looks is the terminal's.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TextIO, TypeAlias

from rich.cells import cell_len

from kpi_cli import terminal
from kpi_cli.documents.blocks import (
    Amount,
    Cell,
    Chart,
    Interval,
    Line,
    Notes,
    Page,
    Pairs,
    Series,
    Status,
    Table,
    Tone,
    Toned,
)
from kpi_cli.documents.wording import NONE, Wording
from kpi_cli.plot import plotted
from kpi_core.records import dataclass

BARS = "▁▂▃▅▇"
PLAIN_BARS = "_.-=#"
LONGEST_SERIES = 12
WIDE_GAP, GAP = 2, 1
"""Blanks between columns, and how many where there are too few for two."""
FOLDED = 28
"""The width that a column which folds is given before others are left out for it."""
NARROWEST, LONGEST_WORD = 8, 24
"""The least a column that folds is given."""
NAMES_OF_ROOM = 4
"""The share of a line that the names of rows have at most, in a table that goes on in bands: a quarter."""
HEAD_WIDTH = 9
"""Where the heads of a table in bands are broken, if its cells are no wider."""

Span: TypeAlias = tuple[str, Tone]
Spans: TypeAlias = tuple[Span, ...]

_PLAIN_SIGNS = str.maketrans(
    {"✓": "+", "✗": "x", "↑": "^", "↓": "v", "≈": "~", "…": "..", "·": ".", "≥": ">", "≤": "<"}
)


def sparkline(
    values: Iterable[float | None], bars: str = BARS, low: float | None = None, high: float | None = None
) -> str:
    """The last values as bars, a blank for None; all alike sit in the middle. Empty where fewer than two are known.

    The lowest bar is the least of the values and of `low`, the highest the greatest of them and of `high`.
    """
    shown = list(values)[-LONGEST_SERIES:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return ""
    bottom = min([*known, *([] if low is None else [low])])
    spread = max([*known, *([] if high is None else [high])]) - bottom
    top = len(bars) - 1

    def bar(value: float) -> str:
        return bars[round((value - bottom) / spread * top)] if spread else bars[top // 2]

    return "".join(" " if value is None else bar(value) for value in shown)


def text(cell: Cell, wording: Wording, *, bars: str = BARS) -> str:
    """A cell as one line of text; empty where there is nothing to say."""
    match cell:
        case None:
            return NONE
        case Toned():
            return cell.text
        case int():
            return wording.number(cell)
        case float() | date():
            return _plain(cell, wording)
        case Amount():
            return _amount(cell, wording)
        case Interval():
            say = wording.change_interval if cell.is_change else wording.interval
            return say(cell.low, cell.high, cell.unit, cell.like)
        case Status():
            return f"{cell.sign} {cell.word}".strip()
        case Series():
            return sparkline(cell.values, bars, cell.low, cell.high)
        case _:
            return cell


def _plain(cell: float | date, wording: Wording) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell.isoformat()
    return f"{cell:g}" if float(cell).is_integer() else wording.number(cell, 2)


def _amount(cell: Amount, wording: Wording) -> str:
    say = wording.change if cell.is_change else wording.value
    amount = say(cell.value, cell.unit, cell.like)
    if cell.decimals is not None and cell.value is not None:
        amount = wording.percent(cell.value, cell.decimals)
    if cell.before:
        amount = f"{cell.before} {amount}"
    return f"{amount} {cell.status.sign}" if cell.status else amount


def tone(cell: Cell) -> Tone:
    """How a cell is shown."""
    match cell:
        case Status() | Toned():
            return cell.tone
        case Amount():
            return cell.status.tone if cell.status else cell.tone
        case Interval() | None:
            return Tone.QUIET
        case _:
            return Tone.PLAIN


@dataclass(frozen=True)
class Layout:
    """Lays out pages for one stream, in one language."""

    stream: TextIO
    wording: Wording

    @property
    def room(self) -> int:
        """How many characters a line may have."""
        return terminal.columns(self.stream)

    @property
    def is_plain(self) -> bool:
        """Whether the stream has no signs, bars and rules but those of ASCII."""
        return not terminal.carries(self.stream)

    def lines(self, page: Page) -> Iterator[Spans]:
        """The whole page."""
        if page.title:
            yield from self._paragraph(page.title, Tone.STRONG)
        if page.headline:
            yield ()
        for line in page.headline:
            yield from self._line(line)
        for place, block in enumerate(page.blocks):
            # What comes right under the title of a page without a headline belongs to it.
            if place or page.headline:
                yield ()
            match block:
                case Table():
                    yield from self._table(block)
                case Pairs():
                    yield from self._pairs(block, self._width_of(page))
                case Notes():
                    yield from self._notes(block)
                case Chart(across=None):
                    yield from self._chart(block)

    # Words

    def shown(self, words: str) -> str:
        """The words as the stream can carry them."""
        return terminal.carried(words.translate(_PLAIN_SIGNS) if self.is_plain else words, self.stream)

    def _paragraph(self, words: str, how: Tone, *, first: str = "", rest: str = "") -> Iterator[Spans]:
        paragraph = self.shown(words)
        width = max(self.room, 20 + len(rest))
        for line in textwrap.wrap(
            paragraph,
            width=width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            yield ((line, how),)

    def _line(self, line: Line, indent: str = "") -> Iterator[Spans]:
        sign = f"{self.shown(line.sign)} " if line.sign else ""
        indent += " " * line.indent
        yield from self._paragraph(line.text, line.tone, first=indent + sign, rest=indent + " " * max(len(sign), 2))

    def _notes(self, block: Notes) -> Iterator[Spans]:
        if block.title:
            yield from self._paragraph(block.title, Tone.STRONG)
        for line in block.lines:
            yield from self._line(line, "  " if block.title else "")

    def _chart(self, block: Chart) -> Iterator[Spans]:
        if block.title:
            yield from self._paragraph(block.title, Tone.STRONG)
        for spans in plotted(block, self.wording, self.room, is_plain=self.is_plain):
            yield tuple((self.shown(words), how) for words, how in spans)
        for line in block.notes:
            yield from self._line(line)

    def _pairs(self, block: Pairs, width: int) -> Iterator[Spans]:
        """Names, what they stand for, and at the right the command that shows more."""
        if block.title:
            yield from self._paragraph(block.title, Tone.STRONG)
        names = max((cell_len(self.shown(name)) for name, _, _ in block.pairs), default=0) + WIDE_GAP
        needed = max(
            (names + cell_len(words) + WIDE_GAP + cell_len(more) for _, words, more in block.pairs),
            default=0,
        )
        end = min(max(width, needed), self.room)
        for name, words, command in block.pairs:
            head, value, more = self.shown(name), self.shown(words), self.shown(command)
            left = f"{head}{' ' * (names - cell_len(head))}{value}"
            gap = end - cell_len(left) - cell_len(more)
            if more and gap >= WIDE_GAP:
                yield (left + " " * gap, Tone.PLAIN), (more, Tone.STRONG)
                continue
            start = f"{head}{' ' * (names - cell_len(head))}"
            *lines, last = [line for ((line, _),) in self._paragraph(value, Tone.PLAIN, first=start, rest=" " * names)]
            yield from (((line, Tone.PLAIN),) for line in lines)
            gap = end - cell_len(last) - cell_len(more)
            if more and gap >= WIDE_GAP:
                yield (last + " " * gap, Tone.PLAIN), (more, Tone.STRONG)
                continue
            yield ((last, Tone.PLAIN),)
            if names + cell_len(more) > self.room:
                yield from self._paragraph(more, Tone.STRONG, first=" " * names, rest=" " * names)
            elif more:
                yield (" " * max(end - cell_len(more), names), Tone.PLAIN), (more, Tone.STRONG)

    def _width_of(self, page: Page) -> int:
        """How wide the widest table is, by which the commands at the foot stand."""
        tables = [block for block in page.blocks if isinstance(block, Table) and block.rows]
        widths = [
            sum(one.widths) + one.gap * (len(one.widths) - 1)
            for table in tables
            for one in self._in_fewest_bands(table)[1]
        ]
        return max([40, *widths])

    # Tables

    def _table(self, block: Table) -> Iterator[Spans]:
        if block.title:
            yield from self._paragraph(block.title, Tone.STRONG)
        section = next((place for place, one in enumerate(block.columns) if one.key == block.section), None)
        block, bands = self._in_fewest_bands(block)
        for number, fitted in enumerate(bands):
            if number:
                yield ()
            yield from fitted.head(self)
            before: Cell = None
            for cells in block.rows:
                if section is not None and cells[section] != before:
                    if before is not None:
                        yield ()
                    before = cells[section]
                    yield ((self.shown(text(before, self.wording)), Tone.STRONG),)
                yield from fitted.row(cells, self)
        for line in block.notes:
            yield from self._line(line)

    def _in_fewest_bands(self, block: Table) -> tuple[Table, list["_Fitted"]]:
        """The table and its bands, with long names of rows cut short, and a key below, where that saves a band."""
        bands = self._fitted(block)
        if len(bands) > 1:
            short = _shortened(block, max(self.room // NAMES_OF_ROOM, NARROWEST))
            fewer = self._fitted(short)
            if len(fewer) < len(bands):
                return short, fewer
        return block, bands

    def _fitted(self, block: Table) -> list["_Fitted"]:
        """The columns that are shown, in one band or more, with their widths."""
        places = [place for place, column in enumerate(block.columns) if column.key != block.section]
        signs = {place: self._signs(block, place) for place in places}
        natural = {place: self._natural(block, place, signs[place]) for place in places}

        def total(chosen: Sequence[int], gap: int, *, is_folded: bool = False) -> int:
            widths = (
                min(natural[one], FOLDED) if is_folded and block.columns[one].folds else natural[one] for one in chosen
            )
            return sum(widths) + gap * (len(chosen) - 1)

        for gap in (WIDE_GAP, GAP):
            if total(places, gap) <= self.room:
                return [_Fitted(block, places, [natural[place] for place in places], gap, signs)]
        if block.in_bands:
            return self._bands(block, places, natural, signs)
        kept = [place for place in places if block.columns[place].priority == 0]
        gap = WIDE_GAP if total(kept, WIDE_GAP) <= self.room else GAP
        for place in sorted(set(places) - set(kept), key=lambda one: block.columns[one].priority):
            if total(sorted([*kept, place]), gap, is_folded=True) <= self.room:
                kept = sorted([*kept, place])
        widths = dict(natural)
        folding = [place for place in kept if block.columns[place].folds]
        over = total(kept, gap) - self.room
        while over > 0 and folding:
            widest = max(folding, key=lambda place: widths[place])
            if widths[widest] <= self._least(block, widest):
                break
            widths[widest] -= 1
            over -= 1
        return [_Fitted(block, kept, [widths[place] for place in kept], gap, signs)]

    def _least(self, block: Table, place: int) -> int:
        """The least a column that folds is given: its longest word, within bounds."""
        words = (word for row in block.rows for word in self.cell(row[place]).split())
        return max(NARROWEST, min(max(map(cell_len, words), default=0), LONGEST_WORD))

    def _bands(
        self, block: Table, places: Sequence[int], natural: dict[int, int], signs: Mapping[int, int]
    ) -> list["_Fitted"]:
        first, rest = places[0], list(places[1:])
        bands: list[_Fitted] = []
        while rest:
            taken: list[int] = []
            used = natural[first]
            while rest and (not taken or used + WIDE_GAP + natural[rest[0]] <= self.room):
                used += WIDE_GAP + natural[rest[0]]
                taken.append(rest.pop(0))
            chosen = [first, *taken]
            bands.append(_Fitted(block, chosen, [natural[place] for place in chosen], WIDE_GAP, signs))
        return bands

    def _natural(self, block: Table, place: int, signs: int) -> int:
        return max([*map(cell_len, self.head(block, place, signs)), self._widest(block, place, signs)])

    def _widest(self, block: Table, place: int, signs: int) -> int:
        return max((cell_len(self.cell(row[place], signs)) for row in block.rows), default=0)

    @staticmethod
    def _signs(block: Table, place: int) -> int:
        """How many characters stand behind the numbers of a column, so that those without a sign stand below one another too."""
        cells = (row[place] for row in block.rows)
        return 2 * any(isinstance(cell, Amount) and cell.status is not None for cell in cells)

    def head(self, block: Table, place: int, signs: int) -> list[str]:
        """The lines of a column's head."""
        head = self.shown(block.columns[place].head)
        if not block.in_bands or place == 0:
            return [head]
        width = max(HEAD_WIDTH, self._widest(block, place, signs))
        return textwrap.wrap(head, width, break_long_words=False, break_on_hyphens=False)

    def cell(self, cell: Cell, signs: int = 0) -> str:
        """A cell as the stream can carry it, with `signs` blanks where others of its column have a sign."""
        shown = self.shown(text(cell, self.wording, bars=PLAIN_BARS if self.is_plain else BARS))
        return shown if isinstance(cell, Amount) and cell.status is not None else shown + " " * signs


@dataclass(frozen=True)
class _Fitted:
    """Some columns of a table with their widths."""

    block: Table
    places: Sequence[int]
    widths: Sequence[int]
    gap: int
    signs: Mapping[int, int]

    def head(self, layout: Layout) -> Iterator[Spans]:
        """The heads and a rule under them."""
        heads = [layout.head(self.block, place, self.signs[place]) for place in self.places]
        folded = [_folded("\n".join(lines), width) for lines, width in zip(heads, self.widths, strict=True)]
        tall = max(map(len, folded))
        if any("".join(lines) for lines in folded):
            for line in range(tall):
                # The heads stand on the rule.
                cells = [lines[line - tall + len(lines)] if line >= tall - len(lines) else "" for lines in folded]
                yield self._spans([(cell, Tone.STRONG) for cell in cells])
            rule = "-" if layout.is_plain else "─"
            yield ((rule * (sum(self.widths) + self.gap * (len(self.widths) - 1)), Tone.QUIET),)

    def row(self, cells: Sequence[Cell], layout: Layout) -> Iterator[Spans]:
        """A row, on more than one line where a cell folds."""
        shown = [(cells[place], self.signs[place]) for place in self.places]
        folded = [_folded(layout.cell(*cell), width) for cell, width in zip(shown, self.widths, strict=True)]
        tones = [
            self.block.columns[place].tone if tone(cell) is Tone.PLAIN else tone(cell)
            for place, (cell, _) in zip(self.places, shown, strict=True)
        ]
        for line in range(max(map(len, folded))):
            yield self._spans(
                [(lines[line] if line < len(lines) else "", how) for lines, how in zip(folded, tones, strict=True)]
            )

    def _spans(self, cells: Sequence[Span]) -> Spans:
        spans: list[Span] = []
        for number, ((cell, how), place, width) in enumerate(zip(cells, self.places, self.widths, strict=True)):
            if number:
                spans.append((" " * self.gap, Tone.PLAIN))
            blank = " " * max(width - cell_len(cell), 0)
            spans += (
                [(blank, Tone.PLAIN), (cell, how)]
                if self.block.columns[place].is_right
                else [(cell, how), (blank, Tone.PLAIN)]
            )
        return tuple(spans)


def _shortened(block: Table, most: int) -> Table:
    """The table with the names of its rows cut at `most` characters and numbered, and what they stand for below."""
    rows: list[tuple[Cell, ...]] = []
    key: list[Line] = []
    for name, *cells in block.rows:
        if isinstance(name, str) and cell_len(name) > most:
            mark = f"… [{len(key) + 1}]"
            key.append(Line(f"[{len(key) + 1}] {name}", Tone.QUIET))
            rows.append((f"{name[: most - len(mark)].rstrip()}{mark}", *cells))
        else:
            rows.append((name, *cells))
    return replace(block, rows=tuple(rows), notes=(*key, *block.notes))


def _folded(text_shown: str, width: int) -> list[str]:
    """Lines of at most `width`; words longer than that are broken, a number and its `%` are one word."""
    return [
        line
        for part in text_shown.split("\n")
        for line in (_wrapped(part, width) if cell_len(part) > width else [part])
    ] or [""]


def _wrapped(part: str, width: int) -> list[str]:
    kept = re.sub(r"(?<=\d) %", "\u00a0%", part)
    lines = textwrap.wrap(kept, width=max(width, 1), subsequent_indent="  ", break_on_hyphens=False)
    return [line.replace("\u00a0%", " %") for line in lines]
