"""The report for a terminal: one line a KPI where it is wide enough, two where it is not, never anything cut.

Colour only repeats what a word says. Off a terminal the table takes the width it needs.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpi_cli import listing, terminal
from kpi_cli.listing import Column, Pen
from kpi_cli.phrases import headlines
from kpi_cli.readout import Line, Readout
from kpi_cli.wording import NONE, Wording
from kpi_core.report import Report

LABEL_WIDTH = 24
"""Where the head of a column of the matrix breaks."""


def write(report: Report, target: TextIO, wording: Wording, *, color: terminal.Color = "auto") -> None:
    """Writes header, totals, one block a dimension, and the footers."""
    console = terminal.console(target, color)
    page = _Page(Readout(report, wording, arrows=terminal.carries(target)), console, Pen(target))
    with console.capture() as written:
        page.head()
        page.totals()
        for dimension in report.query.by:
            page.dimension(dimension)
        page.foot()
    target.write(re.sub(r"[ ]+$", "", written.get(), flags=re.MULTILINE))


class _Page:
    """One report on one console: what is said comes from the readout, where it stands is decided here.

    The console is told that it has all the room there is: rich would cut what does not fit, a terminal folds it.
    """

    def __init__(self, readout: Readout, console: Console, pen: Pen) -> None:
        self.readout = readout
        self.console = console
        self.room = console.width
        console.width = terminal.NATURAL
        self.pen = pen
        self.word = readout.wording.word

    def head(self) -> None:
        """Title, period, files and clock."""
        report = self.readout.report
        self.say(report.title, "bold")
        if warning := self.readout.warning():
            self.say(warning, "bold red")
        self.say(self.readout.period_line())
        for source in report.sources:
            self.say(self.readout.source_line(source), "dim")
            for note in source.notes:
                self.say(note, "dim", indent=2)
        self.say(self.readout.clock_line(), "dim")
        if promised := self.readout.promise_line():
            self.say(promised, "dim")
        self.console.print()

    def totals(self) -> None:
        """The totals, chapter by chapter."""
        self.listing(list(self.readout.sections()), self.word("kpi"), lambda line: line.marked)

    def dimension(self, dimension: str) -> None:
        """The headline KPIs side by side, a row a group, where they fit; each of the others as its own list."""
        groups = self.readout.groups(dimension)
        if not groups:
            return
        self.say(self.readout.dimension_title(dimension), "bold underline")
        chosen = headlines(groups)
        matrix = self.matrix(dimension, [groups[name] for name in chosen])
        fits = len(chosen) > 1 and self.width(matrix) <= self.room
        if fits:
            self.print(matrix)
            self.console.print()
        rest = [lines for name, lines in groups.items() if not fits or name not in chosen]
        head = self.readout.wording.name(dimension)
        self.listing([(lines[0].label, lines) for lines in rest], head, lambda line: line.marked_group)

    def foot(self) -> None:
        """Notes, what cannot be computed, findings and the family of verdicts."""
        readout = self.readout
        self.block("", (f"[{number}] {note}" for note, number in readout.notes.items()))
        self.block(self.word("unavailable"), readout.unavailable())
        self.block(self.word("findings"), (f"{severity}: {text}" for severity, text in readout.findings()))
        for said in filter(None, (readout.family(), readout.settling())):
            self.say(said, "dim")

    def block(self, title: str, lines: Iterable[str]) -> None:
        """A footer: its title, its lines indented, a blank line; nothing where there are no lines."""
        if not (said := list(lines)):
            return
        if title:
            self.say(title, "bold")
        for line in said:
            self.say(line, indent=2 if title else 0)
        self.console.print()

    def listing(self, sections: Sequence[tuple[str, Sequence[Line]]], head: str, first: Callable[[Line], str]) -> None:
        """Sections of lines under one head, each with its title."""
        lines = [line for _, section in sections for line in section]
        if not lines:
            return
        pen = self.pen
        named = Column(head=head, cell=lambda line: pen.label(first(line)), is_left=True, wraps=True)
        columns = listing.columns(named, lines, self.readout, pen, self.room)
        self.print(listing.table(columns, (), pen, show_header=True))
        for title, section in sections:
            self.say(title, "cyan")
            self.print(listing.table(columns, section, pen, show_header=False))
            self.console.print()

    def matrix(self, dimension: str, columns: Sequence[Sequence[Line]]) -> Table:
        """Groups as rows and KPIs as columns: value and interval, under them n and the verdict."""
        rows: dict[tuple[str | None, ...], dict[int, Line]] = {}
        for index, lines in enumerate(columns):
            for line in lines:
                rows.setdefault(tuple(line.result.group.values()), {})[index] = line
        table = self.pen.frame()
        for head in (self.readout.wording.name(dimension), *(lines[0].label for lines in columns)):
            table.add_column(self.pen.text(textwrap.fill(head, LABEL_WIDTH)), overflow="fold", vertical="top")
        for row in rows.values():
            cells = [self.matrix_cell(row.get(index)) for index in range(len(columns))]
            table.add_row(self.pen.label(next(iter(row.values())).group), *cells)
        return table

    def matrix_cell(self, line: Line | None) -> Text:
        """`81.0 % (73.0–87.0 %)`, then `n 120, ▼ worse`."""
        pen = self.pen
        if line is None:
            return pen.text(NONE, "dim")
        marks = f" [{', '.join(map(str, line.notes))}]" if line.notes else ""
        interval = pen.text(f" ({line.interval})" if line.interval else "", "dim")
        first = Text.assemble(pen.text(line.value, "bold"), interval, marks)
        if line.result.suppressed:
            return first
        count = pen.text(f"{self.word('n')} {line.n}")
        return listing.above(first, Text.assemble(count, ", ", pen.verdict(line)) if line.verdict else count)

    def width(self, table: Table) -> int:
        """How wide the table is when nothing wraps."""
        return self.console.measure(table).maximum

    def print(self, table: Table) -> None:
        """The table at its own width: `listing` and `matrix` have seen to it that it fits where it can."""
        self.console.print(table)

    def say(self, words: str, style: str = "", indent: int = 0) -> None:
        """A paragraph, broken between words only."""
        lines = textwrap.wrap(
            self.pen.label(words).plain,
            width=max(self.room - 1, 20),
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines:
            self.console.print(Text(line, style=style), soft_wrap=True)
