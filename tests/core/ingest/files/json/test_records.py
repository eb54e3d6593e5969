"""JSON exports as rows of text."""

import gc
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_core.errors import ExportError
from kpi_core.ingest.files.json import nested_objects
from kpi_core.ingest.files.json.records import Documents, Records, is_json, read_documents

HOLD_UPS = """[
  {"id": 700100200300400500, "status": "solved", "via": {"channel": "email"}, "tags": ["vip", "refund"],
   "comments": [{"id": 1, "body": "Var är paketet?", "public": true}, {"id": 2, "body": "På väg", "public": false}]},
  {"id": 700100200300400501, "status": null, "tags": [], "comments": []},
  {"id": 700100200300400502, "status": "open", "priority": "high",
   "comments": [{"id": 3, "body": "Hej", "attachments": [{"size": 5}]}]}
]"""


def documents(folder: Path, content: str | bytes, encoding: str = "utf-8-sig") -> Documents:
    path = folder / "a.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_documents(path, "a.json", encoding)


def read(folder: Path, content: str | bytes, path: str | None = None) -> Records:
    records = documents(folder, content).records(path)
    assert records is not None
    return records


def rows(records: Records) -> list[dict[str, str]]:
    """The filled cells of each record under their headers."""
    assert records.frame.columns == [f"c{place}" for place in range(len(records.headers))]
    named = (zip(records.headers, row, strict=True) for row in records.frame.iter_rows())
    return [{header: cell for header, cell in row if cell is not None} for row in named]


@pytest.mark.parametrize(
    ("start", "is_so"),
    [
        ('{"id": 1}', True),
        ("{}", True),
        ('\ufeff\r\n [\n  {\n    "id": 1', True),
        ("[]", True),
        ('[["Ticket", "Status"], [1', True),
        ("[Ticket],[Status]\n", False),
        ("{Ticket};{Status}\n", False),
        ('"{""id"": 1}",open\n', False),
        ("Ticket,Status\n", False),
        ("", False),
    ],
)
def test_the_beginning_of_a_text_shows_json(start: str, is_so: bool) -> None:
    assert is_json(start) is is_so


def test_fields_are_dotted_paths_in_the_order_first_met(tmp_path: Path) -> None:
    records = read(tmp_path, HOLD_UPS)
    assert records.headers == ("id", "status", "via.channel", "tags", "comments", "priority")
    assert records.frame.rows() == [
        ("700100200300400500", "solved", "email", "vip, refund", None, None),
        ("700100200300400501", None, None, None, None, None),
        ("700100200300400502", "open", None, None, None, "high"),
    ]
    assert records.lines is None


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ("5.10", {"x": "5.10"}),
        ("-0", {"x": "-0"}),
        ("1E400", {"x": "1E400"}),
        ("900719925474099312345", {"x": "900719925474099312345"}),
        ("true", {"x": "true"}),
        ("false", {"x": "false"}),
        ("NaN", {}),
        ("-Infinity", {}),
        ("null", {}),
        ('""', {}),
        ('" "', {"x": " "}),
        (r'"\u00e5\n\u2028"', {"x": "å\n\u2028"}),
        (r'"\ud83d\ude00 \ud83d"', {"x": "😀 �"}),
        ('[1, null, "b", true, ""]', {"x": "1, b, true"}),
        ("[null]", {}),
        ("[[1, 2], [3]]", {}),
        ('[1, {"a": 2}]', {}),
        ("{}", {}),
        ('{"a": {"b": 1}, "c": null}', {"x.a.b": "1"}),
        ('{"a": 1}, "x.a": 2', {"x.a": "1, 2"}),
        ('{"a": 1}, "x.a": null', {"x.a": "1"}),
        ('null, "x": 2', {"x": "2"}),
        ('[{"id": 11, "value": "a"}, {"id": 12, "value": null}, {"id": 13, "value": false}]',
         {"x.11": "a", "x.13": "false"}),
        ('[{"id": 11, "value": ["a", "b"]}, {"id": 12, "value": {"low": 1}}]', {"x.11": "a, b", "x.12.low": "1"}),
        ('[{"id": 11, "name": "Orsak", "value": "502", "text": "Returns"}]', {"x.Orsak": "Returns"}),
        ('[{"id": 11, "key": "colour", "value": "red"}, {"id": 12, "key": "colour", "value": "blue"}]',
         {"x.colour": "red, blue"}),
        ('[{"id": 11, "value": 1, "created_at": "2024-01-01"}]', {}),
        ('[{"id": 11, "value": 1}, 5]', {}),
        ('[{"id": null, "value": 1}]', {}),
        ('[{"name": "a"}]', {}),
    ],
)  # fmt: skip
def test_cells(tmp_path: Path, value: str, cells: dict[str, str]) -> None:
    assert rows(read(tmp_path, f'[{{"x": {value}}}]')) == [cells]


