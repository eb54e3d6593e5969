"""What is to be done: an action for each target that is missed or off its pace, and for each KPI with a bad signal."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from kpi_core.analysis.goals.answer import FAILED, Gap, Standing, State, Targets
from kpi_core.analysis.goals.segments import Driver, driver_of
from kpi_core.analysis.goals.standings import prepared_for, stood
from kpi_core.analysis.report import Prepared
from kpi_core.analysis.request import Request
from kpi_core.config import resources
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Query

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
        uid: the same as an identifier for calendars, told apart by the condition of the question too.
        segment: that the target is for; None for all rows.
        standing: the target, or the KPI without one.
        driver: the segment that most of the gap lies in; None where none stands out.
        suggestion: what to do, by language.
        owner: who does it; empty where nobody is named.
        due: by when.
    """

    id: str
    uid: str
    kpi: Kpi
    segment: tuple[str, str] | None
    reason: Reason
    standing: Standing
    driver: Driver | None
    suggestion: Mapping[str, str]
    owner: str
    due: date

    @property
    def gap(self) -> Gap | None:
        """What is short of the target."""
        return self.standing.gap


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a run can say of all targets: what is to be done, and which identifiers were looked at and need nothing."""

    actions: tuple[Action, ...]
    settled: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Where targets stand, and what is to be done about them."""

    targets: Targets
    judged: Judged


def answered(dataset: Dataset, request: Request, own: Mapping[str, Mapping[str, str]]) -> Answered:
    """Where the targets of a request stand in files that are read, and what is to be done; `own` as in `actions`.

    Raises:
        DefinitionError: it has no target, or a period or condition means nothing to the data.
    """
    prepared = prepared_for(dataset, request)
    found = stood(prepared)
    return Answered(targets=found, judged=actions(prepared, found, own))


def actions(prepared: Prepared, found: Targets, own: Mapping[str, Mapping[str, str]]) -> Judged:
    """What is to be done, the largest share short of its target first, and what is settled.

    Args:
        prepared: what the targets were judged by, split by the usual dimensions.
        found: where they stand.
        own: a user's actions, by KPI and language, in the place of the built-in ones.
    """
    told = list(_actions(prepared, found, own))
    settled = frozenset(
        _id(one.kpi, one.goal.segment) for one in found.standings if one.state in (State.MET, State.ON_PACE)
    )
    ranked = sorted(told, key=lambda one: (_RANK[one.reason], -_size(one)))
    return Judged(actions=tuple(ranked), settled=settled - {one.id for one in ranked})


_RANK = {Reason.MISSED: 0, Reason.OFF_PACE: 1, Reason.SIGNAL: 2}


def _size(action: Action) -> float:
    """How far a value is from its target, as a share of the target; what has none is last."""
    target = abs(action.standing.goal.value)
    return 0.0 if action.gap is None else action.gap.value / target if target else action.gap.value


def _actions(prepared: Prepared, found: Targets, own: Mapping[str, Mapping[str, str]]) -> Iterator[Action]:
    for one in found.standings:
        if one.state in FAILED:
            reason = Reason.MISSED if one.state is State.MISSED else Reason.OFF_PACE
        elif one.signals:
            reason = Reason.SIGNAL
        else:
            continue
        driver = None
        if one.result is not None and reason is not Reason.SIGNAL:
            driver = driver_of(prepared, one.result, one.goal.value)
        yield Action(
            id=_id(one.kpi, one.goal.segment), uid=_uid(one.kpi, one.goal.segment, found.query), kpi=one.kpi, segment=one.goal.segment,
            reason=reason, standing=one, driver=driver, suggestion=suggested(one.kpi, own), owner=one.goal.owner,
            due=_due(one, found.query),
        )  # fmt: skip


def _due(one: Standing, query: Query) -> date:
    """Two weeks from what is known on, or the deadline where that is sooner."""
    known = query.as_of.date() if query.as_of is not None else query.period.end or date.min
    due = known + timedelta(days=DAYS)
    deadline = one.goal.deadline
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
