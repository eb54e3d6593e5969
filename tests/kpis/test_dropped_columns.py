"""A column less never makes another figure in silence: a KPI stays, is not available, or says what stands in.

Over the whole catalogue and every column of a full export, and the same with words that nobody knows in place of a
share of a column's own.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from full_export import full_tables, report_on_tables, table_read

from kpi_core.analysis.changes.design_effects import DesignEffects
from kpi_core.analysis.results import ResultWriter
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.columns import Kind
from kpi_core.model.findings import Finding
from kpi_core.model.report import KpiResult, Report
from kpi_core.model.tables import TABLES

AS_OF = date(2026, 5, 20)
"""After everything: the newest event of the files would be another one without some of the columns."""
WORDED = (Kind.STATUS, Kind.TRUTH, Kind.AUTHOR, Kind.COST)
ROWS = full_tables()
COLUMNS = [(table, column) for table, rows in ROWS.items() for column in rows[0] if column != TABLES[table].key]


@dataclass(frozen=True, kw_only=True)
class Full:
    """The full export, read, and the report on it."""

    folder: Path
    mappings: dict[str, Path]
    read: dict[str, Dataset]
    report: Report

    def with_rows(self, table: str, rows: list[dict[str, str]]) -> Report:
        """The report with other rows in one of the files."""
        return reported(self.read | {table: table_read(self.folder, self.mappings, table, rows)})


def reported(read: dict[str, Dataset]) -> Report:
    """Every KPI on the files, without the trend and the width of the intervals, a third of the work, that nothing here looks at."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ResultWriter, "_trend", lambda *_: ())
        patched.setattr(DesignEffects, "begin", lambda *_: None)
        patched.setattr(DesignEffects, "of", lambda *_: None)
        return report_on_tables(read, as_of=AS_OF)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, mappings: dict[str, Path]) -> Full:
    folder = tmp_path_factory.mktemp("dropped")
    read = {table: table_read(folder, mappings, table, rows) for table, rows in ROWS.items()}
    return Full(folder=folder, mappings=mappings, read=read, report=reported(read))


def keyed(report: Report) -> dict[tuple[str, str | None], KpiResult]:
    return {(one.kpi.name, one.kpi.currency): one for one in report.totals}


UNSAID = "a fact made of other columns names them in RESTS_ON of kpi_core/facts/source_columns.py"


def silently_changed(before: Report, after: Report) -> list[str]:
    """The KPIs with another value next to which nothing new is reported."""
    old, known = keyed(before), {finding.text for finding in before.findings}
    new = [finding for finding in after.findings if finding.text not in known]
    return [
        f"{one.kpi.name}: {base.estimate.value} became {one.estimate.value}"
        for key, one in keyed(after).items()
        if (base := old.get(key)) is not None
        and one.estimate.value is not None
        and not same(one, base)
        and not says(one, base, new)
    ]


def same(one: KpiResult, base: KpiResult) -> bool:
    values = (one.estimate.value, base.estimate.value)
    return values[0] == pytest.approx(values[1], rel=1e-9)


def says(one: KpiResult, base: KpiResult, findings: list[Finding]) -> bool:
    """Whether something stands next to a result that did not before."""
    return (
        one.substitutions != base.substitutions
        or (one.trust is not None and one.trust != base.trust)
        or bool(set(one.notes) - set(base.notes))
        or any(finding.concerns(one.kpi) for finding in findings)
    )


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{column}" for table, column in COLUMNS])
def test_without_a_column_no_figure_changes_in_silence(full: Full, table: str, column: str) -> None:
    rows = [{name: cell for name, cell in row.items() if name != column} for row in ROWS[table]]
    assert silently_changed(full.report, full.with_rows(table, rows)) == [], UNSAID


WORDS = [
    (table, column) for table, column in COLUMNS if (found := TABLES[table].column(column)) and found.kind in WORDED
]


@pytest.mark.parametrize("share", [0.2, 0.7])
@pytest.mark.parametrize(("table", "column"), WORDS, ids=[f"{table}.{column}" for table, column in WORDS])
def test_words_that_nobody_knows_are_counted_or_leave_no_value(
    full: Full, table: str, column: str, share: float
) -> None:
    rows = [
        row | {column: "Zork"} if place % 100 < 100 * share and row[column] else row
        for place, row in enumerate(ROWS[table])
    ]
    report = full.with_rows(table, rows)
    assert silently_changed(full.report, report) == [], UNSAID
    assert [
        one.kpi.name for one in report.results if one.estimate.value is not None and one.trust and one.trust.is_withheld
    ] == []
