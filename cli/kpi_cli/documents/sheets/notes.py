"""The notes that figures carry numbers of, and what the files lack."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Column, Line, Notes, Sheet, Table, Tone
from kpi_cli.documents.readout import Readout


def sheets(readout: Readout) -> Iterator[Sheet]:
    """A row a note, then the KPIs that the files cannot feed; no sheet where there are neither."""
    word, report = readout.wording.word, readout.report
    lacking = tuple(map(Line, readout.unavailable()))
    if not readout.notes and not lacking:
        return
    columns = (
        Column(key="number", head=word("notes_number"), width=9, tone=Tone.QUIET),
        Column(key="note", head=word("notes"), width=150, folds=True),
    )
    table = Table(key="notes", columns=columns, rows=tuple((number, note) for note, number in readout.notes.items()))
    more = (Notes(key="unavailable", title=word("unavailable"), lines=lacking),) if lacking else ()
    title = word("notes_title")
    yield Sheet(name=title, title=title, lead=report.title, blocks=(table, *more), footer=report.title, paper=1)
