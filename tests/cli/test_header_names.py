"""Headers that are called as something of the tool's own: splitting by them gives what any other name gives, or an error."""

import csv
import json
from pathlib import Path

import pytest
from invoked import piped

DIMENSION = "Region"
HEADERS = ("Ticket ID", "Created time", "Resolved time", "Status", "Group", "Agent", "Customer", "CSAT rating")
CALLED = ("opened", "ended", "hours", "within", "is_event", "day", "rows", "len", "key", "value", "period", "name", "answered",
          "asked", "exits", "entries", "events", "place", "number", "until", "at", "by day", "groups", "code")  # fmt: skip


def _written(folder: Path, header: str) -> str:
    rows = [
        [1000 + at, f"2026-01-{1 + at // 4:02} {8 + at % 9:02}:00", f"2026-01-{2 + at // 4:02} 15:30" if at % 5 else "",
         "closed" if at % 5 else "open", "AB"[at % 2], "xyz"[at % 3], at % 11, (at * 7) % 5 + 1, "pq"[at * at % 3 % 2]]
        for at in range(100)
    ]  # fmt: skip
    path = folder / "tickets.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[*HEADERS, header], *rows])
    return str(path)


def _figures(folder: Path, header: str) -> list[tuple[object, ...]]:
    path = _written(folder, header)
    output = piped(
        "report",
        path,
        "--by",
        header,
        "--kpi",
        "*",
        "--calendar",
        "se",
        "--period",
        "2026-01",
        "--format",
        "json",
        "--quiet",
    )
    assert output.code == 0, output.err
    return [
        (one["kpi"], list(one["group"].values()), one["value"], one["n"]) for one in json.loads(output.out)["results"]
    ]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """The figures by a header that means nothing to anyone."""
    found = _figures(tmp_path_factory.mktemp("usual"), DIMENSION)
    assert {"p", "q"} <= {group for _, groups, _, _ in found for group in groups}
    return found


@pytest.mark.parametrize("header", CALLED)
def test_a_header_may_be_called_as_a_working_column_is(
    tmp_path: Path, usual: list[tuple[object, ...]], header: str
) -> None:
    assert _figures(tmp_path, header) == usual


@pytest.mark.parametrize("header", CALLED)
def test_the_rows_behind_a_group_are_listed_whatever_the_header_is_called(tmp_path: Path, header: str) -> None:
    path = _written(tmp_path, header)
    output = piped("rows", "backlog", path, "--group", f"{header}=p", "--period", "2026-01", "--format", "json")
    assert output.code == 0, output.err


@pytest.mark.parametrize("header", ["age", "is_resolved", "top"])
def test_what_a_fact_is_called_cannot_be_split_by_and_the_way_out_works(tmp_path: Path, header: str) -> None:
    path = _written(tmp_path, header)
    output = piped("report", path, "--by", header, "--kpi", "*")
    assert output.code == 3
    assert f"cannot split by `{header}`" in output.err
    assert f"--column type={header}" in output.err
    again = piped("report", path, "--column", f"type={header}", "--by", "type", "--format", "json", "--quiet")
    assert again.code == 0, again.err


@pytest.mark.parametrize("header", ["response_id", "score", "question", "scale_low", "sent_at"])
def test_a_header_called_as_a_column_of_another_table_is_left_alone(tmp_path: Path, header: str) -> None:
    path = _written(tmp_path, header)
    assert piped("inspect", path).code == 0
    assert piped("report", path, "--kpi", "*").code == 0
