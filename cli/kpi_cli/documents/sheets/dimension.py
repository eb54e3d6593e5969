"""A dimension: the headline KPIs by group as a matrix with bars and intervals, then every KPI and group on a sheet of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kpi_cli.documents.blocks import Chart, Column, Layer, Mark, Sheet, Table, Tone
from kpi_cli.documents.phrases import group_name, headlines
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.sheets import results
from kpi_core.model.report import KpiResult

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument

MOST_BARS = 30
"""Where a bar chart stops; its title then says how many of how many."""
MOST_CHARTS = 4


def sheets(document: "ReportDocument", dimension: str) -> Iterator[Sheet]:
    """Both sheets; none where nothing is split by the dimension."""
    readout = document.readout
    report, wording = readout.report, readout.wording
    order = {name: index for index, name in enumerate(dict.fromkeys(one.kpi.name for one in report.results))}
    found = sorted(report.grouped(dimension), key=lambda result: order[result.kpi.name])
    if not found:
        return
    title, lead = readout.dimension_title(dimension), f"{report.title}, {readout.period_line()}"
    matrix = replace(document.matrix(dimension), title="")
    yield Sheet(
        name=wording.name(dimension), title=title, lead=lead, asides=(readout.clock_line(),),
        blocks=(replace(matrix, columns=tuple(map(_spread, matrix.columns))), *_charts(readout, dimension, found)),
        footer=report.title, is_charted=True,
    )  # fmt: skip
    every = wording.word("all_kpis")
    yield Sheet(
        name=f"{wording.name(dimension)}, {every}", title=f"{title}, {every}", lead=lead,
        blocks=(_whole(readout, dimension, found),), footer=report.title, paper=1,
    )  # fmt: skip


def _spread(column: Column) -> Column:
    """A column of the matrix as wide as a sheet has it."""
    is_name = column.key == "group"
    return replace(column, width=26 if is_name else 15, tone=Tone.STRONG if is_name else column.tone)


def _whole(readout: Readout, dimension: str, found: Sequence[KpiResult]) -> Table:
    """A row a KPI and group, to filter."""
    wording = readout.wording
    columns, rows = results.columns(found, readout)
    names = (
        Column(key="kpi", head=wording.word("kpi"), width=42, tone=Tone.QUIET),
        Column(key="group", head=wording.name(dimension), width=26, tone=Tone.STRONG),
    )
    return Table(
        key="groups", columns=(*names, *columns), names=len(names),
        rows=tuple(
            (wording.heading(result.kpi), group_name(result, wording), *row)
            for result, row in zip(found, rows, strict=True)
        ),
    )  # fmt: skip


def _charts(readout: Readout, dimension: str, found: Sequence[KpiResult]) -> Iterator[Chart]:
    """A bar a group with its interval, the largest first."""
    wording = readout.wording
    for name in headlines({one.kpi.name: one for one in found}, MOST_CHARTS):
        of_kpi = [
            one for one in found if one.kpi.name == name and not one.suppressed and one.estimate.value is not None
        ]
        shown = sorted(of_kpi, key=lambda one: -one.estimate.n)[:MOST_BARS]
        if not shown:
            continue
        title = wording.label(name)
        yield Chart(
            key=f"groups_{name}", title=f"{title} ({len(shown)}/{len(of_kpi)})" if len(of_kpi) > len(shown) else title,
            unit=shown[0].kpi.unit, places=tuple(group_name(one, wording) for one in shown), axis=wording.name(dimension),
            layers=(Layer(
                mark=Mark.SPAN, name=title, values=tuple(one.estimate.value for one in shown),
                low=tuple(one.estimate.low for one in shown), high=tuple(one.estimate.high for one in shown),
            ),),
        )  # fmt: skip
