"""Estimates and the parts that their values are made of: what every kind answers, and that all can be sent elsewhere."""

import pickle

import pytest

from kpi_core.model.estimates import EMPTY, HIDDEN, NO_PARTS, Estimate, Parts, Portion, added
from kpi_core.model.measures import Division, Operands, Returned, Sides, Spread
from kpi_core.model.periods import ALL, Period, parse_period
from kpi_core.model.service_levels import Promised
from kpi_core.model.stocks_and_survival import Ages, Survived, Workload

MARCH = parse_period("2026-03")
KINDS: list[Parts] = [
    NO_PARTS,
    Portion(k=3, of=4),
    Promised(k=3, of=4, pending=2),
    Returned(k=3, of=4, window=MARCH),
    Spread(total=12.5, deviation=1.5),
    Sides(plus=5, minus=2),
    Operands(first=5, second=2),
    Division(first=5, second=2),
    Workload(open=40, closed=12),
    Ages(zeros=2),
    Survived(events=3, finished=4, unfinished=2, late=1, naive=60.0, beyond=120.0),
]


@pytest.mark.parametrize("parts", KINDS, ids=lambda parts: type(parts).__name__)
def test_an_estimate_can_be_sent_elsewhere(parts: Parts) -> None:
    estimate = Estimate(value=0.75, n=4, low=0.3, high=0.95, parts=parts)
    assert pickle.loads(pickle.dumps(estimate)) == estimate


def test_a_hidden_value_is_still_hidden_elsewhere() -> None:
    there = pickle.loads(pickle.dumps(HIDDEN))
    assert there == HIDDEN
    assert there != EMPTY


def test_every_kind_of_parts_is_tried_here() -> None:
    def kinds(of: type[Parts]) -> set[type[Parts]]:
        return {of, *(kind for each in of.__subclasses__() for kind in kinds(each))}

    mine = {kind for kind in kinds(Parts) if kind.__module__.startswith("kpi_core")}
    assert mine == {*map(type, KINDS), type(HIDDEN.parts)}


@pytest.mark.parametrize(
    ("parts", "fraction"),
    [
        (Portion(k=3, of=4), (3, 4)),
        (Promised(k=3, of=4, pending=2), (3, 4)),
        (Division(first=5, second=2), (5, 2)),
        (Operands(first=5, second=2), None),
        (NO_PARTS, None),
    ],
)
def test_shares_and_ratios_say_what_was_divided_by_what(parts: Parts, fraction: tuple[float, float] | None) -> None:
    assert parts.fraction == fraction


def test_parts_show_how_many_rows_they_speak_of_next_to_n() -> None:
    assert [(one.rows_awaited, one.rows_finished) for one in KINDS if one.rows_awaited or one.rows_finished] == [
        (2, 0),
        (0, 4),
    ]


def test_parts_of_several_periods_add_up() -> None:
    assert added([Workload(open=1, closed=2), Workload(open=3, closed=5)]) == Workload(open=4, closed=7)
    assert added([NO_PARTS, NO_PARTS]) == NO_PARTS


@pytest.mark.parametrize(
    ("window", "is_apart"),
    [(parse_period("2026-02"), True), (parse_period("2026-04"), True), (Period(MARCH.start, None), False), (MARCH, False), (None, False), (ALL, False)],
)  # fmt: skip
def test_windows_are_apart_where_they_have_no_day_in_common(window: Period | None, is_apart: bool) -> None:
    one, other = Returned(k=1, of=2, window=MARCH), Returned(k=1, of=2, window=window)
    assert one.is_apart_from(other) is other.is_apart_from(one) is is_apart


@pytest.mark.parametrize(
    ("estimate", "is_known"),
    [(EMPTY, False), (Estimate(value=0.0, n=3), True), (Estimate(value=None, n=0, parts=Ages(zeros=0)), True)],
)
def test_parts_without_a_value_are_something_to_say(estimate: Estimate, is_known: bool) -> None:
    assert estimate.is_known is is_known
