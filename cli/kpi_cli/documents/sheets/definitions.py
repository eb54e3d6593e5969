"""The definitions sheet: what each number means, so that nobody has to ask what was counted."""

from kpi_cli.documents import defined
from kpi_cli.documents.blocks import Column, Sheet, Table, Tone
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.wording import Wording
from kpi_core.model.kpi import Better, Kpi

_HEADS = (
    ("kpi", 30),
    ("definition", 24),
    ("description", 44),
    ("formula", 44),
    ("left_out", 28),
    ("dated_by", 22),
    ("unit", 14),
    ("better_is", 12),
    ("matures_after", 14),
    ("reference", 40),
)
_TONES = {"kpi": Tone.STRONG, "definition": Tone.QUIET, "reference": Tone.QUIET}


def sheet(readout: Readout) -> Sheet:
    """A row a KPI of the report."""
    wording = readout.wording
    columns = tuple(
        Column(key=key, head=wording.word(key), width=width, folds=True, tone=_TONES.get(key, Tone.PLAIN))
        for key, width in _HEADS
    )
    table = Table(
        key="definitions",
        columns=columns,
        rows=tuple(_row(kpi, wording) for kpi in dict.fromkeys(one.kpi for one in readout.report.totals)),
    )
    title = wording.word("sheet_definitions")
    named = readout.report.title
    return Sheet(name=title, title=title, lead=named, blocks=(table,), footer=named)


def _row(kpi: Kpi, wording: Wording) -> tuple[str, ...]:
    return (
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
    )
