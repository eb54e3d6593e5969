"""The trend sheet: periods down, KPIs across, and line charts of the headline ones under the table."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Amount, Cell, Chart, Column, Layer, Mark, Place, Sheet, Table, Tone
from kpi_cli.documents.phrases import headlines
from kpi_cli.documents.readout import Readout
from kpi_core.model.report import KpiResult

_KEY = "trend"


def sheets(readout: Readout) -> Iterator[Sheet]:
    """The table and its charts; no sheet where no KPI has a trend."""
    report, wording = readout.report, readout.wording
    shown = [result for result in report.totals if any(estimate.value is not None for estimate in result.trend)]
    if not shown:
        return
    young = f". {wording.word('not_final_line')}" if any(result.final is not None for result in shown) else ""
    columns = (
        Column(key="period", head=wording.word("period"), width=18, folds=True, tone=Tone.STRONG),
        Column(key="from", head=wording.word("from"), width=12),
        *(Column(key=_column(result), head=wording.heading(result.kpi), width=13.5, is_right=True) for result in shown),
    )
    table = Table(key=_KEY, columns=columns, rows=tuple(_rows(readout, shown)))
    yield Sheet(
        name=wording.word("sheet_trend"), title=wording.word("sheet_trend"), lead=report.title,
        asides=(f"{readout.clock_line()}{young}",), blocks=(table, *_charts(readout, shown)),
        footer=report.title,
    )  # fmt: skip


def _rows(readout: Readout, shown: list[KpiResult]) -> Iterator[tuple[Cell, ...]]:
    longest = {
        result.kpi.name: max((estimate.value for estimate in result.trend if estimate.value is not None), default=0.0)
        for result in shown
    }
    for place, period in enumerate(readout.report.query.trend):
        cells = (Amount(_final(result, place), result.kpi.unit, longest[result.kpi.name]) for result in shown)
        yield readout.wording.period(period, short=True), period.start, *cells


def _column(result: KpiResult) -> str:
    """A KPI's column: the same may be there in several currencies."""
    return f"{result.kpi.name} {result.kpi.currency or ''}".strip()


def _final(result: KpiResult, place: int) -> float | None:
    """A value of the trend; none where it is not final yet."""
    return result.trend[place].value if result.final is None or place < result.final else None


def _charts(readout: Readout, shown: list[KpiResult]) -> Iterator[Chart]:
    periods = readout.report.query.trend
    by_name = {result.kpi.name: result for result in shown}
    for name in headlines(by_name):
        result = by_name[name]
        values = tuple(_final(result, place) for place in range(len(periods)))
        yield Chart(
            key=f"{_KEY}_{name}", title=readout.wording.label(name), unit=result.kpi.unit,
            places=tuple(readout.wording.period(period, short=True) for period in periods),
            layers=(Layer(mark=Mark.LINE, name=readout.wording.label(name), values=values),),
            stand=Place(_KEY, "period", _column(result), 0, len(periods) - 1),
        )  # fmt: skip
