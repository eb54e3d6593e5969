"""What the names of a user's own workbook stand for: the report's period, and for each KPI its value and what else is known."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import Status, Toned
from kpi_cli.documents.phrases import local
from kpi_cli.documents.sheets.names import called, legal
from kpi_core.kpis import BY_NAME
from kpi_core.model.kpi import Unit
from kpi_core.model.report import KpiResult

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument

Content: TypeAlias = str | float | int | Sequence[str | float | None] | None
"""What a cell is to hold, nothing for None; of several values a range has the last."""
DAY = 86_400
ENDINGS = (
    "",
    "_low",
    "_high",
    "_n",
    "_baseline",
    "_change",
    "_verdict",
    "_target",
    "_target_status",
    "_label",
    "_trend",
)
"""What stands behind a KPI's name: nothing for its value."""


def filling(document: "ReportDocument") -> dict[str, Content]:
    """By name what a cell is to hold; of KPIs that the report does not have, nothing, so that no older number stays.

    Shares are 0..1, times days, NPS is points, and a change is in the unit of its value. A trend has a value a period.
    """
    report, wording = document.report, document.wording
    query = report.query
    found: dict[str, Content] = {legal(f"{name}{ending}"): None for name in BY_NAME for ending in ENDINGS}
    found |= {
        "title": report.title, "period": wording.period(query.period),
        "baseline": None if query.baseline is None else wording.period(query.baseline),
        "trend_periods": [wording.period(period, short=True) for period in query.trend],
        "made_at": wording.instant(local(report.generated_at, query)),
    }  # fmt: skip
    for one in report.totals:
        found |= {
            f"{called(one.kpi)}{ending}": value for ending, value in zip(ENDINGS, _of(one, document), strict=True)
        }
    return found


def _of(one: KpiResult, document: "ReportDocument") -> Iterator[Content]:
    """What each of the endings stands for, in their order; of a hidden figure its target and its name alone."""
    kpi, estimate, target = one.kpi, one.estimate, one.target
    if one.suppressed:
        yield from (None,) * 7
    else:
        yield from (_in_unit(value, kpi.unit) for value in (estimate.value, *estimate.ends))
        yield estimate.n
        yield _in_unit(one.baseline.value if one.baseline else None, kpi.unit)
        yield _in_unit(one.change.value if one.change else None, kpi.unit)
        yield _verdict_text(amounts.verdict(one, document.report, document.wording))
    yield _in_unit(target.value if target else None, kpi.unit)
    yield document.wording.word(target.status.value) if target and not one.suppressed and one.immature is None else None
    yield document.wording.heading(kpi)
    yield [] if one.suppressed else [_in_unit(each.value, kpi.unit) for each in one.trend]


def _in_unit(value: float | None, unit: Unit) -> float | None:
    """The value as a cell holds it."""
    if value is None:
        return None
    return value / DAY if unit is Unit.SECONDS else unit.outside(value)


def _verdict_text(verdict: object) -> str | None:
    match verdict:
        case Status():
            return f"{verdict.sign} {verdict.word}".strip()
        case Toned():
            return verdict.text
    return None
