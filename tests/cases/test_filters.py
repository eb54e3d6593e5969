"""Guards: the filter an export was taken with (created from a day on, resolved or open only, one agent), and files taken at different times.

What it ruins is reported at the KPIs and not compared, or has no value; a small or an unfiltered file is not suspected.
"""

import json
import math
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped, sample

HERE = Path(__file__).parent
CREATED = HERE / "first-month-of-a-created-filter.csv"
CODES = {"created-filter", "selected-export"}
DAY = timedelta(days=1)
HEAD = "Ticket ID,Created at,Resolved at,Status,Agent,Reopens"


def report(*arguments: object) -> dict[str, Any]:
    ended = piped("report", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def results(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["kpi"]: result for result in found["results"]}


def suspected(found: dict[str, Any]) -> set[str]:
    return CODES & {finding["code"] for finding in found["findings"]}


def desk(folder: Path, rows: Iterable[tuple[datetime, timedelta | None, str]], until: datetime | None = None) -> Path:
    """A file of tickets that are opened, take a time to resolve (None: never) and belong to an agent."""
    lines = [HEAD]
    for number, (opened, took, agent) in enumerate(rows):
        resolved = None if took is None or (until and opened + took > until) else opened + took
        ended = f"{resolved:%Y-%m-%d %H:%M}" if resolved else ""
        lines.append(
            f"{number},{opened:%Y-%m-%d %H:%M},{ended},{'solved' if ended else 'open'},{agent},{number % 3 // 2}"
        )
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def flow(days: int, a_day: int, mean: float, seed: int = 1) -> list[tuple[datetime, timedelta, str]]:
    """A constant process from 1 January: so many a day, each taking an exponential time with a mean in days."""
    dice = random.Random(seed)
    step = DAY / a_day
    return [
        (datetime(2026, 1, 1) + number * step, dice.expovariate(1 / mean) * DAY, f"Agent {number % 4}")
        for number in range(days * a_day)
    ]


BIASED = ("resolution_time", "tickets_resolved", "resolution_rate", "net_flow", "backlog")


def test_the_first_month_of_a_file_of_created_tickets_is_not_compared() -> None:
    found = report(CREATED)
    assert suspected(found) == {"created-filter"}
    known = results(found)
    for name in BIASED:
        assert known[name]["verdict"] is None, name
        assert any("2026-04" in note and "missing" in note for note in known[name]["notes"]), name
    assert known["resolution_time_km"]["verdict"] == "cannot tell"
    assert known["tickets_created"]["verdict"] is not None


def test_a_later_month_is_compared(tmp_path: Path) -> None:
    path = desk(tmp_path, flow(151, 12, 9), until=datetime(2026, 5, 31, 22))
    assert suspected(report(path, "--period", "2026-02")) == {"created-filter"}
    later = report(path, "--period", "2026-05", "--compare", "2026-04")
    assert suspected(later) == set()
    assert results(later)["resolution_time"]["verdict"] is not None


def test_the_months_after_the_last_created_are_not_compared(tmp_path: Path) -> None:
    """Created until the end of March, exported in summer: what was resolved in April was old."""
    path = desk(tmp_path, flow(90, 12, 20))
    found = report(path, "--period", "2026-04", "--compare", "2026-03")
    assert suspected(found) == {"created-filter"}
    assert results(found)["resolution_time"]["verdict"] is None


def test_a_file_of_what_was_resolved_in_some_months_has_older_tickets_and_is_compared(tmp_path: Path) -> None:
    rows = [row for row in flow(240, 10, 9) if datetime(2026, 4, 1) <= row[0] + row[1] < datetime(2026, 7, 1)]
    rows += [(datetime(2026, 6, 30, 12), None, "Agent 1")] * 40  # type: ignore[list-item]
    found = report(desk(tmp_path, rows), "--period", "2026-05", "--compare", "2026-04", "--kpi", "resolution_time")
    assert suspected(found) == set()


@pytest.mark.parametrize("mean", [0.01, 0.2, 1.0])
def test_a_desk_that_is_quick_is_compared(tmp_path: Path, mean: float) -> None:
    path = desk(tmp_path, flow(90, 12, mean), until=datetime(2026, 4, 1))
    found = report(path, "--period", "2026-02")
    assert suspected(found) == set()
    assert results(found)["resolution_time"]["change"] is not None


def test_a_desk_that_begins_with_few_tickets_is_compared(tmp_path: Path) -> None:
    """A new desk: one a day in January, ten a day in March."""
    rows = [
        row for number, row in enumerate(flow(120, 10, 6)) if number % max(10 - row[0].timetuple().tm_yday // 8, 1) == 0
    ]
    assert suspected(report(desk(tmp_path, rows, until=datetime(2026, 4, 30)), "--period", "2026-02")) == set()


def test_a_small_file_is_not_suspected(tmp_path: Path) -> None:
    path = desk(tmp_path, flow(60, 1, 9))
    assert suspected(report(path, "--period", "2026-02")) == set()


def test_a_file_of_resolved_tickets_has_no_backlog_and_no_rate(tmp_path: Path) -> None:
    until = datetime(2026, 4, 1)
    rows = [row for row in flow(90, 12, 9) if row[0] + row[1] <= until]
    found = report(desk(tmp_path, rows), "--period", "2026-03")
    assert "selected-export" in suspected(found)
    known = results(found)
    for name in ("backlog", "backlog_age", "resolution_rate", "net_flow"):
        assert known[name]["value"] is None, name
        assert any("resolved tickets only" in note for note in known[name]["notes"])
    assert known["tickets_created"]["verdict"] is None
    assert known["resolution_time"]["value"] is not None


def ended(days: int, a_day: int, mean: float, seed: int) -> list[tuple[datetime, timedelta, str]]:
    """The tickets of some days that were resolved by three days after the last of them."""
    until = datetime(2026, 1, 1) + (days + 3) * DAY
    return [row for row in flow(days, a_day, mean, seed) if row[0] + row[1] <= until]


@pytest.mark.parametrize("seed", [1, 2])
def test_resolved_tickets_alone_are_known_by_the_odds_of_none_being_open(tmp_path: Path, seed: int) -> None:
    """Of some hundreds four or more would be open; of some dozens one would be: that is a doubt, and the figures stand with it."""
    known = results(report(desk(tmp_path, ended(87, 4, 4, seed)), "--period", "2026-02"))
    assert known["backlog"]["value"] is None
    assert known["resolution_rate_cohort"]["value"] is None
    assert known["tickets_created"]["verdict"] is None
    known = results(report(desk(tmp_path, ended(87, 1, 5, seed)), "--period", "2026-02"))
    for name in ("backlog", "tickets_created", "net_flow"):
        assert known[name]["value"] is not None, name
        assert known[name]["verdict"] is None, name
        assert any("if the export is of resolved tickets only" in note for note in known[name]["notes"]), name


def test_resolved_tickets_of_a_list_cut_at_a_thousand_say_nothing_of_the_open_ones(tmp_path: Path) -> None:
    until = datetime(2026, 4, 1)
    rows = [row for row in flow(87, 16, 4) if row[0] + row[1] <= until][:1000]
    known = results(report(desk(tmp_path, rows), "--period", "2026-02"))
    assert known["backlog"]["value"] is None
    assert any("1,000 rows is where exports stop" in note for note in known["backlog"]["notes"])
    fewer = results(report(desk(tmp_path, rows[:990]), "--period", "2026-02"))
    assert fewer["backlog"]["value"] is not None


@pytest.mark.parametrize("a_day", [2, 12])
def test_a_desk_that_resolves_everything_on_the_day_is_not_suspected(tmp_path: Path, a_day: int) -> None:
    """What comes in by four is done by six: the last day, too, ends without an open ticket."""
    dice = random.Random(a_day)
    rows = []
    for day in range(60):
        for _ in range(a_day):
            at = datetime(2026, 1, 1, 8) + day * DAY + dice.random() * 8 * DAY / 24
            rows.append((at, dice.random() * (datetime(at.year, at.month, at.day, 18) - at), f"Agent {len(rows) % 3}"))
    found = report(desk(tmp_path, sorted(rows)), "--period", "2026-02")
    assert "selected-export" not in suspected(found)
    assert results(found)["backlog"]["value"] == 0


def test_a_desk_with_nothing_left_open_is_not_suspected(tmp_path: Path) -> None:
    """Calls and chats, or a file taken long after its last ticket."""
    quick = desk(tmp_path, flow(60, 12, 0.02))
    assert suspected(report(quick, "--period", "2026-02")) == set()
    assert results(report(quick, "--period", "2026-02"))["backlog"]["value"] == 0
    late = desk(tmp_path, [*flow(60, 12, 3), (datetime(2026, 6, 1), DAY, "Agent 1")])
    assert "selected-export" not in suspected(report(late, "--period", "2026-02"))


def test_a_file_of_open_tickets_has_no_rate(tmp_path: Path) -> None:
    path = desk(tmp_path, [(opened, None, agent) for opened, _, agent in flow(60, 3, 9)])
    found = report(path, "--period", "2026-02")
    assert suspected(found) == {"selected-export"}
    known = results(found)
    assert known["resolution_rate"]["value"] is None
    assert known["tickets_created"]["value"] == 28 * 3


def test_a_day_s_tickets_may_all_be_open(tmp_path: Path) -> None:
    path = desk(
        tmp_path, [(datetime(2026, 1, 1) + timedelta(minutes=number), None, "Agent 1") for number in range(300)]
    )
    assert "only" not in json.dumps([finding["text"] for finding in report(path, "--period", "all")["findings"]])


def test_the_tickets_of_one_agent_say_nothing_of_agents(tmp_path: Path) -> None:
    path = desk(tmp_path, [(opened, took, "Åsa") for opened, took, _ in flow(90, 3, 0.5)], until=datetime(2026, 4, 1))
    found = report(path, "--period", "2026-03")
    assert suspected(found) == {"selected-export"}
    assert results(found)["tickets_per_agent"]["verdict"] is None


def test_a_reader_s_own_condition_is_no_filter_of_the_export(tmp_path: Path) -> None:
    path = desk(tmp_path, flow(90, 12, 0.5), until=datetime(2026, 4, 1))
    assert suspected(report(path, "--period", "2026-03", "--where", "agent = 'Agent 1'")) == set()
    assert suspected(report(path, "--period", "2026-03", "--where", "status = 'solved'")) == set()


def test_a_file_of_reopened_tickets_has_no_reopen_rate(tmp_path: Path) -> None:
    lines = [HEAD] + [
        f"{number},2026-03-{1 + number % 28:02d} 09:00,2026-03-{1 + number % 28:02d} 15:00,solved,Agent {number % 3},{1 + number % 2}"
        for number in range(60)
    ]
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    known = results(report(path, "--period", "all", "--kpi", "reopen_rate", "--kpi", "resolution_time"))
    assert known["reopen_rate"]["value"] is None
    assert any("a selection" in note for note in known["reopen_rate"]["notes"])
    assert known["resolution_time"]["value"] == 6 * 3600


def test_the_samples_are_not_suspected_but_for_the_one_cut_by_its_day_of_opening() -> None:
    """The workbook of the same desk holds the months before."""
    assert suspected(report(sample("zendesk_tickets.csv"))) == set()
    assert suspected(report(sample("arenden_2026.csv"))) == set()
    assert suspected(report(sample("freshdesk_tickets.xls"), sample("freshdesk_tickets.csv"))) == set()
    assert suspected(report(sample("freshdesk_tickets.csv"))) == {"created-filter"}


# One month, and files taken at different times. A desk of two tickets a day, each taking four days in the mean.

SEPTEMBER, OCTOBER = datetime(2026, 9, 1), datetime(2026, 10, 1)
STATES = ("backlog", "backlog_age", "backlog_days", "net_flow", "resolution_rate", "resolution_rate_cohort")


def steady(a_day: float = 2, mean: float = 4.2, seed: int = 1) -> list[tuple[datetime, timedelta, str]]:
    """Five months of a desk until the end of September."""
    dice = random.Random(seed)
    opened = [datetime(2026, 5, 1) + (number + dice.random()) * DAY / a_day for number in range(int(153 * a_day))]
    return [(at, dice.expovariate(1 / mean) * DAY, f"Agent {number % 4}") for number, at in enumerate(opened)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_tickets_resolved_in_one_month_have_no_backlog_and_no_rate(tmp_path: Path, seed: int) -> None:
    rows = [row for row in steady(seed=seed) if SEPTEMBER <= row[0] + row[1] < OCTOBER]
    found = report(desk(tmp_path, rows))
    known = results(found)
    assert suspected(found) == {"selected-export"}
    for name in STATES:
        assert known[name]["value"] is None, name
        assert any("resolved tickets only" in note for note in known[name]["notes"]), name
    assert known["tickets_created"]["verdict"] is None
    assert any("fewer were created" in note for note in known["tickets_created"]["notes"])
    assert known["tickets_resolved"]["value"] == len(rows)


@pytest.mark.parametrize("until", [OCTOBER, datetime(2026, 10, 20)])
def test_the_tickets_created_in_one_month_lack_what_was_resolved_of_older_ones(tmp_path: Path, until: datetime) -> None:
    rows = [row for row in steady() if SEPTEMBER <= row[0] < OCTOBER]
    found = report(desk(tmp_path, rows, until=until), "--period", "2026-09")
    known = results(found)
    assert suspected(found) == {"created-filter"}
    for name in ("tickets_resolved", "resolution_time", "resolution_rate", "net_flow"):
        assert any("is missing, with its times" in note for note in known[name]["notes"]), name
        assert known[name]["verdict"] is None, name
    assert known["tickets_created"]["value"] == len(rows)
    assert not any("missing" in note for note in known["tickets_created"]["notes"])


def test_a_small_file_of_open_tickets_says_nothing_of_resolutions(tmp_path: Path) -> None:
    rows = [(opened, None, agent) for opened, took, agent in steady() if opened < OCTOBER < opened + took]
    assert 8 <= len(rows) <= 12
    found = report(desk(tmp_path, rows), "--period", "all")
    known = results(found)
    assert suspected(found) == {"selected-export"}
    for name in ("tickets_resolved", "resolution_rate", "net_flow", "resolution_rate_cohort"):
        assert known[name]["value"] is None, name
        assert any(f"none of {len(rows)} tickets is resolved" in note for note in known[name]["notes"]), name
    assert known["backlog"]["value"] == len(rows)


def months(rows: list[tuple[datetime, timedelta, str]]) -> dict[int, list[tuple[datetime, timedelta, str]]]:
    """The tickets from June on by the month they were created in."""
    return {month: [row for row in rows if row[0].month == month] for month in range(6, 10)}


def snapshot(folder: Path, seed: int) -> list[Path]:
    """Four files: each month's tickets, as they stood at its end."""
    paths = []
    for month, rows in months(steady(seed=seed)).items():
        path = desk(folder, rows, until=datetime(2026, month + 1, 1))
        text = path.read_text(encoding="utf-8").replace("\n", f"\n{month}-").removesuffix(f"{month}-")
        paths.append(folder / f"{month}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    path.unlink()
    return paths


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_files_each_taken_at_the_end_of_their_month_say_nothing_of_what_came_later(tmp_path: Path, seed: int) -> None:
    found = report(*snapshot(tmp_path, seed), "--period", "2026-09")
    known = results(found)
    assert "snapshots" in {finding["code"] for finding in found["findings"] if finding["serious"]}
    named = {kpi for finding in found["findings"] if finding["code"] == "snapshots" for kpi in finding["kpis"]}
    assert {"reopen*", "fcr_no_reopen*", "resolution_time*"} <= named, "what was done later is in no file"
    for name in STATES:
        assert known[name]["value"] is None, name
        assert any("6.csv after 2026-06-30" in note for note in known[name]["notes"]), name
    for name in ("tickets_resolved", "resolution_time"):
        assert known[name]["verdict"] is None, name
        assert known[name]["change"] is None, name
        assert any("after a file was taken are missing" in note for note in known[name]["notes"]), name
    assert known["tickets_created"]["change"] is not None


def test_such_files_put_together_in_one_are_recognised_by_their_months(tmp_path: Path) -> None:
    first, *rest = snapshot(tmp_path, 1)
    lines = [line for path in rest for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    whole = tmp_path / "whole.csv"
    whole.write_text(first.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
    found = report(whole, "--period", "2026-09")
    assert results(found)["backlog"]["value"] is None
    assert any("tickets of 2026-06 after 2026-06-30" in note for note in results(found)["backlog"]["notes"])


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("mean", [0.1, 4.2])
def test_the_months_of_one_export_in_files_of_their_own_are_not_suspected(
    tmp_path: Path, seed: int, mean: float
) -> None:
    paths = []
    for month, rows in months(steady(mean=mean, seed=seed)).items():
        text = desk(tmp_path, rows, until=OCTOBER).read_text(encoding="utf-8")
        paths.append(tmp_path / f"{month}.csv")
        paths[-1].write_text(text.replace("\n", f"\n{month}-").removesuffix(f"{month}-"), encoding="utf-8")
    (tmp_path / "tickets.csv").unlink()
    found = report(*paths, "--period", "2026-09")
    assert not {"snapshots", "selected-export"} & {finding["code"] for finding in found["findings"]}
    assert results(found)["backlog"]["value"] is not None


def test_open_and_resolved_tickets_in_files_of_their_own_are_not_suspected(tmp_path: Path) -> None:
    whole = desk(tmp_path, steady(), until=OCTOBER).read_text(encoding="utf-8").splitlines()
    for word in ("open", "solved"):
        lines = [whole[0], *(line for line in whole[1:] if f",{word}," in line)]
        (tmp_path / f"{word}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = report(tmp_path / "open.csv", tmp_path / "solved.csv", "--period", "2026-09")
    assert not {"snapshots", "selected-export"} & {finding["code"] for finding in found["findings"]}


@pytest.mark.parametrize("rows", [12, 20, 30, 60])
@pytest.mark.parametrize("mean", [0.1, 1.0])
def test_a_small_shop_without_a_backlog_is_not_suspected(tmp_path: Path, rows: int, mean: float) -> None:
    dice = random.Random(rows)
    opened = sorted(SEPTEMBER + dice.random() * 29 * DAY for _ in range(rows))
    path = desk(tmp_path, [(at, min(dice.expovariate(1 / mean), 5) * DAY, "Agent 1") for at in opened])
    found = report(path, "--period", "2026-09")
    assert not {"snapshots", "selected-export"} & {finding["code"] for finding in found["findings"]}
    assert results(found)["backlog"]["value"] is not None


def test_a_shop_that_clears_its_tickets_on_fridays_is_not_suspected(tmp_path: Path) -> None:
    dice = random.Random(7)
    rows = []
    for at in sorted(datetime(2026, 8, 1) + dice.random() * 55 * DAY for _ in range(60)):
        friday = at.replace(hour=16, minute=0) + (4 - at.weekday()) % 7 * DAY
        rows.append((at, max(friday, at) - at + dice.random() * DAY / 24, "Agent 1"))
    found = report(desk(tmp_path, rows), "--period", "2026-09")
    assert not {"snapshots", "selected-export"} & {finding["code"] for finding in found["findings"]}


def test_a_new_week_with_nothing_resolved_yet_is_not_suspected(tmp_path: Path) -> None:
    rows: list[tuple[datetime, timedelta | None, str]] = [
        (SEPTEMBER + number * DAY / 4, None, "Agent 1") for number in range(20)
    ]
    found = report(desk(tmp_path, rows), "--period", "all")
    assert suspected(found) == set()
    assert results(found)["tickets_resolved"]["value"] == 0


@pytest.mark.parametrize(("since", "factor", "seed"), [(5, 0.4, 1), (5, 0.6, 2), (2, 0.4, 3)])
def test_a_desk_that_became_quicker_and_leaves_a_few_for_good_is_not_suspected(
    tmp_path: Path, since: int, factor: float, seed: int
) -> None:
    """A year at 40 tickets a day of which one in fifty is never resolved: what is left open is no sign of an early export."""
    dice = random.Random(seed)
    end = datetime(2026, 10, 5)
    rows: list[tuple[datetime, timedelta | None, str]] = []
    for number in range(365 * 40):
        at = datetime(2025, 10, 1) + (number + dice.random()) * DAY / 40
        quicker = factor if at >= datetime(2026, since, 1) else 1.0
        took = dice.lognormvariate(math.log(60 * quicker), 1.2) * DAY / 24
        rows.append((at, None if dice.random() < 0.02 else took, "Agent 1"))
    found = report(desk(tmp_path, rows, until=end), "--period", "2026-09", "--kpi", "backlog")
    assert "snapshots" not in {finding["code"] for finding in found["findings"]}
    assert results(found)["backlog"]["value"] is not None


def test_old_tickets_closed_at_once_are_no_filter_and_no_early_file(tmp_path: Path) -> None:
    """Their ages say when the list was cleaned up: they were taken for how long tickets take, so that the other months looked cut off."""
    dice = random.Random(5)
    cleaned, until = datetime(2026, 3, 20, 17), datetime(2026, 4, 30, 18)
    rows: list[tuple[datetime, timedelta | None, str]] = []
    for number in range(960):
        opened = datetime(2026, 1, 1) + number * DAY / 8
        took = timedelta(hours=dice.lognormvariate(2.3, 1)) if dice.random() < 0.75 else None
        took = cleaned - opened if took is None and opened < cleaned - 2 * DAY else took
        rows.append((opened, took or timedelta(hours=12), "Kim"))
    found = report(desk(tmp_path, rows, until), "--period", "2026-03")
    codes = {finding["code"] for finding in found["findings"]}
    assert "closed-at-once" in codes
    assert not {"snapshots", "created-filter"} & codes
