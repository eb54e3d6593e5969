"""Why a KPI moved: the planted segment is named and noise is not, parts add up, and what is no answer is refused."""

import math
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from core.analysis.why.desks import HEAD, Desk

import kpi_core
from kpi_core.analysis.request import Request
from kpi_core.analysis.why.answer import Kind
from kpi_core.analysis.why.between import between
from kpi_core.analysis.why.periods import why
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Better
from kpi_core.model.report import Verdict


def asked(name, **given):
    return Request(kpis=(BY_NAME[name],), period=given.pop("period", "2026-09"), **given)


@pytest.fixture(scope="module")
def billing():
    """Billing's customers are less satisfied in September, and wait longer."""
    desk = Desk(
        a_day=100,
        good=lambda kind, late: 0.55 if late and kind == "Billing" else 0.8,
        wait=lambda kind, late: 300.0 if late and kind == "Billing" else 120.0,
    )
    return desk.filled()


@pytest.fixture(scope="module")
def planted(billing, tmp_path_factory):
    return billing.read(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    """Nobody's satisfaction changes, but more of the tickets are of the kind that fares worst."""
    return Desk(
        seed=4, good=lambda kind, _: {"Billing": 0.4, "Account": 0.6}.get(kind, 0.9),
        types=lambda late: {"Billing": 0.6, "Delivery": 0.2, "Technical": 0.15, "Account": 0.05} if late else {"Billing": 0.2, "Delivery": 0.35, "Technical": 0.3, "Account": 0.15},
    ).filled().read(tmp_path_factory.mktemp("shifted"))  # fmt: skip


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    return Desk(seed=6).filled().read(tmp_path_factory.mktemp("steady"))


def test_the_segment_that_changed_is_named_with_its_dimension(planted):
    found = why(planted, asked("csat"))
    assert found.refused is None
    assert found.result.verdict is Verdict.WORSE
    first = found.dimensions[0]
    assert (first.name, first.stands, first.mix_stands) == ("type", True, False)
    assert {one.name for one in found.dimensions} == {"type", "group", "channel"}
    assert not any(one.stands for one in found.dimensions[1:])
    billing = first.segments[0]
    assert (billing.name, billing.moved, billing.unlike.stands) == ("Billing", True, True)
    assert billing.part.sum < 0.6 * found.result.change.value
    assert billing.unlike.bounds.low < billing.unlike.value < billing.unlike.bounds.high < 0
    assert not any(one.moved for one in first.segments[1:])


def test_a_shift_of_the_mix_is_distinguished_from_a_change_within(shifted):
    found = why(shifted, asked("csat"))
    first = found.dimensions[0]
    assert (first.name, first.stands, first.mix_stands) == ("type", True, True)
    assert first.mix < 0.8 * found.result.change.value
    assert first.mix_bounds.high < 0
    assert first.rate_bounds.low < 0 < first.rate_bounds.high
    assert not any(one.moved for one in first.segments)


def test_where_nothing_changed_nothing_stands_out(steady):
    for name in ("csat", "first_reply_time", "tickets_created"):
        found = why(steady, asked(name))
        assert found.result.verdict in (Verdict.CANNOT_TELL, Verdict.NO_CHANGE)
        assert not any(one.stands for one in found.dimensions), name
        assert not found.meanwhile


@pytest.mark.parametrize(
    "name", ["csat", "csat_mean", "first_reply_time_mean", "first_reply_time", "tickets_created", "resolution_time_p90", "tickets_resolved", "net_flow"],
)  # fmt: skip
def test_parts_add_up_to_the_change_the_report_prints(planted, name):
    found = why(planted, asked(name), companions=False)
    assert found.dimensions, str(found.refused)
    for one in found.dimensions:
        parts = math.fsum(each.part.sum for each in one.segments)
        assert parts == pytest.approx(found.result.change.value, abs=1e-9 * max(1.0, abs(found.result.estimate.value)))
        assert one.mix + one.rate == pytest.approx(parts, abs=1e-9)
        assert math.fsum(each.weights[1] for each in one.segments) == pytest.approx(1) or name in (
            "net_flow",
            "backlog",
        )


def test_the_parts_are_those_of_the_rows(billing, planted):
    # Counted from the tickets themselves: rated ones are dated by when the answer came, here the ticket's own day.
    found = why(planted, asked("first_reply_time_mean", by=("type",)))
    months = {8: defaultdict(list), 9: defaultdict(list)}
    for ticket in billing.tickets:
        if ticket.opened.month in months:
            months[ticket.opened.month][ticket.type].append(60.0 * ticket.minutes)
    sizes = {month: sum(map(len, rows.values())) for month, rows in months.items()}
    means = {month: {kind: sum(times) / len(times) for kind, times in kept.items()} for month, kept in months.items()}
    overall = {month: sum(map(sum, values.values())) / sizes[month] for month, values in months.items()}
    for segment in found.dimensions[0].segments:
        weights = [len(months[month][segment.name]) / sizes[month] for month in (8, 9)]
        old, new = (means[month][segment.name] for month in (8, 9))
        mix = (weights[1] - weights[0]) * ((old + new) / 2 - (overall[8] + overall[9]) / 2)
        assert segment.part.rate == pytest.approx((new - old) * sum(weights) / 2)
        assert segment.part.mix == pytest.approx(mix)


def test_a_median_is_explained_by_the_share_within_the_old_one(planted):
    found = why(planted, asked("first_reply_time"))
    assert found.limit == found.quantile.baseline.value < found.quantile.estimate.value
    assert found.quantile.verdict is Verdict.WORSE
    assert found.is_real
    assert found.result.kpi.better is Better.HIGHER
    assert found.result.baseline.value == pytest.approx(0.5, abs=0.03)
    assert found.dimensions[0].segments[0].name == "Billing"
    assert found.asked.name == "first_reply_time"


def test_or_by_the_share_within_the_target(planted):
    found = why(planted, asked("first_reply_time", targets={"first_reply_time": (Goal(value=3 * 3600.0),)}))
    assert found.limit == 3 * 3600
    assert found.result.baseline.value > 0.7


def test_what_else_changed_is_reported_and_what_did_not_is_not(planted):
    found = why(planted, asked("csat"))
    assert [one.kpi.name for one in found.meanwhile] == ["first_reply_time", "resolution_time"]
    assert "tickets_created" in {one.name for one in found.looked_at}
    assert found.meanwhile[0].verdict is Verdict.WORSE


def admissions(folder):
    """Berkeley's applicants as tickets: men in July, women in August; admitted is satisfied."""
    men = {"A": (825, 512), "B": (560, 353), "C": (325, 120), "D": (417, 138), "E": (191, 53), "F": (373, 22)}
    women = {"A": (108, 89), "B": (25, 17), "C": (593, 202), "D": (375, 131), "E": (393, 94), "F": (341, 24)}
    lines = [HEAD]
    for month, rows in ((7, men), (8, women)):
        for kind, (n, admitted) in rows.items():
            for place in range(n):
                word = "Extremely Happy" if place < admitted else "Extremely Unhappy"
                day = date(2026, month, 1 + len(lines) % 31)
                lines.append(f"{len(lines)};Closed;{kind};;Email;Low;;{day} 09:00;{day} 09:30;{day} 10:00;{word}")
    path = folder / "admissions.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return kpi_core.read([path])


def test_lower_in_total_yet_higher_in_four_of_six(tmp_path):
    found = why(admissions(tmp_path), asked("csat", period="2026-08", by=("type",)), companions=False)
    assert found.result.change.value == pytest.approx(-0.1416454282)
    (only,) = found.dimensions
    assert (only.mix, only.rate) == pytest.approx((-0.1776739112, 0.0360284829), abs=1e-9)
    assert only.against == (4, 6)


def test_people_with_few_rows_are_one_rest(tmp_path):
    desk = Desk(seed=9, agents=("Ann", "Bo", "Cy", "Di", "Ed")).filled()
    rare = [one for one in desk.tickets if one.agent in ("Di", "Ed")]
    kept = {id(one) for one in rare if one.opened.month in (8, 9)}
    few = {
        id(one)
        for one in [each for each in rare if each.opened.month == 9][:3]
        + [each for each in rare if each.opened.month == 8][:4]
    }
    desk.tickets = [one for one in desk.tickets if id(one) not in kept or id(one) in few]
    found = why(desk.read(tmp_path), asked("tickets_created", by=("agent",)), companions=False)
    if found.dimensions:
        (only,) = found.dimensions
        (rest,) = [one for one in only.segments if one.is_rest]
        assert rest.name is None
        assert rest.new.n == rest.old.n == 0  # nothing of it is known but what it adds
        assert not {"Di", "Ed"} & {one.name for one in only.segments}
        assert rest.unlike is None
        assert math.fsum(one.part.sum for one in only.segments) == pytest.approx(found.result.change.value)


@pytest.mark.parametrize(
    ("name", "period", "message"),
    [
        ("csat", "2026-10", "not complete"),
        ("csat", "2026-01", "no value"),
        ("resolution_time_km", "2026-09", "curve"),
        ("backlog_age", "2026-09", "do not add up"),
        ("revenue", "2026-09", "do not have"),
        ("fcr_no_repeat", "2026-09", "do not have"),
    ],
)  # fmt: skip
def test_what_has_no_answer_says_why(planted, name, period, message):
    found = why(planted, asked(name, period=period), companions=False)
    assert not found.dimensions
    assert message in str(found.refused)


def test_what_the_report_does_not_compare_is_refused_for_its_reason(tmp_path):
    desk = Desk(seed=3).filled()
    desk.tickets = [one for one in desk.tickets if one.opened.day < 20 or one.opened.month < 9]
    found = why(desk.read(tmp_path), asked("csat"), companions=False)
    assert not found.dimensions
    assert found.result.barred is not None
    assert str(found.refused) == str(found.result.barred)
    assert "complete" in str(found.refused)


def test_one_kpi_and_a_baseline_are_wanted(planted):
    with pytest.raises(DefinitionError, match="one KPI"):
        why(planted, Request(kpis=(BY_NAME["csat"], BY_NAME["nps"])))
    with pytest.raises(DefinitionError, match="no period to compare"):
        why(planted, asked("csat", compare="none"))


def test_counts_are_dealt_by_what_each_segment_brings(planted):
    found = why(planted, asked("tickets_created", by=("type",)), companions=False)
    assert found.kind is Kind.AMOUNTS
    (only,) = found.dimensions
    assert only.mix == 0
    for one in only.segments:
        assert one.part.sum == one.new.value - one.old.value


def test_two_segments_are_kept_apart_by_mix_and_rate(tmp_path):
    desk = Desk(seed=12, good=lambda kind, _: {"Billing": 0.4}.get(kind, 0.9)).filled()
    desk.tickets = [
        one for place, one in enumerate(desk.tickets) if one.group != "North" or one.type == "Billing" or place % 3 == 0
    ]
    found = between(desk.read(tmp_path), asked("csat", period="2026-06-01..2026-09-30"), "group", ("North", "South"))
    assert found.refused is None
    assert found.sides == ("North", "South")
    assert found.result.verdict is Verdict.WORSE
    first = found.dimensions[0]
    assert (first.name, first.mix_stands) == ("type", True)
    assert first.mix + first.rate == pytest.approx(found.result.estimate.value - found.result.baseline.value)
    assert first.mix == pytest.approx(first.mix + first.rate, rel=0.3)
    assert "group" not in {one.name for one in found.dimensions}


def test_a_segment_that_is_none_is_refused(planted):
    with pytest.raises(DefinitionError):
        between(planted, asked("csat"), "group", ("North", "Nowhere"))


def test_what_the_report_does_not_test_has_no_part_that_is(tmp_path):
    # Twice as many tickets are opened in the last month: those resolved in it are younger for that alone.
    desk = Desk(seed=21, wait=lambda kind, _: 900.0 if kind == "Billing" else 300.0).filled()
    desk.tickets = [one for place, one in enumerate(desk.tickets) if one.opened.month == 9 or place % 2]
    found = why(desk.read(tmp_path), asked("resolution_time"), companions=False)
    assert found.quantile.verdict is found.result.verdict is Verdict.NOT_TESTED
    for dimension in found.dimensions:
        assert not dimension.stands
        assert dimension.mix_bounds is dimension.rate_bounds is None
        assert not any(one.moved or one.unlike for one in dimension.segments)


def leads(folder):
    """Leads of two channels, of whom half as many become customers from August on in both; as many come in as before."""
    draw, lines, day = random.Random(3), ["Lead ID;Created;Converted at;Is converted;Channel"], datetime(2026, 1, 1, 9)
    while day < datetime(2026, 9, 30):
        for _ in range(draw.randrange(6, 14)):
            won = draw.random() < (0.15 if day >= datetime(2026, 8, 1) else 0.3)
            then = f"{day + timedelta(days=3):%Y-%m-%d %H:%M}" if won else ""
            lines.append(
                f"{len(lines)};{day:%Y-%m-%d %H:%M};{then};{'yes' if won else 'no'};{draw.choice(['Web', 'Phone'])}"
            )
        day += timedelta(days=1)
    path = folder / "leads.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_falling_sales_with_a_steady_service_are_reported_to_go_with_nothing(tmp_path):
    tickets = Desk(seed=6).filled()
    tickets.read(tmp_path)
    found = why(kpi_core.read([leads(tmp_path), tmp_path / "tickets6.csv"]), asked("conversion_rate", period="2026-08"))
    assert found.result.verdict is Verdict.WORSE
    assert not found.dimensions[0].stands  # both channels fell alike
    assert found.meanwhile == ()
    assert {"tickets_created", "first_reply_time", "csat"} <= {one.name for one in found.looked_at}
    assert found.service is not None
    assert found.service.signals == ()
    assert {"first_reply_time", "csat"} <= {one.name for one in found.service.looked_at}
    assert (found.service.first, found.service.last) == (date(2026, 7, 1), date(2026, 8, 31))


def test_a_service_that_moved_with_sales_is_named_with_its_weeks(tmp_path):
    desk = Desk(seed=6).filled()
    for place, one in enumerate(desk.tickets):
        if one.opened >= datetime(2026, 8, 3):
            desk.tickets[place] = replace(one, minutes=3 * one.minutes)
    desk.read(tmp_path)
    files = kpi_core.read([leads(tmp_path), tmp_path / "tickets6.csv"])
    found = why(files, asked("conversion_rate", period="2026-08"))
    assert found.service is not None
    replies = [one for one in found.service.signals if one.kpi.name == "first_reply_time"]
    assert replies
    assert all(one.is_better is False and one.last.end > date(2026, 8, 3) for one in replies)
    assert "first_reply_time" in {one.kpi.name for one in found.meanwhile}


def test_of_the_service_itself_no_weeks_are_reported(planted):
    assert why(planted, asked("csat")).service is None


def test_sales_without_tickets_say_nothing_of_the_service(tmp_path):
    found = why(kpi_core.read([leads(tmp_path)]), asked("conversion_rate", period="2026-08"))
    assert found.service is not None
    assert found.service.looked_at == ()
    assert found.looked_at == ()
