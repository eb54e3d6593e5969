"""The planted story of `sample_data/story`: each command finds its part of it, in its order, and not the part that means nothing."""

import json
import re
import runpy
from functools import cache
from pathlib import Path

import pytest
from invoked import on_terminal, piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

STORY = Path(sample("story"))
FILES = (str(STORY / "tickets.csv"), str(STORY / "survey.csv"))
SECOND_QUARTER = ("--period", "2026-Q2")


@cache
def answer(*arguments: str) -> dict:
    name, *rest = arguments
    ended = piped(name, *rest, "--zone", "UTC", "--no-config", "--format", "json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def page(*arguments: str) -> list[str]:
    ended = piped(*arguments, "--zone", "UTC", "--no-config")
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    runpy.run_path(str(STORY / "make_story.py"))["make_story"](tmp_path)
    for name in ("tickets.csv", "survey.csv"):
        assert (tmp_path / name).read_bytes() == (STORY / name).read_bytes()


def test_compare_finds_what_is_worse_and_nothing_else() -> None:
    asked = "csat,first_reply_time,resolution_time,fcr_no_repeat,tickets_created"
    found = answer("compare", asked, *FILES, *SECOND_QUARTER)
    verdicts = {one["kpi"]: one["verdict"] for one in found["results"]}
    assert {name for name, verdict in verdicts.items() if verdict == "worse"} == {"csat", "first_reply_time"}
    assert not {"better", "higher", "lower"} & set(verdicts.values())


def test_a_report_says_that_a_team_is_new() -> None:
    lines = page("report", *FILES, *SECOND_QUARTER)
    assert any(line.startswith("! West is there from 2026-04-01 on") for line in lines)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Customer satisfaction (CSAT) goes with type and group: "),
        ("sv", "Kundnöjdhet (CSAT) hänger ihop med typ och grupp: "),
        ("nb", "Kundetilfredshet (CSAT) henger sammen med type og gruppe: "),
    ],
)
def test_what_a_kpi_goes_with_is_named_as_in_a_sentence(lang: str, sentence: str) -> None:
    assert page("drivers", "csat", *FILES, *SECOND_QUARTER, "--lang", lang)[2].startswith(sentence)


@pytest.mark.parametrize(("asked", "shown"), [((), False), (("--unfinished",), True)])
def test_a_month_that_is_not_over_is_shown_where_it_is_asked_for_and_marked(
    asked: tuple[str, ...], *, shown: bool
) -> None:
    lines = page("compare", "csat,tickets_created", *FILES, "--period", "2026-07", *asked)
    assert any("Jul 2026, to 14 Jul" in line for line in lines)
    assert any("264" in line for line in lines) is shown
    assert any("--unfinished shows it" in line for line in lines) is not shown
    assert sum("not compared" in line.casefold() for line in lines) >= 2


def test_a_change_off_the_middle_of_its_interval_says_why() -> None:
    lines = page("compare", "tickets_created", *FILES, "--period", "2026-03")
    assert any(line.startswith("Tickets created: the days of the two periods alone make +50.") for line in lines)
    assert not any("the days of the two" in line for line in page("compare", "csat", *FILES, "--period", "2026-03"))


def test_trend_marks_weeks_of_what_changed_and_none_of_the_other() -> None:
    found = answer("trend", "csat,first_reply_time,resolution_time", *FILES, "--grain", "week")
    signals = {one["kpi"]: one["signals"] for one in found["trends"]}
    assert signals["csat"]
    assert signals["first_reply_time"]
    assert signals["resolution_time"] == []


def test_first_replies_that_got_worse_have_no_good_sign() -> None:
    """The run is of the weeks before April, in which they were fast; since then they are not."""
    shown = page("trend", "csat,first_reply_time,resolution_time", *FILES, "--grain", "week")
    lines = [line for line in shown if "First reply time, median" in line]
    said, row = lines[0], lines[1]
    assert said.startswith("✗ First reply time, median: from W5 2026 to W14 2026 it stays below its mean")
    assert said.endswith("Of the 14 periods since, 13 are above its mean.")
    assert "✗ since W15 2026" in row


def test_proposed_targets_know_only_the_weeks_since_the_level_moved() -> None:
    """Of the fourteen weeks since April three met 3 h 30 min; with those before them it looked like an even chance."""
    found = answer("targets", *FILES, "--suggest", "--grain", "week")
    first = next(one for one in found["suggestions"] if one["kpi"] == "first_reply_time")
    chances = {level["target"]: level["chance"] for level in first["levels"]}
    assert first["periods"] == 14
    assert chances[3.5 * 3600] == pytest.approx(0.28, abs=0.03)


WEEK = ("--period", "2026-W24", "--grain", "week")


def test_a_met_target_with_a_signal_says_so_first_and_what_it_is() -> None:
    aims = ("--target", "csat=50%", "--target", "first_reply_time=5h")
    lines = page("targets", *FILES, *WEEK, *aims)
    assert lines[2] == "! 2 of 2 targets are met; 1 signal to look at."
    assert any("Customer satisfaction (CSAT) 71.4%: in a long run below its mean" in line for line in lines)
    (action,) = answer("targets", *FILES, *WEEK, *aims)["actions"]
    assert (action["reason"], action["signal"], action["driver"]) == ("signal", "run below", "type=Invoice")


