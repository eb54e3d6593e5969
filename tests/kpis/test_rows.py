"""The rows behind a figure add up to it: for every KPI of the catalogue on the sample data (`test_cases` does so in every golden case).

The figures are those of a report on all KPIs and the rows are asked for by one: so each KPI alone is what it is among all.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from kpis.rows_behind import compare

from kpi_cli.documents.definitions import requirements
from kpi_cli.options import arguments
from kpi_cli.options.question import Question
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.analysis.rows import drill
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Report

SAMPLES = Path(__file__).parents[2] / "sample_data"
FILES = {
    "freshdesk": ("freshdesk_tickets.csv", "surveymonkey_responses.csv"),
    "zendesk": ("zendesk_tickets.csv", "google_forms_responses.csv"),
    "spreadsheet": ("arenden_2026.csv",),
}
PROMISED = ("first_reply=8h", "resolution=5d")


@cache
def sample(name: str) -> Dataset:
    texts = frozenset({"ticket_id", "agent", "group", "customer_id", "type", "tags", "priority"})
    known = [str(SAMPLES / file) for file in FILES[name]]
    return read_exports(known, Choices(), texts if name != "spreadsheet" else texts - {"tags"})


def question(kpis: Sequence[Kpi], *, is_open: bool) -> Request:
    """What is asked of a sample; with opening hours where `is_open`."""
    return Question(
        kpi=[kpi.name for kpi in kpis], by=["group"], compare="none", sla=[arguments.promise(text) for text in PROMISED],
        calendar="se" if is_open else None,
    ).request()  # fmt: skip


@cache
def report(name: str, *, is_open: bool) -> Report:
    """Every KPI on a sample."""
    return summarise(sample(name), question(CATALOGUE, is_open=is_open))


def of(kpi: Kpi, report: Report) -> Report:
    """What a report says of one of its KPIs."""
    results = tuple(one for one in report.results if one.kpi.name == kpi.name)
    return replace(
        report, results=results, unavailable=tuple(one for one in report.unavailable if one.kpi.name == kpi.name)
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kpi", CATALOGUE, ids=lambda kpi: kpi.name)
def test_the_rows_of_the_sample_data_add_up_to_its_figures(name: str, kpi: Kpi) -> None:
    is_open = any(str(wants).endswith("--calendar") for wants in requirements(kpi))
    # Each KPI by two groups, the next one by the two after: together they go through all.
    summary = of(kpi, report(name, is_open=is_open))
    compare(sample(name), question([kpi], is_open=is_open), summary, first=2 * CATALOGUE.index(kpi))


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_a_file_is_reported(name: str) -> None:
    found = drill(sample(name), Request(kpis=(BY_NAME["resolution_time"],), compare="none"))
    source = next(one for one in found.report.sources if one.table == "tickets")
    by_design = sum(source.rows_refused[reason] for reason in source.by_design)
    assert found.rows.select("_read", "_row").is_duplicated().sum() == 0
    assert found.rows.height == source.rows_read - by_design
