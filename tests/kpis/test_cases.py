"""Golden cases of the catalogue: rows as a help desk exports them go in, the figure worked out by hand comes out.

The cases stand in the YAML files next to this one. Each goes through a real file, so that reading, facts, engine and
report are tested in one line; and the rows behind it add up to it.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import pytest
from kpis.rows_behind import compare
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kpi_cli.options import amounts, arguments
from kpi_cli.options.question import Question
from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.config import yaml
from kpi_core.errors import ConfigError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.model.kpi import Unit
from kpi_core.model.report import KpiResult, Report
from kpi_core.model.tables import TABLES

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
KEYS = {
    name: TABLES[name].key
    for name in ("tickets", "answers", "messages", "customers", "orders", "reviews", "leads", "costs")
}
NOBODY = "(none)"
"""The group of rows without one, as a case writes it."""

Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class Case(BaseModel):
    """One case.

    Attributes:
        kpi: its name in the catalogue.
        shows: what it shows, a sentence.
        tickets, answers, customers, …: a table, columns divided by `|`. Keys are numbered where the table has none; a column
            `rows` says how many such rows there are. Where tickets, answers and messages are all there is, the formats of
            several files are recognised, else mappings are named.
        expect: the figure: `70 %`, `2 of 3`, `+30 points`, `1h30m`, `12`, `none`, `hidden` (too few rows), `unavailable`.
            `≈` before it: rounded to the digits written.
        currency: of the figure; `currencies` is the figure in each, where there are several.
        groups: the same by group, where `by` is asked.
        excluded: rows left out, all reasons together.
        pending: rows of a service level that are open and not judged yet.
        naive: the figure of the finished cases alone; `unfinished` says how many are not, `late` how many were opened before.
        beyond: what a figure that is not reached is more than.
        final: the newest final period next to a value that is not, and its figure.
        targets: by KPI, as `--target` has them.
        notes: pieces of text to be found in the result's notes, the report's findings or what the KPI needs.
        silent: pieces of text not to be found there.
        where: the condition, as `--where` has it. calendar: opening hours, as `--calendar` names them.
        zone: of the file's times; `tz` that of the report.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kpi: str
    shows: str
    tickets: str | None = None
    answers: str | None = None
    messages: str | None = None
    customers: str | None = None
    orders: str | None = None
    reviews: str | None = None
    leads: str | None = None
    costs: str | None = None
    period: str = "all"
    as_of: datetime | None = None
    where: str | None = None
    zone: str | None = None
    tz: str | None = None
    by: Texts = ()
    sla: Texts = ()
    calendar: str | None = None
    targets: dict[str, str] = {}
    scale: Texts = ()
    direction: Texts = ()
    min_n: int | None = None
    nki_weights: str | None = None
    expect: str = Field(default="")
    currency: str | None = None
    currencies: dict[str, str] = {}
    n: int | None = None
    low: str | None = None
    high: str | None = None
    excluded: int | None = None
    pending: int | None = None
    naive: str | None = None
    unfinished: int | None = None
    late: int | None = None
    beyond: str | None = None
    final: dict[str, str] | None = None
    groups: dict[str, str] = {}
    notes: Texts = ()
    silent: Texts = ()


def load(path: Path) -> list[Case]:
    document = yaml.load(path, ConfigError)
    return [Case.model_validate(entry) for entry in document.data]


CASES = [pytest.param(case, id=f"{path.stem}-{case.kpi}: {case.shows}") for path in FILES for case in load(path)]


def figure(text: str, unit: Unit) -> tuple[float | None, float]:
    """A figure as written, in the program's inside units, and how far off it may be."""
    if text == "none":
        return None, 0.0
    exact = text.removeprefix("≈").strip().replace("−", "-")
    if parts := re.fullmatch(r"(\d+) of (\d+)", exact):
        return int(parts[1]) / int(parts[2]), 1e-9
    if unit is Unit.SECONDS:
        return float(amounts.duration(exact)), 30.0 if text.startswith("≈") else 1e-6
    if unit is Unit.MONEY:
        exact = exact.replace(" ", "")
    number = re.fullmatch(r"([+-]?\d+(?:\.(\d+))?)( %| points?| days?)?", exact)
    if number is None:
        raise ValueError(f"`{text}` is no figure")
    scale = 100 if unit in {Unit.SHARE, Unit.POINTS} else 1
    rounding = 0.5 * 10.0 ** -len(number[2] or "") if text.startswith("≈") else 1e-9
    return float(number[1]) / scale, rounding / scale