def test_a_target_of_many_digits_is_shown_with_them_and_the_largest_gap_comes_first() -> None:
    lines = page(
        "targets", *FILES, *SECOND_QUARTER, "--target", "resolution_rate_cohort=99.99%", "--target", "csat=85%"
    )
    assert lines[3].strip().startswith("Customer satisfaction (CSAT): 13.0 pts to go")
    assert lines[4].strip().startswith("Resolved within 7 days: 0.05 pts to go; 1 of 1,736 tickets")
    assert any("≥ 99.99%" in line for line in lines)
    assert not any("100%" in line for line in lines)


def test_signals_of_kpis_without_a_target_are_listed_and_known_from_run_to_run(tmp_path: Path) -> None:
    todo = tmp_path / "todo.csv"
    states = {}
    for week in ("2026-W24", "2026-W24", "2026-W27"):
        page("report", *FILES, "--grain", "week", "--period", week, "--todo", str(todo))
        (row,) = [line for line in todo.read_text("utf-8").splitlines()[1:] if line.startswith("csat,")]
        states.setdefault(week, []).append(row.split(",")[:3])
    (first, again), (later,) = states["2026-W24"], states["2026-W27"]
    assert first == again
    assert first[:2] == later[:2]
    assert (first[2], later[2]) == ("new", "still")


def test_why_finds_the_type_whose_satisfaction_fell_then_the_one_that_grew() -> None:
    first, *rest = answer("why", "csat", *FILES, *SECOND_QUARTER)["dimensions"]
    assert first["dimension"] == "type"
    assert first["stands_out"]
    by_name = {one["group"]: one for one in first["segments"]}
    assert min(by_name, key=lambda name: by_name[name]["rate"]) == "Invoice"
    assert min(by_name, key=lambda name: by_name[name]["mix"]) == "Return"
    assert by_name["Invoice"]["moved"]
    assert not any(by_name[name]["moved"] for name in ("Return", "Delivery", "Fault"))
    assert first["segments"][0]["group"] == "Invoice"
    assert first["rate"]["high"] < 0
    assert first["mix"]["high"] < 0
    assert {one["dimension"] for one in rest if one["stands_out"]} == set()
    assert "channel" in {one["dimension"] for one in rest}


def test_why_finds_the_type_that_waits_longer() -> None:
    first, *rest = answer("why", "first_reply_time", *FILES, *SECOND_QUARTER)["dimensions"]
    assert (first["dimension"], first["segments"][0]["group"]) == ("type", "Invoice")
    assert [one["dimension"] for one in rest if one["stands_out"]] == []


def test_drivers_name_type_and_team_and_not_the_channel() -> None:
    found = answer("drivers", "csat", *FILES, *SECOND_QUARTER)
    named = [one["column"] for one in found["drivers"] if one["named"]]
    assert {"type", "group"} >= set(named)
    assert named[0] in ("type", "group")
    assert "channel" not in named
    assert "priority" not in named
    assert {found["opportunities"][0]["segment"]} <= {"West", "Invoice"}


def test_what_to_do_about_missed_targets_begins_with_the_new_team_and_its_type() -> None:
    aims = ("--target", "csat=85%", "--target", "first_reply_time=3h", "--target", "resolution_time=24h")
    found = answer("targets", *FILES, *SECOND_QUARTER, *aims)
    drivers = {one["kpi"]: one["driver"] for one in found["actions"]}
    assert drivers.keys() == {"csat", "first_reply_time"}
    assert set(drivers.values()) <= {"type=Invoice", "group=West"}


def test_voices_name_the_invoice() -> None:
    words = answer("voices", "csat", *FILES, *SECOND_QUARTER)["words"]
    named = [one["word"] for one in words if one["named"] and one["effect"] < 0]
    assert named[0] == "invoice"
    before = answer("voices", "csat", *FILES, "--period", "2026-Q1")["words"]
    assert "invoice" not in {one["word"] for one in before}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_draw_of_the_same_story_is_found_too(tmp_path: Path, seed: int) -> None:
    runpy.run_path(str(STORY / "make_story.py"))["make_story"](tmp_path, seed)
    files = (str(tmp_path / "tickets.csv"), str(tmp_path / "survey.csv"))
    first, *rest = answer("why", "csat", *files, *SECOND_QUARTER)["dimensions"]
    assert (first["dimension"], first["stands_out"], first["segments"][0]["group"]) == ("type", True, "Invoice")
    assert "channel" not in {one["dimension"] for one in rest if one["stands_out"]}
    verdicts = {
        one["kpi"]: one["verdict"]
        for one in answer("compare", "csat,first_reply_time", *files, *SECOND_QUARTER)["results"]
    }
    assert set(verdicts.values()) == {"worse"}


@pytest.mark.parametrize(("lang", "word"), [("en", "worse"), ("sv", "sämre"), ("nb", "dårligere")])
def test_why_keeps_its_verdicts_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, lang: str, word: str) -> None:
    """What both parts of a change come to can be added up; whether a segment is worse cannot."""
    asked = ("why", "first_reply_time", *FILES, *SECOND_QUARTER, "--zone", "UTC", "--no-config", "--lang", lang)
    lines = on_terminal(monkeypatch, 80, *asked).splitlines()
    assert any("Invoice" in line and f"✗ {word}" in re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines)