def test_a_field_that_is_always_empty_is_a_column(tmp_path: Path) -> None:
    assert read(tmp_path, '[{"a": null, "b": "", "c": [], "d": {}, "e": [{"f": 1}]}]').headers == ("a", "b", "c")


def test_fields_that_begin_late_and_end_early(tmp_path: Path) -> None:
    records = read(tmp_path, '[{"a": 1}, {}, null, "x", {"b": 2}, {"a": 3, "b": 4}, {}]')
    assert records.frame.rows() == [
        ("1", None),
        *[(None, None)] * 3,
        (None, "2"),
        ("3", "4"),
        (None, None),
    ]


def test_records_without_fields_are_still_rows(tmp_path: Path) -> None:
    records = read(tmp_path, "[{}, {}]")
    assert (records.headers, records.frame.height) == ((), 2)


ONE, TWO = '{"id": 1, "notes": [{"n": 5}]}', '{"id": 2, "notes": [{"n": 6}, {"n": 7}]}'
PAGES = (
    '{"reviews": [{"stars": 5}], "next_page": "x", "meta": {"has_more": true}}',
    '{"reviews": [{"stars": 4}], "count": 2}',
)


@pytest.mark.parametrize(
    ("content", "found", "lines"),
    [
        (f"[{ONE}, {TWO}]", ["1", "2"], None),
        (f"{ONE}\n{TWO}\n", ["1", "2"], [1, 2]),
        (f"\ufeff\r\n{ONE}\r\n\r\n \r\n{TWO}", ["1", "2"], [2, 5]),
        (ONE.replace(",", ",\n") + "\n" + TWO, ["1", "2"], [1, 3]),
        (f"{ONE}{TWO}", ["1", "2"], None),
        (f"{ONE}\n\ufeff{TWO}", ["1", "2"], [1, 2]),
        (f"[{ONE}]\n[{TWO}]", ["1", "2"], None),
        (f"[{ONE}]\n{TWO}", ["1", "2"], None),
        (ONE, ["1"], [1]),
        ('{"status": "open", "tags": ["a"]}', ["open"], [1]),
        ('{"count": 3}\n{"count": 4}', ["3", "4"], [1, 2]),
        ('{"case": 1, "notes": [{"n": 5}]}\n{"case": 2}', ["1", "2"], [1, 2]),
        ('{"exported_at": "2024-01-01", "notes": [{"n": 5}]}', ["5"], None),
        (PAGES[0], ["5"], None),
        ("\n".join(PAGES), ["5", "4"], None),
        ("\n".join([*PAGES, '{"reviews": [], "next_page": null}']), ["5", "4"], None),
        ('{"_embedded": {"cases": [{"id": 8}]}, "_links": {"next": "x"}, "page": {"size": 1}}', ["8"], None),
        ('{"d": {"product": {"reviews": {"nodes": [{"stars": 3}]}}}}', ["3"], None),
        ('{"reviews": [], "count": 0}', [], None),
        ("[]", [], None),
        ("", [], []),
    ],
)
def test_where_the_records_lie_without_a_path(
    tmp_path: Path, content: str, found: list[str], lines: list[int] | None
) -> None:
    records = read(tmp_path, content)
    assert records.frame.height == len(found)
    assert [next(iter(row.values())) for row in rows(records)] == found
    assert (None if records.lines is None else records.lines.to_list()) == lines


