"""The answer to whether it is load or some teams' outcome."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from kpi_core.messages.message import Message
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query, Report
from kpi_core.records import dataclass
from kpi_core.stats.comparisons.funnel import Spread
from kpi_core.stats.comparisons.together import Together

CHANCE = 0.05
"""The p-value below which load and outcome are reported to go together."""
INNER, OUTER = 0.95, 0.998
"""The limits that each unit has: published ones, and those by which it is called."""
FUNNEL = 3
"""Teams or agents from which on there is a funnel to draw."""
UNEVEN = 0.01
"""The p-value below which units are reported to differ, though none of them stands out."""


class Level(StrEnum):
    """Whose outcome is looked at: teams, or single agents."""

    TEAMS = "group"
    AGENTS = "agent"


class Standing(StrEnum):
    """Where a unit lies: inside its 95 % limits, between those and the 99.8 % ones, or beyond both."""

    INSIDE = "inside"
    EDGE = "beyond 95 %"
    OUTSIDE = "beyond 99.8 %"


class Likeness(StrEnum):
    """The finding on the units: none stands out, some do, they differ in general, or it stays open."""

    ALIKE = "alike"
    OUTSIDE = "some outside"
    UNEVEN = "uneven"
    TOO_FEW = "cannot tell"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a project file says of individual results: what they are for, with whom that was discussed, who was informed, until when.

    `review_by` is the day on which it is to be looked at again.
    """

    purpose: str
    discussed_with: str
    informed: str
    review_by: date


@dataclass(frozen=True, kw_only=True)
class UnitOutcome:
    """One team or agent.

    Attributes:
        rows: all its rows; `n` are those of kinds that others shown have rows of too, which all else is of.
        observed: its share (0..1); `expected` what the rates of all shown would bring for its mix of rows.
        shrunken: the share of all, moved by how far its own lies from what was expected of it, less where its rows support less.
        inner, outer: its 95 % and 99.8 % limits.
        stands: whether it lies beyond the 99.8 % ones with all units looked at together: of 500 one does by chance.
    """

    name: str
    rows: int
    n: int
    observed: float
    expected: float
    shrunken: float
    inner: tuple[float, float]
    outer: tuple[float, float]
    standing: Standing
    stands: bool = False

    @property
    def is_above(self) -> bool:
        """Whether it has more than was to expect."""
        return self.observed > self.expected


@dataclass(frozen=True, kw_only=True)
class Week:
    """Tickets per agent in a week, and the outcome."""

    period: Period
    load: float
    outcome: float


@dataclass(frozen=True, kw_only=True)
class Load:
    """Tickets per agent against the outcome, week by week; `together` is None where it cannot be computed, for a `reason`."""

    weeks: tuple[Week, ...]
    together: Together | None
    reason: Message | None = None

    def makes_worse(self, better: Better) -> bool:
        """Whether more tickets per agent go with a worse outcome; any link is, where neither way is good."""
        rises = self.together is not None and self.together.slope > 0
        return self.is_linked and (better is Better.NEITHER or rises is (better is Better.LOWER))

    @property
    def is_linked(self) -> bool:
        """Whether both go together beyond chance."""
        return self.together is not None and self.together.p < CHANCE


@dataclass(frozen=True, kw_only=True)
class Units:
    """The teams or agents.

    Attributes:
        shown: by name, which says nothing of how they do.
        hidden: how many are not shown, and their rows, which nothing is compared with: `few` of them have fewer rows than `least`, the
            others are in effect one agent's or would give away who is not shown.
        alone: how many others have too few rows of kinds that those shown have, or only such as all have the same outcome.
        overall: the share of the rows of those shown that can be compared, `comparable` of all `rows` that name one.
        spread: how much they differ beyond chance, as it is published, which the 95 % limits allow for; `whole_spread` with what drawing
            in takes away put back, which the 99.8 % limits and the shrunken shares rest on.
        has_allowance: whether limits allow for it.
        even: the p-value of their being alike; None below two.
        mix: what separates rows into kinds.
        unassigned: rows of nobody.
        reason: why there are none.
    """

    shown: tuple[UnitOutcome, ...] = ()
    hidden: int = 0
    hidden_rows: int = 0
    few: int = 0
    least: int = 0
    alone: int = 0
    overall: float | None = None
    rows: int = 0
    comparable: int = 0
    spread: Spread | None = None
    whole_spread: Spread | None = None
    has_allowance: bool = False
    even: float | None = None
    mix: Sequence[str] = ()
    unassigned: int = 0
    reason: Message | None = None

    @property
    def of(self) -> int:
        """How many there are, shown or not."""
        return len(self.shown) + self.hidden + self.alone

    @property
    def outside(self) -> tuple[UnitOutcome, ...]:
        """Those beyond their 99.8 % limits."""
        return tuple(one for one in self.shown if one.standing is Standing.OUTSIDE)

    @property
    def beyond(self) -> tuple[UnitOutcome, ...]:
        """Those beyond their 95 % limits, those beyond both among them."""
        return tuple(one for one in self.shown if one.standing is not Standing.INSIDE)

    @property
    def likeness(self) -> Likeness:
        """The finding on them."""
        if len(self.shown) < 2:
            return Likeness.TOO_FEW
        if any(one.stands for one in self.outside):
            return Likeness.OUTSIDE
        return Likeness.UNEVEN if self.even is not None and self.even < UNEVEN else Likeness.ALIKE


@dataclass(frozen=True, kw_only=True)
class Agents:
    """Load against outcome, and the outcome of teams or agents against what their rows were to bring.

    The report's period is that of the rows whose outcome it is.

    Attributes:
        value: the outcome of all its rows (0..1), `n` of them; None without any.
        consent: what allows individual results; None for teams.
        automatic: agents who are no people, whose rows are nobody's.
    """

    report: Report
    kpi: Kpi
    level: Level
    value: float | None
    n: int
    units: Units
    load: Load
    consent: Consent | None = None
    automatic: tuple[str, ...] = ()
    is_pseudonymous: bool = False

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def has_something(self) -> bool:
        """Whether there is something to look at: teams enough for a funnel, one that stands out, or load that goes with the outcome."""
        return len(self.units.shown) >= FUNNEL or bool(self.units.outside) or self.load.is_linked

    @property
    def is_overdue(self) -> bool:
        """Whether the day is past on which individual results were to be looked at again."""
        return self.consent is not None and self.report.generated_at.date() > self.consent.review_by
