"""What a file was taken for, what is wrong with it, and which KPIs it can feed, before any number is trusted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

import polars as pl

from kpi_core.analysis.diagnosis import Diagnosis
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.errors import KpiError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices, FileRead
from kpi_core.ingest.files.inputs import Input, look_for
from kpi_core.kpis import CATALOGUE
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Finding, Source
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Report, Unavailable
from kpi_core.model.tables import TABLES
from kpi_core.quality import column_readings
from kpi_core.quality.day_month.swaps import turned_dates
from kpi_core.quality.defects import Defect, defects
from kpi_core.quality.dst import doubtful_hours
from kpi_core.quality.ids import truncated_ids
from kpi_core.quality.implausible_times import wrong_times
from kpi_core.quality.missing_days import Hole, holes
from kpi_core.quality.overlaps import Overlap, overlaps
from kpi_core.quality.what_if import Examined, examined
from kpi_core.quality.words.languages import mixed_languages
from kpi_core.records import dataclass

COLUMNS = frozenset(name for table in TABLES.values() for name in table.names)
"""What an inspection reads: every column that a mapping may name."""

SHOWN = 5
"""Refused rows shown of each file."""

REPORTED_AS_DEFECTS = frozenset({"resolved-undated", "negative-time", "merged-or-spam"})


@dataclass(frozen=True, kw_only=True)
class Container:
    """What holds the rows. `header_row` counts from 1; encoding and delimiter belong to text, sheets to workbooks."""

    kind: str
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    sheets_read: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class InspectedFile:
    """One file as it was understood. `sources` account for its rows, ratings inside tickets apart.

    `first` and `last` are the days its rows came about, as the file writes them (None: it dates none). `unknown` are unknown words by field, `refused` the first refused rows (see `REFUSED_SCHEMA`).
    """

    path: str
    mapping: str
    label: str
    reason: Text
    container: Container
    zone: str | None
    first: date | None
    last: date | None
    sources: tuple[Source, ...]
    columns: tuple[column_readings.ColumnReading, ...]
    questions: tuple[column_readings.QuestionReading, ...]
    ignored: tuple[str, ...]
    unknown: Mapping[str, Mapping[str, int]]
    refused: pl.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class Inspection:
    """Everything there is to say about files. `able` gives the rows behind each KPI, over all of them.

    `diagnoses` are of the files that are not read.
    """

    files: tuple[InspectedFile, ...]
    overlaps: tuple[Overlap, ...]
    defects: tuple[Defect, ...]
    holes: tuple[Hole, ...]
    findings: tuple[Finding, ...]
    able: tuple[tuple[Kpi, int], ...]
    unable: tuple[Unavailable, ...]
    diagnoses: tuple[Diagnosis, ...] = ()


def inspect(dataset: Dataset, kpis: tuple[Kpi, ...] = CATALOGUE, diagnoses: tuple[Diagnosis, ...] = ()) -> Inspection:
    """What the files were taken for, what is wrong with them and what that costs, and which of the KPIs they can feed."""
    if not dataset.reads:
        return Inspection(
            files=(), overlaps=(), defects=(), holes=(), findings=(), able=(), unable=(), diagnoses=diagnoses
        )
    report = summarise(dataset, Request(kpis=kpis, period="all", compare="none"))
    seen = examined(dataset)
    wrong = tuple(_defects(seen))
    reported = REPORTED_AS_DEFECTS | (
        {"swapped-dates"} if any(one.code == "day-month-turned" for one in wrong) else set()
    )
    return Inspection(
        files=tuple(_file(dataset, read) for read in dataset.reads),
        overlaps=tuple(overlaps(seen)),
        defects=wrong,
        holes=tuple(hole for table in dataset.tables for hole in holes(seen, table)),
        findings=tuple(found for found in report.findings if found.code not in reported),
        able=tuple(_able(report)),
        unable=report.unavailable,
        diagnoses=diagnoses,
    )


def _able(report: Report) -> Iterator[tuple[Kpi, int]]:
    """Each KPI with the rows behind it; of one in several currencies, those of the commonest."""
    for _, results in groupby(report.totals, key=lambda result: result.kpi.name):
        most = max(results, key=lambda result: result.estimate.n)
        yield most.kpi, most.estimate.n


def _defects(seen: Examined) -> Iterator[Defect]:
    yield from defects(seen.dataset, seen.facts)
    for look in (truncated_ids, turned_dates, doubtful_hours, mixed_languages):
        yield from look(seen)
    if "tickets" in seen.facts:
        yield from wrong_times(seen.dataset.tables["tickets"], seen.facts["tickets"])


def _file(dataset: Dataset, read: FileRead) -> InspectedFile:
    own = [read.name, *(f"{read.name}/{sheet}" for sheet in read.raw.parts)]
    refused = dataset.refused.filter(pl.col("file").is_in(own) & (pl.col("table") == read.mapping.table))
    columns = column_readings.columns(read)
    first, last = _days(read, columns)
    return InspectedFile(
        path=read.name,
        mapping=read.mapping.name,
        label=read.mapping.label,
        reason=_reason(read),
        container=_container(read),
        zone=read.zone,
        first=first,
        last=last,
        sources=tuple(one for one in dataset.sources if (one.path, one.mapping) == (read.name, read.mapping.name)),
        columns=columns,
        questions=column_readings.questions(read, dataset.tables.get("answers")),
        ignored=column_readings.ignored(read),
        unknown={name.removeprefix(column_readings.SCORE): words for name, words in read.unknown.items()},
        refused=refused.head(SHOWN),
    )


def _days(read: FileRead, columns: tuple[column_readings.ColumnReading, ...]) -> tuple[date | None, date | None]:
    """The first and the last day on which rows of the file came about, as written."""
    dated = next(iter(TABLES[read.mapping.table].events), "")
    ends = next(((one.lowest, one.highest) for one in columns if one.field == dated), (None, None))
    first, last = (end.date() if isinstance(end, datetime) else None for end in ends)
    return first, last


def _reason(read: FileRead) -> Text:
    """How the format was recognised."""
    rule = read.mapping.recognised_by
    if read.mapping.fallback and not (rule.every or rule.some):
        return Message("recognised-by-common-names")
    return read.match.reason


def _container(read: FileRead) -> Container:
    raw, dialect = read.raw, read.raw.dialect
    above = dialect.skip_lines if dialect else 0
    return Container(
        kind=raw.kind,
        header_row=above + read.match.skip - read.mapping.header_rows + 1,
        encoding=dialect.encoding if dialect else None,
        delimiter=dialect.delimiter if dialect else None,
        sheet=raw.sheet,
        sheets=raw.sheets,
        sheets_read=raw.parts or (() if raw.sheet is None else (raw.sheet,)),
    )


NO_ROW = Message("a-row-that-counts")


@dataclass(frozen=True, kw_only=True)
class Ability:
    """Whether a file can feed a KPI, from `n` rows; else what it `needs`, or the `error` that it cannot be read for."""

    path: str
    can_compute: bool
    n: int = 0
    needs: tuple[Text, ...] = ()
    error: str | None = None


def abilities(
    kpi: Kpi, files: list[str], choices: Choices, on_file: Callable[[str], None] = lambda _: None
) -> tuple[Ability, ...]:
    """An answer a file, those that are set aside first; `on_file` hears the name of each before it is read."""
    meant = look_for(files)
    found = [Ability(path=str(left.where), can_compute=False, error=left.message) for left in meant.set_aside]
    for item in meant.files:
        on_file(item.name)
        try:
            n, needs = _rows_behind(kpi, item, choices)
        except KpiError as error:
            found.append(Ability(path=item.name, can_compute=False, error=error.message))
        else:
            found.append(Ability(path=item.name, can_compute=n > 0, n=n, needs=needs))
    return tuple(found)


def _rows_behind(kpi: Kpi, item: Input, choices: Choices) -> tuple[int, tuple[Text, ...]]:
    """How many rows of a file the KPI rests on, and what it lacks."""
    request = Request(kpis=(kpi,), period="all", compare="none")
    paths, stored = ([str(item.path)], ()) if item.kept is None else ([], (item,))
    dataset = read_exports(paths, replace(choices, stored=stored, engine=None), request.texts())
    report = summarise(dataset, request)
    if report.unavailable:
        return 0, report.unavailable[0].needs or (NO_ROW,)
    n = report.totals[0].estimate.n
    return n, () if n else (NO_ROW,)
