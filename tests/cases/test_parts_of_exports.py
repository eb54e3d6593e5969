"""A file that says itself that it is a part of an export: every figure of it is marked, and none compared, unless the rest is there."""

import json
from pathlib import Path
from typing import Any

import pytest
from reported import Reported, reported

TICKETS = [
    {
        "ticket_id": str(n),
        "created_at": f"2026-01-{n:02} 09:00",
        "resolved_at": f"2026-01-{n:02} 11:00",
        "status": "Solved",
    }
    for n in range(1, 21)
]
CODE = "part-of-export"


def pages(folder: Path, *documents: dict[str, Any]) -> Reported:
    paths = [folder / f"page{at}.json" for at in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_text(json.dumps(document))
    return reported(*paths, period="2026-01")


def table(path: Path, above: str = "", below: str = "") -> Reported:
    rows = [",".join(ticket.values()) for ticket in TICKETS]
    path.write_text(
        "\n".join(
            (
                *([above, ""] if above else []),
                "Ticket ID,Created at,Resolved at,Status",
                *rows,
                *([below] if below else []),
            )
        )
        + "\n"
    )
    return reported(path, period="2026-01")


@pytest.mark.parametrize(
    "says",
    [
        {"pageInfo": {"hasNextPage": True, "endCursor": "x"}},
        {"paging": {"next": {"after": "20", "link": "https://x"}}},
        {"totalSize": 900, "done": False},
        {"page": 1, "total_pages": 4},
        {"links": {"next": "https://x", "prev": None}},
        {"total": 21},
    ],
)
def test_a_page_with_others_behind_it(tmp_path: Path, says: dict[str, Any]) -> None:
    found = pages(tmp_path, {"tickets": TICKETS, **says})
    assert CODE in found.codes
    assert any("is a part" in note for note in found.result("tickets_created")["notes"])
    assert any("is a part" in note for note in found.result("resolution_time")["notes"])


@pytest.mark.parametrize(
    "says",
    [
        {"count": 20},
        {"next_page": None, "count": 20},
        {"meta": {"has_more": False}},
        {"end_of_stream": True},
        {"page": 2, "total_pages": 2},
        {"links": {"next": None}},
    ],
)
def test_a_whole(tmp_path: Path, says: dict[str, Any]) -> None:
    assert CODE not in pages(tmp_path, {"tickets": TICKETS, **says}).codes


def test_all_its_pages(tmp_path: Path) -> None:
    first, second = (
        {"tickets": TICKETS[:10], "next_page": "x", "count": 20},
        {"tickets": TICKETS[10:], "next_page": None, "count": 20},
    )
    assert CODE not in pages(tmp_path, first, second).codes
    cursors = (
        {"tickets": TICKETS[:10], "meta": {"has_more": True}},
        {"tickets": TICKETS[10:], "meta": {"has_more": False}},
    )
    assert CODE not in pages(tmp_path, *cursors).codes
    assert CODE in pages(tmp_path, first).codes


@pytest.mark.parametrize(
    "line",
    [
        "Visar 1–20 av 1 900 ärenden",
        "Rows 1 - 20 of 2,400",
        "Viser 20 av 45 saker",
        "Exporten begränsad till 20 rader",
        "... and 1680 more rows",
        "Page 1 of 12",
        "Only the first 20 rows",
    ],
)
def test_a_line_below_a_table(tmp_path: Path, line: str) -> None:
    found = table(tmp_path / "t.csv", below=line)
    assert f"`{line}`" in found.finding_text(CODE)
    assert any("is a part" in note for note in found.result("tickets_created")["notes"])


@pytest.mark.parametrize("line", ["Showing 1 to 20 of 20 entries", "Page 12 of 12", "20 rows", "Generated 2026-02-01"])
def test_a_line_below_a_whole_table(tmp_path: Path, line: str) -> None:
    assert CODE not in table(tmp_path / "t.csv", below=line).codes


def test_a_line_above_a_table(tmp_path: Path) -> None:
    assert "`Results limited to 20`" in table(tmp_path / "t.csv", above="Results limited to 20").finding_text(CODE)


@pytest.mark.parametrize("line", ["Filter: Grupp = Billing", "Urval: Region Nord"])
def test_a_filter_that_is_named(tmp_path: Path, line: str) -> None:
    found = table(tmp_path / "t.csv", below=line)
    assert f"`{line}`" in found.finding_text("filter-named")
    assert "filter-named" not in table(tmp_path / "u.csv", below="Filter: alla").codes


@pytest.mark.parametrize("behind", ["\0" * 9000, "\x1a", "\0" * 8500 + "\x1a"])
@pytest.mark.parametrize(("total", "is_part"), [(9000, True), (900, False)])
def test_what_marks_the_end_of_a_file_hides_no_line(tmp_path: Path, behind: str, total: int, is_part: bool) -> None:
    """A file on a disc is filled up with NULs to the end of its block: no line is among them, and no pattern looks through them."""
    rows = [f"{n},2026-01-{n % 28 + 1:02} 09:00,2026-01-{n % 28 + 1:02} 11:00,Solved" for n in range(1, 901)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(("Ticket ID,Created at,Resolved at,Status", *rows, f"Showing 1-900 of {total}")) + behind)
    found = reported(path, period="2026-01")
    assert (CODE in found.codes, found.value("tickets_created")) == (is_part, 900)


def test_a_long_text_is_no_such_line(tmp_path: Path) -> None:
    assert CODE not in table(tmp_path / "t.csv", below=f"Showing 1-20 of 500 {'- ' * 4000}").codes
