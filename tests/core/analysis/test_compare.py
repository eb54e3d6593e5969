"""Segments, companies, periods and days compared."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from scipy import stats

import kpi_core
from kpi_core.analysis.compare.periods import around, periods
from kpi_core.analysis.compare.segments import companies, segments
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.model.report import Verdict
from kpi_core.stats.intervals import square_and_add, wilson

FIRST, LAST = datetime(2026, 1, 1, 8), datetime(2026, 6, 30, 16)


def exported(folder, minutes, groups=("North", "South"), a_day=3, seed=3):
    """Tickets of half a year in two groups, replied to after some minutes (of the group and the day)."""
    chance = random.Random(seed)
    lines, day = ["Ticket ID;Status;Group;Created time;Initial response time;Resolved time"], FIRST
    while day <= LAST:
        for group in groups:
            for _ in range(chance.randrange(2 * a_day + 1)):
                opened = day + timedelta(minutes=chance.randrange(480))
                replied = opened + timedelta(minutes=max(1, round(chance.lognormvariate(0, 0.6) * minutes(group, day))))
                lines.append(f"{seed}{len(lines)};Closed;{group};{opened:%Y-%m-%d %H:%M};{replied:%Y-%m-%d %H:%M};{replied + timedelta(hours=2):%Y-%m-%d %H:%M}")  # fmt: skip
        day += timedelta(days=1)
    path = folder / f"tickets{seed}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def asked(*names, **given):
    return Request(kpis=tuple(BY_NAME[name] for name in names), **given)


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    return kpi_core.read([exported(tmp_path_factory.mktemp("alike"), lambda *_: 120)])


@pytest.fixture(scope="module")
def slow_south(tmp_path_factory):
    return kpi_core.read([exported(tmp_path_factory.mktemp("slow"), lambda group, _: 120 if group == "North" else 240)])


QUARTER = "2026-04-01..2026-06-30"


def test_a_slower_group_is_worse_and_the_other_better(slow_south):
    (south,) = segments(slow_south, asked("first_reply_time", period=QUARTER), "group", ("South", "North")).results
    (north,) = segments(slow_south, asked("first_reply_time", period=QUARTER), "group", ("north", "SOUTH")).results
    assert (south.verdict, north.verdict) == (Verdict.WORSE, Verdict.BETTER)
    assert south.change is not None
    assert north.change is not None
    assert south.change.value == pytest.approx(-north.change.value)
    assert 0 < south.change.low < south.change.value < south.change.high


def test_groups_that_are_alike_are_not_kept_apart(alike):
    found = segments(alike, asked("first_reply_time", "resolution_time", period=QUARTER), "group", ("South", "North"))
    assert {one.verdict for one in found.results} <= {Verdict.CANNOT_TELL, Verdict.NO_CHANGE}
    assert sum(family.questions for family in found.families) == 2


def test_counts_are_facts_on_either_side(alike):
    found = segments(alike, asked("tickets_created", period=QUARTER), "group", ("South", "North"))
    assert [one.verdict for one in found.results] == [Verdict.NOT_TESTED]
    assert str(found.untested["tickets_created"]).startswith("not tested")


def test_the_interval_of_a_share_is_no_narrower_than_that_of_independent_rows():
    samples = Path(__file__).parents[3] / "sample_data"
    dataset = kpi_core.read([samples / "freshdesk_tickets.csv", samples / "surveymonkey_responses.csv"])
    request = asked("csat", period="2026-07-01..2026-09-30")
    (one,) = segments(dataset, request, "group", ("Billing", "Orders & Delivery")).results
    new, old = one.estimate, one.baseline
    low, high = square_and_add(
        new.value, *wilson(new.value * new.n, new.n, 0.95), old.value, *wilson(old.value * old.n, old.n, 0.95)
    )
    assert (new.n, old.n) == (15, 18)
    assert one.change.low <= low < high <= one.change.high
    assert one.change.low > -0.6


def test_a_group_that_is_not_there_is_named_with_those_that_are(alike):
    with pytest.raises(DefinitionError, match="no group `West`") as raised:
        segments(alike, asked("first_reply_time"), "group", ("West", "North"))
    assert "North, South" in raised.value.hint


def test_two_companies_each_from_files_of_its_own(tmp_path):
    ours = kpi_core.read([exported(tmp_path, lambda *_: 120, seed=5)])
    theirs = kpi_core.read([exported(tmp_path, lambda *_: 200, seed=6)])
    found = companies(
        (ours, theirs), asked("first_reply_time", "tickets_created", period="2026-05"), ("Ours", "Theirs")
    )
    verdicts = {one.kpi.name: one.verdict for one in found.results}
    assert verdicts == {"first_reply_time": Verdict.BETTER, "tickets_created": Verdict.NOT_TESTED}
    assert (found.first, found.second) == ("Ours", "Theirs")


def test_after_a_day_against_before_it(tmp_path):
    release = date(2026, 5, 4)
    dataset = kpi_core.read([exported(tmp_path, lambda _, day: 120 + 120 * (day.date() >= release))])
    request = around(dataset, asked("first_reply_time"), release)
    assert request.period == "2026-05-04..2026-06-28"
    assert request.compare == "2026-03-09..2026-05-03"
    report = periods(dataset, request)
    assert [one.verdict for one in report.totals] == [Verdict.WORSE]


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 9, 1)])
def test_a_day_that_the_files_do_not_surround_is_refused(alike, day):
    with pytest.raises(DefinitionError, match="both sides"):
        around(alike, asked("first_reply_time"), day)


def test_what_is_not_final_is_refused_unless_asked_for(alike):
    request = asked("resolution_rate_cohort", period="2026-06")
    with pytest.raises(DefinitionError, match="not final before") as raised:
        periods(alike, request)
    assert "--period 2026-05" in raised.value.hint
    (shown,) = periods(alike, request, unfinished=True).totals
    assert shown.immature is not None
    assert shown.verdict is None


def unfinished(folder, left_open, hours, seed=4, each=160):
    """Tickets of half a year in two groups: `left_open` are never resolved, the others after some hours."""
    chance = random.Random(seed)
    lines = ["Ticket ID;Status;Group;Created time;Initial response time;Resolved time"]
    for group in ("North", "South"):
        for _ in range(each):
            opened = FIRST + timedelta(minutes=chance.randrange(150 * 24 * 60))
            is_open = chance.random() < left_open[group]
            solved = opened + timedelta(hours=chance.lognormvariate(0, 0.8) * hours[group])
            when, status = ("", "Open") if is_open else (f"{solved:%Y-%m-%d %H:%M}", "Closed")
            lines.append(f"{len(lines)};{status};{group};{opened:%Y-%m-%d %H:%M};{opened + timedelta(hours=1):%Y-%m-%d %H:%M};{when}")  # fmt: skip
    path = folder / "open.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return kpi_core.read([path])


SIDES = ("South", "North")


def test_times_with_unfinished_ones_are_judged_by_the_log_rank_test(tmp_path):
    """South leaves twice as many open: of those resolved both take as long."""
    files = unfinished(tmp_path, {"North": 0.05, "South": 0.45}, {"North": 30, "South": 30})
    found = segments(
        files, asked("resolution_time_km", "resolution_time", period="2026-01-01..2026-06-30"), "group", SIDES
    )
    verdicts = {one.kpi.name: one.verdict for one in found.results}
    assert verdicts["resolution_time_km"] is Verdict.WORSE
    assert verdicts["resolution_time"] in (Verdict.CANNOT_TELL, Verdict.NO_CHANGE)
    assert found.untested == {}


def test_where_more_than_half_stay_open_the_cases_are_kept_apart_all_the_same(tmp_path):
    files = unfinished(tmp_path, {"North": 0.05, "South": 0.8}, {"North": 30, "South": 30})
    (one,) = segments(files, asked("resolution_time_km", period="2026-01-01..2026-06-30"), "group", SIDES).results
    assert one.estimate.value is None
    assert one.change.value is None
    assert one.verdict is Verdict.WORSE
    (other,) = segments(
        files, asked("resolution_time_km", period="2026-01-01..2026-06-30"), "group", SIDES[::-1]
    ).results
    assert other.verdict is Verdict.BETTER
    assert other.change.p == pytest.approx(one.change.p)


def test_without_dependence_the_p_value_is_scipys(tmp_path, monkeypatch):
    files = unfinished(tmp_path, {"North": 0.1, "South": 0.2}, {"North": 30, "South": 40}, each=60)
    monkeypatch.setattr("kpi_core.analysis.compare.segments.Side.effect", lambda *_: (1.0, float("inf")))
    (one,) = segments(files, asked("resolution_time_km", period="all"), "group", SIDES).results
    frame = files.tables["tickets"]
    last = max(frame["resolved_at"].max(), frame["created_at"].max(), frame["first_replied_at"].max())
    samples = []
    for group in SIDES:
        rows = frame.filter(frame["group"] == group)
        done = rows.drop_nulls("resolved_at")
        still = rows.filter(rows["resolved_at"].is_null())
        seconds = (done["resolved_at"] - done["created_at"]).dt.total_seconds().to_list()
        samples.append(
            stats.CensoredData(uncensored=seconds, right=(last - still["created_at"]).dt.total_seconds().to_list())
        )
    # Ages at which fewer than five are at risk on a side are not used here.
    mine, theirs = (stats.norm.isf(p / 2) for p in (one.change.p, stats.logrank(*samples).pvalue))
    assert mine == pytest.approx(theirs, abs=0.3)