def write(path: Path, table: str, rows: str) -> None:
    """The case's table as the CSV a help desk would export."""
    header, *lines = ([cell.strip() for cell in line.split("|")] for line in rows.strip().splitlines())
    for line in lines:
        assert len(line) == len(header), f"{line} does not fit under {header}"
    named = [dict(zip(header, line, strict=True)) for line in lines]
    repeated = [row for row in named for _ in range(int(row.pop("rows", "1")))]
    fields = [name for name in header if name != "rows"]
    if KEYS[table] not in fields:
        fields = [KEYS[table], *fields]
        repeated = [{KEYS[table]: str(number), **row} for number, row in enumerate(repeated, start=1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(repeated)


def asked(case: Case) -> Request:
    """What a case asks of its rows."""
    question = Question(
        period=case.period, kpi=[case.kpi], by=case.by, sla=[arguments.promise(text) for text in case.sla], compare="none",
        as_of=case.as_of, tz=case.tz, min_n=case.min_n, where=case.where, calendar=case.calendar,
        target=[arguments.Target(kpi=kpi, value=value) for kpi, value in case.targets.items()],
        nki_weights=None if case.nki_weights is None else amounts.weights(case.nki_weights),
    )  # fmt: skip
    return question.request()


def dataset_of(case: Case, folder: Path, mappings: dict[str, Path], request: Request) -> Dataset:
    tables = {name: rows for name in KEYS if (rows := getattr(case, name)) is not None}
    paths = {name: folder / f"{name}.csv" for name in tables}
    for name, path in paths.items():
        write(path, name, tables[name])
    if len(tables) > 1 and set(tables) <= {"tickets", "answers", "messages"}:
        return read(case, [str(path) for path in paths.values()], None, request)
    datasets = [read(case, [str(path)], mappings[name], request) for name, path in paths.items()]
    return replace(
        datasets[0],
        tables={name: frame for dataset in datasets for name, frame in dataset.tables.items()},
        reads=tuple(one for dataset in datasets for one in dataset.reads),
        repeated=pl.concat([dataset.repeated for dataset in datasets]),
    )


def read(case: Case, paths: list[str], mapping: Path | None, request: Request) -> Dataset:
    reading = Reading(
        mapping=None if mapping is None else str(mapping),
        scale=[arguments.scale(text) for text in case.scale],
        direction=[arguments.direction(text) for text in case.direction],
        zone=case.zone,
    )
    return read_exports(paths, reading.choices(), request.texts())


def all_words(report: Report) -> str:
    """Everything written about the figure."""
    notes = [str(note) for result in report.results for note in result.notes]
    needs = [str(word) for missing in report.unavailable for word in missing.needs]
    return "\n".join([*notes, *(finding.text for finding in report.findings), *needs])


def check_figure(result: KpiResult, text: str) -> None:
    if text == "hidden":
        assert result.suppressed
        assert result.estimate.value is None
        return
    value, tolerance = figure(text, result.kpi.unit)
    assert result.estimate.value == (None if value is None else pytest.approx(value, abs=tolerance, rel=0)), "value"


def check_bounds(result: KpiResult, case: Case) -> None:
    estimate = result.estimate
    for side in ("low", "high"):
        if (text := getattr(case, side)) is not None:
            bound, tolerance = figure(text, result.kpi.unit)
            assert getattr(estimate, side) == (None if bound is None else pytest.approx(bound, abs=tolerance, rel=0)), (
                side
            )
    if estimate.value is not None:
        assert estimate.low is None or estimate.low <= estimate.value
        assert estimate.high is None or estimate.high >= estimate.value


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, tmp_path: Path, mappings: dict[str, Path]) -> None:
    request = asked(case)
    dataset = dataset_of(case, tmp_path, mappings, request)
    report = summarise(dataset, request)
    check_report(report, case)
    compare(dataset, request, report)


def check_report(report: Report, case: Case) -> None:
    for piece in case.notes:
        assert piece in all_words(report)
    for piece in case.silent:
        assert piece not in all_words(report)
    if case.expect == "unavailable":
        assert [missing.kpi.name for missing in report.unavailable] == [case.kpi]
        return
    assert not report.unavailable, all_words(report)
    if case.currencies:
        check_figures({str(result.kpi.currency): result for result in report.totals}, case.currencies)
        return
    check_total(report, case)
    if case.groups:
        found = {next(iter(result.group.values())) or NOBODY: result for result in report.grouped(case.by[0])}
        check_figures(found, case.groups)


def check_figures(found: Mapping[str, KpiResult], expected: Mapping[str, str]) -> None:
    assert set(found) == set(expected)
    for name, text in expected.items():
        check_figure(found[name], text)


def check_total(report: Report, case: Case) -> None:
    (total,) = report.totals
    assert case.currency in (None, total.kpi.currency)
    if case.expect:
        check_figure(total, case.expect)
    check_bounds(total, case)
    if case.n is not None:
        assert total.estimate.n == case.n, "n"
    if case.excluded is not None:
        assert sum(total.excluded.values()) == case.excluded, "excluded"
    check_further_parts(total, case)


def check_further_parts(total: KpiResult, case: Case) -> None:
    """What stands next to the figure: the open cases, the finished ones alone, the newest period that is final."""
    parts, unit = total.estimate.parts, total.kpi.unit
    for name in ("pending", "unfinished", "late"):
        if (count := getattr(case, name)) is not None:
            assert getattr(parts, name) == count, name
    for name in ("naive", "beyond"):
        if (text := getattr(case, name)) is not None:
            value, tolerance = figure(text, unit)
            assert getattr(parts, name) == pytest.approx(value, abs=tolerance, rel=0), name
    if case.final is not None:
        assert total.immature is not None
        newest, found = total.immature.newest, total.immature.estimate
        assert newest is not None
        assert found is not None
        assert {newest.name: pytest.approx(found.value)} == {
            name: figure(text, unit)[0] for name, text in case.final.items()
        }
