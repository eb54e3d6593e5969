"""Service KPIs from exported files: reading, definitions, the engine and the analysis. Knows no terminal.

What programs and notebooks call stands here; nothing heavy is imported before it is called.

    import kpi_core

    report = kpi_core.report(["tickets.csv", "survey.csv"], period="2026-09", by=["group"])
    {result.kpi.name: result.estimate.value for result in report.totals}
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi_core.analysis.inspection import Inspection
    from kpi_core.calendars import Calendar
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.ingest.file_read import Choices
    from kpi_core.model.report import Report

__all__ = ("inspect", "read", "report")

Files = Iterable[str | Path]
"""Exports: paths, folders, globs or zip archives."""


def read(
    files: Files = (),
    *,
    store: str | Path | None = None,
    version: int | str | None = None,
    keep: Iterable[str] = (),
    mapping: str | Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    source: str | None = None,
) -> "Dataset":
    """Reads exports into canonical tables, for several reports or a look at the rows.

    Args:
        files: the exports; rows with the same key are one row.
        store: the folder of a store whose exports are read before the files.
        version: the store as it was in this version, by number or name; the newest where none is given.
        keep: headers of the files that later reports split by or put into conditions, in addition to every column of the tables.
        mapping: the format by name or as a YAML file, where the headers shall not decide.
        columns: the header that a field is read from, by field.
        zone: the time zone the exports were written in, where they name none.
        source: the account the rows are of.

    Raises:
        KpiError: a file cannot be read, or says nothing that is understood; there is no such store or version.
    """
    from dataclasses import replace

    from kpi_core.analysis.inspection import COLUMNS
    from kpi_core.ingest.dataset import read_exports

    choices = _choices(mapping, columns, zone, source)
    if store is not None:
        from kpi_core.store.reading import inputs

        choices = replace(choices, stored=inputs(Path(store), None if version is None else str(version)))
    return read_exports([str(file) for file in files], choices, COLUMNS | {*keep})


def report(
    data: "Dataset | Files",
    *,
    kpis: Sequence[str] = (),
    period: str | None = None,
    by: Sequence[str] = (),
    where: str | None = None,
    compare: str = "previous",
    as_of: date | None = None,
    tz: str | None = None,
    calendar: "str | Calendar | None" = None,
    targets: Mapping[str, float] | None = None,
    confidence: float = 0.95,
    min_n: int | None = None,
    answers: str = "all",
    mapping: str | Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    source: str | None = None,
) -> "Report":
    """The KPIs of a period, each with its uncertainty and its change: what `kundpuls report` shows.

    Values are shares 0..1, NPS −1..1, durations in seconds, None where there is none.

    Args:
        data: what `read` gave, which the options about reading no longer touch; or the exports.
        kpis: names, in which `*` and `?` stand for any letters; those that a report shows unasked where there are none.
        period: as `--period`; the newest complete month of the data where None.
        by: dimensions to split by.
        where: an SQL condition that rows must meet.
        compare: `previous`, `previous:3`, `year-ago`, `none` or a period.
        as_of: the day or instant as of which things are known; the newest event of the data where None.
        tz: the zone in which days and months are cut.
        calendar: opening hours, by name, as a YAML file, or as they are.
        targets: by KPI what it should reach, in the value's own unit.

    Raises:
        KpiError: a file cannot be read, or a KPI, period, condition or calendar means nothing.
    """
    from kpi_core.analysis.report import summarise
    from kpi_core.analysis.request import Request
    from kpi_core.calendars import find_calendar
    from kpi_core.facts import Rules
    from kpi_core.ingest.dataset import Dataset, read_exports
    from kpi_core.kpis import CATALOGUE, select
    from kpi_core.model.goal import Goal

    hours = find_calendar(calendar) if isinstance(calendar, str) else calendar
    chosen = select(kpis) if kpis else tuple(kpi for kpi in CATALOGUE if kpi.is_default)
    select(list(targets or ()))
    request = Request(
        kpis=chosen, period=period, by=tuple(by), where=where, compare=compare, as_of=as_of, time_zone=tz, confidence=confidence,
        min_n=min_n, answers=answers, rules=Rules(calendar=hours),
        targets={name: (Goal(value=value),) for name, value in (targets or {}).items()},
    )  # fmt: skip
    if not isinstance(data, Dataset):
        data = read_exports([str(file) for file in data], _choices(mapping, columns, zone, source), request.texts())
    return summarise(data, request)


def inspect(data: "Dataset | Files") -> "Inspection":
    """What was recognised in exports, what is wrong with them, and what that costs: what `kundpuls inspect` shows.

    Raises:
        KpiError: a file cannot be read, or says nothing that is understood.
    """
    from kpi_core.analysis.inspection import inspect
    from kpi_core.ingest.dataset import Dataset

    return inspect(data if isinstance(data, Dataset) else read(data))


def _choices(
    mapping: str | Sequence[str] | None, columns: Mapping[str, str] | None, zone: str | None, source: str | None
) -> "Choices":
    from kpi_core.ingest.fields.sample_cells import ReadingChoices
    from kpi_core.ingest.file_read import Choices

    return Choices(cells=ReadingChoices(zone=zone), mapping=mapping, source=source, columns=columns or {})
