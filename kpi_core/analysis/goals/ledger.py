"""What was to be done before: which actions are new, still open or solved since, so that none is lost and none is there twice.

A run is known by its stamp, the end of its period and what the data knew then. The same run again says the same again; one on older
data changes nothing. What a run did not look at stays as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from kpi_core.analysis.goals.actions import Action, Judged, Reason
from kpi_core.model.kpi import Unit
from kpi_core.model.report import Query
from kpi_core.records import dataclass

VERSION = 1


class Progress(StrEnum):
    """What became of an action since the run before."""

    NEW = "new"
    STILL = "still"
    SOLVED = "solved"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An action as it is kept: its whole text, and when it was first and last there.

    `first`, `last` and `solved` are stamps of runs; `changed` is how often it was solved or came back, as calendars count it.
    `value`, `target`, `gap` and `was` are in the KPI's inside unit. `signal` is what its chart says (`run below`); None where that is no reason, or was not kept.
    `was` is the value before, where the reason is that it is worse.
    """

    id: str
    uid: str
    kpi: str
    unit: Unit
    currency: str | None
    segment: tuple[str, str] | None
    reason: str
    value: float | None
    target: float | None
    gap: float | None
    rows: int | None
    table: str
    driver: tuple[str, str] | None
    suggestion: Mapping[str, str]
    owner: str
    due: date
    first: str
    last: str
    solved: str | None = None
    changed: int = 0
    signal: str | None = None
    was: float | None = None

    def progress(self, stamp: str) -> Progress:
        """What became of it, as of a run."""
        if self.solved is not None:
            return Progress.SOLVED
        return Progress.NEW if self.first == stamp else Progress.STILL


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All actions that were ever there, by the stamp of the newest run."""

    stamp: str = ""
    entries: tuple[Entry, ...] = ()


def stamp_of(query: Query) -> str:
    """How a run is known: texts that are in the order of time."""
    known = "" if query.as_of is None else query.as_of.isoformat(timespec="seconds")
    return f"{query.period.end or known[:10]} {known}"


def entry(action: Action, stamp: str) -> Entry:
    """An action as it is kept from its first run on."""
    result, gap = action.result, action.gap
    return Entry(
        id=action.id, uid=action.uid, kpi=action.kpi.name, unit=action.kpi.unit, currency=action.kpi.currency, segment=action.segment,
        reason=action.reason.value, value=None if result is None else result.estimate.value, target=action.target,
        gap=None if gap is None else gap.value, rows=None if gap is None else gap.rows, table=_table_of(action),
        driver=None if action.driver is None else (action.driver.dimension, action.driver.name), suggestion=action.suggestion,
        owner=action.owner, due=action.due, first=stamp, last=stamp, signal=action.signal, was=action.was,
    )  # fmt: skip


def _table_of(action: Action) -> str:
    """What the rows of a gap are: those of the KPI's table, of orders and of costs customers."""
    return "customers" if action.kpi.table in ("orders", "costs") else action.kpi.table


def is_older(ledger: Ledger, stamp: str) -> bool:
    """Whether a run is on data older than the newest one that a list knows."""
    return stamp < ledger.stamp


def merged(ledger: Ledger, judged: Judged, stamp: str) -> tuple[Ledger, tuple[Entry, ...]]:
    """The ledger after a run, and what the run lists: what is to be done, then what stays open unseen, then what it solved.

    An action keeps the day that it was first due by. On data older than the newest run the ledger comes back as it is, with what the
    newest run left open: as of that run, not of this one.
    """
    if is_older(ledger, stamp):
        return ledger, tuple(one for one in ledger.entries if one.solved is None)
    known = {one.uid: one for one in ledger.entries}
    now = {action.uid: entry(action, stamp) for action in judged.actions}
    settled = {uid for uid, one in known.items() if _is_settled(one, judged)}
    listed = {uid: _carried(known.get(uid), one) for uid, one in now.items()}
    others = {uid: _seen(one, stamp, is_settled=uid in settled) for uid, one in known.items() if uid not in now}
    kept = tuple({**others, **listed}.values())
    remaining = [one for one in others.values() if one.solved in (None, stamp)]
    return Ledger(stamp=stamp, entries=kept), (
        *listed.values(),
        *sorted(remaining, key=lambda one: one.solved is not None),
    )


def _carried(before: Entry | None, one: Entry) -> Entry:
    """An action that is there now, with what is kept of it: its beginning, unless it was solved by an earlier run and came back."""
    if before is None:
        return one
    if before.solved is not None and before.solved != one.last:
        return replace(one, changed=before.changed + 1)
    changed = before.changed + (before.solved is not None)
    return replace(one, first=min(before.first, one.first), due=before.due, changed=changed)


def _is_settled(one: Entry, judged: Judged) -> bool:
    """Whether a run looked at what an action is about, and all is well: the target is reached, the signal is gone, or it is as it was."""
    if one.uid in judged.settled or (one.reason == Reason.SIGNAL and one.uid in judged.calm):
        return True
    if one.reason != Reason.WORSE or one.was is None or one.value is None:
        return False
    now = judged.values.get(one.uid)
    return one.uid in judged.better or (now is not None and (now - one.was) * (one.value - one.was) <= 0)


def _seen(one: Entry, stamp: str, *, is_settled: bool) -> Entry:
    """An action that this run has not found: solved where it looked and all is well, else as it was."""
    if one.solved is not None or not is_settled:
        return one
    return replace(one, solved=stamp, last=stamp, changed=one.changed + 1)


def record(ledger: Ledger) -> dict[str, Any]:
    """The ledger as JSON can hold it."""
    return {"version": VERSION, "stamp": ledger.stamp, "entries": [_entry_record(one) for one in ledger.entries]}


def _entry_record(one: Entry) -> dict[str, Any]:
    return {
        **vars(one), "unit": one.unit.value, "segment": None if one.segment is None else list(one.segment),
        "driver": None if one.driver is None else list(one.driver), "suggestion": dict(one.suggestion), "due": one.due.isoformat(),
    }  # fmt: skip


def restored(data: Mapping[str, Any]) -> Ledger:
    """The ledger of a record.

    Raises:
        ValueError: it is none, or of a later version.
    """
    try:
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']} is not known")
        return Ledger(stamp=data["stamp"], entries=tuple(_restored(one) for one in data["entries"]))
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"{fault} is not as it was written") from None


def _restored(one: Mapping[str, Any]) -> Entry:
    def pair(value: Sequence[str] | None) -> tuple[str, str] | None:
        return None if value is None else (value[0], value[1])

    given = {
        **one, "unit": Unit(one["unit"]), "segment": pair(one["segment"]), "driver": pair(one["driver"]),
        "due": date.fromisoformat(one["due"]),
    }  # fmt: skip
    return Entry(**given)
