"""`inspect` never ends in an error alone: a file it cannot read still gets its columns, what each may be, and the way out."""

import json
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from reported import CASES

SURVEY = "Timestamp,How did you hear about us?,How often do you swim?\n2026-01-01 10:00,Radio,Daily\n2026-01-02 10:00,Friends,Never\n"
AMBIGUOUS = "Ticket ID,Status,Created at,Solved at\n1,Solved,03/04/2026,05/04/2026\n2,Open,06/07/2026,\n"
UNKNOWN = "Fruit,Weight,Picked\napple,3,2026-01-01\npear,4,2026-01-02\n"
MAPPING = """name: m
label: m
system: m
table: tickets
recognised_by: {all: [Number, Opened]}
columns: {ticket_id: Number, created_at: Opened}
"""


def diagnosed(*arguments: object) -> list[dict[str, Any]]:
    ended = piped("inspect", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    return list(json.loads(ended.out)["not_read"])


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "reason", "way"),
    [
        (SURVEY, "no survey question", "say what one asks: --column"),
        (AMBIGUOUS, "day", "--date-format"),
        (UNKNOWN, "no known export format", "kundpuls map"),
    ],
)
def test_a_file_that_cannot_be_read_is_diagnosed(tmp_path: Path, text: str, reason: str, way: str) -> None:
    (found,) = diagnosed(written(tmp_path / "list.csv", text))
    assert reason in found["reason"]
    assert [one["header"] for one in found["columns"]] == text.partition("\n")[0].split(",")
    assert any(way in line for line in found["ways"])


def test_a_mapping_that_misses_its_file_is_diagnosed(tmp_path: Path) -> None:
    mapping = written(tmp_path / "m.yaml", MAPPING)
    (found,) = diagnosed(written(tmp_path / "list.csv", UNKNOWN), "--mapping", mapping)
    assert "needs a column `Number`" in found["reason"]
    assert len(found["columns"]) == 3


def test_what_each_column_may_be_is_reported_and_how_sure_that_is() -> None:
    (found,) = diagnosed(CASES / "call-log-with-a-lead-number.csv")
    by_name = {one["header"]: (one["may_be"], one["sure"]) for one in found["columns"]}
    assert by_name["lead_id"] == ("lead_id", False)
    assert by_name["status"] == (None, False)


def test_files_that_can_be_read_are_inspected_all_the_same(tmp_path: Path) -> None:
    good, bad = CASES / "opening-date-by-another-name.csv", written(tmp_path / "list.csv", UNKNOWN)
    ended = piped("inspect", good, bad, "--format", "json")
    document = json.loads(ended.out)
    assert ended.code == 0
    assert [file["mapping"] for file in document["files"]] == ["spreadsheet-tickets"]
    assert [one["path"] for one in document["not_read"]] == [str(bad)]


def test_a_page_says_it_in_words(tmp_path: Path) -> None:
    ended = piped("inspect", written(tmp_path / "list.csv", UNKNOWN))
    assert ended.code == 0
    assert "Not read" in ended.out
    assert "To go on" in ended.out
    assert "Picked" in ended.out


@pytest.mark.parametrize("content", [b"", b"<html><body>no</body></html>", b"just words\n"])
def test_what_is_no_table_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    assert piped("inspect", tmp_path / "list.csv").code == 3


def test_a_fault_in_a_mapping_is_an_error(tmp_path: Path) -> None:
    mapping = written(tmp_path / "m.yaml", MAPPING + "zone: Nowhere/Town\n")
    ended = piped("inspect", written(tmp_path / "list.csv", UNKNOWN), "--mapping", mapping)
    assert (ended.code, "m.yaml:7" in ended.err) == (3, True)


@pytest.mark.parametrize("option", ["resolved_at=Closed", "group=Team", "csat=Score"])
def test_json_without_one_list_of_records_is_reported_with_the_way_out(tmp_path: Path, option: str) -> None:
    text = json.dumps(
        {"people": [{}, {"name": None}], "messages": [{"who": "Bo"}, "x", {"a": {"b": []}}], "title": "Asta"}
    )
    ended = piped("inspect", written(tmp_path / "m.json", text), "--column", option, "--format", "json")
    assert ended.code in (0, 3)
    assert "this is a bug" not in ended.err
    assert "records" in ended.err + ended.out
