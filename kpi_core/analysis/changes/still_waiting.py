"""Times that are no fair sample: many tickets still wait for a reply, or have none on record, or other tickets than before were resolved."""

import math
from collections.abc import Callable
from dataclasses import field
from typing import NamedTuple

import polars as pl

from kpi_core.analysis.changes.questions import FIRST_REPLY, RESOLUTION
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.model.periods import Period
from kpi_core.records import dataclass
from kpi_core.stats.contrasts import Judgement

WAITING = 0.03
"""How much the shares of tickets that wait for a reply may differ."""
LACKING, SURE = 0.05, 3.0
"""How much the shares of tickets without a first reply may differ, and how many standard errors show that they do."""
ARRIVALS, EARLIER = 1.2, 1.5
"""The factor by which more or fewer may be opened, beyond chance, for those resolved to be as old as before: than in the baseline, and in that than before it."""


class Without(NamedTuple):
    """The shares of tickets that wait for a first reply, and of those that have none, waiting or not, in a period and its baseline; rows of each."""

    waits: tuple[float, float] = (0.0, 0.0)
    lacks: tuple[float, float] = (0.0, 0.0)
    rows: tuple[int, int] = (0, 0)


@dataclass(kw_only=True, eq=False)
class Unfair:
    """Says why a question about times is not to be tested in a group. `created` is the test of how many tickets were opened, `opened` how
    many were.
    """

    engine: Engine
    period: Period
    baseline: Period
    created: Callable[[Cell], Judgement | None]
    opened: Callable[[Cell], float]
    _without: dict[str, dict[str | None, Without]] = field(default_factory=dict)

    def of(self, question: str, cell: Cell) -> Message | None:
        """The message in place of a verdict; None where there may be one."""
        if question == RESOLUTION:
            return self._arrivals(cell)
        if question != FIRST_REPLY:
            return None
        now, then = self._without_reply(cell).waits
        if abs(now - then) > WAITING:
            return Message("still-waiting-more", now=now, then=then)
        return self.lacking(question, cell)

    def lacking(self, question: str, cell: Cell) -> Message | None:
        """The message about shares kept in time too: clearly more or fewer tickets than before have no first reply on record, or others were resolved."""
        if question == RESOLUTION:
            return self._arrivals(cell)
        if question != FIRST_REPLY:
            return None
        (now, then), (n1, n0) = self._without_reply(cell).lacks, self._without_reply(cell).rows
        if abs(now - then) <= LACKING or not n1 or not n0:
            return None
        pooled = (now * n1 + then * n0) / (n1 + n0)
        if abs(now - then) <= SURE * math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0)):
            return None
        return Message("without-first-reply-more" if now > then else "without-first-reply-fewer", now=now, then=then)

    def _without_reply(self, cell: Cell) -> Without:
        if cell.dimension not in self._without:
            self._without[cell.dimension] = without_reply(self.engine, self.period, self.baseline, cell.dimension)
        return self._without[cell.dimension].get(cell.group, Without())

    def _arrivals(self, cell: Cell) -> Message | None:
        """The message where the tickets resolved are older or younger than before because more or fewer were opened."""
        facts = self.engine.tables["tickets"]
        if not {"created_at", "resolved_at"} <= facts.available or (tested := self.created(cell)) is None:
            return None
        logs = [(tested.difference, ARRIVALS, self.period, self.baseline)]
        before, covered = self.baseline.before(), self.engine.covered.get("tickets")
        if before is not None and before.start is not None and covered and covered[0] <= before.start:
            old, older = (self._a_day(replace_period(cell, period)) for period in (self.baseline, before))
            if old and older:
                logs.append((math.log(old / older), EARLIER, self.baseline, before))
        chance = tested.reach(0.95) * tested.error
        for log, least, new, other in logs:
            if abs(log) >= math.log(least) and abs(log) > chance:
                share = abs(math.expm1(log))
                return Message(
                    "arrivals-more" if log > 0 else "arrivals-fewer", share=share, new=new.name, other=other.name
                )
        return None

    def _a_day(self, cell: Cell) -> float:
        return self.opened(cell) / (cell.period.days or 1)


def replace_period(cell: Cell, period: Period) -> Cell:
    """The same group in another period."""
    return Cell(period=period, dimension=cell.dimension, group=cell.group)


def without_reply(engine: Engine, period: Period, baseline: Period, dimension: str) -> dict[str | None, Without]:
    """The tickets of each group that have no first reply, of the period and of the baseline."""
    frame = engine.tables["tickets"].frame
    names = ("awaits_reply", "records_replies", "first_reply_time", "is_resolved")
    if not {*names, *([dimension] if dimension != TOTAL else [])} <= set(frame.columns):
        return {}
    group = pl.lit(None, pl.String) if dimension == TOTAL else pl.col(dimension)
    within = [
        pl.col("day").is_between(side.start, side.end, closed="left").fill_null(value=False)
        for side in (period, baseline)
    ]
    rows = frame.lazy().select(*names, day=engine.day("tickets", "created_at"), group=group)
    rows = rows.filter(pl.col("awaits_reply") & (within[0] | within[1]))
    lacks = pl.col("first_reply_time").is_null()
    waits = (lacks & ~pl.col("is_resolved").fill_null(value=True)).filter("records_replies")
    kinds = [("waits", waits, [side.filter("records_replies") for side in within]), ("lacks", lacks, within)]
    shares = [
        one.filter(side).mean().fill_null(0.0).alias(f"{name}{place}")
        for name, one, sides in kinds
        for place, side in enumerate(sides)
    ]
    counts = [side.sum().alias(f"rows{place}") for place, side in enumerate(within)]
    found = rows.group_by("group").agg(*shares, *counts).collect()
    return {
        name: Without((w1, w0), (l1, l0), (n1, n0))
        for name, w1, w0, l1, l0, n1, n0 in found.cast({"group": pl.String}).iter_rows()
    }
