"""A group that joined within the two periods: its own months are not compared, but it can be held against the others of the period."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from kpi_core.analysis.compare.segments import Side, versus
from kpi_core.analysis.report import prepare, report_on
from kpi_core.analysis.request import Request
from kpi_core.engine.cells import Cell
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.quality.coverage.covered_days import of_tables
from kpi_core.quality.coverage.joined_groups import CODE, JOINED
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """The group, what was said of it, and by KPI its value with that of the others as the baseline: those that are called, the worse before the better."""

    group: str
    found: Finding
    results: tuple[KpiResult, ...]


def newcomer(dataset: Dataset, request: Request, report: Report, headlines: Sequence[Kpi]) -> Newcomer | None:
    """The largest group that joined, of a dimension that the report is split by, beside all the others of the period.

    The headline KPIs with a good and a bad side are one family of questions. None where no group joined, or nothing of it is called.
    """
    found = [
        one
        for one in report.findings
        if one.code == CODE and one.message.key in JOINED and (one.by or one.apart) in request.by
    ]
    kpis = tuple(one for one in headlines if one.better is not Better.NEITHER)
    if not found or not kpis:
        return None
    first = max(found, key=lambda one: float(one.message.values["share"]))  # type: ignore[arg-type]
    dimension, results = first.by or first.apart, report.grouped(first.by or first.apart)
    if any(one.suppressed for one in results if one.group[dimension] == first.group) or not isinstance(
        _named(first), str
    ):
        return None
    with suppress(DefinitionError):
        asked = replace(request, kpis=kpis, by=(), compare="none", targets={})
        own, others = (
            _side(dataset, asked, f"{dimension} {way} '{_quoted(first.group)}'", first.group) for way in ("=", "!=")
        )
        called = [one for one in versus(own, others, request.confidence).results if one.verdict in (Verdict.WORSE, Verdict.BETTER)]  # fmt: skip
        called.sort(key=lambda one: one.verdict is not Verdict.WORSE)
        return Newcomer(group=first.group, found=first, results=tuple(called)) if called else None
    return None


def _named(found: Finding) -> object:
    """What the finding calls its group: a message where it is one person's."""
    return found.message.values.get("group", found.message.values.get("channel"))


def _quoted(name: str) -> str:
    return name.replace("'", "''")


def _side(dataset: Dataset, request: Request, condition: str, name: str) -> Side:
    where = condition if request.where is None else f"({request.where}) and {condition}"
    prepared = prepare(dataset, replace(request, where=where))
    report = report_on(prepared)
    own = replace(
        prepared, covered=of_tables(prepared.tables, prepared.engine.clock)
    )  # how its days go together is told by those that it has
    return Side(prepared=own, report=report, name=name, cell=Cell(period=report.query.period))
