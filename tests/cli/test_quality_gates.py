"""`--refused`, `--strict` and `--fail-on quality`: every refused row can be had, and a gate says why it is shut."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from invoked import Ended, piped, sample
from reported import english

from kpi_core.ingest.all_refusals import all_refused
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices

HEADER = "Ticket ID,Created time,Resolved time,Status,Survey results,Initial response time"
RATINGS = ("Extremely satisfied", "Mostly satisfied")
COLUMNS = ["file", "table", "row", "column", "value", "reason"]


def _export(folder: Path, *lines: str, good: int = 40, name: str = "tickets.csv") -> Path:
    """Forty good tickets, rows 2 to 41 of the file, and then the lines given, all without a first reply."""
    rows = [
        f"{n},2026-03-{1 + n % 28:02d} 08:00:00,2026-03-{1 + n % 28:02d} 15:00:00,Resolved,{RATINGS[n % 2]}"
        for n in range(good)
    ]
    path = folder / name
    path.write_text("\n".join([HEADER, *(f"{line}," for line in (*rows, *lines))]) + "\n", encoding="utf-8")
    return path


def _listed(path: Path) -> list[tuple[str, ...]]:
    """The refused rows of a CSV without their file."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == COLUMNS
    return [tuple(row[1:]) for row in rows]


FAULTY = (
    "x1,some day,never,Open,",
    ",2026-03-02 10:00:00,,Open,",
    ",,,,",
    "1,2026-03-30 10:00:00,,Open,Fine I suppose",
    "x5,2026-03-02 10:00:00,,Open,",
)


