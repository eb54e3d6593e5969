"""No change is called that a figure itself did not make: of months alike, of medians that went the other way, of hardly anything."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from core.analysis.changes.test_compare import canonical, report

from kpi_core.analysis.changes.time_changes import own_figure
from kpi_core.analysis.changes.verdicts import judge
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import Estimate
from kpi_core.model.periods import Period
from kpi_core.model.report import Answer, Change, KpiResult, Verdict
from kpi_core.model.tables import TICKETS

FIRST = datetime(2025, 10, 1)
AUGUST, SEPTEMBER = datetime(2026, 8, 1), datetime(2026, 9, 1)
END = datetime(2026, 10, 3)
CALLED = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)
FLOW = ("net_flow", "backlog", "resolution_rate")

Times = Callable[[random.Random, datetime], tuple[float, float | None]]


def desk(times: Times, *, a_day: int = 14, seed: int = 1) -> list[dict[str, Any]]:
    """Some ten tickets a day; `times` are hours to the first reply and to the resolution (None: never) of one opened then."""
    draw, rows = random.Random(seed), []
    for day in range((END - FIRST).days):
        for _ in range(a_day + draw.choice([-3, 0, 3])):
            opened = FIRST + timedelta(days=day, minutes=draw.randrange(24 * 60))
            reply, taken = times(draw, opened)
            solved = (
                None if taken is None or opened + timedelta(hours=taken) >= END else opened + timedelta(hours=taken)
            )
            replied = opened + timedelta(hours=reply)
            rows.append({"ticket_id": len(rows), "created_at": opened, "first_replied_at": replied if replied < END else None,
                         "resolved_at": solved, "status": "solved" if solved else "open"})  # fmt: skip
    return rows


def found(rows: list[dict[str, Any]], *kpis: str) -> dict[str, KpiResult]:
    made = report({"tickets": canonical(TICKETS, rows)}, *kpis, period="2026-09")
    return {one.kpi.name: one for one in made.results}


def unsolved(share: float, since: datetime, until: datetime = END) -> Times:
    def times(draw: random.Random, opened: datetime) -> tuple[float, float | None]:
        is_left = since <= opened < until and draw.random() < share
        return 1.0, None if is_left else draw.expovariate(1 / 20)

    return times


@pytest.mark.parametrize(
    "times",
    [unsolved(0.08, AUGUST), unsolved(0.15, AUGUST), unsolved(0.06, FIRST, AUGUST)],
    ids=["worse", "much worse", "better"],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_like_the_one_before_is_no_change_though_both_are_unlike_the_year(times: Times, seed: int) -> None:
    verdicts = {name: one.verdict for name, one in found(desk(times, seed=seed), *FLOW).items()}
    assert len(verdicts) == len(FLOW)
    assert not {*verdicts.values()} & {*CALLED}


def test_a_month_in_which_more_is_left_unresolved_is_called() -> None:
    verdicts = {name: one.verdict for name, one in found(desk(unsolved(0.15, SEPTEMBER)), *FLOW).items()}
    assert verdicts == {"net_flow": Verdict.HIGHER, "backlog": Verdict.WORSE, "resolution_rate": Verdict.WORSE}


def twisted(draw: random.Random, opened: datetime) -> tuple[float, float | None]:
    """Nearly half are answered at once and the rest after five hours; in September hardly more than half soon and the rest after ten."""
    late, share, soon = (9.5, 0.54, 2.0) if opened >= SEPTEMBER else (5.0, 0.48, 0.75)
    reply = (soon if draw.random() < share else late) * draw.uniform(0.95, 1.05)
    return reply, 10 * reply


@pytest.mark.parametrize("name", ["first_reply_time", "resolution_time", "first_reply_time_km", "resolution_time_km"])
def test_a_median_that_fell_is_not_called_worse_for_all_times_together(name: str) -> None:
    one = found(desk(twisted), name)[name]
    assert one.change is not None
    assert one.change.value is not None
    assert one.change.value < 0
    assert one.verdict not in CALLED
    assert one.change.detectable is None
    if one.change.p is not None:
        assert one.change.low <= one.change.value <= one.change.high


def test_times_that_went_the_way_of_all_of_them_are_called() -> None:
    verdicts = {
        name: one.verdict for name, one in found(desk(twisted), "first_reply_time_mean", "first_reply_time_p90").items()
    }
    assert {*verdicts.values()} == {Verdict.WORSE}


@pytest.mark.parametrize(
    ("name", "worth"),
    [("reopens_per_ticket", 0.004), ("handoffs", 0.004), ("csat_mean_100", 5.0), ("nki", 5.0), ("csat_mean", 0.2)],
)
def test_what_is_worth_knowing_is_of_the_scale_of_the_figure(name: str, worth: float) -> None:
    from kpi_core.analysis.changes.scaled_changes import worth as worth_knowing

    assert worth_knowing(BY_NAME[name], 0.04) == pytest.approx(worth)


OWN = (-9.0, 12.0)


@pytest.mark.parametrize(
    ("value", "of_all", "own", "is_small", "found"),
    [
        (-387.0, (-40.0, 28.0), (-500.0, 20.0), True, ((-500.0, 20.0), False, True, True)),
        (480.0, (-13.0, 18.0), (470.0, 490.0), False, ((470.0, 490.0), False, True, False)),
        (3.0, (-5.0, 7.0), OWN, True, (OWN, True, False, False)),
        (0.0, (-5.0, 7.0), OWN, True, (OWN, True, False, False)),
        (0.0, (None, None), OWN, True, (OWN, True, False, False)),
        (3.0, (-5.0, 7.0), (None, None), True, ((None, None), True, False, False)),
        (3.0, (-5.0, 7.0), (-2.0, 300.0), True, ((-2.0, 300.0), False, False, True)),
        (30.0, (None, None), OWN, True, (OWN, False, True, False)),
        (60.0, (-5.0, 90.0), OWN, False, (OWN, False, False, False)),
        (-3.0, (-5.0, 7.0), OWN, False, (OWN, False, False, False)),
    ],
)
def test_a_median_that_leaps_is_not_called_unchanged_by_the_test_of_all_times(
    value: float,
    of_all: tuple[float | None, float | None],
    own: tuple[float | None, float | None],
    is_small: bool,
    found: object,
) -> None:
    assert tuple(own_figure(value, of_all, own, 10.0, is_small=is_small)) == found


def two_humps(share: float) -> Times:
    """Replies within the hour or after half a day; in September more of the late ones, so that the median lies at the gap."""

    def times(draw: random.Random, opened: datetime) -> tuple[float, float | None]:
        is_late = draw.random() < (share if opened >= SEPTEMBER else 0.4)
        reply = draw.uniform(10, 20) if is_late else draw.uniform(0.5, 1.5)
        return reply, reply + draw.expovariate(1 / 20)

    return times


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_difference_of_two_medians_is_no_surer_than_the_less_sure_of_them(seed: int) -> None:
    one = found(desk(two_humps(0.48), seed=seed), "first_reply_time")["first_reply_time"]
    new, old, change = one.estimate, one.baseline, one.change
    assert new.high - new.low > 3600 * 8  # the month's own median may lie on either side of the gap
    assert change.low <= change.value <= change.high
    assert change.high - change.low >= max(new.high - new.low, old.high - old.low)
    assert (change.detectable, change.needed) == (None, None)


@pytest.mark.parametrize("name", ["first_reply_time", "resolution_time"])
@pytest.mark.parametrize(("share", "seed"), [(0.4, 1), (0.48, 2), (0.56, 3), (0.7, 4)])
def test_an_interval_that_says_other_than_the_verdict_has_its_reason_in_words(
    name: str, share: float, seed: int
) -> None:
    one = found(desk(two_humps(share), a_day=6, seed=seed), name)[name]
    by_name = {note.key for note in one.notes}
    assert one.change.low is not None
    is_apart = one.change.low > 0 or one.change.high < 0
    if is_apart is not (one.verdict in CALLED):
        assert by_name & {"called-by-all-times", "not-called-by-all-times", "not-passed"}
    else:
        assert not by_name & {"called-by-all-times", "not-called-by-all-times", "no-own-interval"}


@pytest.mark.parametrize(
    ("p", "low", "high", "message"),
    [
        (0.5, None, None, "no-own-interval"),
        (0.5, -9.0, 30.0, None),
        (0.5, 2.0, 30.0, "not-called-by-all-times"),
        (0.001, -9.0, 30.0, "called-by-all-times"),
        (0.001, 2.0, 30.0, None),
        (0.001, None, None, "no-own-interval"),
    ],
)
def test_what_an_interval_and_a_verdict_say_next_to_each_other(
    p: float, low: float | None, high: float | None, message: str | None
) -> None:
    kpi = BY_NAME["first_reply_time"]
    change = Change(value=9.0, low=low, high=high, p=p, rises=True, error=5.0, rows=100.0, answer=Answer(question="first_reply", p=p, rises=True))  # fmt: skip
    estimate = Estimate(value=109.0, n=100)
    one = KpiResult(kpi=kpi, period=Period(date(2026, 9, 1), date(2026, 10, 1)), group={}, estimate=estimate, baseline=Estimate(value=100.0, n=100), change=change)  # fmt: skip
    (finding,), _ = judge([one], 0.95)
    about = {note.key for note in finding.notes} & {"no-own-interval", "called-by-all-times", "not-called-by-all-times"}
    assert about == ({message} if message else set())
    assert (finding.verdict in CALLED) is (p < 0.05)
