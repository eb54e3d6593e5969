"""What is to be done: an action for each target that is missed or off its pace, and for each KPI that is really worse or has a bad signal."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, date, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from kpi_core.analysis.goals.answer import FAILED, Gap, Standing, State, Targets
from kpi_core.analysis.goals.segments import Driver, driver_of, worsened_most
from kpi_core.analysis.goals.standings import bad_signal, named, prepared_for, stood
from kpi_core.analysis.goals.watching import Told, Watched, watched
from kpi_core.analysis.report import Prepared, summarise
from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import Trend
from kpi_core.config import resources
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult, Query, Report
from kpi_core.records import dataclass
from kpi_core.stats.control_charts import Signal

FAMILY = uuid.UUID("6f1c2b52-6d3e-5b43-9a7e-0a4c5d0e7f11")
"""What all identifiers of calendar entries are made in."""


DAYS = 14
"""How many days there are for an action."""


class Reason(StrEnum):
    """Why something is to be done."""

    MISSED = "missed"
    OFF_PACE = "off pace"
    WORSE = "worse"
    SIGNAL = "signal"


OF_PERIODS = frozenset({Reason.WORSE, Reason.SIGNAL})
"""Reasons that are of a KPI's own past and of no target."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do.

    Attributes:
        id: the same for the same KPI and segment from run to run, whatever the order of rows and targets: `csat-group-billing`.
        uid: the same as an identifier for calendars, different too where the condition of the question is.
        segment: that the target is for; None for all rows.
        result: the KPI in the period and segment.
        target: in the KPI's inside unit; None where it has none.
        gap: what is short of it; None where that is not asked.
        driver: the segment that most of the gap lies in, without a target most of what is worse than before; None where none stands out.
        was: the value before, where the reason is that it is really worse; in the KPI's inside unit.
        signal: what its chart says of the newest period where that is the reason: `beyond above`, `run below` and so on.
        suggestion: what to do, by language.
        owner: who does it; empty where nobody is named.
        due: by when.
    """

    id: str
    uid: str
    kpi: Kpi
    segment: tuple[str, str] | None
    reason: Reason
    result: KpiResult | None
    target: float | None
    gap: Gap | None
    driver: Driver | None
    suggestion: Mapping[str, str]
    owner: str
    due: date
    signal: str | None = None
    was: float | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a run can say of all targets.

    Attributes:
        actions: what is to be done.
        settled: `uid` of targets that are met, or on pace.
        calm: `uid` of what was looked at by its chart and has no bad signal.
        better: `uid` of what is really better than before.
        values: what each KPI is now, by `uid`, in its inside unit.
        unseen: the watched KPIs of which neither a verdict nor a chart says anything.
    """

    actions: tuple[Action, ...]
    settled: frozenset[str]
    calm: frozenset[str] = frozenset()
    better: frozenset[str] = frozenset()
    values: Mapping[str, float] = field(default_factory=dict)
    unseen: tuple[Kpi, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Where targets stand, and what is to be done about them."""

    targets: Targets
    judged: Judged


def answered(
    dataset: Dataset, request: Request, own: Mapping[str, Mapping[str, str]], watching: Sequence[Kpi] = (),
    known: Sequence[Kpi] = (), report: Report | None = None,
) -> Answered:  # fmt: skip
    """Where the targets of a request stand in files that are read, and what is to be done; `own` as in `actions`.

    The KPIs `watching` are looked at too, whether they have a target or not: their charts, and the verdicts of `report`, or of a report on
    all `known` KPIs where there is none yet.

    Raises:
        DefinitionError: it has no target and nothing is watched, or a period or condition means nothing to the data.
    """
    if report is not None:
        request = replace(request, period=report.query.period.name)
    prepared = prepared_for(dataset, request, watching)
    found = stood(prepared)
    if report is None and watching:
        report = summarise(dataset, replace(request, kpis=tuple(known), targets={}, by=(), compare="previous", period=found.query.period.name))  # fmt: skip
    return Answered(targets=found, judged=actions(prepared, found, own, report))


def actions(
    prepared: Prepared, found: Targets, own: Mapping[str, Mapping[str, str]], report: Report | None = None
) -> Judged:
    """What is to be done, the largest share short of its target first, and what is settled.

    Args:
        prepared: what the targets were judged by, split by the usual dimensions.
        found: where they stand.
        own: a user's actions, by KPI and language, in the place of the built-in ones.
        report: one that compares the same period; None where it is not asked whether anything is worse than before.
    """
    told = Told.by(report) if report is not None else Told(verdicts={}, baseline=None)
    asking = _Asking(prepared=prepared, found=found, own=own, told=told)
    query, watching = found.query, list(watched(prepared, found, told))
    asked = [*map(asking.of_target, found.standings), *map(asking.of_watched, watching)]
    listed = [one for one in asked if one is not None]
    ranked = sorted(listed, key=lambda one: (_RANK[one.reason], -_size(one)))
    uids = {_uid(one.kpi, one.goal.segment, query): one for one in found.standings}
    of_watched = {_uid(one.result.kpi, None, query): one for one in watching}
    calm = {
        uid for uid, one in uids.items() if one.trend is not None and one.trend.chart is not None and not one.signals
    }
    calm |= {uid for uid, one in of_watched.items() if one.has_chart and one.signal is None}
    settled = {uid for uid, one in uids.items() if one.state in (State.MET, State.ON_PACE)}
    results = {uid: one.result for uid, one in uids.items() if one.result is not None}
    results |= {uid: one.result for uid, one in of_watched.items()}
    open_ = {one.uid for one in ranked}
    return Judged(
        actions=tuple(ranked), settled=frozenset(settled - open_), calm=frozenset(calm - open_),
        better=frozenset(uid for uid, one in results.items() if not one.group and told.is_better(one)) - open_,
        values={uid: one.estimate.value for uid, one in results.items() if one.estimate.value is not None},
        unseen=tuple(one.result.kpi for one in watching if not one.is_judged),
    )  # fmt: skip


_RANK = {Reason.MISSED: 0, Reason.OFF_PACE: 1, Reason.WORSE: 2, Reason.SIGNAL: 3}


def _size(action: Action) -> float:
    """How far a value is from its target, as a share of the target, without one from what it was; what has neither is last."""
    if action.gap is not None:
        return action.gap.part_of(action.target or 0.0)
    value = None if action.result is None else action.result.estimate.value
    return abs(value - action.was) / (abs(action.was) or 1.0) if value is not None and action.was is not None else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class _Asking:
    """What actions are made of."""

    prepared: Prepared
    found: Targets
    own: Mapping[str, Mapping[str, str]]
    told: Told

    def of_target(self, one: Standing) -> Action | None:
        """What is to be done about a target; None where nothing is."""
        was = self.told.was(one.result) if one.result is not None and not one.result.group else None
        if one.state in FAILED:
            reason, was = Reason.MISSED if one.state is State.MISSED else Reason.OFF_PACE, None
        elif was is not None and one.state not in (State.MET, State.ON_PACE):
            reason = Reason.WORSE
        elif one.signals:
            reason, was = Reason.SIGNAL, None
        else:
            return None
        signal = bad_signal(one.kpi, one.trend) if reason in OF_PERIODS else None
        driver = None
        if one.result is not None and reason in OF_PERIODS:
            driver = self._worsened(one.result, was, one.trend, signal)
        elif one.result is not None:
            driver = driver_of(self.prepared, one.result, one.goal.value)
        return Action(
            id=_id(one.kpi, one.goal.segment), uid=_uid(one.kpi, one.goal.segment, self.found.query), kpi=one.kpi, segment=one.goal.segment,
            reason=reason, result=one.result, target=one.goal.value, gap=one.gap, driver=driver, suggestion=suggested(one.kpi, self.own),
            owner=one.goal.owner, due=_due(one.goal.deadline, self.found.query), signal=_named(signal, one.trend), was=was,
        )  # fmt: skip

    def of_watched(self, one: Watched) -> Action | None:
        """What is to be done about a KPI without a target; None where nothing is."""
        if one.signal is None and one.was is None:
            return None
        kpi, query = one.result.kpi, self.found.query
        return Action(
            id=_id(kpi, None), uid=_uid(kpi, None, query), kpi=kpi, segment=None, reason=Reason.SIGNAL if one.was is None else Reason.WORSE,
            result=one.result, target=None, gap=None, driver=self._worsened(one.result, one.was, one.trend, one.signal),
            suggestion=suggested(kpi, self.own), owner="", due=_due(None, query), signal=_named(one.signal, one.trend), was=one.was,
        )  # fmt: skip

    def _worsened(
        self, result: KpiResult, was: float | None, trend: Trend | None, signal: Signal | None
    ) -> Driver | None:
        """Where most of what is worse lies: than the period before, where that is the reason, else than the periods before the signal."""
        now, before = self.found.query.period, self.told.baseline if was is not None else None
        if before is None and trend is not None and signal is not None and signal.first:
            first, last = trend.periods[0], trend.periods[signal.last]
            begin = trend.periods[signal.first].start
            now, before = Period(begin, last.end), Period(first.start, begin)
        return None if before is None else worsened_most(self.prepared, result, now, before)


def _named(signal: Signal | None, trend: Trend | None) -> str | None:
    return None if signal is None or trend is None else named(signal, trend)


def _known(query: Query) -> date:
    """The last day that anything is known of, on the report's clock."""
    if query.as_of is None:
        return query.period.end or date.min
    if query.time_zone is None:
        return query.as_of.date()
    aware = query.as_of if query.as_of.tzinfo is not None else query.as_of.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(query.time_zone)).date()


