"""A page of paragraphs, pairs and tables, as wide as its stream, and the same answer as JSON.

A terminal gets what fits it, folded between words; a pipe gets the natural width; nothing is ever cut.
"""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO, TypeAlias

import typer

from kpi_cli import __version__, terminal
from kpi_cli.options import panels

Form = Literal["table", "json"]
Format: TypeAlias = Annotated[
    Form,
    typer.Option(
        "--format", metavar="FORMAT", rich_help_panel=panels.OUTPUT, help="How the answer is written: table or json."
    ),
]
SCHEMA_VERSION = 1
GAP = 2
LEAST = 8
"""The least a column that folds is given."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table. `folds` gives way where there is no room; the widest of those first."""

    head: str
    is_right: bool = False
    folds: bool = False


@dataclass(kw_only=True)
class Page:
    """Lines on their way to one stream. Nothing from the data reaches it raw."""

    stream: TextIO
    color: terminal.Color = "auto"
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many characters a line may have."""
        return terminal.columns(self.stream)

    def say(self, words: str, style: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """A paragraph, folded between words; lines after the first are indented by `hang` more."""
        self.lines += [(line, style) for line in self._folded(words, indent, indent + hang)]

    def title(self, words: str) -> None:
        """A heading with a blank line above it, save at the top."""
        if self.lines:
            self.gap()
        self.say(words, "bold")

    def gap(self) -> None:
        """A blank line."""
        self.lines.append(("", ""))

    def pairs(self, pairs: Iterable[tuple[str, str]], indent: int = 0) -> None:
        """Names and what they stand for, the second column folded under itself; pairs without the second are left out."""
        told = [(name, words) for name, words in pairs if words]
        width = max((len(name) for name, _ in told), default=0) + GAP
        for name, words in told:
            for line in self._folded(f"{name:<{width}}{words}", indent, indent + width, keep=width):
                self.lines.append((line, ""))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], indent: int = 0) -> None:
        """Rows under their heads and a rule; a row that does not fit folds inside its columns."""
        if not rows:
            return
        shown = [[terminal.carried(cell, self.stream) for cell in row] for row in rows]
        widths = self._widths(columns, shown, indent)
        self._row([column.head for column in columns], columns, widths, indent, "bold")
        rule = "─" if terminal.carries(self.stream) else "-"
        self.lines.append((" " * indent + (" " * GAP).join(rule * width for width in widths), "dim"))
        for row in shown:
            self._row(row, columns, widths, indent, "")

    def write(self) -> None:
        """Puts the page on its stream."""
        from rich.text import Text

        console = terminal.console(self.stream, self.color)
        console.width = terminal.NATURAL
        with console.capture() as written:
            for line, style in self.lines:
                console.print(Text(line, style=style), soft_wrap=True)
        self.stream.write(written.get())

    def _folded(self, words: str, first: int, rest: int, keep: int = 0) -> list[str]:
        shown = terminal.carried(words, self.stream)
        head, body = shown[:keep], shown[keep:]
        width = max(self.room, 20 + rest)
        lines = textwrap.wrap(body, width=width, initial_indent=" " * (first + keep), subsequent_indent=" " * rest,
                              break_long_words=False, break_on_hyphens=False)  # fmt: skip
        if not lines:
            return [" " * first + head.rstrip()]
        return [" " * first + head + lines[0][first + keep :], *lines[1:]]

    def _widths(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], indent: int) -> list[int]:
        """Natural widths; where they do not fit, the widest folding column gives way, and again until they do."""
        widths = [max([len(column.head), *(len(row[place]) for row in rows)]) for place, column in enumerate(columns)]
        folding = [place for place, column in enumerate(columns) if column.folds]
        over = sum(widths) + GAP * (len(columns) - 1) + indent - self.room
        while over > 0 and folding:
            widest = max(folding, key=lambda place: widths[place])
            if widths[widest] <= LEAST:
                break
            widths[widest] -= 1
            over -= 1
        return widths

    def _row(
        self, cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], indent: int, style: str
    ) -> None:
        folded = [_fold(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for place in range(max(map(len, folded))):
            parts = [
                f"{(lines[place] if place < len(lines) else ''):{'>' if column.is_right else '<'}{width}}"
                for lines, column, width in zip(folded, columns, widths, strict=True)
            ]
            self.lines.append(((" " * indent + (" " * GAP).join(parts)).rstrip(), style))


def _fold(cell: str, width: int) -> list[str]:
    """Lines of at most `width`; what leads the cell is kept as its indent, words longer than a line are broken."""
    indent = " " * (len(cell) - len(cell.lstrip()))
    return textwrap.wrap(cell.strip(), width=width, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent),
                         break_on_hyphens=False) or [""]  # fmt: skip


def deliver(
    form: Form,
    color: terminal.Color,
    draw: Callable[[Page], None],
    record: Callable[[], dict[str, Any]],
    output: Path | None = None,
) -> None:
    """Writes the answer in the form asked for, to stdout or to a file."""
    from kpi_cli import writing
    from kpi_cli.outputs.json import dumped

    with writing.atomic_text(output) as stream:
        if form == "json":
            heading = {"schema_version": SCHEMA_VERSION, "tool": {"name": "kundpuls", "version": __version__}}
            stream.write(dumped({**heading, **record()}, stream, indent=2) + "\n")
            return
        page = Page(stream=stream, color=color)
        draw(page)
        page.write()
