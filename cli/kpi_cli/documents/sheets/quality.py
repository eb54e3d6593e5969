"""The data quality sheets: what was read, what was refused and why, and what to know before trusting a number."""

from collections import Counter
from collections.abc import Iterator

from kpi_cli.documents.blocks import Block, Cell, Column, Line, Notes, Sheet, Table, Tone
from kpi_cli.documents.readout import Readout
from kpi_core.messages.message import Text
from kpi_core.messages.nouns import called
from kpi_core.model.findings import why_refused

MOST_NAMED = 6
"""KPIs that stand behind a finding about them."""
_FILES = (
    ("file", 44, Tone.STRONG), ("mapping", 22, Tone.PLAIN), ("table", 14, Tone.PLAIN), ("rows_read", 14, Tone.PLAIN), ("rows_used", 14, Tone.PLAIN),
    ("rows_refused", 14, Tone.PLAIN), ("left_out", 14, Tone.PLAIN), ("notes", 60, Tone.QUIET),
)  # fmt: skip
_REFUSED = (
    ("file", 44, Tone.QUIET), ("reason", 26, Tone.STRONG), ("table", 14, Tone.QUIET), ("row", 14, Tone.PLAIN), ("column", 20, Tone.PLAIN),
    ("cell", 24, Tone.PLAIN),
)  # fmt: skip


def sheet(readout: Readout) -> Sheet:
    """Files, refusals by reason, findings, and the refused rows."""
    blocks: tuple[Block, ...] = (_files(readout), *reasons(readout), *_findings(readout), *_refused_rows(readout))
    title, named = readout.wording.word("sheet_quality"), readout.report.title
    return Sheet(name=title, title=title, lead=named, asides=(readout.clock_line(),), blocks=blocks, footer=named)


def _refused_rows(readout: Readout) -> Iterator[Table]:
    """The refused rows as they stand in the files, at most those the report holds; none where there are none."""
    report, wording = readout.report, readout.wording
    if report.refused.is_empty():
        return
    count = sum(
        rows
        for source in report.sources
        for reason, rows in source.rows_refused.items()
        if reason not in source.by_design
    )
    columns = tuple(
        Column(key=key, head=wording.word(key), width=width, is_right=key == "row", folds=True, tone=tone)
        for key, width, tone in _REFUSED
    )
    shown = wording.word("more_refused", shown=wording.number(report.refused.height), count=wording.number(count))
    why = why_refused(report.sources)
    rows = tuple(
        (readout.file_name(file), wording.render(why.get(reason, reason)), table, row, column, cell)
        for file, table, row, column, cell, reason in report.refused.iter_rows()
    )
    yield Table(key="refused", title=shown.removesuffix("."), columns=columns, rows=rows, names=0, is_tail=True)


def _files(readout: Readout) -> Table:
    word = readout.wording.word
    columns = tuple(
        Column(key=key, head=word(key), width=width, is_right=key.startswith(("rows", "left")), folds=True, tone=tone)
        for key, width, tone in _FILES
    )
    rows: list[tuple[Cell, ...]] = []
    for source in readout.report.sources:
        aside = sum(rows for reason, rows in source.rows_refused.items() if reason in source.by_design)
        refused = sum(source.rows_refused.values()) - aside
        notes = "\n".join((*map(readout.wording.render, source.notes), f"{word('fingerprint')} {source.sha256}"))
        counts = (source.rows_read, source.rows_used, refused, aside)
        rows.append((source.path, source.mapping, readout.wording.render(called(source.table)), *counts, notes))
    return Table(key="files", title=word("files_title"), columns=columns, rows=tuple(rows))


def reasons(readout: Readout) -> Iterator[Table]:
    """Why rows were refused, and apart from them why rows were left out that are no cases."""
    word = readout.wording.word
    refused: Counter[Text] = Counter()
    aside: Counter[Text] = Counter()
    for source in readout.report.sources:
        for reason, count in source.rows_refused.items():
            (aside if reason in source.by_design else refused)[reason] += count
    columns = (
        Column(key="reason", head=word("reason"), width=_FILES[0][1], folds=True),
        Column(key="count", head=word("count"), width=_FILES[1][1], is_right=True),
    )
    for title, counts in (("reasons_title", refused), ("left_out_title", aside)):
        if counts:
            rows = tuple((readout.wording.render(reason), count) for reason, count in counts.most_common())
            yield Table(key=title, title=word(title), columns=columns, rows=rows)


def _findings(readout: Readout) -> Iterator[Notes]:
    word, label = readout.wording.word, readout.wording.label
    lines = []
    for finding in sorted(readout.report.findings, key=lambda finding: not finding.is_serious):
        severity, tone = ("serious", Tone.BAD) if finding.is_serious else ("minor", Tone.QUIET)
        named = [label(one.kpi.name) for one in readout.report.totals if finding.kpis and finding.concerns(one.kpi)]
        names = list(dict.fromkeys(named))
        more = [readout.wording.word("and_more", count=len(names) - MOST_NAMED)] if len(names) > MOST_NAMED else []
        concerns = f" ({', '.join([*names[:MOST_NAMED], *more])})" if names else ""
        lines.append(Line(f"{readout.wording.render(finding.message)}{concerns}", tone, word(severity)))
    if lines:
        yield Notes(key="findings", title=word("findings"), lines=tuple(lines))
