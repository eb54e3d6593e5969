"""The report as GitHub Markdown, for an issue, a wiki or a mail: headings, tables, footnotes as plain lists.

Text from the data is escaped, so that it neither breaks a table nor becomes markup.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from kpi_cli import terminal
from kpi_cli.listing import sparkline
from kpi_cli.readout import Line, Readout
from kpi_cli.wording import Wording
from kpi_core.report import Report

Column = tuple[str, bool, Callable[[Line], str]]
_MARKUP = re.compile(r"([\\`*_\[\]<>|~#&])")


def write(report: Report, target: TextIO, wording: Wording) -> None:
    """Writes header, totals, one heading a dimension, and the footers."""
    readout = Readout(report, wording, arrows=terminal.carries(target))
    target.writelines(_carried(line, target) + "\n" for line in _document(readout))


def escaped(text: str) -> str:
    """Text as it reads, on one line, with Markdown's and HTML's own characters made harmless."""
    return _MARKUP.sub(r"\\\1", terminal.clean(text)).replace(r"\&", "&amp;").replace(r"\<", "&lt;")


def _carried(line: str, target: TextIO) -> str:
    return line if terminal.carries(target, line) else terminal.carried(line, target)


def _document(readout: Readout) -> Iterator[str]:
    report, word = readout.report, readout.wording.word
    yield from (f"# {escaped(report.title)}", "")
    if warning := readout.warning():
        yield from (f"**{escaped(warning)}**", "")
    yield from (f"**{escaped(readout.period_line())}**", "")
    yield from _list(readout.source_line(source) for source in report.sources)
    yield from _list(line for line in (readout.clock_line(), readout.promise_line()) if line)
    yield ""
    for title, lines in readout.sections():
        yield from (f"## {escaped(title)}", "")
        yield from _table(lines, readout, (word("kpi"), False, lambda line: line.marked))
    for dimension in report.query.by:
        yield from _dimension(dimension, readout)
    yield from _footers(readout)


def _dimension(dimension: str, readout: Readout) -> Iterator[str]:
    groups = readout.groups(dimension)
    if not groups:
        return
    yield from (f"## {escaped(readout.dimension_title(dimension))}", "")
    first: Column = (readout.wording.name(dimension), False, lambda line: line.marked_group)
    for lines in groups.values():
        yield from (f"### {escaped(lines[0].label)}", "")
        yield from _table(lines, readout, first)


def _table(lines: Sequence[Line], readout: Readout, first: Column) -> Iterator[str]:
    word = readout.wording.word
    offered: tuple[Column, ...] = (
        (word("value"), True, lambda line: line.value),
        (readout.interval_head(), True, lambda line: line.interval),
        (word("n"), True, lambda line: line.n),
        (readout.change_head(), True, lambda line: line.change),
        (word("verdict"), False, lambda line: line.verdict),
        (word("target"), False, lambda line: line.target),
        (word("trend"), False, lambda line: sparkline(line.trend)),
    )
    columns = [first, *(column for column in offered if any(column[2](line) for line in lines))]
    yield _row(head for head, _, _ in columns)
    yield _row(("---:" if is_right else "---" for _, is_right, _ in columns), is_text=False)
    for line in lines:
        yield _row(cell(line) for _, _, cell in columns)
    yield ""


def _row(cells: Iterable[str], *, is_text: bool = True) -> str:
    return f"| {' | '.join(escaped(cell) if is_text else cell for cell in cells)} |"


def _list(lines: Iterable[str]) -> Iterator[str]:
    return (f"- {escaped(line)}" for line in lines)


def _footers(readout: Readout) -> Iterator[str]:
    word = readout.wording.word
    footers = (
        (word("notes_title"), [f"[{number}] {note}" for note, number in readout.notes.items()]),
        (word("unavailable"), list(readout.unavailable())),
        (word("findings"), [f"{severity}: {text}" for severity, text in readout.findings()]),
    )
    for title, lines in footers:
        if lines:
            yield from (f"## {escaped(title)}", "", *_list(lines), "")
    for said in filter(None, (readout.family(), readout.settling())):
        yield escaped(said)
