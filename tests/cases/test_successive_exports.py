"""Exports of one desk taken month after month: together they know what no single one does, and no more than they know."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from invoked import piped

import kpi_core
from kpi_core.model.report import Report
from tests.desk_over_time import Desk, desk_over_time, month_ends

MONTHS = 5
LAST = "2025-05"
KPIS = ["backlog", "backlog_age", "backlog_days", "tickets_created", "tickets_resolved", "net_flow", "resolution_time"]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return desk_over_time(3, days=160, a_day=8)


def taken(desk: Desk, folder: Path, kind: str, ends: list[datetime]) -> list[str]:
    """The exports of some moments: of all tickets, of those changed in the last weeks, or of those opened in them."""
    paths = []
    for at in ends:
        since = at - timedelta(days=33)
        has = {
            "all": lambda _: True,
            "changed": lambda state, since=since: state.updated >= since,
            "opened": lambda state, since=since: state.created >= since,
        }[kind]
        paths.append(str(desk.export(folder / f"{at:%Y-%m}.csv", at, has)))
    return paths


def backlog_by_month(report: Report) -> list[float | None]:
    [backlog] = [result for result in report.totals if result.kpi.name == "backlog"]
    return [estimate.value for estimate in backlog.trend]


@pytest.mark.parametrize("kind", ["all", "changed"])
def test_the_backlog_of_every_month_is_what_it_was(desk: Desk, kind: str, tmp_path: Path) -> None:
    ends = month_ends(MONTHS)
    report = kpi_core.report(taken(desk, tmp_path, kind, ends), period=LAST, kpis=KPIS)
    truth = [desk.backlog(at) for at in ends]
    assert backlog_by_month(report) == truth
    [alone] = kpi_core.report([str(tmp_path / "2025-06.csv")], period=LAST, kpis=["backlog"]).totals
    assert [estimate.value for estimate in alone.trend] != truth  # one export knows the last resolutions alone
    assert any(finding.code == "reopened-between-exports" for finding in report.findings)
    assert "stock-as-exported" in {
        note.key for result in report.totals for note in result.notes if result.kpi.name == "backlog"
    }


def test_exports_of_what_changed_are_one_source(desk: Desk, tmp_path: Path) -> None:
    report = kpi_core.report(taken(desk, tmp_path, "changed", month_ends(MONTHS)), period=LAST, kpis=KPIS)
    assert {finding.code for finding in report.findings} <= {"repeated-keys", "no-zone", "reopened-between-exports"}
    assert all(
        result.verdict is not None for result in report.totals if result.kpi.name in ("backlog", "tickets_created")
    )


def test_their_order_on_the_command_line_is_no_matter(desk: Desk, tmp_path: Path) -> None:
    files = taken(desk, tmp_path, "changed", month_ends(MONTHS))
    given, turned = (kpi_core.report(each, period=LAST, kpis=KPIS) for each in (files, files[::-1]))
    assert [result.estimate for result in given.totals] == [result.estimate for result in turned.totals]
    assert backlog_by_month(given) == backlog_by_month(turned)


@pytest.mark.parametrize("kind", ["all", "changed"])
def test_as_of_then_is_what_the_exports_of_then_say(desk: Desk, kind: str, tmp_path: Path) -> None:
    files = taken(desk, tmp_path, kind, month_ends(MONTHS))
    then = kpi_core.report(files[:4], period="2025-03", kpis=KPIS)
    now = kpi_core.report(files, period="2025-03", kpis=KPIS, as_of=then.query.as_of)
    assert [result.estimate for result in then.totals] == [result.estimate for result in now.totals]
    assert [result.trend for result in then.totals] == [result.trend for result in now.totals]


def test_exports_of_what_was_opened_do_not_follow_their_tickets(desk: Desk, tmp_path: Path) -> None:
    """Of a ticket too old for the next one nothing is known: its backlog is no figure."""
    report = kpi_core.report(taken(desk, tmp_path, "opened", month_ends(MONTHS)), period=LAST, kpis=["backlog"])
    [backlog] = report.totals
    assert backlog.estimate.value is None
    assert "snapshots" in {finding.code for finding in report.findings}


def test_a_ticket_that_was_deleted_is_open_until_an_export_lacks_it(desk: Desk, tmp_path: Path) -> None:
    """Every twentieth ticket is deleted ten days after it was opened, whether it is resolved by then or not."""
    ends = month_ends(MONTHS)
    files = []
    for at in ends:
        since = at - timedelta(days=10)
        files.append(
            str(
                desk.export(
                    tmp_path / f"{at:%m}.csv",
                    at,
                    lambda state, since=since: state.number % 20 > 0 or state.created > since,
                )
            )
        )
    report = kpi_core.report(files, period=LAST, kpis=["backlog", "tickets_created"])
    kept = [
        sum(
            state.resolved is None and (state.number % 20 > 0 or state.created > at - timedelta(days=10))
            for state in desk.states(at)
        )
        for at in ends
    ]
    assert backlog_by_month(report) == kept
    [finding] = [finding for finding in report.findings if finding.code == "missing-since"]
    assert finding.message.values["count"] >= 1
    then = kpi_core.report(files[:2], period="2025-02", kpis=["backlog"])
    assert (
        kpi_core.report(files, period="2025-02", kpis=["backlog"], as_of=then.query.as_of).totals[0].estimate
        == then.totals[0].estimate
    )


def test_a_list_of_open_tickets_shows_which_are_no_longer(desk: Desk, tmp_path: Path) -> None:
    ends = month_ends(MONTHS)
    files = [str(desk.export(tmp_path / f"{at:%m}.csv", at, lambda state: state.resolved is None)) for at in ends]
    report = kpi_core.report(files, period=LAST, kpis=["backlog", "tickets_resolved"])
    assert backlog_by_month(report)[-1] == desk.backlog(ends[-1])
    assert [result.estimate.value for result in report.totals if result.kpi.name == "tickets_resolved"] == [None]


@pytest.mark.parametrize("kind", ["open", "resolved"])
def test_exports_of_one_state_after_one_of_all_are_not_all(kind: str, tmp_path: Path) -> None:
    """A ticket or two a day: too few in each file for any one of them to show it."""
    desk = desk_over_time(7, days=160, a_day=1 if kind == "resolved" else 3)
    ends = month_ends(MONTHS)
    files = [str(desk.export(tmp_path / "all.csv", ends[0]))]
    for at in ends[1:]:
        since = at - timedelta(days=33)
        has = (
            (lambda state: state.resolved is None)
            if kind == "open"
            else (lambda state, since=since: state.resolved and state.updated >= since)
        )
        files.append(str(desk.export(tmp_path / f"{at:%m}.csv", at, has)))
    lacking = "tickets_resolved" if kind == "open" else "backlog"
    report = kpi_core.report(files, period=LAST, kpis=[lacking, "tickets_created"])
    assert {result.kpi.name: result.estimate.value for result in report.totals} == {
        lacking: None,
        "tickets_created": None,
    }
    assert "one-state-since" in {finding.code for finding in report.findings}


@pytest.mark.parametrize("kind", ["open", "resolved"])
def test_that_exports_are_of_one_state_is_said_once(kind: str, desk: Desk, tmp_path: Path) -> None:
    """Each of them has rows enough to show it alone, and all in turn show it together: one sentence, and nothing of either is compared."""
    ends = month_ends(MONTHS)
    files = [str(desk.export(tmp_path / f"{at:%m}.csv", at)) for at in ends[:2]]
    for at in ends[2:]:
        since = at - timedelta(days=33)
        files.append(
            str(
                desk.export(
                    tmp_path / f"{at:%m}.csv",
                    at,
                    lambda state, since=since: (
                        state.resolved is None if kind == "open" else bool(state.resolved) and state.updated >= since
                    ),
                )
            )
        )
    report = kpi_core.report(files, period=LAST, kpis=["tickets_created", "resolution_time", "first_reply_time"])
    found = [one for one in report.findings if one.code in ("one-state-since", "one-state-beside")]
    assert {one.code for one in found} == {"one-state-since", "one-state-beside"}
    assert len({one.text for one in found}) == 1
    assert not [result for result in report.totals if result.verdict is not None]


def test_exports_that_begin_where_the_one_before_ends_are_in_turn(desk: Desk, tmp_path: Path) -> None:
    """An export of all, then each month what has been updated in it, to the minute."""
    ends = month_ends(MONTHS)
    files = [str(desk.export(tmp_path / "all.csv", ends[0]))]
    for before, at in pairwise(ends):
        files.append(
            str(desk.export(tmp_path / f"{at:%m}.csv", at, lambda state, before=before: state.updated >= before))
        )
    report = kpi_core.report(files, period=LAST, kpis=["backlog", "tickets_created"])
    assert backlog_by_month(report) == [desk.backlog(at) for at in ends]
    assert all(result.verdict is not None for result in report.totals)


def test_an_export_of_one_team_says_nothing_of_the_tickets_of_others(desk: Desk, tmp_path: Path) -> None:
    ends = month_ends(MONTHS)
    files = [str(desk.export(tmp_path / f"{at:%m}.csv", at)) for at in ends[:-1]]
    files.append(str(desk.export(tmp_path / "last.csv", ends[-1], lambda state: state.group == "A")))
    report = kpi_core.report(files, period=LAST, kpis=["backlog"])
    assert "missing-since" not in {finding.code for finding in report.findings}


def test_a_month_that_is_missing_breaks_the_chain(desk: Desk, tmp_path: Path) -> None:
    """What was resolved in it is in no export, so that those before are not followed."""
    files = taken(desk, tmp_path, "changed", month_ends(MONTHS))
    report = kpi_core.report([*files[:2], files[-1]], period=LAST, kpis=["backlog", "tickets_created"])
    assert {finding.code for finding in report.findings} & {"snapshots", "missing-days", "missing-period", "cut-months"}


def test_weekly_exports_know_every_week(desk: Desk, tmp_path: Path) -> None:
    ends = [datetime(2025, 3, 3) + timedelta(days=7 * place) for place in range(9)]
    files = [str(desk.export(tmp_path / "first.csv", ends[0]))]
    for at in ends[1:]:
        since = at - timedelta(days=8)
        files.append(
            str(desk.export(tmp_path / f"{at:%m%d}.csv", at, lambda state, since=since: state.updated >= since))
        )
    report = kpi_core.report(files, period="2025-W17", kpis=["backlog"])
    weeks = dict(zip([period.name for period in report.query.trend], backlog_by_month(report), strict=True))
    assert [weeks[f"2025-W{week}"] for week in range(10, 18)] == [desk.backlog(at) for at in ends[1:]]


def test_a_time_of_resolution_that_closing_overwrites_is_no_reopening(tmp_path: Path) -> None:
    """A help desk closes what has been resolved for four days, and writes the time of that over the time of the resolution."""
    desk = desk_over_time(5, days=120, again=0.0)
    ends = [datetime(2025, 3, 1), datetime(2025, 3, 20), datetime(2025, 4, 10)]
    files = [str(desk.export(tmp_path / f"{at:%m%d}.csv", at)) for at in ends]
    for path, at in zip(map(Path, files), ends, strict=True):
        closed = at - timedelta(days=4)
        lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        for cells in lines[1:]:
            if cells[3] and (solved := datetime.fromisoformat(cells[3])) <= closed:
                cells[1], cells[3] = "Closed", f"{solved + timedelta(days=4):%Y-%m-%d %H:%M:%S}"
        path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    report = kpi_core.report(files, period="2025-03", kpis=["backlog", "resolution_time", "first_reply_time"])
    codes = {finding.code for finding in report.findings}
    assert "resolved-overwritten" in codes
    assert "reopened-between-exports" not in codes
    assert {result.estimate.value for result in report.totals} == {None}


def test_who_is_open_and_how_old_goes_by_the_first_opening(tmp_path: Path) -> None:
    """Ticket 1 is resolved in January, open again in February's export, and resolved in March."""
    head = "Ticket ID,Status,Created at,Resolved at,Updated at\n"
    others = "".join(
        f"{number},Resolved,2025-01-{number:02d} 08:00:00,2025-01-{number:02d} 12:00:00,2025-01-{number:02d} 12:00:00\n"
        for number in range(2, 28)
    )
    first = "1,{},2025-01-01 00:00:00,{},{}\n"
    states = {
        "2025-02-01": ("Resolved", "2025-01-20 10:00:00", "2025-01-20 10:00:00"),
        "2025-03-01": ("Open", "", "2025-02-10 09:00:00"),
        "2025-04-01": ("Resolved", "2025-03-05 10:00:00", "2025-03-05 10:00:00"),
    }
    files, late = [], ""
    for place, (day, state) in enumerate(states.items()):
        late += f"{90 + place},Open,{day} 00:00:00,,{day} 00:00:00\n"  # so that each export says when it was taken
        path = tmp_path / f"{day}.csv"
        path.write_text(head + first.format(*state) + others + late, encoding="utf-8")
        files.append(str(path))
    report = kpi_core.report(files, period="2025-03", kpis=["backlog", "backlog_age", "backlog_days"], compare="none")
    found = {result.kpi.name: [estimate.value for estimate in result.trend] for result in report.totals}
    assert found["backlog"] == [0, 2, 2]  # ticket 1 and that of 1 February; then those of 1 February and 1 March
    oldest = kpi_core.report(files, period="2025-02", kpis=["backlog_age_p90"], compare="none").totals[0].estimate
    assert oldest.value == pytest.approx(
        (0.1 * 28 + 0.9 * 59) * 86400
    )  # since 1 January, not since it was opened again


