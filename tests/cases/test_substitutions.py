"""One field stands in for another: how many rows rest on it is said beside the KPI, and a header that is missing is named."""

from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, told, totals, written

HERE = Path(__file__).parent


def stand_ins(one: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    return [(each["column"], each["stand_in"], each["rows"], each["of"]) for each in one["substitutions"]]


def test_a_closing_time_for_a_resolution_is_counted_beside_the_kpi():
    found = totals(told(HERE / "closed-stands-in.csv", "--period", "all", "--kpi", "resolution_time*"))
    assert found["resolution_time_mean"]["n"] == 5
    assert stand_ins(found["resolution_time_mean"]) == [("resolved_at", "closed_at", 2, 5)]


def test_only_the_rows_of_the_period_and_the_group_are_counted(tmp_path: Path):
    lines = ["Ticket ID,Created at,Resolved at,Closed at,Status,Group"]
    for n in range(1, 29):
        for month in (1, 2):
            at = f"2026-{month:02d}-{n:02d}"
            resolved = "" if n <= 3 and month == 2 else f"{at} 10:00"
            lines.append(f"{month}-{n},{at} 08:00,{resolved},{at} 20:00,Closed,{'A' if n <= 10 else 'B'}")
    path = written(tmp_path, "t", *lines)
    february = told(path, "--period", "2026-02", "--by", "group", "--kpi", "resolution_time")
    by_group = {one["group"].get("group"): one for one in february["results"]}
    assert stand_ins(by_group[None]) == [("resolved_at", "closed_at", 3, 28)]
    assert stand_ins(by_group["A"]) == [("resolved_at", "closed_at", 3, 10)]
    assert stand_ins(by_group["B"]) == []
    assert stand_ins(totals(told(path, "--period", "2026-01", "--kpi", "resolution_time"))["resolution_time"]) == []


@pytest.mark.parametrize(
    ("header", "row", "kpi", "expected"),
    [
        ("Ticket ID,Created at,Status,Resolution time (hours)", "{n},{day} 08:00,Solved,2", "tickets_resolved",
         ("resolved_at", "created_at + resolution_time", 28, 28)),
        ("Ticket ID,Created at,Resolved at", "{n},{day} 08:00,{day} 09:00", "tickets_resolved",
         ("status", "the time of resolution", 28, 28)),
        ("Ticket ID,Created at,Status,Resolved at,CSAT", "{n},{day} 08:00,Solved,{day} 09:00,{s}", "csat",
         ("answered_at", "resolved_at", 28, 28)),
    ],
    ids=["opening and duration", "no status", "ratings inside tickets"],
)  # fmt: skip
def test_whatever_stands_in_is_named(
    tmp_path: Path, header: str, row: str, kpi: str, expected: tuple[str, str, int, int]
):
    lines = [row.format(n=n, day=f"2026-01-{n:02d}", s=1 + n % 5) for n in range(1, 29)]
    found = totals(told(written(tmp_path, "t", header, *lines), "--period", "2026-01"))[kpi]
    assert expected in stand_ins(found)


def test_a_header_of_a_mapping_that_the_file_lacks_is_a_finding_with_what_stands_in():
    arguments = ("--mapping", HERE / "mapping-names-missing-header.yaml", "--period", "2025-09", "--compare", "none")
    document = told(HERE / "mapping-names-missing-header.csv", *arguments, "--kpi", "resolution_time")
    [text] = findings(document, "missing-header")
    assert text.startswith("`Resolved at` of the mapping (resolved_at) is not in ")
    assert text.endswith("mapping-names-missing-header.csv; closed_at stands in")
    assert stand_ins(totals(document)["resolution_time"]) == [("resolved_at", "closed_at", 3, 3)]


def test_a_mapping_that_fits_its_file_is_not_spoken_of(tmp_path: Path):
    mapping = (
        (HERE / "mapping-names-missing-header.yaml").read_text(encoding="utf-8").replace("Resolved at", "Solved at")
    )
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    document = told(
        HERE / "mapping-names-missing-header.csv",
        "--mapping",
        tmp_path / "m.yaml",
        "--period",
        "2025-09",
        "--compare",
        "none",
    )
    assert findings(document, "missing-header") == []
    assert totals(document)["resolution_time"]["value"] == 4 * 3600
    assert totals(document)["resolution_time"]["substitutions"] == []


def test_a_format_of_the_tool_may_lack_what_it_only_may_have():
    assert findings(told(HERE / "closed-stands-in.csv", "--period", "all"), "missing-header") == []
