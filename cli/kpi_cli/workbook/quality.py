"""The data quality sheets: what was read, what was refused and why, and what to know before trusting a number."""

from collections import Counter

from kpi_cli.documents.readout import Readout
from kpi_cli.workbook.looks import BAD, COUNT, QUIET, STRONG, TEXT, Look
from kpi_cli.workbook.sheets import Book, Head, Page

_SERIOUS = Look(color=BAD, is_bold=True, wraps=True)
_WIDTHS = (44, 22, 14, 14, 14, 14, 14, 60)


def write(book: Book, readout: Readout) -> None:
    """Files, refusals by reason, findings, what is unavailable, notes; the refused rows on a sheet of their own."""
    wording = readout.wording
    refused_rows(book, readout)
    page = book.page(wording.word("sheet_quality"))
    page.title(wording.word("sheet_quality"), readout.report.title, [readout.clock_line()])
    page.widths(_WIDTHS)
    top = page.row - 1
    _files(page, readout)
    _reasons(page, readout)
    _findings(page, readout)
    _listed(page, wording.word("unavailable"), list(readout.unavailable()))
    _listed(page, wording.word("notes_title"), [f"[{number}] {note}" for note, number in readout.notes.items()])
    if book.cuts:
        _listed(page, "Excel", [wording.word("text_cut_line", count=book.cuts)])
    page.freeze(top, is_filtered=False)
    page.sheet.print_title_rows = None
    page.print_setup(readout.report.title)


def refused_rows(book: Book, readout: Readout) -> None:
    """The refused rows as they stand in the files, at most those the report holds; no sheet without any."""
    report, wording = readout.report, readout.wording
    if report.refused.is_empty():
        return
    page = book.page(wording.word("refused_title"))
    count = sum(
        rows
        for source in report.sources
        for reason, rows in source.rows_refused.items()
        if reason not in source.by_design
    )
    shown = wording.number(report.refused.height)
    page.title(wording.word("refused_title"), wording.word("more_refused", shown=shown, count=wording.number(count)))
    columns = (("file", 40), ("table", 14), ("row", 10), ("column", 24), ("cell", 44), ("reason", 32))
    heads = [Head(text=wording.word(key), width=width, is_right=key == "row") for key, width in columns]
    head = page.head(heads)
    for row in report.refused.iter_rows():
        page.fill(row, [QUIET, QUIET, COUNT, TEXT, TEXT, STRONG])
    page.freeze(head)
    page.print_setup(report.title)


def _files(page: Page, readout: Readout) -> None:
    word = readout.wording.word
    page.section(word("files_title"))
    keys = ("file", "mapping", "table", "rows_read", "rows_used", "rows_refused", "left_out", "notes")
    page.head(
        [Head(text=word(key), width=0, is_right=key.startswith(("rows", "left"))) for key in keys], sets_widths=False
    )
    for source in readout.report.sources:
        aside = sum(rows for reason, rows in source.rows_refused.items() if reason in source.by_design)
        refused = sum(source.rows_refused.values()) - aside
        notes = "\n".join((*map(readout.wording.said, source.notes), f"{word('fingerprint')} {source.sha256}"))
        counts = (source.rows_read, source.rows_used, refused, aside)
        looks = [STRONG, TEXT, TEXT, COUNT, COUNT, COUNT, COUNT, QUIET]
        page.fill([source.path, source.mapping, source.table, *counts, notes], looks)
    page.row += 1


def _reasons(page: Page, readout: Readout) -> None:
    """Why rows were refused, and apart from them why rows were left out that are no cases."""
    refused: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for source in readout.report.sources:
        for reason, count in source.rows_refused.items():
            (aside if reason in source.by_design else refused)[reason] += count
    for title, counts in (("reasons_title", refused), ("left_out_title", aside)):
        _counts(page, readout, title, counts)


def _counts(page: Page, readout: Readout, title: str, counts: Counter[str]) -> None:
    word = readout.wording.word
    if not counts:
        return
    page.section(word(title))
    heads = (Head(text=word("reason"), width=0), Head(text=word("count"), width=0, is_right=True))
    page.head(heads, sets_widths=False)
    for reason, count in counts.most_common():
        page.fill([reason, count])
    page.row += 1


def _findings(page: Page, readout: Readout) -> None:
    word, label = readout.wording.word, readout.wording.label
    found = sorted(readout.report.findings, key=lambda finding: not finding.is_serious)
    if not found:
        return
    page.section(word("findings"))
    for finding in found:
        severity = word("serious" if finding.is_serious else "minor")
        concerns = f" ({', '.join(map(label, finding.kpis))})" if finding.kpis else ""
        page.put(1, severity, _SERIOUS if finding.is_serious else QUIET)
        _wide(page, 2, f"{readout.wording.said(finding.message)}{concerns}")
    page.row += 1


def _listed(page: Page, title: str, lines: list[str]) -> None:
    if not lines:
        return
    page.section(title)
    for line in lines:
        _wide(page, 1, line)
    page.row += 1


def _wide(page: Page, column: int, text: str) -> None:
    """Text across the sheet, as high as it needs."""
    page.put(column, text, TEXT)
    page.sheet.merge_cells(start_row=page.row, end_row=page.row, start_column=column, end_column=len(_WIDTHS))
    room = sum(_WIDTHS[column - 1 :])
    page.sheet.row_dimensions[page.row].height = 13.0 * (1 + len(text) // int(room)) + 3
    page.row += 1
