"""Tidy CSV for programs that draw: one row a KPI, period and group, and the JSON's numbers in it."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from invoked import piped, sample

from kpi_cli.documents.records.long_rows import COLUMNS

ASKED = (
    sample("freshdesk_tickets.csv"),
    sample("surveymonkey_responses.csv"),
    "--zone",
    "Europe/Stockholm",
    "--by",
    "group",
)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    ended = piped("report", *ASKED, "--format", "csv", "--long")
    assert ended.code == 0, ended.err
    return list(csv.DictReader(io.StringIO(ended.out)))


def test_no_kpi_period_and_group_stands_twice(rows: list[dict[str, str]]) -> None:
    keys = ("kpi", "currency", "dimension", "group", "period_start", "period_end")
    assert max(Counter(tuple(row[key] for key in keys) for row in rows).values()) == 1


def test_the_columns_are_the_same_whatever_the_report(rows: list[dict[str, str]]) -> None:
    bare = piped("report", ASKED[0], "--kpi", "backlog", "--compare", "none", "--format", "csv", "--long")
    assert tuple(next(csv.reader(io.StringIO(bare.out)))) == COLUMNS == tuple(rows[0])


def test_the_numbers_are_those_of_the_json(rows: list[dict[str, str]]) -> None:
    results = json.loads(piped("report", *ASKED, "--format", "json").out)["results"]
    by_name = {(one["kpi"], next(iter(one["group"]), ""), one["group"].get("group") or ""): one for one in results}
    now = [row for row in rows if row["is_report_period"] == "true"]
    assert len(now) == len(results)
    for row in now:
        result = by_name[row["kpi"], row["dimension"], row["group"]]
        assert [row[name] for name in ("value", "n", "low", "high")] == [
            "" if result[name] is None else str(result[name]) for name in ("value", "n", "low", "high")
        ]
    trends = {(one["kpi"], step["period"]["start"]): step for one in results for step in one.get("trend", [])}
    others = [
        row
        for row in rows
        if row["is_report_period"] == "false" and not row["dimension"] and (row["kpi"], row["period_start"]) in trends
    ]
    assert len(others) > 100
    for row in others:
        assert row["n"] == str(trends[row["kpi"], row["period_start"]]["n"])


def test_groups_have_a_trend_whose_n_add_up(rows: list[dict[str, str]]) -> None:
    created = [row for row in rows if row["kpi"] == "tickets_created"]
    totals = {row["period_start"]: int(row["n"]) for row in created if not row["dimension"]}
    parts: Counter[str] = Counter()
    for row in created:
        if row["dimension"]:
            parts[row["period_start"]] += int(row["n"])
    assert len(totals) > 3
    assert dict(parts) == totals


def test_a_group_too_small_to_show_is_hidden_in_every_period() -> None:
    ended = piped(
        "report", ASKED[0], "--by", "agent", "--kpi", "tickets_created", "--min-n", "10", "--format", "csv", "--long"
    )
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    hidden = [row for row in rows if row["suppressed"] == "true"]
    assert hidden
    assert {(row["value"], row["n"], row["low"]) for row in hidden} == {("", "", "")}
    assert all(int(row["n"] or 10) >= 10 or row["n"] == "0" for row in rows if row["dimension"])


def test_it_is_a_form_of_csv_and_of_nothing_else(tmp_path: Path) -> None:
    assert piped("report", ASKED[0], "--long").code == 2
    assert piped("report", ASKED[0], "--long", "-o", tmp_path / "r.csv", "--quiet").code == 0
    assert (tmp_path / "r.csv").read_text(encoding="utf-8").startswith("kpi,label,")
