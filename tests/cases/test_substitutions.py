"""One field stands in for another: how many rows rest on it is noted with the KPI, and a header that is missing is named."""

from pathlib import Path
from typing import Any

import pytest
from small_reports import findings, report_json, totals, written

HERE = Path(__file__).parent


def stand_ins(one: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    return [(each["column"], each["stand_in"], each["rows"], each["of"]) for each in one["substitutions"]]


def test_a_closing_time_for_a_resolution_is_counted_next_to_the_kpi():
    found = totals(report_json(HERE / "closed-stands-in.csv", "--period", "all", "--kpi", "resolution_time*"))
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
    february = report_json(path, "--period", "2026-02", "--by", "group", "--kpi", "resolution_time")
    by_group = {one["group"].get("group"): one for one in february["results"]}
    assert stand_ins(by_group[None]) == [("resolved_at", "closed_at", 3, 28)]
    assert stand_ins(by_group["A"]) == [("resolved_at", "closed_at", 3, 10)]
    assert stand_ins(by_group["B"]) == []
    assert (
        stand_ins(totals(report_json(path, "--period", "2026-01", "--kpi", "resolution_time"))["resolution_time"]) == []
    )


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
    found = totals(report_json(written(tmp_path, "t", header, *lines), "--period", "2026-01"))[kpi]
    assert expected in stand_ins(found)


def test_a_header_of_a_mapping_that_the_file_lacks_is_a_finding_with_what_stands_in():
    arguments = ("--mapping", HERE / "mapping-names-missing-header.yaml", "--period", "2025-09", "--compare", "none")
    document = report_json(HERE / "mapping-names-missing-header.csv", *arguments, "--kpi", "resolution_time")
    [text] = findings(document, "missing-header")
    assert text.startswith("`Resolved at` of the mapping (resolved_at) is not in ")
    assert text.endswith("mapping-names-missing-header.csv; closed_at stands in")
    assert stand_ins(totals(document)["resolution_time"]) == [("resolved_at", "closed_at", 3, 3)]


def test_a_mapping_that_fits_its_file_is_not_spoken_of(tmp_path: Path):
    mapping = (
        (HERE / "mapping-names-missing-header.yaml").read_text(encoding="utf-8").replace("Resolved at", "Solved at")
    )
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    document = report_json(
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
    assert findings(report_json(HERE / "closed-stands-in.csv", "--period", "all"), "missing-header") == []


LOG = ["1,2026-09-01 09:00,Logged", "1,2026-09-01 11:00,Closed", "2,2026-09-02 09:00,Logged"]
OF_A_LOG = """name: own-log
label: Log
system: log
table: tickets
events: {case: Case, order: At}
columns:
  ticket_id: Case
  created_at: {from: At, take: first}
"""


@pytest.mark.parametrize(
    ("column", "header", "name"),
    [
        ("closed_at: {from: Ended at, take: last}", "Ended at", "closed_at"),
        ("closed_at: {from: At, take: last, where: {Step: [Closed]}}", "Step", "closed_at"),
        ("reopens: {take: count, where: {Action: [Reopened]}}", "Action", "reopens"),
        ("agent: Handler", "Handler", "agent"),
    ],
)
def test_a_header_that_a_mapping_of_a_log_names_and_the_file_lacks_is_reported(
    tmp_path: Path, column: str, header: str, name: str
) -> None:
    path = written(tmp_path, "log", "Case,At,State", *LOG)
    mapping = tmp_path / "log.yaml"
    mapping.write_text(f"{OF_A_LOG}  {column}\n", encoding="utf-8")
    document = report_json(path, "--mapping", mapping, "--period", "all", "--kpi", "tickets_created")
    (finding,) = findings(document, "missing-header")
    assert f"`{header}` of the mapping ({name}) is not in" in finding


def test_what_reading_adds_to_a_file_is_not_missing(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "posts",
        "post_id,in_reply_to,created_at,inbound",
        "1,,2026-09-01 09:00,True",
        "2,1,2026-09-01 10:00,False",
    )
    mapping = tmp_path / "posts.yaml"
    mapping.write_text(
        "name: own-posts\nlabel: Posts\nsystem: posts\ntable: messages\nthreads: {message: post_id, reply_to: in_reply_to}\n"
        "columns:\n  message_id: post_id\n  ticket_id: thread\n  sent_at: created_at\n"
        "  author: {from: inbound, values: {'True': customer, 'False': agent}}\n  channel: Way in\n",
        encoding="utf-8",
    )
    document = report_json(path, "--mapping", mapping, "--period", "all", "--kpi", "reply_time")
    (finding,) = findings(document, "missing-header")
    assert "`Way in`" in finding
