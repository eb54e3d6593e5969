"""The trend sheet: KPIs down, periods across, and charts of the headline ones with their limits and targets under the table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpi_cli.documents.blocks import Amount, Cell, Chart, Column, Layer, Mark, Rule, Sheet, Table, Tone
from kpi_cli.documents.phrases import headlines
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.trends import TrendsDocument
from kpi_core.model.report import KpiResult

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument


def sheets(document: "ReportDocument") -> Iterator[Sheet]:
    """The table and its charts; no sheet where no KPI has a trend."""
    readout = document.readout
    report, wording = readout.report, readout.wording
    shown = [result for result in report.totals if any(estimate.value is not None for estimate in result.trend)]
    if not shown:
        return
    young = f". {wording.word('not_final_line')}" if any(result.final is not None for result in shown) else ""
    known = [
        place for place in range(len(report.query.trend)) if any(_final(result, place) is not None for result in shown)
    ]
    longest = max(len(wording.heading(result.kpi)) for result in shown)
    columns = (
        Column(key="kpi", head=wording.word("kpi"), width=max(42, longest + 1), tone=Tone.STRONG),
        *(
            Column(key=f"{place}", head=wording.period(report.query.trend[place], short=True), width=13, is_right=True)
            for place in known
        ),
    )
    rows = tuple((wording.heading(result.kpi), *_cells(result, known)) for result in shown)
    table = Table(key="trend", columns=columns, rows=rows)
    limits = _limits(document)
    yield Sheet(
        name=wording.word("sheet_trend"), title=wording.word("sheet_trend"), lead=report.title,
        asides=(f"{readout.clock_line()}{young}",), blocks=(table, *limits.values(), *_lines(readout, shown, limits)),
        footer=report.title, is_charted=True,
    )  # fmt: skip


def _cells(result: KpiResult, known: list[int]) -> Iterator[Cell]:
    """The values of one KPI in one unit of time."""
    longest = max((one.value for one in result.trend if one.value is not None), default=0.0)
    return (Amount(_final(result, place), result.kpi.unit, longest) for place in known)


def _final(result: KpiResult, place: int) -> float | None:
    """A value of the trend; none where it is not final yet."""
    return result.trend[place].value if result.final is None or place < result.final else None


def _limits(document: "ReportDocument") -> dict[str, Chart]:
    """By KPI the chart of a headline with its limits, of those that have enough points for them."""
    if document.behind is None or document.behind.trends is None:
        return {}
    found = document.behind.trends
    page = TrendsDocument(found, document.wording, document.events)
    return {one.kpi.name: page.chart(one) for one in found.trends if one.chart is not None}


def _lines(readout: Readout, shown: list[KpiResult], others: dict[str, Chart]) -> Iterator[Chart]:
    """The headlines that have no chart with limits, as plain lines."""
    periods, wording = readout.report.query.trend, readout.wording
    by_name = {result.kpi.name: result for result in shown}
    for name in headlines(by_name):
        if name in others:
            continue
        result = by_name[name]
        values = tuple(_final(result, place) for place in range(len(periods)))
        rules = () if result.target is None else (Rule(wording.word("target").lower(), result.target.value),)
        yield Chart(
            key=f"trend_{name}", title=wording.label(name), unit=result.kpi.unit, axis=wording.word("period"),
            places=tuple(wording.period(period, short=True) for period in periods), rules=rules,
            layers=(Layer(mark=Mark.LINE, name=wording.label(name), values=values),),
        )  # fmt: skip
