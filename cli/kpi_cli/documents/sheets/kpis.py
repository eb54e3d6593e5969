"""Every KPI of the period, a row each."""

from collections.abc import Iterator, Sequence

from kpi_cli.documents.blocks import Column, Named, Sheet, Table, Tone
from kpi_cli.documents.phrases import local
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.sheets import results
from kpi_cli.documents.sheets.names import called
from kpi_core.model.report import KpiResult

ENDINGS = {key: f"_{key}" for key in ("low", "high", "n", "baseline", "change", "verdict", "target")} | {"value": ""}
"""What the cells of a KPI are called behind its name: `csat`, `csat_change`."""


def sheet(readout: Readout) -> Sheet:
    """What stands above, then a row a KPI in the catalogue's order."""
    report, wording = readout.report, readout.wording
    made = wording.word("generated_line", instant=wording.instant(local(report.generated_at, report.query)))
    sources = f"{readout.rows_line()}. " if report.sources else ""
    promised = ", ".join(line for line in (readout.clock_line(), made, readout.promise_line()) if line)
    columns, rows = results.columns(report.totals, readout)
    names = (
        Column(key="subject", head=wording.word("subject"), width=17, tone=Tone.QUIET),
        Column(key="kpi", head=wording.word("kpi"), width=42, tone=Tone.STRONG),
    )
    table = Table(
        key="kpis",
        columns=(*names, *columns),
        rows=tuple(
            (wording.name(result.kpi.subject), wording.heading(result.kpi), *row)
            for result, row in zip(report.totals, rows, strict=True)
        ),
        names=len(names),
        named=tuple(_named(report.totals, [column.key for column in columns])),
    )
    title = wording.word("sheet_kpis")
    return Sheet(
        name=title, title=f"{title}, {readout.period_line()}", lead=report.title,
        asides=(*filter(None, [readout.warning()]), f"{sources}{promised}", readout.family()), blocks=(table,),
        footer=report.title,
    )  # fmt: skip


def _named(found: Sequence[KpiResult], columns: Sequence[str]) -> Iterator[Named]:
    """The names of the cells that a reader may refer to, the value's first: none takes the place of another KPI's."""
    for key in ("value", *(column for column in columns if column in ENDINGS and column != "value")):
        for row, result in enumerate(found):
            if not result.suppressed:
                yield Named(f"{called(result.kpi)}{ENDINGS[key]}", row, key)