@pytest.mark.parametrize(
    "content",
    [
        "[1, 2]",
        '[["Ticket", "Status"], [1, "open"]]',
        "[null]",
        '{"tickets": [{"id": 1}], "users": [{"id": 2}]}',
        '{"tickets": [{"id": 1}]}\n{"users": [{"id": 2}]}',
    ],
)
def test_no_list_or_a_choice_of_lists_shows_no_records(tmp_path: Path, content: str) -> None:
    assert documents(tmp_path, content).records(None) is None


@pytest.mark.parametrize("path", ["comments", "[].comments", "[].comments[]"])
def test_nested_records_know_the_object_around_them(tmp_path: Path, path: str) -> None:
    around = {
        "parent.id": "700100200300400500",
        "parent.status": "solved",
        "parent.via.channel": "email",
        "parent.tags": "vip, refund",
    }
    records = read(tmp_path, HOLD_UPS, path)
    assert rows(records) == [
        {"id": "1", "body": "Var är paketet?", "public": "true", **around},
        {"id": "2", "body": "På väg", "public": "false", **around},
        {
            "id": "3",
            "body": "Hej",
            "parent.id": "700100200300400502",
            "parent.status": "open",
            "parent.priority": "high",
        },
    ]
    assert records.headers == ("id", "body", "public", *around, "parent.priority")
    assert records.lines is None


NESTED = (
    '{"tickets": [{"id": 1, "threads": 2, "_e": {"threads": [{"n": 5}, {"n": 6}]}}, {"id": 2}], "users": [{"id": 9}]}'
)


@pytest.mark.parametrize(
    ("content", "path", "found"),
    [
        (NESTED, "tickets", [{"id": "1", "threads": "2"}, {"id": "2"}]),
        (NESTED, "users", [{"id": "9"}]),
        (NESTED, "tickets[]._e.threads",
         [{"n": "5", "parent.id": "1", "parent.threads": "2"}, {"n": "6", "parent.id": "1", "parent.threads": "2"}]),
        (f"{ONE}\n{TWO}", "notes",
         [{"n": "5", "parent.id": "1"}, {"n": "6", "parent.id": "2"}, {"n": "7", "parent.id": "2"}]),
        (ONE, "[].notes", [{"n": "5", "parent.id": "1"}]),
        (f"[{ONE}]", "[]", [{"id": "1"}]),
        ("\n".join(PAGES), "reviews", [{"stars": "5"}, {"stars": "4"}]),
        ('{"reviews": [{"stars": 5}]}{"reviews": []}', "reviews", [{"stars": "5"}]),
        ('{"place": "Umeå", "count": 1, "reviews": [{"stars": 5}]}', "reviews",
         [{"stars": "5", "parent.place": "Umeå", "parent.count": "1"}]),
        ('{"cases": [{"id": 1, "notes": [{"n": 5}]}, {"id": 2, "notes": null}], "total": 2}', "notes",
         [{"n": "5", "parent.id": "1"}]),
        ('[{"id": 1, "notes": [{"n": 5, "parent": {"id": 9}}, null]}]', "notes",
         [{"n": "5", "parent.id": "1"}, {"parent.id": "1"}]),
        (HOLD_UPS, "comments.attachments", [{"size": "5", "parent.id": "3", "parent.body": "Hej"}]),
        ('[{"id": 1, "notes": []}]', "notes", []),
    ],
)  # fmt: skip
def test_records_at_a_path(tmp_path: Path, content: str, path: str, found: list[dict[str, str]]) -> None:
    assert rows(read(tmp_path, content, path)) == found


