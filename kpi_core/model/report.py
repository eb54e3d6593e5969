"""The report: all that an output may read. Outputs never look back at the data.

Values are as in `estimates.Estimate` (shares 0..1, NPS −1..1, durations in seconds); outputs convert with
`kpi.unit.outside`.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime
from enum import StrEnum

import polars as pl

from kpi_core.messages.message import Message, Text
from kpi_core.model.estimates import Estimate
from kpi_core.model.findings import Finding, Source
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Grain, Period
from kpi_core.model.promise import Promise
from kpi_core.records import dataclass
from kpi_core.stats.segments import Segment


def made_now() -> datetime:
    """The instant that an answer says it was made at: now, or the one of `SOURCE_DATE_EPOCH` (seconds since 1970) for the same bytes again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Query:
    """What was asked, after every default was settled.

    Attributes:
        promises: the targets of service levels, by what is promised.
        reach: of a period of everything, the first and the last day of what the files hold.
    """

    period: Period
    baseline: Period | None
    grain: Grain
    trend: tuple[Period, ...]
    as_of: datetime | None
    by: tuple[str, ...] = ()
    where: str | None = None
    time_zone: str | None = None
    calendar: str | None = None
    promises: Mapping[str, tuple[Promise, ...]] = field(default_factory=dict)
    confidence: float = 0.95
    min_n: int | None = None
    reach: tuple[date, date] | None = None


class Verdict(StrEnum):
    """The verdict on a change. The first two read `higher`/`lower` where neither way is better.

    `NO_CHANGE`: whatever changed is less than is worth knowing. `CANNOT_TELL` never means that.
    """

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    NO_CHANGE = "no change worth knowing"
    CANNOT_TELL = "cannot tell"
    NOT_TESTED = "not tested"


class Status(StrEnum):
    """Where a value stands against its target. `NOT_DUE`: not reached, and its deadline lies ahead."""

    MET = "met"
    MISSED = "missed"
    NOT_DUE = "not due"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The test of a question that a KPI answers, alone or among others: its p-value, and whether by it the KPI rises."""

    question: str
    p: float
    rises: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    """The difference to the baseline, with the p-value that the printed interval inverts.

    Of a quantile the interval is that of the difference of the two, and the p-value of all times together. Of all else interval and p-value are of what is left of it after `calendar`, the part that the days of both periods account for. `rises`
    is which way that points, `note` what a reader must know of it. The value is None where a side of such a test has none.

    Attributes:
        answer: the test of the KPI's question, by which it is judged.
        is_small: whether the interval of two one-sided tests lies within what is worth knowing.
        is_crossed: whether the value itself contradicts the test that speaks for it: two modes, or times in whole days.
        is_wide: whether the value is far less sure than the test that speaks for it, so that what the test would show is no change of it.
        error: one standard error of what is tested, in the value's unit, with `freedom` degrees of freedom.
        log_error: the same of its logarithm, of what is judged by a factor.
        effect: the design effect that the error allows for.
        rows: the harmonic mean of the rows of both sides.
        detectable: the smallest change that so many rows would show four times in five, with all the tests of its family.
        needed: the rows a side that would show a change worth knowing as often; None where no number would.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    rises: bool | None = None
    note: Message | None = None
    answer: Answer | None = None
    is_small: bool = False
    is_crossed: bool = False
    is_wide: bool = False
    error: float | None = None
    log_error: float | None = None
    freedom: float = math.inf
    rows: float = 0.0
    effect: float = 1.0
    calendar: float | None = None
    detectable: float | None = None
    needed: int | None = None

    @property
    def is_up(self) -> bool | None:
        """Whether it went up; None where nothing says so."""
        if self.rises is not None:
            return self.rises
        return self.value > 0 if self.value else None


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target value (inside units) and where the result stands."""

    value: float
    status: Status


@dataclass(frozen=True, kw_only=True)
class Immature:
    """How much of a value may still change.

    `final_at` is the instant from which it no longer does, as `Query.as_of`. `newest` is the newest period of the trend
    that is final, with its estimate; None where there is none yet.
    """

    final_at: datetime
    newest: Period | None = None
    estimate: Estimate | None = None


MARKED, WITHHELD = 0.05, 0.5
"""The shares of rows not understood past which a value is marked, and past which there is none."""


@dataclass(frozen=True, kw_only=True)
class Trust:
    """How many rows of a result could not be understood, of how many, and why.

    `of` are the rows that would be counted if all of them were understood, `unread` those with an unread cell that
    matters. `refused` are rows of the table that its files lose to a fault, of `read`: they have neither date nor group,
    so their share counts in every result. `reasons` have counts, and may count a row more than once.
    """

    unread: int
    of: int
    refused: int = 0
    read: int = 0
    reasons: Mapping[Text, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share of the rows that were understood (0..1)."""
        understood = 1 - self.unread / self.of if self.of else 1.0
        return understood * (1 - self.refused / self.read) if self.read else understood

    @property
    def is_marked(self) -> bool:
        """Whether too few rows were understood for the value to stand unmarked."""
        return self.share < 1 - MARKED

    @property
    def is_withheld(self) -> bool:
        """Whether too few rows were understood for any value."""
        return self.share < 1 - WITHHELD


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """What was used in place of a column: on how many rows, of how many that the result rests on."""

    column: Message | str
    stand_in: Message | str
    rows: int
    of: int


