"""The answer about targets: where each stands, and the findings on all of them together."""

from collections.abc import Mapping
from enum import StrEnum

from kpi_core.analysis.goals.projection import Projection
from kpi_core.analysis.trend import Trend
from kpi_core.messages.message import Message, Text
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass
from kpi_core.stats.control_charts import Assurance


class State(StrEnum):
    """Where a target stands. Before its deadline one that is not reached is on pace or off it, after it met or missed."""

    MET = "met"
    MISSED = "missed"
    ON_PACE = "on pace"
    OFF_PACE = "off pace"
    CANNOT_TELL = "cannot tell"
    UNMEASURED = "not measured"


FAILED = frozenset({State.MISSED, State.OFF_PACE})
"""States that something is to be done about."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Whether a target will be reached in time, as things go. All values in the KPI's inside unit.

    Attributes:
        start: the value that the line begins at; None where it is not given and the files do not reach back.
        due: where the straight line from start to target is in the period; None without a start or a day it began on.
        by_line, by_trend: whether the value is at or before the line, and whether the recent periods lead to the target;
            None where that is unknown.
        ahead: the value in the last period before the deadline by the recent trend.
        recent: how many periods that trend rests on.
        state: on pace, off pace or cannot tell.
    """

    start: float | None
    due: float | None
    by_line: bool | None
    by_trend: bool | None
    ahead: Projection | None
    recent: int
    state: State


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What is short of a target.

    Attributes:
        value: by how much, above 0, in the KPI's inside unit.
        rows: how many rows (tickets, answers, customers) would have had to go the other way; None where that has no answer.
        message: the same as a sentence; None where `rows` is.
    """

    value: float
    rows: int | None = None
    message: Message | None = None

    def part_of(self, target: float) -> float:
        """It as a part of the target; as it is where that is 0."""
        return self.value / abs(target) if target else self.value


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One target and where it stands.

    Attributes:
        result: the KPI in the period and segment; None where it has none.
        trend: the same over time; None where there is none.
        gap: None where the value is not on the wrong side.
        assurance: whether the process as it is can meet the target; None without limits.
        signals: how many of the signals of its chart are about the newest period and on the bad side.
        needs: what the files lack, where it cannot be measured.
        lacks: what is not agreed about it: deadline, owner or start, in this order.
        why: why it is not measured, or its state is unknown; None where there is nothing to add.
    """

    kpi: Kpi
    goal: Goal
    state: State
    result: KpiResult | None = None
    trend: Trend | None = None
    pace: Pace | None = None
    gap: Gap | None = None
    assurance: Assurance | None = None
    signals: int = 0
    needs: tuple[Text, ...] = ()
    lacks: tuple[str, ...] = ()
    why: Message | None = None


@dataclass(frozen=True, kw_only=True)
class Targets:
    """All targets, in the order in which they were asked for.

    `contradictions` are pairs of targets of which not both can be meant, and targets that lie on the wrong side of their start.
    """

    report: Report
    standings: tuple[Standing, ...]
    contradictions: tuple[Message, ...]

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def counts(self) -> Mapping[State, int]:
        """How many targets are in each state, states without any left out."""
        return {state: count for state in State if (count := sum(one.state is state for one in self.standings))}

    @property
    def is_failed(self) -> bool:
        """Whether a target is missed or off its pace."""
        return any(one.state in FAILED for one in self.standings)