@pytest.mark.parametrize("command", [("report", "--period", "all"), ("inspect",)], ids=["report", "inspect"])
def test_every_refused_row_is_listed_with_its_cell_and_its_reason(tmp_path: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    refused = tmp_path / "refused.csv"
    ended = piped(name, _export(tmp_path, *FAULTY), *options, "--refused", refused)
    assert (ended.code, ended.err) == (0, f"wrote {refused}\n")
    assert _listed(refused) == [
        ("tickets", "3", "Ticket ID", "1", "duplicate key"),
        ("tickets", "42", "Created time", "some day", "unreadable"),
        ("tickets", "43", "Ticket ID", "", "missing"),
        ("tickets", "44", "", "", "blank row"),
        ("answers", "45", "Survey results", "Fine I suppose", "unknown rating word"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["refused.csv", "tickets.csv"]


def test_more_rows_are_listed_than_a_report_holds(tmp_path: Path) -> None:
    lines = [f"x{n},some day,,Open," for n in range(1500)] + [
        f"{n % 40},2026-03-01 07:00:00,,Open," for n in range(1200)
    ]
    refused = tmp_path / "refused.csv"
    assert piped("report", _export(tmp_path, *lines), "--period", "all", "--refused", refused).code == 0
    listed = _listed(refused)
    assert Counter(reason for *_, reason in listed) == {"unreadable": 1500, "duplicate key": 1200}
    assert [int(row) for _, row, *_ in listed] == list(range(42, 2742))


def test_responses_without_an_answer_are_listed(tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    rows = [f"{n},2026-03-02 10:00:00,{n % 11 if n else ''}" for n in range(30)]
    heading = "Response ID,Date,How likely are you to recommend us (0-10)?"
    survey.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    refused = tmp_path / "refused.csv"
    arguments = ("--mapping", "spreadsheet-answers", "--refused", refused)
    assert piped("inspect", survey, *arguments).code == 0
    assert [(row, reason) for _, row, _, _, reason in _listed(refused)] == [("2", "no answer")]


def test_what_is_listed_is_what_the_report_counts(tmp_path: Path) -> None:
    """A row that two cells refuse has two lines and is counted once."""
    files = [sample(name) for name in ("freshdesk_tickets.csv", "freshdesk_tickets.xls", "surveymonkey_responses.csv")]
    dataset = read_exports([*files, str(_export(tmp_path, *FAULTY))], Choices(), frozenset())
    listed = {(path, table, row) for frame in all_refused(dataset) for path, table, row, *_ in frame.iter_rows()}
    counted = Counter[tuple[str, str]]()
    for source in dataset.sources:
        reasons = {**english(source.rows_refused), "in a refused or repeated ticket": 0}
        counted[source.path, source.table] += sum(reasons.values())
    assert Counter((path, table) for path, table, _ in listed) == +counted
    assert sum(counted.values()) > 100


def test_files_without_a_refused_row_leave_a_header(tmp_path: Path) -> None:
    for name, text in (("refused.csv", ",".join(COLUMNS) + "\n"), ("refused.json", "[]\n")):
        assert piped("report", _export(tmp_path), "--period", "all", "--refused", tmp_path / name).code == 0
        assert (tmp_path / name).read_text(encoding="utf-8") == text


def test_nothing_in_the_csv_is_run_by_a_spreadsheet(tmp_path: Path) -> None:
    cells = ("=1+1", "+46 8", "-1", "@SUM(A1)", "'quoted", '"=HYPERLINK(""x"",""y"")"', "harmless = here")
    path = _export(tmp_path, *(f"x{n},{cell},,Open," for n, cell in enumerate(cells)), good=400)
    assert piped("report", path, "--period", "all", "--refused", tmp_path / "refused.csv").code == 0
    assert [value for _, _, _, value, _ in _listed(tmp_path / "refused.csv")] == [
        "'=1+1", "'+46 8", "'-1", "'@SUM(A1)", "''quoted", "'=HYPERLINK(\"x\",\"y\")", "harmless = here",
    ]  # fmt: skip


def test_the_json_has_the_cells_as_they_stand(tmp_path: Path) -> None:
    path = _export(tmp_path, 'x1,"=1\u2028""a""\nb",,Open,', ",2026-03-02 10:00:00,,Open,", "x3,och då,,Open,")
    assert piped("report", path, "--period", "all", "--refused", tmp_path / "refused.json").code == 0
    records = json.loads((tmp_path / "refused.json").read_text(encoding="utf-8"))
    assert [list(record) for record in records] == [COLUMNS] * 3
    assert [(record["row"], record["value"]) for record in records] == [
        (42, '=1\u2028"a"\nb'),
        (43, None),
        (44, "och då"),
    ]


def test_rows_go_to_stdout_where_the_report_does_not(tmp_path: Path) -> None:
    ended = piped("report", _export(tmp_path, *FAULTY), "--period", "all", "-o", tmp_path / "r.md", "--refused", "-")
    assert (ended.code, ended.err) == (0, f"wrote {tmp_path / 'r.md'}\n")
    assert ended.out.splitlines()[0] == ",".join(COLUMNS)
    assert len(ended.out.splitlines()) == 6
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# ")


def test_a_file_that_was_there_stays_when_the_export_cannot_be_read(tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    refused.write_text("from last month\n", encoding="utf-8")
    assert piped("report", tmp_path / "gone.csv", "--refused", refused).code == 3
    assert refused.read_text(encoding="utf-8") == "from last month\n"


def test_the_demo_lists_the_rows_its_overlapping_files_repeat(tmp_path: Path) -> None:
    assert piped("demo", "-o", tmp_path / "demo.md", "--refused", tmp_path / "refused.csv").code == 0
    assert "duplicate key" in {reason for *_, reason in _listed(tmp_path / "refused.csv")}


def _gated(path: Path, *arguments: object, quality: str | None = None) -> Ended:
    config: tuple[object, ...] = ("--no-config",)
    if quality is not None:
        project = path.parent / "project.yaml"
        project.write_text("quality:\n" + "".join(f"  {line}\n" for line in quality.splitlines()), encoding="utf-8")
        config = ("--config", project)
    return piped("report", path, "--period", "all", *config, *(arguments or ("--fail-on", "quality")))


@pytest.mark.parametrize(
    ("lines", "quality", "code"),
    [
        (["x1,some day,,Open,"], None, 0),
        ([f"x{n},some day,,Open," for n in range(3)], None, 4),
        ([f"x{n},some day,,Open," for n in range(3)], "refused: 10%", 0),
        (["x1,some day,,Open,"], "refused: 0%", 4),
        (["x1,some day,,Open,"], "reasons: {unreadable Created time: 1%}", 4),
        (["x1,some day,,Open,"], "reasons: {unreadable *: 1%}", 4),
        ([f"x{n},some day,,Open," for n in range(3)], "reasons: {unreadable *: 10%}", 0),
        ([f"{n},2026-03-0{1 + n} 08:00:00,,Open," for n in range(9)], None, 0),
        ([f"{n},2026-03-0{1 + n} 08:00:00,,Open," for n in range(9)], "reasons: {duplicate key: 20%}", 0),
        ([f"{n},2026-03-0{1 + n} 08:00:00,,Open," for n in range(9)], "reasons: {duplicate key: 10%}", 4),
        ([",,,,"] * 9, "refused: 0", 0),
        ([f"x{n},2026-03-01 07:00:00,,Blorked," for n in range(2)], None, 4),
        ([f"x{n},2026-03-01 07:00:00,,Blorked," for n in range(2)], "unread: 100%", 0),
        ([f"x{n},2026-03-01 07:00:00,,Blorked," for n in range(2)], "unread: 100%\nunknown_words: 2%", 4),
        ([f"x{n},2026-03-01 07:00:00,,Blorked," for n in range(2)], "unread: 100%\nunknown_words: 10%", 0),
        ([f"x{n},2026-03-01 07:00:00,,Open,So so" for n in range(3)], None, 4),
        ([f"x{n},2026-03-01 07:00:00,,Open,So so" for n in range(2)], "unread: 100%\nunknown_words: 10%", 0),
        ([f"x{n},2026-03-01 07:00:00,,Open,So so" for n in range(3)], "unread: 100%\nunknown_words: 2%", 4),
        ([], "findings: [no-zone]", 4),
        ([], "findings: []", 0),
        ([], "match_rate: 50%", 0),
    ],
)  # fmt: skip
def test_the_gate_goes_by_the_thresholds_of_the_project(
    tmp_path: Path, lines: list[str], quality: str | None, code: int
) -> None:
    ended = _gated(_export(tmp_path, *lines), quality=quality)
    assert (ended.code, "error: " in ended.err) == (code, code == 4)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], 0),
        (["x1,some day,,Open,"], 4),
        (["1,2026-03-01 07:00:00,,Open,"], 0),
        ([",,,,"], 0),
    ],
    ids=["nothing refused", "one row", "a repeated key", "a blank row"],
)
def test_strict_lets_no_refused_row_pass(tmp_path: Path, lines: list[str], code: int) -> None:
    path = _export(tmp_path, *lines)
    assert _gated(path, "--strict").code == code
    assert _gated(path, "--strict", quality="refused: 50%\nreasons: {unreadable *: 50%}").code == code


def test_no_threshold_is_judged_unless_asked(tmp_path: Path) -> None:
    assert _gated(_export(tmp_path, *FAULTY), "--fail-on", "target", quality="refused: 0%").code == 0


def test_findings_that_a_project_lets_pass_do_not_fail(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{1 + n % 28:02d} 08:00:00,2026-03-{1 + n % 28:02d} 13:00:00,Solved,2" for n in range(40)]
    path = tmp_path / "reopened.csv"
    path.write_text("\n".join(["Ticket ID,Created,Resolved,Status,Reopens", *rows]) + "\n")
    assert _gated(path).code == 4
    assert "(`selected-export`)" in _gated(path).err
    assert _gated(path, quality="findings: [far-ahead]").code == 0
    assert _gated(path, "--strict", quality="findings: [far-ahead]").code == 4


@pytest.mark.parametrize(
    ("quality", "message"),
    [
        ("reasons: {unreadable Created tiem: 1%}", "`unreadable Created tiem`: no file has a column `Created tiem`, did you mean `Created time`?"),
        ("reasons: {no Id: 1%}", "`no Id`: no file has a column `Id`"),
        ("match_rate: 50%", "`match_rate`: no file has answers that name a ticket of another"),
        ("reasons: {unreadable *: 1%, unreadable Created time: 1%, no answer: 5%, duplicate key: 5%}", ""),
    ],
)  # fmt: skip
def test_a_threshold_that_nothing_is_judged_by_is_reported(tmp_path: Path, quality: str, message: str) -> None:
    ended = _gated(_export(tmp_path), quality=quality)
    assert ended.code == 0
    assert ended.err == (f"threshold not judged: {message}\n" if message else "")
    assert _gated(_export(tmp_path), "--min-n", "1", quality=quality).err == ""


def test_a_gate_that_shuts_says_by_which_file_how_much_and_where_to_look(tmp_path: Path) -> None:
    path = _export(tmp_path, *(f"x{n},some day,,Blorked," for n in range(10)))
    quality = "refused: 10%\nunknown_words: 2%\nunread: 100%"
    assert _gated(path, quality=quality).err.splitlines() == [
        f"error: {path}: 10 of 50 rows of tickets refused (20%), more than the 10% of `refused`",
        f"{path}: 10 of 50 cells of status in unknown words (20%), more than the 2% of `unknown_words`",
        "",
        "hint: `--refused FILE` writes the refused rows to a file",
        "hint: `kundpuls inspect FILES` lists the words",
        f"hint: the thresholds are those of `quality` in {tmp_path / 'project.yaml'}",
    ]
    assert _gated(path).err.splitlines()[2:] == [
        "hint: `--refused FILE` writes the refused rows to a file",
        "hint: thresholds of your own go into kundpuls.yaml",
    ]


def test_a_gate_names_the_file_that_already_holds_the_rows(tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    ended = _gated(_export(tmp_path, "x1,some day,,Open,"), "--strict", "--refused", refused, "--quiet")
    assert ended.code == 4
    assert f"hint: `{refused}` holds the refused rows" in ended.err
    assert "`refused` allows none" in ended.err
    assert len(_listed(refused)) == 1


def test_a_shut_gate_comes_before_a_missed_target(tmp_path: Path) -> None:
    path = _export(tmp_path, *(f"x{n},some day,,Open," for n in range(10)))
    target = ("--target", "resolution_time=1h")
    assert _gated(path, *target, "--fail-on", "target").code == 5
    assert _gated(path, *target, "--fail-on", "quality,target").code == 4


def test_a_sheet_of_refused_rows_says_why_in_the_language_of_the_report(tmp_path: Path) -> None:
    export, sheet, records = _export(tmp_path, *FAULTY), tmp_path / "refused.csv", tmp_path / "refused.json"
    for path in (sheet, records):
        assert piped("report", export, "--period", "all", "--lang", "sv", "--refused", path).code == 0
    reasons = {reason for *_, reason in _listed(sheet)}
    assert {"tom rad", "går inte att tolka", "saknas"} <= reasons
    assert {"blank row", "unreadable", "missing"} <= {row["reason"] for row in json.loads(records.read_text("utf-8"))}
