"""Two periods compared: the report's own changes and verdicts, of periods that can be compared."""

from dataclasses import replace
from datetime import date, timedelta

from kpi_core.analysis.report import prepare, summarise
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.report import Report

WEEK = 7
MONTH = 28


def periods(dataset: Dataset, request: Request, *, unfinished: bool = False) -> Report:
    """The report on the KPIs asked for, whose changes are what is compared.

    Args:
        dataset: the files, read.
        request: its KPIs, period, baseline and dimensions count.
        unfinished: whether values that may still change are shown all the same; they are marked, and have no verdict.

    Raises:
        DefinitionError: no value of a KPI asked for is final yet, or there is no baseline.
    """
    report = summarise(dataset, request)
    if report.query.baseline is None:
        raise DefinitionError(
            "there is no period to compare with", where="--period", hint="name a month, a quarter or a span of days"
        )
    young = [one for one in report.totals if one.immature is not None]
    if young and len(young) == len(report.totals) and not unfinished:
        newest = next((one.immature.newest for one in young if one.immature and one.immature.newest), None)
        ripe = min(one.immature.final_at for one in young if one.immature)
        way = f"compare {newest.name}, the newest that is: --period {newest.name}\n" if newest else ""
        raise DefinitionError(
            f"{young[0].kpi.name} of {report.query.period.name} is not final before {ripe:%Y-%m-%d}", where="--period",
            hint=f"{way}or --unfinished shows it as it stands, without a verdict",
        )  # fmt: skip
    return report


def around(dataset: Dataset, request: Request, day: date) -> Request:
    """The request for the time after a day against as long a time before it: as long as the files reach on both sides.

    Both have whole weeks from four on, so that neither has more Mondays.

    Raises:
        DefinitionError: the files have nothing before the day, or nothing from it on.
    """
    covered = prepare(dataset, replace(request, period="all", compare="none", by=())).covered.values()
    first = min((cover.first for cover in covered), default=None)
    last = max((cover.last for cover in covered), default=None)
    if first is None or last is None or not first.date() < day <= last.date():
        reach = f"they reach from {first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else "they hold no date"
        raise DefinitionError(f"the files have no days on both sides of {day}", where="--at", hint=reach)
    days = min((day - first.date()).days, (last.date() - day).days + 1)
    days -= days % WEEK if days >= MONTH else 0
    begun, end = day - timedelta(days=days), day + timedelta(days=days - 1)
    return replace(request, period=f"{day}..{end}", compare=f"{begun}..{day - timedelta(days=1)}")