def _due(deadline: date | None, query: Query) -> date:
    """Two weeks from what is known on, or the deadline where that is sooner."""
    known = _known(query)
    due = known + timedelta(days=DAYS)
    return deadline if deadline is not None and known < deadline < due else due


def _id(kpi: Kpi, segment: tuple[str, str] | None) -> str:
    return "-".join(_slug(part) for part in (kpi.name, kpi.currency or "", *(segment or ())) if part)


def _slug(text: str) -> str:
    """A word for file names and calendars; what loses something on the way to it carries a mark of the whole."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")
    if slug == text.casefold().replace(" ", "-"):
        return slug
    mark = hashlib.sha256(text.casefold().encode()).hexdigest()[:4]
    return f"{slug}-{mark}" if slug else mark


def _uid(kpi: Kpi, segment: tuple[str, str] | None, query: Query) -> str:
    """The identifier of a calendar entry, a name in the sense of RFC 9562 (version 5)."""
    names = (
        kpi.definition.partition("@")[0],
        kpi.currency or "",
        "=".join(segment or ()).casefold(),
        query.where or "",
    )
    return f"{uuid.uuid5(FAMILY, chr(31).join(names))}@kundpuls"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    from kpi_core.config import yaml

    table: dict[str, dict[str, str]] = yaml.load(resources.configs() / "actions.yaml").data["actions"]
    return table


def suggested(kpi: Kpi, own: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """What to do about a KPI, by language: a user's own words, else those of the KPI, of the one it is a variant of, of its subject."""
    for names, table in (((kpi.name, kpi.variant_of), own), ((kpi.known_as, kpi.variant_of, kpi.subject), _table())):
        for name in names:
            if name and name in table:
                return table[name]
    return _table()["otherwise"]
