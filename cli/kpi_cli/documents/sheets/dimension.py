"""A sheet for each dimension: a row for each KPI and group, bar charts of the headline KPIs beside the table."""

from collections.abc import Iterator, Mapping, Sequence

from kpi_cli.documents.blocks import Chart, Column, Layer, Mark, Place, Sheet, Table, Tone
from kpi_cli.documents.phrases import group_name, headlines
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.sheets import results
from kpi_core.model.report import KpiResult

MOST_BARS = 30
"""Where a bar chart stops; its title then says how many of how many."""

_CHARTS = 4

Spans = Mapping[str, tuple[int, int]]


def sheets(readout: Readout, dimension: str) -> Iterator[Sheet]:
    """The sheet; none where nothing is split by the dimension."""
    report, wording = readout.report, readout.wording
    order = {name: index for index, name in enumerate(dict.fromkeys(one.kpi.name for one in report.results))}
    found = sorted(report.grouped(dimension), key=lambda result: order[result.kpi.name])
    if not found:
        return
    columns, rows = results.columns(found, readout)
    names = (
        Column(key="kpi", head=wording.word("kpi"), width=38, folds=True, tone=Tone.QUIET),
        Column(key="group", head=wording.name(dimension), width=26, folds=True, tone=Tone.STRONG),
    )
    table = Table(
        key="groups",
        columns=(*names, *columns),
        rows=tuple(
            (wording.heading(result.kpi), group_name(result, wording), *row)
            for result, row in zip(found, rows, strict=True)
        ),
        names=len(names),
    )
    yield Sheet(
        name=wording.name(dimension), title=readout.dimension_title(dimension), lead=f"{report.title}, {readout.period_line()}",
        asides=(readout.clock_line(),), blocks=(table, *_charts(readout, found)),
        footer=report.title,
    )  # fmt: skip


def _charts(readout: Readout, found: Sequence[KpiResult]) -> Iterator[Chart]:
    """A bar a group in the table's order."""
    spans: dict[str, tuple[int, int]] = {}
    for row, result in enumerate(found):
        spans[result.kpi.name] = (spans.get(result.kpi.name, (row, 0))[0], row)
    for name in headlines(spans, _CHARTS):
        first, end = spans[name]
        last = min(end, first + MOST_BARS - 1)
        title = readout.wording.label(name)
        shown = found[first : last + 1]
        values = tuple(None if one.suppressed else one.estimate.value for one in shown)
        yield Chart(
            key=f"groups_{name}", title=f"{title} ({MOST_BARS}/{end - first + 1})" if last < end else title,
            unit=shown[0].kpi.unit, places=tuple(group_name(one, readout.wording) for one in shown),
            layers=(Layer(mark=Mark.BAR, name=title, values=values),), stand=Place("groups", "group", "value", first, last),
        )  # fmt: skip
