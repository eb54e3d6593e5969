"""What is to be done: an action for each target that is missed or off its pace, and for each KPI with a bad signal."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from kpi_core.analysis.goals.answer import FAILED, Gap, State, Targets
from kpi_core.analysis.goals.segments import Driver, driver_of
from kpi_core.analysis.goals.standings import bad_signal, prepared_for, stood
from kpi_core.analysis.report import Prepared
from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import trend_of
from kpi_core.config import resources
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import KpiResult, Query
from kpi_core.records import dataclass

FAMILY = uuid.UUID("6f1c2b52-6d3e-5b43-9a7e-0a4c5d0e7f11")
"""What all identifiers of calendar entries are made in."""


DAYS = 14
"""How many days there are for an action."""


class Reason(StrEnum):
    """Why something is to be done."""

    MISSED = "missed"
    OFF_PACE = "off pace"
    SIGNAL = "signal"


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do.

    Attributes:
        id: the same for the same KPI and segment from run to run, whatever the order of rows and targets: `csat-group-billing`.
        uid: the same as an identifier for calendars, different too where the condition of the question is.
        segment: that the target is for; None for all rows.
        result: the KPI in the period and segment.
        target: in the KPI's inside unit; None where it has none and its newest period is a bad signal.
        gap: what is short of it; None where that is not asked.
        driver: the segment that most of the gap lies in, of a signal most of what is short of the mean; None where none stands out.
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


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a run can say of all targets.

    Attributes:
        actions: what is to be done.
        settled: `uid` of targets that are met, or on pace.
        calm: `uid` of what was looked at and has no bad signal.
    """

    actions: tuple[Action, ...]
    settled: frozenset[str]
    calm: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Where targets stand, and what is to be done about them."""

    targets: Targets
    judged: Judged


def answered(
    dataset: Dataset, request: Request, own: Mapping[str, Mapping[str, str]], watched: Sequence[Kpi] = ()
) -> Answered:
    """Where the targets of a request stand in files that are read, and what is to be done; `own` as in `actions`.

    The signals of the KPIs `watched` are looked at too, whether they have a target or not.

    Raises:
        DefinitionError: it has no target and nothing is watched, or a period or condition means nothing to the data.
    """
    prepared = prepared_for(dataset, request, watched)
    found = stood(prepared)
    return Answered(targets=found, judged=actions(prepared, found, own))


def actions(prepared: Prepared, found: Targets, own: Mapping[str, Mapping[str, str]]) -> Judged:
    """What is to be done, the largest share short of its target first, and what is settled.

    Args:
        prepared: what the targets were judged by, split by the usual dimensions.
        found: where they stand.
        own: a user's actions, by KPI and language, in the place of the built-in ones.
    """
    query, watching = found.query, list(_watched(prepared, found, own))
    listed = [*_actions(prepared, found, own), *(one for _, one in watching if one is not None)]
    ranked = sorted(listed, key=lambda one: (_RANK[one.reason], -_size(one)))
    uids = {_uid(one.kpi, one.goal.segment, query): one for one in found.standings}
    calm = {
        uid for uid, one in uids.items() if one.trend is not None and one.trend.chart is not None and not one.signals
    }
    calm |= {_uid(kpi, None, query) for kpi, one in watching if one is None}
    settled = {uid for uid, one in uids.items() if one.state in (State.MET, State.ON_PACE)}
    open_ = {one.uid for one in ranked}
    return Judged(actions=tuple(ranked), settled=frozenset(settled - open_), calm=frozenset(calm - open_))


_RANK = {Reason.MISSED: 0, Reason.OFF_PACE: 1, Reason.SIGNAL: 2}


def _size(action: Action) -> float:
    """How far a value is from its target, as a share of the target; what has none is last."""
    return 0.0 if action.gap is None else action.gap.part_of(action.target or 0.0)


def _actions(prepared: Prepared, found: Targets, own: Mapping[str, Mapping[str, str]]) -> Iterator[Action]:
    for one in found.standings:
        if one.state in FAILED:
            reason = Reason.MISSED if one.state is State.MISSED else Reason.OFF_PACE
        elif one.signals:
            reason = Reason.SIGNAL
        else:
            continue
        driver, level, is_signal = None, one.goal.value, reason is Reason.SIGNAL
        if is_signal and one.trend is not None and one.trend.chart is not None:
            level = one.trend.chart.centres[-1]
        if one.result is not None:
            driver = driver_of(prepared, one.result, level)
        yield Action(
            id=_id(one.kpi, one.goal.segment), uid=_uid(one.kpi, one.goal.segment, found.query), kpi=one.kpi, segment=one.goal.segment,
            reason=reason, result=one.result, target=one.goal.value, gap=one.gap, driver=driver, suggestion=suggested(one.kpi, own),
            owner=one.goal.owner, due=_due(one.goal.deadline, found.query), signal=bad_signal(one.kpi, one.trend) if is_signal else None,
        )  # fmt: skip


def _watched(
    prepared: Prepared, found: Targets, own: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[Kpi, Action | None]]:
    """The KPIs without a target that have limits, each with what is to be done where its newest period is a bad signal."""
    aimed = {one.kpi.name for one in found.standings}
    for result in found.report.totals:
        kpi = result.kpi
        if kpi.name in aimed or result.suppressed or not result.trend:
            continue
        trend = trend_of(prepared, result)
        if trend.chart is None:
            continue
        signal = bad_signal(kpi, trend)
        yield kpi, None if signal is None else Action(
            id=_id(kpi, None), uid=_uid(kpi, None, found.query), kpi=kpi, segment=None, reason=Reason.SIGNAL, result=result, target=None,
            gap=None, driver=None, suggestion=suggested(kpi, own), owner="", due=_due(None, found.query), signal=signal,
        )  # fmt: skip


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