def test_a_trend_says_that_days_are_missing(desk: Desk, tmp_path: Path) -> None:
    """An export of all in each month, and of the last one what changed in its last days."""
    ends = month_ends(MONTHS)
    since = ends[-1] - timedelta(days=7)
    files = [str(desk.export(tmp_path / f"{at:%m}.csv", at)) for at in ends[:-1]]
    files.append(str(desk.export(tmp_path / "last.csv", ends[-1], lambda state: state.created >= since)))
    page = piped("trend", "tickets_created", *files, "--grain", "month").out
    assert "no row of tickets has its created_at" in page


def test_a_desk_that_ended_is_not_followed_by_the_exports_of_another(desk: Desk, tmp_path: Path) -> None:
    """The last export of one desk, and monthly exports of what another one changed: they have no ticket in common."""
    other = desk_over_time(4, days=160, a_day=8)
    ends = month_ends(MONTHS)
    closed = desk.export(tmp_path / "closed.csv", ends[-2])
    closed.write_text(closed.read_text(encoding="utf-8").replace("\n", "\nX")[:-1], encoding="utf-8")
    files = [str(closed), *taken(other, tmp_path, "changed", ends)]
    report = kpi_core.report(files, period=LAST, kpis=["tickets_created"])
    assert "partial-source" in {finding.code for finding in report.findings}
    assert report.totals[0].verdict is None


def test_files_of_one_export_by_month_of_opening_are_of_no_one_state(tmp_path: Path) -> None:
    """The newest holds the tickets of two days, none of them resolved yet."""
    desk = desk_over_time(9, days=63, a_day=8, again=0.0)
    at = datetime(2025, 3, 3, 12)
    files = [
        str(
            desk.export(
                tmp_path / f"{month}.csv",
                at,
                lambda state, month=month: state.created.month == month and (month < 3 or state.resolved is None),
            )
        )
        for month in (1, 2, 3)
    ]
    report = kpi_core.report(files, period="2025-02", kpis=["tickets_resolved", "backlog"])
    assert "one-state-since" not in {finding.code for finding in report.findings}