@dataclass(frozen=True, kw_only=True)
class KpiResult:
    """One KPI in one period and one group.

    `group` is empty for the total, else {dimension: value}; a null value is its own group. `trend` holds the
    estimates of `query.trend`, in its order, for totals only, of which the first `final` are final (None: all).
    A suppressed result has no numbers at all: it has fewer rows than `fewest`, or where that is None is of people, of whom it is not stated
    which have few rows and which are hidden for their sake. `is_cut_off`: its period was not over when the files were exported. `design_effect` is how many times the variance of independent rows the
    interval allows for; None where it has none, or there is no history. `trust` is None where every row was understood. `barred` is the one of the
    notes that says why it is not compared, or has no value; `unjudged` why no target or limit judges its value either.
    """

    kpi: Kpi
    period: Period
    group: Mapping[str, str | None]
    estimate: Estimate
    design_effect: float | None = None
    baseline: Estimate | None = None
    change: Change | None = None
    verdict: Verdict | None = None
    target: Target | None = None
    trend: tuple[Estimate, ...] = ()
    final: int | None = None
    is_cut_off: bool = False
    immature: Immature | None = None
    excluded: Mapping[Message, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    suppressed: bool = False
    fewest: int | None = None
    trust: Trust | None = None
    substitutions: tuple[Substitution, ...] = ()
    barred: Message | None = None
    unjudged: Message | None = None


@dataclass(frozen=True, kw_only=True)
class Unavailable:
    """A KPI the files cannot feed, and the columns it lacks."""

    kpi: Kpi
    needs: tuple[Text, ...]


class Asked(StrEnum):
    """Who might have answered a survey: those it was offered to, else those whose ticket was resolved."""

    OFFERED = "offered"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How the answers of a period are spread over the segments of one dimension, compared with those asked.

    Attributes:
        asked: who is taken as asked.
        segments: the segments, the largest first; rows without one are in none.
        p: how often segments that answer alike would differ as much; None where there are not two large enough.
        shift: the share of the answers that lie in other segments than those asked (0..1).
        weighted: CSAT with each segment weighing what it does among those asked; None where that is unknown.
        raw: CSAT of the same answers as it is.
        is_uneven: whether the spread is more than chance and large enough to matter.
    """

    dimension: str
    asked: Asked
    segments: tuple[Segment, ...]
    p: float | None
    shift: float
    weighted: Estimate | None = None
    raw: Estimate | None = None
    is_uneven: bool = False

    @property
    def is_biased(self) -> bool:
        """Whether weighing moves CSAT by more than half its interval's width."""
        raw, weighted = self.raw, self.weighted
        if raw is None or weighted is None or raw.value is None or weighted.value is None:
            return False
        if raw.low is None or raw.high is None:
            return False
        return abs(weighted.value - raw.value) > (raw.high - raw.low) / 2


@dataclass(frozen=True, kw_only=True)
class Family:
    """Verdicts that were looked at together: `questions` of the totals (`dimension` empty) or of one dimension, at false discovery rate `q`.

    The totals have two: the headline questions and the rest.
    """

    dimension: str
    questions: int
    q: float
    is_headline: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything an output shows. `refused` holds the first 1 000 refused rows (see `REFUSED_SCHEMA`).

    `spreads` says by dimension who answered. `families` are the families of verdicts that Benjamini–Hochberg ran over.
    """

    title: str
    query: Query
    results: tuple[KpiResult, ...]
    unavailable: tuple[Unavailable, ...]
    sources: tuple[Source, ...]
    refused: pl.DataFrame
    findings: tuple[Finding, ...]
    families: tuple[Family, ...]
    generated_at: datetime
    spreads: tuple[Spread, ...] = ()

    @property
    def totals(self) -> tuple[KpiResult, ...]:
        """The results that are not split by anything."""
        return tuple(result for result in self.results if not result.group)

    def grouped(self, dimension: str) -> tuple[KpiResult, ...]:
        """The results split by `dimension`, in catalogue order, groups together."""
        return tuple(result for result in self.results if dimension in result.group)
