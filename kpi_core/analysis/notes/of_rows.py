"""The findings on the rows of a report themselves, whatever its results are: they are made in the background."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from kpi_core.analysis.notes.dates.days_only import whole_days
from kpi_core.analysis.notes.dates.months_only import months_alone
from kpi_core.analysis.notes.dates.undated_rows import undated_rows
from kpi_core.analysis.notes.left_out_rows import left_out_rows
from kpi_core.analysis.notes.missing_headers import lacking_headers
from kpi_core.analysis.privacy.named_people import named_people
from kpi_core.engine.compute import Engine
from kpi_core.facts import Facts
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.findings.cut_lists import PART
from kpi_core.model.findings import ROW_CAPS, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Query
from kpi_core.patterns import regex
from kpi_core.quality.chosen_by_outcome import chosen_by_outcome
from kpi_core.quality.clocks.contradicted_times import contradicted_times
from kpi_core.quality.clocks.replies_after_ends import replies_after_ends
from kpi_core.quality.contradictory_status import open_again, still_there
from kpi_core.quality.coverage.filters_of_the_export import filters_of_the_export, in_one_sentence, unless_unread
from kpi_core.quality.coverage.unequal_sides import unequal_sides
from kpi_core.quality.lists.chosen_rows import rows_of_chosen
from kpi_core.quality.lists.filled_in import filled_in
from kpi_core.quality.lists.marks_taken_out import marks_taken_out
from kpi_core.quality.lists.of_one_month import of_one_month
from kpi_core.quality.lists.survey_reach import survey_reach
from kpi_core.quality.words.outlined_columns import outlined_columns
from kpi_core.quality.words.several_agents import several_agents

_FACE = regex("[\U0001f600-\U0001f64f\U0001f900-\U0001f97f\U0001f440-\U0001f44f☹☺]")
"""Faces and thumbs in a header."""


def of_filters(
    dataset: Dataset,
    engine: Engine,
    query: Query,
    kpis: Sequence[Kpi],
    made_at: datetime,
    unchosen: Mapping[str, Facts] | None = None,
    *,
    is_trend: bool = False,
) -> list[Finding]:
    """The findings on filters that files were exported with.

    Args:
        dataset: the files.
        engine: with the facts of the rows that the condition takes.
        query: what is asked.
        kpis: those of the report.
        made_at: when the report is made.
        unchosen: the facts of all rows where there is a condition: what the reader chose says nothing of how a list was made.
        is_trend: whether all periods of the trend are shown.
    """
    files = [read.name for read in dataset.reads if read.mapping.table == "tickets"]
    every = unchosen or engine.tables
    found = list(
        filters_of_the_export(engine.tables, every, query, kpis, engine.clock, files, query.trend if is_trend else ())
    )
    found += of_one_month(every.get("tickets"), query, engine.clock, _cap(dataset))
    listed = dataset.tables.get("customers")
    chosen = list(chosen_by_outcome(every, listed, engine.clock.as_of, made_at))
    pictured = {
        each.name for read in dataset.reads for each in read.questions if len(set(_FACE.findall(each.header))) > 1
    }
    answers, reviews = (every.get(table) for table in ("answers", "reviews"))
    chosen += marks_taken_out(answers, reviews, dataset.scale_evidence, pictured)
    return [
        *in_one_sentence(unless_unread(found, dataset.findings), dataset.findings),
        *chosen,
        *rows_of_chosen(chosen, kpis),
    ]


def _cap(dataset: Dataset) -> int:
    """How many rows the one list of tickets has, where exports stop at so many and nothing is said of it yet; else 0."""
    own = [read for read in dataset.reads if read.mapping.table == "tickets"]
    if len(own) != 1 or any(found.code == PART for found in dataset.findings):
        return 0
    rows = own[0].narrow.frame.height + sum(own[0].narrow.left_out.values())
    return rows if rows in ROW_CAPS else 0


def of_rows(
    dataset: Dataset, tables: Mapping[str, pl.DataFrame], engine: Engine, query: Query, kpis: Sequence[Kpi]
) -> list[Finding]:
    """The findings on columns, agents, times and days; `tables` are the rows that count."""
    return [
        *lacking_headers(dataset, engine.tables),
        *whole_days(engine.tables, query.promises),
        *named_people(dataset, query.by),
        *several_agents(tables),
        *outlined_columns(dataset.reads),
        *left_out_rows(dataset.sources),
        *contradicted_times(tables),
        *replies_after_ends(tables),
        *filled_in(tables),
        *open_again(engine.tables.get("tickets"), dataset.reads),
        *still_there(engine.tables.get("customers")),
        *unequal_sides(engine, query),
        *survey_reach(
            dataset.tables, engine, query, has_survey=any(read.mapping.table == "answers" for read in dataset.reads)
        ),
        *months_alone(engine.tables, query.period, kpis),
        *([] if query.period.is_all else undated_rows(kpis, engine.tables)),
    ]
