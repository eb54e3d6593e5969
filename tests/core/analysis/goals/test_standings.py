"""Where targets stand: against counts done by hand on random data, by line and trend, and the same in whatever order rows come."""

import random
import statistics
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

import kpi_core
from kpi_core.analysis.goals.actions import answered
from kpi_core.analysis.goals.answer import State
from kpi_core.analysis.goals.standings import targets
from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.model.goal import Goal
from kpi_core.stats.control_charts import Assurance

HEADER = "Ticket number,Opened,First reply,Resolved,Status,Priority,Team,Type,Owner,CSAT"
TEAMS = ("Billing", "Delivery", "Technical")
TYPES = ("Question", "Bug")


def rows(seed, months=14, a_month=60, satisfied=lambda _month, _team: 0.8, hours=lambda _month, _team: 4.0):
    """Tickets of some months up to September 2026 with a mark from 1 to 5, as lines of a spreadsheet."""
    chance, found = random.Random(seed), []
    for month in range(months):
        at = 2026 * 12 + 8 - (months - 1 - month)
        for n in range(a_month):
            opened = datetime(at // 12, at % 12 + 1, 1 + n * 28 // a_month, 8, chance.randrange(60))
            team = chance.choice(TEAMS)
            replied = opened + timedelta(hours=hours(month, team) * chance.lognormvariate(0, 0.6))
            mark = chance.choice((4, 5)) if chance.random() < satisfied(month, team) else chance.choice((1, 2, 3))
            resolved = replied + timedelta(hours=1)
            times = ",".join(f"{one:%Y-%m-%d %H:%M}" for one in (opened, replied, resolved))
            number = month * a_month + n + 1
            found.append(f"{number},{times},Closed,normal,{team},{chance.choice(TYPES)},A{n % 4},{mark}")
    found.append(f"{months * a_month + 1},2026-10-20 08:00,,,Open,normal,Billing,Bug,A1,")
    times = "2026-10-19 08:00,2026-10-19 09:00,2026-10-19 10:00"  # somebody keeps silent, so that this is no list of rated tickets
    found.append(f"{months * a_month + 2},{times},Closed,normal,Billing,Bug,A1,")
    return found


def dataset(folder, lines):
    path = folder / "tickets.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
    return kpi_core.read([path])


def with_other_marks(data, seed, satisfied):
    """The same tickets with marks drawn again, each good with a chance of `satisfied`, without a file written and read for each draw."""
    chance, answers = random.Random(seed), data.tables["answers"]
    marks = [
        chance.choice((4, 5)) if chance.random() < satisfied else chance.choice((1, 2, 3))
        for _ in range(answers.height)
    ]
    drawn = answers.with_columns(pl.Series("score", marks, answers["score"].dtype))
    return replace(data, tables={**data.tables, "answers": drawn})


def asked(goals, **given):
    """A request with targets by KPI, each one goal or several."""
    kept = {kpi: tuple(one) if isinstance(one, list) else (one,) for kpi, one in goals.items()}
    return Request(
        kpis=tuple(BY_NAME[name] for name in kept), period=given.pop("period", "2026-09"), targets=kept, **given
    )


def of_september(lines):
    return [line.split(",") for line in lines if line.split(",")[1].startswith("2026-09")]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_short_is_what_it_would_have_taken_row_by_row(tmp_path, seed):
    lines = rows(seed, months=2, a_month=random.Random(seed).randrange(30, 90))
    found = targets(dataset(tmp_path, lines), asked({"csat": Goal(value=0.9), "first_reply_time": Goal(value=7200)}))
    csat, first_reply = found.standings
    marks = [int(row[-1]) for row in of_september(lines)]
    satisfied, flipped = sum(mark >= 4 for mark in marks), 0
    while (satisfied + flipped) / len(marks) < 0.9:
        flipped += 1
    assert (csat.gap is None) == (flipped == 0)
    assert csat.gap is None or csat.gap.rows == flipped
    times = sorted(
        (datetime.fromisoformat(row[2]) - datetime.fromisoformat(row[1])).total_seconds() for row in of_september(lines)
    )
    sooner = 0
    while statistics.median(times) > 7200:
        late = next(place for place, time in enumerate(times) if time > 7200)
        times = sorted([*times[:late], 7200.0, *times[late + 1 :]])
        sooner += 1
    assert first_reply.gap is not None
    assert first_reply.gap.rows == sooner


def test_a_target_is_met_missed_or_open_by_its_interval_once_it_is_due(tmp_path):
    data = dataset(tmp_path, rows(1, months=2, a_month=200))
    goals = [Goal(value=0.5), Goal(value=0.99), Goal(value=0.8)]
    for goal, state in zip(goals, (State.MET, State.MISSED, State.CANNOT_TELL), strict=True):
        (standing,) = targets(data, asked({"csat": goal})).standings
        assert standing.state is state
        passed = replace(goal, deadline=date(2026, 6, 30), since=date(2026, 1, 1), start=0.4)
        (standing,) = targets(data, asked({"csat": passed})).standings
        assert standing.state is state
        assert standing.pace is None


def test_the_line_runs_from_the_start_to_the_deadline_and_is_asked_in_the_middle_of_the_period(tmp_path):
    data = dataset(tmp_path, rows(1, months=2, a_month=200, satisfied=lambda *_: 0.7))
    goal = Goal(value=0.9, start=0.5, since=date(2026, 6, 1), deadline=date(2027, 1, 31))
    (standing,) = targets(data, asked({"csat": goal})).standings
    assert standing.pace is not None
    # 15 September is 106 of 244 days from 1 June on.
    assert standing.pace.due == pytest.approx(0.5 + 0.4 * 106 / 244)
    assert standing.result is not None
    low, high = standing.result.estimate.low, standing.result.estimate.high
    assert low is not None
    assert high is not None
    assert standing.pace.by_line == (True if low >= standing.pace.due else False if high < standing.pace.due else None)
    (behind,) = targets(data, asked({"csat": replace(goal, deadline=date(2026, 10, 10))})).standings
    assert (behind.pace and behind.pace.by_line, behind.state) == (False, State.OFF_PACE)
    (ahead,) = targets(data, asked({"csat": replace(goal, deadline=date(2028, 12, 31))})).standings
    assert (ahead.pace and ahead.pace.by_line, ahead.state) == (True, State.ON_PACE)


def test_without_a_start_the_files_say_where_the_line_begins(tmp_path):
    data = dataset(tmp_path, rows(1, months=6, a_month=100))
    goal = Goal(value=0.99, since=date(2026, 7, 1), deadline=date(2026, 12, 31))
    (standing,) = targets(data, asked({"csat": goal})).standings
    assert standing.pace is not None
    assert standing.trend is not None
    june = next(place for place, period in enumerate(standing.trend.periods) if period.name == "2026-06")
    assert standing.pace.start == standing.trend.estimates[june].value


def test_a_level_process_is_off_the_pace_to_a_far_target_and_a_rising_one_on_it(tmp_path):
    goal = Goal(value=0.95, deadline=date(2026, 12, 31))
    (tmp_path / "level").mkdir()
    level = dataset(tmp_path / "level", rows(3, months=12, a_month=400, satisfied=lambda *_: 0.6))
    (standing,) = targets(level, asked({"csat": goal})).standings
    assert (standing.state, standing.pace and standing.pace.by_trend) == (State.OFF_PACE, False)
    rising = dataset(tmp_path, rows(3, months=12, a_month=400, satisfied=lambda month, _: 0.3 + 0.05 * month))
    (standing,) = targets(rising, asked({"csat": goal})).standings
    assert (standing.state, standing.pace and standing.pace.by_trend) == (State.ON_PACE, True)


def test_where_line_and_trend_contradict_each_other_nothing_is_reported(tmp_path):
    falling = dataset(tmp_path, rows(3, months=12, a_month=400, satisfied=lambda month, _: 0.97 - 0.02 * month))
    goal = Goal(value=0.9, start=0.2, since=date(2026, 1, 1), deadline=date(2027, 3, 31))
    (standing,) = targets(falling, asked({"csat": goal})).standings
    assert standing.pace is not None
    assert (standing.pace.by_line, standing.pace.by_trend, standing.state) == (True, False, State.CANNOT_TELL)


def test_a_target_beyond_the_limits_is_never_met_as_things_are(tmp_path):
    data = dataset(tmp_path, rows(3, months=14, a_month=300))
    reach = {
        value: targets(data, asked({"csat": Goal(value=value)})).standings[0].assurance for value in (0.4, 0.8, 0.99)
    }
    assert reach == {0.4: Assurance.MET, 0.8: Assurance.HIT_AND_MISS, 0.99: Assurance.MISSED}


def test_a_segment_has_its_own_target_and_one_that_is_none_is_reported(tmp_path):
    data = dataset(
        tmp_path, rows(2, months=3, a_month=300, satisfied=lambda _, team: 0.4 if team == "Billing" else 0.9)
    )
    of_billing = Goal(value=0.8, segment=("group", "billing"))
    nowhere = Goal(value=0.8, segment=("group", "Bilings"))
    found = targets(data, asked({"csat": [Goal(value=0.5), of_billing, nowhere]}))
    whole, billing, none = found.standings
    assert (whole.state, billing.state, none.state) == (State.MET, State.MISSED, State.UNMEASURED)
    assert billing.result is not None
    assert billing.result.group == {"group": "Billing"}
    assert "did you mean `Billing`" in str(none.why)


def test_a_segment_whose_rows_lack_what_is_counted_is_not_said_to_be_missing(tmp_path):
    """Tickets of Billing come from a file that has no reopenings: the word is there and is not to be spelt otherwise."""
    days = [f"2026-09-{1 + row % 28:02}" for row in range(60)]
    with_reopens = [f"{row},{day},{day},solved,Support,{row % 2}" for row, day in enumerate(days)]
    without = [f"b{row},{day},{day},solved,Billing" for row, day in enumerate(days)]
    heads = "Ticket ID,Created at,Solved at,Status,Group"
    for name, head, lines in (("a", f"{heads},Reopens", with_reopens), ("b", heads, without)):
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    goals = [Goal(value=0.05, segment=("group", word)) for word in ("billing", "Bilings")]
    data = kpi_core.read([tmp_path / "a.csv", tmp_path / "b.csv"])
    lacking, nowhere = targets(data, asked({"reopen_rate": goals})).standings
    assert (lacking.state, str(lacking.why)) == (State.UNMEASURED, "the rows of group `billing` do not have reopens")
    assert "did you mean `Billing`" in str(nowhere.why)


def test_the_segment_that_is_short_is_named_and_none_where_all_are_alike(tmp_path):
    lines = rows(5, months=2, a_month=400, satisfied=lambda _, team: 0.4 if team == "Billing" else 0.85)
    answer = answered(dataset(tmp_path, lines), asked({"csat": Goal(value=0.9)}), {})
    (action,) = answer.judged.actions
    assert action.driver is not None
    assert (action.driver.dimension, action.driver.name) == ("group", "Billing")
    billing = [int(row[-1]) >= 4 for row in of_september(lines) if row[6] == "Billing"]
    assert action.driver.of == len(billing)
    short = next(extra for extra in range(len(billing) + 1) if (sum(billing) + extra) / len(billing) >= 0.9)
    assert action.driver.rows == short


@pytest.mark.parametrize(("left", "named"), [((13, 4, 5), None), ((20, 3, 3), "Billing")])
def test_a_segment_of_what_is_open_is_named_only_where_it_is_more_than_its_share(tmp_path, left, named):
    """Half of all tickets are Billing's in the first row: that more of what is open is its own says nothing."""
    lines, number = [], 0
    for team, share, still in zip(TEAMS, (0.36, 0.3, 0.34) if named else (0.5, 0.2, 0.3), left, strict=True):
        for place in range(int(200 * share)):
            number += 1
            times = "2026-09-01 08:00,2026-09-01 09:00," + ("" if place < still else "2026-09-02 08:00")
            lines.append(f"{number},{times},{'Open' if place < still else 'Closed'},normal,{team},Bug,A1,")
    lines.append(f"{number + 1},2026-10-20 08:00,,,Open,normal,Technical,Bug,A1,")
    answer = answered(dataset(tmp_path, lines), asked({"backlog": Goal(value=1.0)}), {})
    (action,) = answer.judged.actions
    assert (None if action.driver is None else action.driver.name) == named


def test_what_leaves_a_target_open_is_what_it_is(tmp_path):
    """With periods enough for a trend it is not said that they are too few."""
    goal = {"csat": Goal(value=0.8, deadline=date(2026, 12, 31))}
    few = targets(dataset(tmp_path, rows(5, months=3)), asked(goal)).standings[0]
    many = targets(dataset(tmp_path, rows(5, months=14)), asked(goal)).standings[0]
    far = targets(
        dataset(tmp_path, rows(5, months=8)), asked({"csat": Goal(value=0.8, deadline=date(2029, 1, 1))})
    ).standings[0]
    shown = [one.why and one.why.key for one in (few, many, far)]
    assert shown == ["target-no-start", "target-no-start-unsure", "target-no-start-far"]


def test_chance_names_a_segment_seldom(tmp_path):
    named = 0
    data = dataset(tmp_path, rows(100, months=1, a_month=150))
    for seed in range(40):
        answer = answered(with_other_marks(data, 100 + seed, 0.6), asked({"csat": Goal(value=0.9)}), {})
        named += sum(one.driver is not None for one in answer.judged.actions)
    assert named <= 5


def test_actions_are_the_same_in_whatever_order_rows_and_targets_come(tmp_path):
    lines = rows(6, months=4, a_month=100, satisfied=lambda *_: 0.5)
    goals = {
        "csat": [Goal(value=0.9), Goal(value=0.95, segment=("group", "Delivery"))],
        "first_reply_time": Goal(value=3600),
    }
    shown = []
    for seed in range(3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        shuffled, chance = list(lines), random.Random(seed)
        chance.shuffle(shuffled)
        order = list(goals.items())
        chance.shuffle(order)
        answer = answered(dataset(folder, shuffled), asked(dict(order)), {})
        shown.append([(one.id, one.uid, one.reason, one.gap, one.driver, one.due) for one in answer.judged.actions])
    assert shown[0] == shown[1] == shown[2]
    assert {one[0] for one in shown[0]} == {"csat", "csat-group-delivery", "first_reply_time"}
    assert len({one[1] for one in shown[0]}) == 3


def test_two_conditions_are_two_tasks_in_a_calendar(tmp_path):
    data = dataset(tmp_path, rows(6, months=2, a_month=100, satisfied=lambda *_: 0.5))
    uids = {
        where: answered(data, asked({"csat": Goal(value=0.9)}, where=where), {}).judged.actions[0].uid
        for where in (None, "type = 'Bug'")
    }
    assert len(set(uids.values())) == 2


def test_a_user_s_own_words_take_the_place_of_the_built_in_ones(tmp_path):
    data = dataset(tmp_path, rows(6, months=2, a_month=100, satisfied=lambda *_: 0.5))
    own = {"csat": {"en": "Ring them", "sv": "Ring dem", "nb": "Ring dem"}}
    assert answered(data, asked({"csat": Goal(value=0.9)}), own).judged.actions[0].suggestion == own["csat"]


def test_without_a_target_there_is_nothing_to_look_at(tmp_path):
    data = dataset(tmp_path, rows(6, months=1))
    with pytest.raises(DefinitionError, match="no target"):
        targets(data, replace(asked({"csat": Goal(value=0.9)}), targets={}))


def test_before_the_work_begins_and_of_everything_there_is_no_pace(tmp_path):
    data = dataset(tmp_path, rows(3, months=12, a_month=200, satisfied=lambda *_: 0.6))
    later = Goal(value=0.95, start=0.5, since=date(2026, 12, 1), deadline=date(2027, 6, 30))
    (standing,) = targets(data, asked({"csat": later})).standings
    assert (standing.state, standing.pace, str(standing.why)) == (
        State.CANNOT_TELL,
        None,
        "the work for it begins on 1 Dec 2026",
    )
    (standing,) = targets(data, asked({"csat": replace(later, since=date(2026, 1, 1))}, period="all")).standings
    assert (standing.state, standing.pace) == (State.CANNOT_TELL, None)
    (standing,) = targets(data, asked({"csat": Goal(value=0.95, deadline=date(2026, 6, 30))}, period="all")).standings
    assert standing.state is State.MISSED


def test_what_is_usual_is_that_of_periods_as_long(tmp_path):
    data = dataset(tmp_path, rows(3, months=12, a_month=200))
    (standing,) = targets(data, asked({"csat": Goal(value=0.95)}, period="2026-W36")).standings
    assert standing.trend is not None
    assert {period.grain.value for period in standing.trend.periods} == {"week"}


def test_before_its_deadline_nothing_is_met_but_on_pace_unless_the_trend_leads_away(tmp_path):
    """Every month is far beyond the target: on pace to a deadline ahead, met where there is none; one that falls to it is not sure."""
    data = dataset(tmp_path, rows(21, satisfied=lambda _month, _: 0.95))
    states = [
        targets(data, asked({"csat": Goal(value=0.5, since=date(2026, 1, 1), deadline=deadline)})).standings[0].state
        for deadline in (date(2026, 12, 31), date(2026, 9, 15), None)
    ]
    assert states == [State.ON_PACE, State.MET, State.MET]
    (tmp_path / "falls").mkdir()
    falls = dataset(tmp_path / "falls", rows(22, satisfied=lambda month, _: 1.0 - 0.03 * month))
    goal = Goal(value=0.45, start=0.2, since=date(2026, 1, 1), deadline=date(2027, 4, 30))
    (one,) = targets(falls, asked({"csat": goal})).standings
    assert one.pace.by_trend is False
    assert one.state is State.CANNOT_TELL


def test_a_trend_leads_no_further_ahead_than_it_reaches_back(tmp_path):
    data = dataset(tmp_path, rows(3, months=7, a_month=300, satisfied=lambda *_: 0.6))
    near, far = (
        targets(data, asked({"csat": Goal(value=0.95, deadline=deadline)})).standings[0].pace
        for deadline in (date(2026, 12, 31), date(2027, 12, 31))
    )
    assert near is not None
    assert far is not None
    assert (near.by_trend, far.by_trend) == (False, None)


@pytest.mark.parametrize("value", [0.7, 0.9])
def test_a_process_on_its_line_is_seldom_called_off_it(tmp_path, value):
    """The interval of one month lies wholly below a true level in one of forty."""
    off = 0
    goal = Goal(value=value, start=value, since=date(2026, 1, 1), deadline=date(2026, 12, 31))
    data = dataset(tmp_path, rows(200, months=1, a_month=120))
    for seed in range(40):
        marked = with_other_marks(data, 200 + seed, value)
        (standing,) = targets(marked, asked({"csat": replace(goal, value=value + 1e-9)})).standings
        off += standing.state is State.OFF_PACE
    assert off <= 4


def test_a_bad_signal_of_a_kpi_that_is_watched_is_something_to_do_and_calm_once_it_is_gone(tmp_path):
    lines = rows(8, months=15, a_month=150, satisfied=lambda month, _: 0.3 if month == 14 else 0.85)
    goals = {"backlog": Goal(value=5)}
    watched = [BY_NAME["csat"], BY_NAME["first_reply_time"]]
    data = dataset(tmp_path, lines)
    september = answered(data, asked(goals), {}, watched).judged
    assert [(one.id, one.reason.value, one.target) for one in september.actions] == [("csat", "signal", None)]
    assert len(september.calm) == 1
    august = answered(data, asked(goals, period="2026-08"), {}, watched).judged
    assert august.actions == ()
    assert september.calm < august.calm
    assert september.actions[0].uid in august.calm
    assert answered(data, asked(goals), {}).judged.actions == ()


def test_an_action_is_due_two_weeks_after_what_is_known_or_at_a_deadline_before_that(tmp_path):
    lines = rows(6, months=2, a_month=100, satisfied=lambda *_: 0.5)
    data = dataset(tmp_path, lines)
    goal = Goal(value=0.95, start=0.9, since=date(2026, 6, 1), deadline=date(2026, 10, 25))
    for tz, due in (("Pacific/Kiritimati", date(2026, 11, 3)), ("Pacific/Pago_Pago", date(2026, 11, 3))):
        (action,) = answered(data, asked({"csat": Goal(value=0.95)}, time_zone=tz), {}).judged.actions
        assert abs((action.due - due).days) <= 1
    (action,) = answered(data, asked({"csat": goal}), {}).judged.actions
    assert (action.reason.value, action.due) == ("off pace", date(2026, 10, 25))
