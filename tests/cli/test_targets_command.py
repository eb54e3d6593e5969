"""`kundpuls targets`: the article's target table, the page in three languages, the list of what to do from run to run."""

import json
import re
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from invoked import on_terminal, piped, sample
from rich.cells import cell_len

from kpi_cli import writing
from kpi_cli.options import project
from kpi_cli.options.targets import goals
from kpi_cli.todo import lists
from kpi_cli.todo.calendar_file import Task, calendar, escaped, folded
from kpi_core.errors import ConfigError
from kpi_core.kpis import CATALOGUE

pytestmark = pytest.mark.usefixtures("scanned_once")

TICKETS = sample("zendesk_tickets.csv")
SPREADSHEET = sample("arenden_2026.csv")
ARTICLE = """
defaults:
  zone: Europe/Stockholm
  targets:
    nps: {start: 20, target: 30, since: 2026-07-01, deadline: 6 måneder}
    csat: {start: 75 %, target: "85 %", since: 2026-07-01, deadline: 3 måneder}
    ces: {start: "3,5", target: "2,5", since: 2026-07-01, deadline: 6 måneder}
    retention_rate: {start: 60 %, target: 75%, since: 2026-01-01, deadline: 1 år}
    churn_rate: {start: 10 %, target: 5%, since: 2026-01-01, deadline: 1 year}
    cac: {start: 100 EUR, target: 80 EUR, since: 2026-07-01, deadline: 2026-12-31}
    repurchase_rate: {start: 40 %, target: 50 %, since: 2026-07-01, deadline: 2026-12}
    review_rating: {start: 4/5, target: 4.5/5, since: 2026-07-01, deadline: 2026-Q4}
    first_reply_time: {start: 5t, target: 2t, since: 2026-07-01, deadline: 12 uker}
    complaint_resolution_rate: {start: 70 %, target: 90 %, since: 2026-07-01, deadline: 90 dagar}
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "kundpuls.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _recorded(*arguments: object) -> dict[str, Any]:
    ended = piped("targets", *arguments, "--format", "json", "--quiet")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_the_article_s_table_is_read_whole(tmp_path: Path) -> None:
    messages = project.read(_file(tmp_path, ARTICLE))
    aims = goals(messages.defaults["target"], CATALOGUE)
    read = {kpi: (goal.start, goal.value, goal.deadline) for kpi, (goal,) in aims.items()}
    year_end = date(2026, 12, 31)
    assert read == {
        "nps": (0.20, 0.30, year_end), "csat": (0.75, 0.85, date(2026, 9, 30)), "ces": (3.5, 2.5, year_end),
        "retention_rate": (0.60, 0.75, year_end), "churn_rate": (0.10, 0.05, year_end), "cac": (100, 80, year_end),
        "repurchase_rate": (0.40, 0.50, year_end), "review_rating": (4, 4.5, year_end), "first_reply_time": (18_000, 7_200, date(2026, 9, 22)),
        "complaint_resolution_rate": (0.70, 0.90, date(2026, 9, 28)),
    }  # fmt: skip
    (cac,), (rating,) = aims["cac"], aims["review_rating"]
    assert (cac.currency, rating.highest) == ("EUR", 5)


def test_its_contradictions_are_found_and_what_cannot_be_measured_names_what_it_takes(tmp_path: Path) -> None:
    found = _recorded(SPREADSHEET, "--config", _file(tmp_path, ARTICLE))
    shown = [one["text"] for one in found["contradictions"]]
    assert (
        "Customer retention 75% and Customer churn 5% cannot both be meant of one period: 75% kept is 25% lost, 5% lost is 95% kept"
        in shown
    )
    assert (
        "Customer retention and Customer churn cannot have started at 60% and 10% in one period: 60% kept is 40% lost"
        in shown
    )
    # .95 to the 12th is .540; 1 less the 12th root of .75 is .0237.
    assert "losing 5.0% a month keeps 54.0% over a year; keeping 75% over a year is to lose 2.4% a month" in shown
    needs = {one["kpi"]: one["needs"] for one in found["targets"] if one["state"] == "not measured"}
    assert needs["retention_rate"] == ["customers"]
    assert needs["cac"] == ["costs", "customers"]
    assert sum(found["counts"].values()) == 10
    assert all(one["lacks"] == ["owner"] for one in found["targets"])


def test_a_target_that_lies_the_other_way_than_its_start_is_reported_and_not_judged(tmp_path: Path) -> None:
    text = "defaults: {zone: UTC, targets: {reopen_rate: {start: 5%, target: 10%}, csat: {start: 90%, target: 80%}}}\n"
    found = _recorded(TICKETS, "--config", _file(tmp_path, text))
    assert [one["state"] for one in found["targets"]] == ["cannot tell", "cannot tell"]
    assert [one["key"] for one in found["contradictions"]] == ["contrary-start-lower", "contrary-start"]
    assert found["actions"] == []
    report = piped(
        "report", TICKETS, "--config", tmp_path / "kundpuls.yaml", "--kpi", "reopen_rate", "--format", "json", "--quiet"
    ).out
    (result,) = json.loads(report)["results"]
    assert result["target"]["status"] == "cannot tell"
    assert "no target: the target is on the wrong side of its start" in result["notes"]


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_page_fits_its_terminal_and_answers_in_its_first_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str, width: int
) -> None:
    shown = on_terminal(
        monkeypatch, width, "targets", SPREADSHEET, "--config", _file(tmp_path, ARTICLE), "--lang", lang, "--quiet"
    )
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(cell_len, lines)) <= width
    first = {
        "en": r". \d of 10 targets are met; .*\.",
        "sv": r". \d av 10 mål är nådda; .*\.",
        "nb": r". \d av 10 mål er nådd; .*\.",
    }
    assert re.fullmatch(first[lang], " ".join(lines[2:4]).split(".")[0] + "."), lines[2:4]


def test_a_missed_target_is_5_where_a_gate_asks_and_one_before_its_deadline_is_not_missed(tmp_path: Path) -> None:
    missed = ("targets", TICKETS, "--zone", "UTC", "--target", "backlog=0", "--no-config", "--quiet")
    assert piped(*missed).code == 0
    assert piped(*missed, "--fail-on", "target").code == 5
    text = "defaults: {zone: UTC, targets: {backlog: {target: 0, deadline: 2027-12-31}}}\n"
    later = ("--config", _file(tmp_path, text), "--quiet", "--kpi", "backlog", "--fail-on", "target")
    assert piped("report", TICKETS, *later).code == 0
    (result,) = [
        one
        for one in json.loads(piped("report", TICKETS, *later, "--format", "json").out)["results"]
        if one["kpi"] == "backlog"
    ]
    assert result["target"] == {"value": 0, "status": "not due"}


def test_a_report_says_which_targets_of_groups_it_does_not_judge(tmp_path: Path) -> None:
    config = _file(tmp_path, "defaults: {zone: UTC, targets: {backlog: {target: 1000000, segment: group=Support}}}\n")
    assert (
        "target not judged: backlog of group=Support needs --by group"
        in piped("report", TICKETS, "--config", config).err
    )
    assert "target not judged: backlog" not in piped("report", TICKETS, "--config", config, "--by", "group").err


@pytest.mark.parametrize(
    ("aims", "message"),
    [
        ("csat: 85", "`85` is no share, write 85%"),
        ("csat: {target: 185%}", "`185%` is beyond what `csat` can be"),
        ("nps: {target: 130}", "`130` is beyond what `nps` can be"),
        ("csat: {target: 85%, deadline: soon}", "deadline `soon` is no day, write 2026-12-31"),
        ("csat: {target: 85%, deadline: 2026-13}", "deadline `2026-13` is no day"),
        ("csat: {target: 85%, deadline: 6 months}", "counted from a day: write `since: 2026-10-01`"),
        ("csat: {target: 85%, deadline: 6 fortnights}", "deadline `6 fortnights` is no day"),
        (
            "csat: {target: 85%, since: 2026-10-01, deadline: 2026-09-30}",
            "deadline `2026-09-30` is not after `since`, 2026-10-01",
        ),
        ("csat: {target: 85%, start: 75}", "`75` is no share, write 75%"),
        ("csat: {target: 85%, segment: Billing}", "`Billing` is no segment, write for example group=Billing"),
        ("csat: {target: 85%, segment: agent=Kim}", "targets are for teams"),
        ("csat: {target: 85%, owner: }", "nothing is written there"),
        ("csat: {goal: 85%}", "unknown key `goal`"),
        ("csat: {deadline: 2026-12}", "`target` is missing"),
        ("csat: [85%, 90%]", "`csat` has two targets for the same rows"),
        ("csta: 85%", "no KPI `csta`, did you mean `csat`?"),
        ("cac: {target: 80 EUR, start: 100 SEK}", "`100 SEK` is in another currency than `80 EUR`"),
        ("review_rating: {target: 4.5/5, start: 8/10}", "`8/10` is on another scale than `4.5/5`"),
        ("first_reply_time: 80%", "`80%` is no duration"),
        ("first_reply_time: {target: 2h, start: 5}", "`5` is no duration"),
        ("csat: []", "no target"),
        ("csat: ", "nothing is written there"),
    ],
)
def test_what_a_target_cannot_mean_is_reported_with_file_line_and_the_way_to_write_it(
    tmp_path: Path, aims: str, message: str
) -> None:
    path = _file(tmp_path, f"defaults:\n  targets:\n    {aims}\n")
    with pytest.raises(ConfigError) as refused:
        project.read(path)
    assert message in f"{refused.value.message}\n{refused.value.hint}", refused.value.message
    assert str(refused.value.where) == f"{path}:3"


# The list of what to do


def _listed(path: Path, *targets: str, period: str = "2026-09") -> list[tuple[str, str]]:
    aims = [part for one in targets for part in ("--target", one)]
    ended = piped(
        "targets", TICKETS, "--zone", "UTC", "--no-config", "--quiet", "--period", period, *aims, "--todo", path
    )
    assert ended.code == 0, ended.err
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    return [(line[0], line[2]) for line in lines[1:]]


def test_what_is_new_still_open_or_solved_is_known_from_run_to_run(tmp_path: Path) -> None:
    path = tmp_path / "todo.csv"
    assert _listed(path, "backlog=0", period="2026-08") == [("backlog", "new")]
    assert _listed(path, "backlog=0", period="2026-08") == [("backlog", "new")]
    assert _listed(path, "backlog=0") == [("backlog", "still")]
    assert _listed(path, "backlog=1000") == [("backlog", "solved")]
    assert _listed(path, "backlog=0") == [("backlog", "still")]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["todo.csv", "todo.csv.state.json"]


def test_a_run_on_other_rows_solves_nothing_of_what_it_did_not_look_at(tmp_path: Path) -> None:
    path = tmp_path / "todo.csv"
    assert _listed(path, "backlog=0") == [("backlog", "new")]
    asked = (
        "--zone",
        "UTC",
        "--no-config",
        "--quiet",
        "--period",
        "2026-09",
        "--target",
        "backlog=100000",
        "--where",
        "priority = 'high'",
    )
    assert piped("targets", TICKETS, *asked, "--todo", path).code == 0
    assert [line.split(",")[2] for line in path.read_text("utf-8").splitlines()[1:]] == ["new"]


@pytest.mark.parametrize("ending", [".md", ".csv", ".xlsx", ".ics"])
def test_older_data_leave_a_list_as_it_is(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"todo{ending}"

    def run(period: str, target: str) -> None:
        asked = ("--zone", "UTC", "--no-config", "--quiet", "--period", period, "--target", target)
        assert piped("targets", TICKETS, *asked, "--todo", path).code == 0

    run("2026-09", "backlog=0")
    before = [one.read_bytes() for one in sorted(tmp_path.iterdir())]
    for target in ("backlog=1000", "resolution_time=1min"):
        run("2026-08", target)
        assert [one.read_bytes() for one in sorted(tmp_path.iterdir())] == before
    path.unlink()
    run("2026-08", "resolution_time=1min")
    if ending == ".csv":
        lines = [line.split(",") for line in path.read_text("utf-8").splitlines()[1:]]
        assert [(line[0], line[2]) for line in lines] == [("backlog", "new")]


def test_a_day_that_something_is_due_is_a_date_in_a_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "todo.xlsx"
    asked = ("--zone", "UTC", "--no-config", "--quiet", "--target", "backlog=0")
    assert piped("targets", TICKETS, *asked, "--todo", path).code == 0
    found = [
        cell.value for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row
    ]
    assert any(isinstance(value, datetime) for value in found)


@pytest.mark.parametrize("kpi", ["backlog", "tickets_created"])
def test_a_count_of_all_rows_is_no_target_of_a_group(kpi: str) -> None:
    asked = ("--zone", "UTC", "--no-config", "--quiet", "--period", "2026-09", "--by", "priority", "--format", "json")
    targets = ("--target", f"{kpi}=1", "--target", "resolution_time=1min")
    results = json.loads(piped("report", TICKETS, *asked, *targets).out)["results"]
    judged = {(one["kpi"], bool(one["group"])) for one in results if one["target"] is not None}
    assert {(kpi, False), ("resolution_time", False), ("resolution_time", True)} <= judged
    assert (kpi, True) not in judged


def test_every_format_of_a_list_says_the_same(tmp_path: Path) -> None:
    paths = [tmp_path / f"todo{ending}" for ending in (".md", ".csv", ".xlsx", ".ics")]
    lists = [part for path in paths for part in ("--todo", path)]
    asked = ("--zone", "UTC", "--no-config", "--quiet", "--target", "backlog=0", "--target", "resolution_time=1min")
    assert piped("targets", TICKETS, *asked, *lists).code == 0
    of_targets = [path.read_bytes() for path in paths[:2]] + [paths[3].read_bytes()]
    assert piped("report", TICKETS, *asked, *lists).code == 0
    again = [path.read_bytes() for path in paths[:2]] + [paths[3].read_bytes()]
    assert of_targets == again
    text = paths[3].read_text("utf-8")
    assert text.count("BEGIN:VTODO") == paths[1].read_text("utf-8").count("\n") - 1 == 2
    assert all(uid in text for uid in re.findall(r"[0-9a-f-]{36}@kundpuls", paths[1].read_text("utf-8")))


def test_a_run_that_fails_leaves_the_list_and_what_is_kept_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "todo.csv"
    _listed(path, "backlog=0", period="2026-08")
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.shutil, "copymode", full)
    assert piped("targets", TICKETS, "--zone", "UTC", "--no-config", "--target", "backlog=0", "--todo", path).code != 0
    monkeypatch.undo()
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before
    assert _listed(path, "backlog=0") == [("backlog", "still")]


def test_runs_that_overlap_lose_nothing_and_say_nothing_twice(tmp_path: Path) -> None:
    path, faults = tmp_path / "todo.csv", []

    def add(name: str) -> None:
        try:
            with lists._kept(path) as keeping:
                data = json.loads(json.dumps({"version": 1, "stamp": "", "entries": []}))
                assert data
                from kpi_core.analysis.goals.ledger import Ledger, restored

                entry = restored({"version": 1, "stamp": "", "entries": [_saved_entry(name)]}).entries
                keeping.ledger = Ledger(stamp="x", entries=(*keeping.ledger.entries, *entry))
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)

    threads = [threading.Thread(target=add, args=(f"kpi_{n}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    kept = json.loads(lists.state_path(path).read_text("utf-8"))["entries"]
    assert sorted(one["id"] for one in kept) == sorted(f"kpi_{n}" for n in range(12))


def _saved_entry(name: str) -> dict[str, Any]:
    return {
        "id": name, "uid": name, "kpi": name, "unit": "share", "currency": None, "segment": None, "reason": "missed", "value": 0.5,
        "target": 0.9, "gap": 0.4, "rows": 4, "table": "answers", "driver": None, "suggestion": {"en": "Do"}, "owner": "",
        "due": "2026-10-15", "first": "x", "last": "x", "solved": None, "changed": 0,
    }  # fmt: skip


def test_a_list_that_another_run_is_writing_is_waited_for_and_a_killed_one_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "todo.csv"
    lock = lists.state_path(path).with_name("todo.csv.state.json.new")
    lock.touch()
    monkeypatch.setattr(lists, "PATIENCE", 0.1)
    ended = piped("targets", TICKETS, "--zone", "UTC", "--no-config", "--target", "backlog=0", "--todo", path)
    assert (ended.code, "another run is writing this list" in ended.err, path.exists()) == (3, True, False)
    monkeypatch.setattr(lists, "STALE", -1.0)
    assert _listed(path, "backlog=0") == [("backlog", "new")]
    assert not lock.exists()


def test_what_is_kept_and_cannot_be_read_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "todo.csv"
    lists.state_path(path).write_text("{", "utf-8")
    ended = piped("targets", TICKETS, "--zone", "UTC", "--no-config", "--target", "backlog=0", "--todo", path)
    assert ended.code == 3
    assert "delete it to begin the list anew" in ended.err
    assert lists.state_path(path).read_text("utf-8") == "{"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--todo", "todo.pdf"), "`todo.pdf` is no list of what to do"),
        (("--todo", "todo"), "is no list of what to do"),
        (("--fail-on", "quality"), "quality"),
        (("--target", "csat=85"), "`85` is no share"),
    ],
)
def test_what_the_command_line_cannot_mean_is_2(arguments: tuple[str, ...], message: str) -> None:
    ended = piped("targets", TICKETS, "--no-config", *arguments)
    assert (ended.code, message in ended.err) == (2, True), ended.err


def test_without_a_target_the_way_to_write_one_is_reported() -> None:
    ended = piped("targets", TICKETS, "--no-config")
    assert (ended.code, "--target csat=85%" in ended.err) == (2, True)


# iCalendar


def _unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


@pytest.mark.parametrize(
    "text", ["plain", "a,b;c\\d\ne", "ö" * 200, "😀" * 60, "x" * 74 + "å" + "y" * 80, "tab\tbell\x07", ""]
)
def test_a_task_says_what_it_was_given_after_escaping_and_folding(text: str) -> None:
    task = Task(uid="1@kundpuls", summary=text, description=text, due=date(2026, 10, 15), stamp=datetime.fromisoformat("2026-10-02T10:00:00+02:00"),
                category="CSAT, all", owner="Kim", completed=datetime.fromisoformat("2026-10-03T00:00:00+00:00"), sequence=2)  # fmt: skip
    lines = _unfolded(calendar([task], "To do"))
    values = dict(line.partition(":")[::2] for line in lines)
    plain = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], values["SUMMARY"])
    assert plain == text.replace("\x07", "")
    assert (values["DTSTAMP"], values["DUE;VALUE=DATE"], values["COMPLETED"]) == (
        "20261002T080000Z",
        "20261015",
        "20261003T000000Z",
    )
    assert (values["STATUS"], values["SEQUENCE"], values["CATEGORIES"]) == ("COMPLETED", "2", "CSAT\\, all")


def test_lines_are_folded_between_characters() -> None:
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == "x" * 75 + "\r\n x"
    assert escaped("a\r\nb") == "a\\nb"


# Proposals


def test_proposals_say_the_chance_of_meeting_each() -> None:
    found = _recorded(TICKETS, "--zone", "UTC", "--no-config", "--suggest", "--grain", "week")
    assert {one["kpi"] for one in found["suggestions"]} >= {"resolution_time", "csat"}
    for one in found["suggestions"]:
        chances = [level["chance"] for level in one["levels"]]
        assert chances == sorted(chances, reverse=True)
        assert all(0 < chance < 1 for chance in chances)
        assert all(0 <= level["met"] <= one["periods"] for level in one["levels"])
    reasons = {one["kpi"]: one["key"] for one in found["without"]}
    assert reasons["backlog"] == "suggest-stock"
    months = _recorded(TICKETS, "--zone", "UTC", "--no-config", "--suggest")
    assert months["suggestions"] == []
    assert {one["key"] for one in months["without"]} >= {"suggest-few"}


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
@pytest.mark.parametrize("width", [80, 100])
def test_proposals_fit_their_terminal(monkeypatch: pytest.MonkeyPatch, lang: str, width: int) -> None:
    asked = ("--zone", "UTC", "--no-config", "--suggest", "--grain", "week", "--lang", lang, "--quiet")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(monkeypatch, width, "targets", TICKETS, *asked)).splitlines()
    assert [line for line in lines if cell_len(line) > width] == []


def test_rows_have_the_same_columns_whatever_is_known(tmp_path: Path) -> None:
    config = _file(tmp_path, ARTICLE)
    tables = [
        piped("targets", SPREADSHEET, "--config", config, "--quiet", "--format", "csv", *more).out.splitlines()
        for more in ((), ("--kpi", "retention_rate"), ("--kpi", "first_reply_time"))
    ]
    assert {table[0] for table in tables} == {tables[0][0]}
    assert [len(table) - 1 for table in tables] == [10, 1, 1]
