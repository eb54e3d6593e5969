"""The definitions sheet: what each number means, so that nobody has to ask what was counted."""

from kpi_cli.documents import defined
from kpi_cli.documents.phrases import kpis
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.wording import Wording
from kpi_cli.workbook.looks import QUIET, STRONG, TEXT
from kpi_cli.workbook.sheets import Book, Head
from kpi_core.model.kpi import Better, Kpi

_HEADS = (
    ("kpi", 30),
    ("definition", 24),
    ("description", 36),
    ("formula", 36),
    ("left_out", 28),
    ("dated_by", 22),
    ("unit", 14),
    ("better_is", 12),
    ("matures_after", 14),
    ("reference", 24),
)


def write(book: Book, readout: Readout) -> None:
    """A row a KPI, those the files cannot feed included."""
    wording = readout.wording
    page = book.page(wording.word("sheet_definitions"))
    page.title(wording.word("sheet_definitions"), readout.report.title)
    head = page.head([Head(text=wording.word(key), width=width) for key, width in _HEADS])
    for kpi in kpis(readout.report):
        page.fill(_row(kpi, wording), [STRONG, QUIET, *[TEXT] * (len(_HEADS) - 3), QUIET])
    page.freeze(head, columns=1)
    page.print_setup(readout.report.title)


def _row(kpi: Kpi, wording: Wording) -> list[str]:
    return [
        wording.label(kpi.name),
        kpi.definition,
        defined.description(kpi, wording),
        defined.formula(kpi, wording),
        defined.left_out(kpi, wording),
        f"{kpi.table}.{kpi.dated_by}",
        wording.word(f"unit_{kpi.unit.value}"),
        wording.word("neither" if kpi.better is Better.NEITHER else kpi.better.value),
        wording.duration(kpi.matures_after.total_seconds()) if kpi.matures_after else "",
        defined.reference(kpi, wording),
    ]
