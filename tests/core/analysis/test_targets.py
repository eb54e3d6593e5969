"""Where a value stands against its target: met or missed only with the whole interval on one side."""

import pytest

from kpi_core.analysis.targets import is_point_missed, stand
from kpi_core.kpis import BY_NAME
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.kpi import Better
from kpi_core.model.report import Status

MET, MISSED, OPEN = Status.MET, Status.MISSED, Status.CANNOT_TELL


@pytest.mark.parametrize(
    ("kpi", "value", "low", "high", "target", "status"),
    [
        ("csat", 0.90, 0.86, 0.93, 0.85, MET),
        ("csat", 0.86, 0.85, 0.93, 0.85, MET),
        ("csat", 0.86, 0.80, 0.91, 0.85, OPEN),
        ("csat", 0.80, 0.76, 0.84, 0.85, MISSED),
        ("csat", 0.80, 0.76, 0.85, 0.85, OPEN),
        ("first_reply_time", 3600, 3000, 4000, 7200, MET),
        ("first_reply_time", 7000, 6000, 7200, 7200, MET),
        ("first_reply_time", 7000, 6000, 8000, 7200, OPEN),
        ("first_reply_time", 9000, 8000, 9900, 7200, MISSED),
        ("nps", 0.30, 0.21, 0.39, 0.20, MET),
        ("nps", -0.10, -0.19, -0.01, 0.0, MISSED),
        ("backlog", 40, None, None, 50, MET),
        ("backlog", 60, None, None, 50, MISSED),
        ("backlog", 50, None, None, 50, MET),
        ("tickets_created", 400, 360, 440, 100, OPEN),
    ],
)
def test_a_target_is_met_or_missed_by_the_whole_interval(
    kpi: str, value: float, low: float | None, high: float | None, target: float, status: Status
) -> None:
    stood = stand(BY_NAME[kpi], Estimate(value=value, n=100, low=low, high=high), target)
    assert (stood.value, stood.status) == (target, status)


@pytest.mark.parametrize("kpi", ["csat", "first_reply_time", "backlog", "tickets_created"])
def test_without_a_value_nothing_is_met_or_missed(kpi: str) -> None:
    assert stand(BY_NAME[kpi], EMPTY, 0.5).status is OPEN
    assert not is_point_missed(BY_NAME[kpi], EMPTY, 0.5)


def test_a_value_of_a_few_rows_without_an_interval_settles_nothing() -> None:
    median_of_two = Estimate(value=3600, n=2)
    assert stand(BY_NAME["first_reply_time"], median_of_two, 7200).status is OPEN


@pytest.mark.parametrize(
    ("kpi", "value", "target", "missed"),
    [
        ("csat", 0.84, 0.85, True), ("csat", 0.85, 0.85, False), ("first_reply_time", 7201, 7200, True),
        ("first_reply_time", 7200, 7200, False), ("handle_time", 9e9, 1, False),
    ],
)  # fmt: skip
def test_the_value_alone_may_be_on_the_wrong_side(kpi: str, value: float, target: float, missed: bool) -> None:
    assert is_point_missed(BY_NAME[kpi], Estimate(value=value, n=1), target) is missed
    assert BY_NAME["handle_time"].better is Better.NEITHER
