"""KPIs of users' own on the command line: they are listed, explained, selected, split and judged like the built-in ones."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from invoked import piped, sample

from kpi_cli.options import completion
from kpi_core.user_kpis.pack import MEASURES, Entry, PackFile

pytestmark = pytest.mark.usefixtures("scanned_once")

EXAMPLE = Path(__file__).parents[2] / "configs" / "kpis.example.yaml"
TICKETS, SURVEY = sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv")
OWN = """\
pack: mine
kpis:
  - name: quick_replies
    label: {en: Quick replies, sv: Snabba svar}
    description: First replies within two hours.
    table: tickets
    better: higher
    measure: {share: first_reply_time <= 7200}
  - name: calls
    label: Calls
    description: Calls, of rows that are sums.
    table: tickets
    columns: {Number of calls: number}
    measure: {sum: Number of calls}
"""
ANEW = """\
pack: anew
kpis:
  - name: first_reply_time
    override: true
    label: Our reply time
    description: The median of replies that took any time at all.
    table: tickets
    unit: seconds
    better: lower
    measure: {quantile: {of: first_reply_time, among: first_reply_time > 0}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path / "own.yaml"


@pytest.fixture
def anew(tmp_path: Path) -> Path:
    (tmp_path / "anew.yaml").write_text(ANEW, encoding="utf-8")
    return tmp_path / "anew.yaml"


def asked(*arguments: object) -> dict[str, Any]:
    ended = piped(*arguments, "--format", "json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    document: dict[str, Any] = json.loads(ended.out)
    return document


def test_a_report_shows_them_next_to_the_others_with_the_id_of_their_definition(own: Path) -> None:
    document = asked("report", TICKETS, "--kpis-file", own)
    definitions = [one["definition"] for one in document["results"]]
    assert definitions[-1] == "mine/quick_replies@1"
    assert "tickets_created@1" in definitions
    assert {"kpi": "calls", "needs": ["Number of calls"]} in document["unavailable"]


def test_they_are_selected_split_targeted_and_judged(own: Path) -> None:
    document = asked(
        "report", TICKETS, "--kpis-file", own, "--kpi", "quick*", "--by", "group", "--target", "quick_replies=5%"
    )
    total, *groups = document["results"]
    assert {one["kpi"] for one in document["results"]} == {"quick_replies"}
    assert total["target"] == {"value": 0.05, "status": "met"}
    assert total["verdict"] in ("better", "worse", "cannot tell")
    assert sum(one["n"] for one in groups) == total["n"]
    assert sum(one["numerator"] for one in groups) == total["numerator"]


@pytest.mark.parametrize(("lang", "label"), [("en", "Quick replies"), ("sv", "Snabba svar"), ("nb", "Quick replies")])
def test_they_have_a_label_in_each_language(own: Path, lang: str, label: str) -> None:
    output = piped("report", TICKETS, "--kpis-file", own, "--lang", lang, "--format", "md").out
    assert label in output
    assert label in piped("kpis", "quick_replies", "--kpis-file", own, "--lang", lang).out


@pytest.mark.parametrize("output", ["csv", "md", "ndjson", "xlsx"])
def test_every_output_takes_them(own: Path, tmp_path: Path, output: str) -> None:
    ended = piped(
        "report", TICKETS, "--kpis-file", own, "--kpi", "quick*", "-o", tmp_path / f"report.{output}", "--quiet"
    )
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / f"report.{output}").stat().st_size


def test_they_are_listed_and_explained(own: Path) -> None:
    listed = asked("kpis", "--kpis-file", own)["kpis"]
    assert [one["name"] for one in listed[-2:]] == ["quick_replies", "calls"]
    result = asked("kpis", "calls", "--kpis-file", own)["kpi"]
    assert result["definition"] == "mine/calls@1"
    assert result["defined_in"] == f"{own}:9"
    assert result["formula"] == "sum of Number of calls"
    assert result["needs"] == ["Number of calls"]
    page = piped("kpis", "quick_replies", "--kpis-file", own).out
    assert "(first_reply_time <= 7200) ÷ rows that say" in page
    assert f"Defined in     {own}:3" in page


def test_whether_a_file_can_feed_one_is_reported(own: Path) -> None:
    (answer,) = asked("kpis", "quick_replies", TICKETS, "--kpis-file", own)["files"]
    assert answer["can_compute"]
    (answer,) = asked("kpis", "calls", TICKETS, "--kpis-file", own)["files"]
    assert (answer["can_compute"], answer["needs"]) == (False, ["Number of calls"])


def test_an_inspection_shows_which_the_files_can_feed_and_how_their_headers_are_read(own: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text(
        "Ticket ID;Created time;Status;Number of calls\n1;2026-03-02;Open;12\n2;2026-03-03;Open;7\n", encoding="utf-8"
    )
    document = asked("inspect", calls, "--kpis-file", own)
    assert {"kpi": "calls", "n": 2} in document["kpis"]
    assert {
        "kpi": "quick_replies",
        "needs": ["created_at with first_replied_at, first_reply_time, or messages"],
    } in document["unavailable"]
    (column,) = [one for one in document["files"][0]["columns"] if one["header"] == "Number of calls"]
    assert (column["lowest"], column["highest"]) == (7, 12)
    assert "Number of calls" not in document["files"][0]["ignored"]


def test_the_call_list_of_the_readme_is_counted_as_the_readme_says(tmp_path: Path) -> None:
    readme = (EXAMPLE.parent / "README.md").read_text(encoding="utf-8")
    pack = next(
        block for block in re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL) if "calls_answered_rate" in block
    )
    (tmp_path / "mine.yaml").write_text(pack, encoding="utf-8")
    (tmp_path / "calls.csv").write_text(
        "Date;Calls offered;Calls answered;Group;Call type\n2026-09-01;1 100;1 000,0;Support;in\n2026-09-02;50;40;Sales;in\n",
        encoding="utf-8",
    )
    (command,) = re.findall(r"^kundpuls report calls\.csv (.*)$", readme, re.MULTILINE)
    options = [str(tmp_path / word) if word == "mine.yaml" else word for word in command.split()]
    document = asked("report", tmp_path / "calls.csv", *options, "--period", "2026-09", "--kpi", "calls_answered_rate")
    assert document["results"][0]["value"] == pytest.approx(1040 / 1150)


def test_the_rows_behind_one_are_listed(own: Path) -> None:
    ended = piped("rows", "quick_replies", TICKETS, "--kpis-file", own, "--format", "csv", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    (result,) = asked("report", TICKETS, "--kpis-file", own, "--kpi", "quick_replies")["results"]
    roles = [line.partition(",")[0] for line in ended.out.splitlines()[1:]]
    assert roles.count("numerator") == result["numerator"]
    assert roles.count("numerator") + roles.count("counted") == result["n"]


def test_one_that_takes_the_place_of_a_built_in_one_is_reported(anew: Path) -> None:
    document = asked("report", TICKETS, "--kpis-file", anew, "--kpi", "first_reply_time*")
    definitions = {one["kpi"]: one["definition"] for one in document["results"]}
    assert definitions["first_reply_time"] == "anew/first_reply_time@1"
    assert definitions["first_reply_time_mean"] == "first_reply_time_mean@1"
    (finding,) = [one for one in document["findings"] if one["code"] == "own-definition"]
    assert finding["kpis"] == ["first_reply_time"]
    assert f"{anew}:3" in finding["text"]
    assert "Our reply time" in piped("report", TICKETS, "--kpis-file", anew).out


def test_several_files_go_together(own: Path, anew: Path) -> None:
    document = asked(
        "report", TICKETS, "--kpis-file", own, "--kpis-file", anew, "--kpi", "quick*", "--kpi", "first_reply_time"
    )
    assert [one["definition"] for one in document["results"]] == ["anew/first_reply_time@1", "mine/quick_replies@1"]


def test_a_project_file_names_them_next_to_itself(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = own.parent
    text = "defaults:\n  kpis_files: own.yaml\n  kpis: [quick*, csat]\n  targets: {quick_replies: 1%}\n"
    (folder / "kundpuls.yaml").write_text(text, encoding="utf-8")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    document = asked("report", TICKETS)
    assert {one["kpi"] for one in document["results"]} == {"quick_replies", "csat"}
    assert next(one["target"]["value"] for one in document["results"] if one["kpi"] == "quick_replies") == 0.01
    assert asked("kpis", "quick_replies")["kpi"]["definition"] == "mine/quick_replies@1"
    assert piped("kpis", "quick_replies").err == f"using {Path('..', 'kundpuls.yaml')}\n"
    assert piped("kpis", "quick_replies", "--no-config").code == 2


def test_the_shell_is_offered_them(own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = f"kundpuls report --kpis-file {own} --kpi quick"
    environment = {**os.environ, "_KUNDPULS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "5"}
    code = "import sys; sys.argv = ['kundpuls']; from kpi_cli.app import app; app(prog_name='kundpuls')"
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["quick_replies"]
    (tmp_path / "kundpuls.yaml").write_text("defaults: {kpis_files: [own.yaml, nowhere.yaml]}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert completion.kpi("quick") == [("quick_replies", "Quick replies")]


@pytest.mark.parametrize("text", ["", "kpis: all", "kpis: [a, b]", "kpis: [{name: x, label: {}}]", "- kpis", "pack: ["])
def test_a_file_that_is_no_pack_offers_nothing_and_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    assert list(completion.own_kpis(tmp_path / "broken.yaml")) == []


# the examples


def test_the_one_in_the_readme_is_valid(tmp_path: Path) -> None:
    blocks = (EXAMPLE.parent / "README.md").read_text(encoding="utf-8").split("```")
    text = next(block.removeprefix("yaml\n") for block in blocks if block.startswith("yaml\npack:"))
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    listed = [one["definition"] for one in asked("kpis", "--kpis-file", tmp_path / "mine.yaml")["kpis"]]
    assert listed[-2:] == ["mine/calls_answered_rate@1", "mine/quick_replies@1"]


def test_the_readme_has_every_measure() -> None:
    text = (EXAMPLE.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in MEASURES if f"| `{name}: " not in text] == []


def test_the_example_is_listed_whole() -> None:
    listed = {one["name"]: one for one in asked("kpis", "--kpis-file", EXAMPLE)["kpis"]}
    own = [one for one in listed.values() if one["definition"].startswith("example/")]
    assert len(own) == EXAMPLE.read_text(encoding="utf-8").count("  - name: ")
    assert listed["reopen_rate"]["definition"] == "example/reopen_rate@2"


def test_the_example_shows_every_measure_and_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for key in (*PackFile.model_fields, *Entry.model_fields, *MEASURES):
        assert f"{key}:" in text, key


def test_the_example_works_on_the_sample_data() -> None:
    document = asked("report", TICKETS, SURVEY, "--kpis-file", EXAMPLE, "--kpi", "*")
    found = {one["definition"]: one for one in document["results"]}
    built_in = {one["kpi"]: one for one in document["results"]}
    assert found["example/left_over@1"]["value"] == built_in["net_flow"]["value"]
    assert found["example/slowest_replies@1"]["value"] == built_in["first_reply_time_p90"]["value"]
    assert found["example/reply_hours@1"]["value"] * 3600 == pytest.approx(built_in["first_reply_time_mean"]["value"])
    lacking = {one["kpi"]: one["needs"] for one in document["unavailable"]}
    assert lacking["calls_taken"] == ["Calls answered"]
    assert lacking["answer_rate_of_calls"] == ["Calls answered", "Calls offered"]


AMONG = """\
pack: mine
kpis:
  - name: replies_of_urgent
    label: Replies
    description: Replies to what was urgent.
    table: tickets
    measure: {mean: {of: agent_replies / 2, among: "priority = 'urgent' AND channel <> 'Phone'"}}
  - name: slow_replies
    label: Slow replies
    description: Mean of what took any time.
    table: tickets
    measure: {mean: {of: first_reply_time / 60, among: first_reply_time > 0}}
  - name: single_replies
    label: Single replies
    description: One reply, of what was urgent.
    table: tickets
    measure: {share: {of: agent_replies = 1, among: "priority = 'urgent'"}}
"""
CASES = """\
Ticket ID,Created,First reply,Priority,Channel,Agent replies
1,2026-03-02 09:00,2026-03-02 10:00,Urgent,Email,2
2,2026-03-02 09:00,2026-03-02 10:00,Low,Email,1
3,2026-03-02 09:00,2026-03-02 10:00,Urgent,Phone,1
4,2026-03-02 09:00,2026-03-02 09:00,Urgent,Email,
5,2026-03-02 09:00,,Urgent,Email,1
"""


@pytest.mark.parametrize(
    ("kpi", "reasons"),
    [
        ("replies_of_urgent", {2: "not of `priority = 'urgent' AND channel <> 'Phone'`", 3: "not of `priority = 'urgent' AND channel <> 'Phone'`", 4: "no agent replies"}),
        ("slow_replies", {4: "not of `first_reply_time > 0`", 5: "not of `first_reply_time > 0`"}),
        ("single_replies", {2: "not of `priority = 'urgent'`", 4: "no agent replies"}),
    ],
)  # fmt: skip
def test_a_row_is_left_out_for_the_condition_that_it_fails(kpi: str, reasons: dict[int, str], tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(AMONG, encoding="utf-8")
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    found = asked(
        "rows",
        kpi,
        tmp_path / "cases.csv",
        "--kpis-file",
        tmp_path / "own.yaml",
        "--period",
        "all",
        "--only",
        "left-out",
    )
    assert {int(row["id"]): row["reason"] for row in found["rows"]} == reasons


ALIKE = """\
pack: alike
columns: {Hours: number}
kpis:
  - {name: tenths, label: Tenths, description: Hours by the tenth., table: tickets, measure: {sum: "ROUND(Hours, 1)"}}
  - {name: thousandths, label: Thousandths, description: Hours by the thousandth., table: tickets, measure: {sum: "ROUND(Hours, 3)"}}
  - {name: high, label: High, description: High ones., table: tickets, measure: {count: "priority IN ('high', 'urgent')"}}
  - {name: low, label: Low, description: Low ones., table: tickets, measure: {count: "priority IN ('low', 'normal')"}}
  - {name: high_share, label: High share, description: The share of high ones., table: tickets, measure: {share: "priority IN ('high', 'urgent')"}}
  - {name: low_share, label: Low share, description: The share of low ones., table: tickets, measure: {share: "priority IN ('low', 'normal')"}}
  - {name: middle, label: Middle, description: The middle by the tenth., table: tickets, measure: {quantile: {of: "ROUND(Hours, 1)"}}}
  - {name: finer, label: Finer, description: The middle by the thousandth., table: tickets, measure: {quantile: {of: "ROUND(Hours, 3)"}}}
"""


def test_conditions_that_read_alike_give_values_of_their_own(tmp_path: Path) -> None:
    """Printed, both roundings and any two lists are the same expression."""
    rows = "".join(
        f"{n},2026-03-{n:02} 09:00,2026-03-{n:02} 12:00,Solved,{'high' if n < 4 else 'low'},{n}.1234\n"
        for n in range(1, 11)
    )
    (tmp_path / "t.csv").write_text(f"Ticket ID,Created at,Resolved at,Status,Priority,Hours\n{rows}", encoding="utf-8")
    (tmp_path / "alike.yaml").write_text(ALIKE, encoding="utf-8")
    document = asked("report", tmp_path / "t.csv", "--kpis-file", tmp_path / "alike.yaml", "--period", "all")
    values = {one["kpi"]: one["value"] for one in document["results"]}
    assert [values["tenths"], values["thousandths"]] == [pytest.approx(56.0), pytest.approx(56.23)]
    assert [values[name] for name in ("high", "low", "high_share", "low_share")] == [3, 7, 0.3, 0.7]
    assert [values["middle"], values["finer"]] == [pytest.approx(5.6), pytest.approx(5.623)]


def test_the_file_that_the_documents_show_is_judged_by_a_list_of_calls_that_lacks_a_header(tmp_path):
    """Of its two KPIs one is computed, and the other is unavailable for what the list does not have."""
    shown = (Path(__file__).parents[2] / "configs" / "README.md").read_text(encoding="utf-8")
    pack = re.search(r"```yaml\n(pack: mine.*?)```", shown, re.DOTALL)
    assert pack
    (tmp_path / "mine.yaml").write_text(pack[1], encoding="utf-8")
    days = [f"2026-{month:02}-{day:02},{80 + day},{100 + day}" for month in (8, 9) for day in range(1, 29)]
    calls = tmp_path / "calls.csv"
    calls.write_text("\n".join(["Date,Calls answered,Calls offered", *days]) + "\n", encoding="utf-8")
    command = re.search(r"^kundpuls (report) calls\.csv (.* )--kpis-file mine\.yaml (.*)$", shown, re.MULTILINE)
    assert command
    pack_file = ("--kpis-file", str(tmp_path / "mine.yaml"), "--no-config", "--all")
    ended = piped(command[1], str(calls), *command[2].split(), *command[3].split(), *pack_file)
    assert ended.code == 0, ended.err
    assert re.search(r"^Calls answered +82\.5%", ended.out, re.MULTILINE)
    assert re.search(r"needs Call type, .*: Quick replies", ended.out)
