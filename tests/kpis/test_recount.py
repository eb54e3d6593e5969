"""Figures counted anew from listed rows are those of the report: for every KPI of the catalogue, on the samples and on files of a business."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from full_export import business_rows, question, table_read, written
from kpis.test_rows import question as sample_question
from kpis.test_rows import report, sample

from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.analysis.rows import recount as counting
from kpi_core.analysis.rows.recount import Recount, comes_to, formula_of, recount
from kpi_core.engine.plan import leaves
from kpi_core.ingest.dataset import read_exports
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.model.measures import StockDays, Survival
from kpi_core.model.report import Report

NOT_OF_ROWS = {
    kpi.name for kpi in CATALOGUE if any(isinstance(leaf.measure, Survival | StockDays) for leaf in leaves(kpi))
}


def check(found: Recount | None, document: Report) -> Recount:
    """Every figure of the report is among those counted, and comes to the same."""
    assert found is not None
    shown = {one.kpi.name for one in document.totals if one.estimate.value is not None and not one.suppressed}
    counted = {one.result.kpi.name for one in found.counted}
    assert counted == shown - NOT_OF_ROWS
    assert {one.kpi.name for one, _ in found.without} == shown & NOT_OF_ROWS
    for one in found.counted:
        assert one.value == pytest.approx(one.result.estimate.value, abs=1e-9), one.result.kpi.name
        if one.has_n:
            assert found.rows[one.columns[0]].count() == one.result.estimate.n, one.result.kpi.name
    return found


@pytest.mark.parametrize(("name", "is_open"), [("freshdesk", True), ("zendesk", False), ("spreadsheet", True)])
def test_the_rows_of_the_samples_come_to_the_report(name: str, is_open: bool) -> None:
    summary = report(name, is_open=is_open)
    request = replace(sample_question(CATALOGUE, is_open=is_open), period=summary.query.period.name)
    found = check(recount(sample(name), request, summary, CATALOGUE), summary)
    assert len(found.counted) > 15
    assert set(found.rows.columns[:3]) == {"file", "row", "id"}
    placed = found.rows.select("file", "row").drop_nulls()
    assert placed.height == found.rows.height  # each line is one of a file


@pytest.mark.parametrize("table", ["customers", "orders", "reviews", "leads"])
def test_the_rows_of_a_business_come_to_the_report(tmp_path: Path, mappings: dict[str, Path], table: str) -> None:
    dataset = table_read(tmp_path, mappings, table, business_rows()[table])
    request = question().request()
    summary = summarise(dataset, request)
    found = check(recount(dataset, request, summary, CATALOGUE), summary)
    ids = found.rows["id"]
    assert ids.null_count() == (found.rows.height if table in counting.NAMELESS else 0)


def test_the_rows_of_two_files_come_to_the_report(tmp_path: Path, mappings: dict[str, Path]) -> None:
    names = ("customers", "costs")
    files = written(tmp_path, {name: business_rows()[name] for name in names})
    reading = Reading(mapping=tuple(str(mappings[name]) for name in names))
    dataset = read_exports([str(files[name]) for name in names], reading.choices(), question().request().texts())
    request = question().request()
    summary = summarise(dataset, request)
    found = check(recount(dataset, request, summary, CATALOGUE), summary)
    (cac,) = [one for one in found.counted if one.result.kpi.name == "cac"]
    assert cac.columns == ("cac_sek_1", "cac_sek_2")
    assert found.rows["id"].null_count() == found.rows.height


def test_rows_that_no_instant_of_their_figure_dates_are_listed_all_the_same(tmp_path: Path) -> None:
    # An export of reply times says how long each took and when the ticket was opened, and not when the reply was sent.
    lines = ["conversation_id,group_name,user_id,first_response_time,created_at"]
    lines += [f"conv-{n},Support,u-{n},{n * 60},2026-03-0{n}T09:30:00.000Z" for n in range(1, 7)]
    (path := tmp_path / "first_response_time.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    request = replace(question(), period="all", sla=(), calendar=None).request()
    dataset = read_exports([str(path)], Reading().choices(), request.texts())
    summary = summarise(dataset, request)
    median = BY_NAME["first_reply_time"]
    found = recount(dataset, request, summary, [median])
    assert found is not None
    assert [one.value for one in found.counted] == [210.0]
    assert found.rows["row"].to_list() == [2, 3, 4, 5, 6, 7]


def test_a_figure_of_too_many_rows_has_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = report("freshdesk", is_open=False)
    request = replace(sample_question(CATALOGUE, is_open=False), period=summary.query.period.name)
    kpis = [BY_NAME[name] for name in ("csat", "tickets_created")]
    whole = recount(sample("freshdesk"), request, summary, kpis)
    assert whole is not None
    rows = {one.result.kpi.name: whole.rows[one.columns[0]].count() for one in whole.counted}
    assert rows["csat"] < rows["tickets_created"]
    for most in (rows["tickets_created"] - 1, rows["tickets_created"]):  # by the report's n, and all tables together
        monkeypatch.setattr(counting, "MOST", most)
        found = recount(sample("freshdesk"), request, summary, kpis)
        assert found is not None
        assert [one.result.kpi.name for one in found.counted] == ["csat"]
        assert [(one.kpi.name, why.key) for one, why in found.without] == [("tickets_created", "recount-too-many")]
        assert "tickets_created" not in found.rows.columns
        assert found.rows.height == rows["csat"]


def test_no_rows_of_single_people() -> None:
    agents = sample("freshdesk").tables["tickets"]["agent"].drop_nulls().cast(pl.String)
    where = f"agent = '{agents[0]}'"
    request = replace(sample_question((BY_NAME["tickets_created"],), is_open=False), where=where)
    summary = summarise(sample("freshdesk"), request)
    assert recount(sample("freshdesk"), request, summary, request.kpis) is None


@pytest.mark.parametrize(
    ("key", "is_shown"),
    [
        ("42008", True), ("INC0010023", True), ("SR-2026/17", True), ("202609010001", True), ("8f3c1d2e-77aa", True),
        ("kari@example.com", False), ("Kari Nordmann", False), ("850101-1234", False), ("198501011234", False), ("Kari", False),
    ],
)  # fmt: skip
def test_a_row_is_known_by_a_number_that_is_nobodys(key: str, is_shown: bool) -> None:
    shown = pl.DataFrame({"id": [key]}).select(counting._number()).item()
    assert shown == (key if is_shown else None)


def test_nothing_is_divided_by_nothing() -> None:
    rows = pl.DataFrame({"csat": pl.Series([None, None], dtype=pl.Float64)})
    formula = formula_of(BY_NAME["csat"])
    assert formula is not None
    assert comes_to(formula, rows) is None
