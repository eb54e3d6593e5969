"""The answer to why: the change, by dimension the segments that made it, and the verdict on each."""

from collections.abc import Mapping
from enum import StrEnum

from kpi_core.analysis.changes.product_changes import Factor
from kpi_core.analysis.why.service import Service
from kpi_core.messages.message import Message
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import KpiResult, Query, Report, Verdict
from kpi_core.records import dataclass
from kpi_core.stats.mix_and_rate import Part

REAL = frozenset({Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER})
"""Verdicts that say that something changed."""


class Kind(StrEnum):
    """How a change is dealt: shares, means and ratios to mix and rate, counts and amounts to what each segment brought."""

    RATES = "mix and rate"
    AMOUNTS = "amounts"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """An interval in the KPI's inside unit, and the p-value that it inverts."""

    low: float
    high: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Unlike:
    """How far a segment's change is from that of all others together, in the KPI's inside unit.

    Of shares, scores and net shares the difference of the two changes; of counts, amounts and times the segment's value less what it
    would be had it changed by the others' factor. The interval is of what is left after the calendar. `stands`: chance alone is out of
    the question, with all segments of all dimensions looked at together.
    """

    value: float
    bounds: Bounds
    stands: bool = False


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One group of a dimension.

    Attributes:
        name: the group; None for rows without one.
        is_rest: all groups with too few rows to be shown, as one: it has no values of its own, and no name.
        old, new: its estimates; empty where it had no rows.
        weights: its share of all rows before and after; of amounts its share of the whole.
        part: what it adds to the change, by mix and by rate; of amounts all is rate.
        moved: whether its own change is a verdict, with all segments of all dimensions looked at together.
        unlike: its change against that of the others; None where it was not tested.
    """

    name: str | None
    old: Estimate
    new: Estimate
    weights: tuple[float, float]
    part: Part
    is_rest: bool = False
    moved: bool = False
    verdict: Verdict | None = None
    unlike: Unlike | None = None


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """The change by the segments of one dimension, the largest contribution first.

    Attributes:
        mix, rate: what they add up to; their sum is the change. Of amounts mix is 0.
        mix_bounds, rate_bounds: None where neither rows nor days show how they vary.
        displaced: how much of the change lies in other segments than if all had moved alike, in the KPI's inside unit.
        p: how often chance alone would make any one of its segments, or its mix, as unlike the rest as they are.
        stands: whether one of them is beyond chance with all dimensions looked at together.
        mix_stands: whether the mix is.
        against: how many segments went the other way than the whole, and of how many, where that is most of them.
        is_of_people: whether its groups are people: then they stand by their names, and nobody is named as a reason.
    """

    name: str
    segments: tuple[Segment, ...]
    mix: float
    rate: float
    mix_bounds: Bounds | None
    rate_bounds: Bounds | None
    displaced: float
    p: float
    stands: bool
    mix_stands: bool
    against: tuple[int, int] | None
    is_of_people: bool = False


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a KPI changed from its baseline to its period, or differs between two segments.

    Attributes:
        asked: the KPI asked for.
        result: what is dealt out; of a median or another quantile the share of rows within a limit.
        limit: that limit, in seconds; `quantile` is then the result of the quantile itself.
        kind: how the change is dealt.
        dimensions: those looked at, the one that explains most first.
        skipped: the dimensions that could not be looked at, with the reason.
        factors: of a product what each factor adds; empty for the rest.
        meanwhile: the other KPIs whose change in the same time is a verdict.
        looked_at: the KPIs that were looked at for it.
        load: tickets per agent in the same time, which is not tested; None where the files do not know them, or of what is none of the service.
        service: of sales what the service did week by week; None for all else.
        refused: why there is no answer; then there are no dimensions.
        sides: how both sides are called where they are segments.
    """

    asked: Kpi
    report: Report
    result: KpiResult | None
    kind: Kind
    dimensions: tuple[Dimension, ...] = ()
    skipped: Mapping[str, Message]
    factors: tuple[Factor, ...] = ()
    limit: float | None = None
    quantile: KpiResult | None = None
    meanwhile: tuple[KpiResult, ...] = ()
    looked_at: tuple[Kpi, ...] = ()
    load: KpiResult | None = None
    service: Service | None = None
    refused: Message | None = None
    sides: tuple[str, str] | None = None

    @property
    def query(self) -> Query:
        """What was asked, after every default was settled."""
        return self.report.query

    @property
    def has_mix(self) -> bool:
        """Whether it is dealt to mix and rate."""
        return self.kind is Kind.RATES

    @property
    def is_real(self) -> bool:
        """Whether the change is more than chance allows: of a quantile by its own test."""
        judged = self.quantile or self.result
        return judged is not None and judged.verdict in REAL
