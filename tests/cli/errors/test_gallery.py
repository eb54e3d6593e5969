"""Every way to be refused, to the letter: see `gallery.yaml`."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from invoked import piped

from kpi_cli import outputs
from kpi_cli.options.completion import mappings

GALLERY: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "gallery.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, text in GALLERY["files"].items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "binary.csv").write_bytes(random.Random(1).randbytes(3000))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_stderr_and_exit_code_are_these(folder: Path, case: dict[str, Any]) -> None:
    ended = piped(*case["kundpuls"].split())
    *endings, last = outputs.endings()
    listed = {"{formats}": mappings(), "{outputs}": outputs.names(), "{endings}": [f"{', '.join(endings)} or {last}"]}
    expected = case["stderr"]
    for mark, names in listed.items():
        expected = expected.replace(mark, ", ".join(names))
    if "{theirs}" in expected and re.fullmatch(re.escape(expected).replace(r"\{theirs\}", ".+"), ended.err):
        expected = ended.err
    assert (ended.err, ended.code, ended.out) == (expected, case["code"], "")


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_every_error_shows_the_way_out(case: dict[str, Any]) -> None:
    assert "\nhint: " in case["stderr"] or "did you mean" in case["stderr"]


JARGON = re.compile(
    r"usage:|try '|argument\(s\)|traceback|exception|errno|\b(?:click|typer|pydantic|polars|regex|nonetype|parsed? as)\b"
    r"|requires an argument|input should be|greater than or equal|less than or equal"
    r"|sql|unable to|\bas expr\b|dtype|expecting|unterminated|well-formed|did not find|expected|\btoken|mapping values"
    r"|subpattern|unsupported|\b(?:str|i32|i64|f64|dyn|datetime|lhs|rhs|unicode|syntax|parse\w*|literal)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_an_error_has_no_words_of_its_maker(case: dict[str, Any]) -> None:
    assert not JARGON.search(case["stderr"])


CONDITIONS = {
    "status =": "something is missing after `=`",
    "status = 'open' and": "something is missing after `and`",
    "status like": "something is missing after `like`",
    "status = 'open": "the quote at character 10 is never closed",
    'status = "open': "the quote at character 10 is never closed",
    "(status = 'open'": "the bracket at character 1 is never closed",
    "(status = 'a)' or (tags = 'b')": "the bracket at character 1 is never closed",
    "status = 'open')": "nothing is opened that the bracket at character 16 could close",
    "status in 'open'": "after `in` at character 8 stands a list in brackets",
    "status = = 'open'": "`= =` at character 8 is no comparison",
    "status => 'open'": "`=>` at character 8 is no comparison",
    "status = 'a'; drop table t": "a `;` at character 13: it is one condition, not several",
    "fold(status) = 'a'": "there is no function `fold`",
    "date '2026-13-01' < created_at": "`2026-13-01` is no date",
    "created_at > timestamp '2026-02-30 10:00'": "`2026-02-30 10:00` is no time",
    "created_at - interval '2 moons' > date '2026-01-01'": "`2 moons` is no span of time",
    "status 'open'": "is no condition",
    "case when status then 1": "is no condition",
    "cast(status as colour) = 1": "is no condition",
    "created_at > 5": "cannot be asked: `created_at` is a point in time, which does not go with the rest of it",
    "resolved_at - created_at > 4": "cannot be asked: `resolved_at` is a point in time, `created_at` is a point in time",
    "resolved_at - created_at between 1 and 2": "`resolved_at` is a point in time",
    "created_at > 5.5": "`created_at` is a point in time",
    "upper(status) + 1 = 2": "`status` is text, which does not go with the rest of it",
    "regexp_like(\"Survey results\", '(')": "it holds a pattern that is none",
    "\"Survey results\" ~ '['": "it holds a pattern that is none",
    'cast("Survey results" as integer) = 1': "1 of 2 cells of `Survey results` cannot be converted, for example `Extremely satisfied`",
    "strptime(\"Survey results\", '%Q') is null": "2 cells of `Survey results` cannot be converted",
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_none_is_refused_in_our_words(folder: Path, condition: str) -> None:
    ended = piped("report", "tickets.csv", "--where", condition)
    own = ended.err.replace(condition, "…")
    assert (ended.code, ended.out, JARGON.findall(own)) == (3, "", []), own
    assert CONDITIONS[condition] in own
    assert "\nhint: " in own


RECORDS = '{"tickets": [{"id": 1}, {"id": 2}]}'
JSON = {
    RECORDS[:-3]: "1: cannot be read as JSON: the file ends in the middle of a record",
    RECORDS[:12]: "1: cannot be read as JSON: the file ends in the middle of a record",
    RECORDS.replace(": 1", " 1"): "1: cannot be read as JSON: no colon before this, at character 20 of the line: `1}, ",
    RECORDS.replace(
        "}, {", "} {"
    ): "1: cannot be read as JSON: no comma or closing bracket before this, at character 24 of the line: `{",
    RECORDS.replace("2", "tru"): "no value, at character 32 of the line: `tru}]}`",
    RECORDS.replace("2}", "2,}"): "a comma with nothing after it",
    RECORDS.replace("2}", "2},"): "a comma with nothing after it",
    RECORDS.replace('"id": 2', "id: 2"): "no name in double quotes, at character 26 of the line: `id: 2}]}`",
    RECORDS.replace("2", '"a\\q"'): "a text with a `\\` that stands for no letter",
    RECORDS.replace("2", '"a'): "a text that is never closed",
    RECORDS.replace("2", '"a\nb"'): "a text with a line break or a tab in it",
    RECORDS.replace("}, {", "},\n{").replace("2", "x"): "2: cannot be read as JSON: no value",
    "[{}]\nx": "2: cannot be read as JSON: no value, at character 1 of the line: `x`",
}


@pytest.mark.parametrize("text", JSON)
def test_json_that_is_none_is_refused_in_our_words(folder: Path, text: str) -> None:
    (folder / "mine.json").write_text(text, encoding="utf-8")
    ended = piped("report", "mine.json")
    assert (ended.code, ended.out, JARGON.findall(ended.err)) == (3, "", []), ended.err
    assert JSON[text] in ended.err
    assert "\nhint: " in ended.err


SHEET = (
    '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>\n'
    "<Row><Cell><Data>Id</Data></Cell></Row>\n</Table></Worksheet></Workbook>\n"
)
XML = {
    SHEET[:-30]: "4: cannot be read as an XML spreadsheet: the file ends in the middle of it",
    SHEET.replace(
        ">Id<", ">A & B<"
    ): "3: cannot be read as an XML spreadsheet: a letter that may not stand there, such as a bare & or <, at character ",
    SHEET.replace(
        "</Cell>", "</Cel>"
    ): "3: cannot be read as an XML spreadsheet: an element is closed that is not the one that is open",
    SHEET.replace(">Id<", ">A &nbsp; B<"): "3: cannot be read as an XML spreadsheet: an unknown &name;",
    SHEET + "more": "5: cannot be read as an XML spreadsheet: something stands after its end",
}


@pytest.mark.parametrize("text", XML)
def test_a_spreadsheet_in_xml_that_is_none_is_refused_in_our_words(folder: Path, text: str) -> None:
    (folder / "mine.xls").write_text(text, encoding="utf-8")
    ended = piped("report", "mine.xls")
    assert (ended.code, ended.out, JARGON.findall(ended.err)) == (3, "", []), ended.err
    assert f"mine.xls:{XML[text]}" in ended.err
    assert "\nhint: " in ended.err


YAML = {
    "defaults: {zone: UTC\n": "a `{` or `[` is not closed before this, or a comma is missing",
    "defaults:\n\tzone: UTC\n": "a tab where only blanks may stand",
    "defaults: 'x\n": "a quote is never closed",
    "defaults: {min_n: 0}\n": "`min_n` must be 1 or more, not `0`",
    "defaults: {confidence: 2}\n": "`confidence` must be 0.999 or less, not `2`",
    "defaults: {bounds: {cells: [1]}}\n": "`cells` must be ",
}


@pytest.mark.parametrize("text", YAML)
def test_a_project_file_that_is_none_is_refused_in_our_words(folder: Path, text: str) -> None:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    ended = piped("report", "tickets.csv", "--config", "mine.yaml")
    assert (ended.code, ended.out, JARGON.findall(ended.err)) == (3, "", []), ended.err
    assert YAML[text] in ended.err
    assert "\nhint: " in ended.err


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_a_message_is_one_sentence_without_a_full_stop(case: dict[str, Any]) -> None:
    lines = [line for line in case["stderr"].splitlines() if line]
    assert lines[0].startswith("error: ")
    assert not [line for line in lines if line.endswith(".")]