@pytest.mark.parametrize(
    "path", ["reviews", "tickets[].comments", "via", "via.channel", "status", "tags", "comments.body"]
)
def test_a_path_without_a_list_of_objects_leads_nowhere(tmp_path: Path, path: str) -> None:
    assert documents(tmp_path, HOLD_UPS).records(path) is None


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ('{"id": 1}\n\n{"id": }\n', 3, "cannot be read as JSON: "),
        ('{"id": 1}\n{"id": 2\n{"id": 3}\n', 2, "cannot be read as JSON: "),
        ('{"id": 1}\n{"id": "2\n{"id": 3}\n', 2, "cannot be read as JSON: "),
        ('[\n {"id": 1},\n {"id": "2', 3, "cannot be read as JSON: "),
        ('[\n {"id": 1},\n {"id":\n\n', 3, "cannot be read as JSON: "),
        ('{"id": 1}\nnull\n', 2, "cannot be read as JSON: neither an object nor a list"),
        ('{"id": 1}\n' + "[" * 200_000, 2, "is nested too deep"),
        ('{"id": 1}\n' + '{"a":' * 200_000, 2, "is nested too deep"),
        (b'{"id": 1}\n{"id": "\xe5"}\n', 2, "bytes that are not utf-8-sig text"),
    ],
)
def test_faults_name_the_line_and_the_way_out(tmp_path: Path, content: str | bytes, line: int, message: str) -> None:
    with pytest.raises(ExportError) as caught:
        documents(tmp_path, content)
    assert caught.value.where == f"a.json:{line}"
    # A message that breaks off goes on in Python's words.
    assert caught.value.message.startswith(message) if message.endswith(" ") else caught.value.message == message
    assert caught.value.hint
    assert gc.isenabled()


def test_a_file_that_has_gone(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"^a\.json: cannot be read: "):
        read_documents(tmp_path / "a.json", "a.json")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found = documents(tmp_path, '{"grupp": "Återköp"}'.encode(encoding), encoding).records(None)
    assert found is not None
    assert rows(found) == [{"grupp": "Återköp"}]


def test_what_lies_very_deep_is_left_out(tmp_path: Path) -> None:
    deep = '{"a":' * 400 + "1" + "}" * 400
    assert rows(read(tmp_path, f'[{{"id": 1, "deep": {deep}, "status": "open"}}]')) == [{"id": "1", "status": "open"}]


def test_values_as_names_of_fields_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nested_objects, "_MOST_CELLS", 100)
    content = json.dumps([{f"case {number}": number} for number in range(30)])
    with pytest.raises(ExportError, match="its first 12 records have 12 different fields") as caught:
        documents(tmp_path, content).records(None)
    assert caught.value.where == "a.json"


def expected(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return (value if isinstance(value, str) else json.dumps(value)) or None


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
flat_records = st.lists(st.dictionaries(st.text(max_size=4), scalars, max_size=5), max_size=6)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(
    written=flat_records,
    is_ascii=st.booleans(),
    indent=st.sampled_from([None, 2]),
    layout=st.sampled_from(["list", "lines", "joined"]),
)
def test_any_flat_records_are_read_as_written(
    tmp_path: Path, written: list[dict[str, Any]], is_ascii: bool, indent: int | None, layout: str
) -> None:
    texts = [json.dumps(record, ensure_ascii=is_ascii, indent=indent) for record in written]
    content = f"[{', '.join(texts)}]" if layout == "list" else ("\n" if layout == "lines" else "").join(texts)
    records = read(tmp_path, content)
    assert records.headers == tuple(dict.fromkeys(key for record in written for key in record))
    assert records.frame.rows() == [
        tuple(expected(record.get(header)) for header in records.headers) for record in written
    ]
    if layout == "lines":
        assert records.lines is not None
        breaks = [text.count("\n") + 1 for text in texts]
        assert records.lines.to_list() == [1 + sum(breaks[:place]) for place in range(len(texts))]
