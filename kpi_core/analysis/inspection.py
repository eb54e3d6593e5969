"""What a file was taken for and what is wrong with it, before any number is trusted."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from kpi_core.analysis import readings
from kpi_core.analysis.coverage import newest_event
from kpi_core.analysis.defects import Defect, defects
from kpi_core.analysis.request import Request
from kpi_core.analysis.summary import summarise
from kpi_core.analysis.times import wrong_times
from kpi_core.engine.cells import Clock
from kpi_core.facts import Facts, Rules, derive_answers, derive_tickets
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.export import FileRead
from kpi_core.kpi import Kpi
from kpi_core.kpis import CATALOGUE
from kpi_core.report import Finding, Source, Unavailable
from kpi_core.tables import TABLES

COLUMNS = frozenset(name for table in TABLES.values() for name in table.names)
"""What an inspection reads: every column that a mapping may name."""

DATES = {"tickets": "created_at", "answers": "answered_at"}
"""The instant that says when a row of a table came about."""

STEADY = 0.8
"""A weekday is expected to have rows when it has some in four weeks of five."""

BY_CHANCE = 0.05
"""How likely a stretch of empty days may be in a file of that length and still be called a hole."""

FRIDAY = 4

SHOWN = 5
"""Refused rows shown of each file."""

TOLD_AS_DEFECTS = frozenset({"resolved-undated", "negative-time"})


@dataclass(frozen=True, kw_only=True)
class Container:
    """What holds the rows. `header_row` counts from 1; encoding and delimiter belong to text, sheets to workbooks."""

    kind: str
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class InspectedFile:
    """One file as it was understood. `sources` account for its rows, ratings inside tickets apart.

    `unknown` are words nobody knows by field, `refused` the first refused rows (see `REFUSED_SCHEMA`).
    """

    path: str
    mapping: str
    label: str
    reason: str
    container: Container
    zone: str | None
    sources: tuple[Source, ...]
    columns: tuple[readings.ColumnReading, ...]
    questions: tuple[readings.QuestionReading, ...]
    ignored: tuple[str, ...]
    unknown: Mapping[str, Mapping[str, int]]
    refused: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class Hole:
    """Days in a row that should have had rows of a table and have none; `last` included."""

    table: str
    first: date
    last: date
    days: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Inspection:
    """Everything there is to say about files. `able` gives the rows behind each KPI, over all of them."""

    files: tuple[InspectedFile, ...]
    defects: tuple[Defect, ...]
    holes: tuple[Hole, ...]
    findings: tuple[Finding, ...]
    able: tuple[tuple[Kpi, int], ...]
    unable: tuple[Unavailable, ...]


def inspect(dataset: Dataset) -> Inspection:
    """What the files were taken for, what is wrong with them and what that costs."""
    report = summarise(dataset, Request(kpis=CATALOGUE, period="all", compare="none"))
    as_of, _ = newest_event(dataset.tables)
    return Inspection(
        files=tuple(_file(dataset, read) for read in dataset.reads),
        defects=tuple(_defects(dataset, _facts(dataset, Rules(as_of=as_of)))),
        holes=tuple(hole for table in dataset.tables for hole in _holes(dataset, table)),
        findings=tuple(found for found in report.findings if found.code not in TOLD_AS_DEFECTS),
        able=tuple((result.kpi, result.estimate.n) for result in report.totals),
        unable=report.unavailable,
    )


def _defects(dataset: Dataset, facts: Mapping[str, Facts]) -> Iterator[Defect]:
    yield from defects(dataset, facts)
    if "tickets" in facts:
        yield from wrong_times(dataset.tables["tickets"], facts["tickets"])


def _facts(dataset: Dataset, rules: Rules) -> dict[str, Facts]:
    tickets, answers = dataset.tables.get("tickets"), dataset.tables.get("answers")
    found = {} if tickets is None else {"tickets": derive_tickets(tickets, rules, answers)}
    return found if answers is None else {**found, "answers": derive_answers(answers)}


def _file(dataset: Dataset, read: FileRead) -> InspectedFile:
    refused = dataset.refused.filter(pl.col("file") == read.name)
    return InspectedFile(
        path=read.name,
        mapping=read.mapping.name,
        label=read.mapping.label,
        reason=_reason(read),
        container=_container(read),
        zone=read.zone,
        sources=tuple(source for source in dataset.sources if source.path == read.name),
        columns=readings.columns(read),
        questions=readings.questions(read, dataset.tables.get("answers")),
        ignored=readings.ignored(read),
        unknown={name.removeprefix(readings.SCORE): words for name, words in read.unknown.items()},
        refused=refused.head(SHOWN),
    )


def _reason(read: FileRead) -> str:
    """What told the format."""
    rule = read.mapping.recognised_by
    if read.mapping.fallback and not (rule.every or rule.some):
        return "no help desk's own headers; columns found by their common names"
    return read.match.reason.replace("|", "` or `")


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
    )


def _holes(dataset: Dataset, table: str) -> Iterator[Hole]:
    """Weekdays without a row between the first and the last, where chance alone would hardly leave them empty."""
    frame, dated = dataset.tables[table], DATES[table]
    if dated not in frame.columns:
        return
    found = (
        frame.select(Clock(zone=dataset.zone, as_of=None).day(dated).alias("day"))
        .drop_nulls()
        .group_by("day")
        .len("rows")
    )
    first, last = found["day"].min(), found["day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)}).join(found, on="day", how="left")
    rows = pl.col("rows").fill_null(0)
    usual = days.sort("day").with_columns(weekday=pl.col("day").dt.weekday()).with_columns(
        usual=rows.median().over("weekday"), steady=(rows > 0).mean().over("weekday") >= STEADY
    )  # fmt: skip
    empty = usual.filter(pl.col("steady") & (rows == 0)).select("day", "usual")
    for run in _runs(list(empty.iter_rows())):
        # Poisson: the chance of no rows where so many are usual, at any of the places the stretch could begin.
        if days.height * math.exp(-sum(rows for _, rows in run)) < BY_CHANCE:
            yield Hole(table=table, first=run[0][0], last=run[-1][0], days=len(run))


def _runs(days: list[tuple[date, float]]) -> Iterator[list[tuple[date, float]]]:
    """Days gathered into stretches; a weekend between two of them does not part them."""
    run: list[tuple[date, float]] = []
    for day in days:
        if run and day[0] - run[-1][0] > timedelta(days=3 if run[-1][0].weekday() == FRIDAY else 1):
            yield run
            run = []
        run.append(day)
    if run:
        yield run
