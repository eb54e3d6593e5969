"""Tickets over time, as they show how long tickets take: what must have happened, and did not, was filtered out of a file."""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import polars as pl

from kpi_core.facts import Facts
from kpi_core.model.clock import literal
from kpi_core.model.columns import FOLLOWED, filled
from kpi_core.model.tables import TABLES
from kpi_core.quality.closed_at_once import ALONE, FEWEST, OLDER
from kpi_core.records import dataclass

SAMPLED = 20_000
"""Rows that are looked at: every so many of a larger file."""
ABRUPT = 0.5
"""A filter begins with as many tickets a day as there are later; a new desk begins with few."""
STRAY = timedelta(days=92)
"""How long before the others a ticket is opened that says nothing of how long they take: a year that was mistyped."""
MONTH, STEPS = timedelta(days=30), 30
LACKING = 0.1
"""The share of the backlog that the tickets of the month before the first alone make, from which it has no value."""
LEAST_RESOLVED = 10
"""Resolutions without which it is unknown how long tickets take."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """Tickets with a date of opening: `created`, `age` in seconds (at resolution, null while open), `is_open`, oldest first.

    `file` is the place of the file each is from, `newest` the last instant known of it, by itself or because a later export does not have it. `first` and `last` are the ends
    of the openings, strays apart. `ages` (ascending) and `left` are the curve of how many tickets outlast an age, those
    still open counted for as long as they have been.
    """

    rows: pl.DataFrame
    first: datetime
    last: datetime
    resolved: int
    ages: pl.Series
    left: pl.Series

    def still_open(self, ages: pl.Series) -> pl.Series:
        """The share of tickets that are open at some ages, those that are never resolved among them."""
        return left_at(ages, self.ages, self.left)

    def outlasting(self, ages: pl.Series) -> pl.Series:
        """The share of resolutions that take longer than some ages."""
        never = float(self.left[-1])
        return (self.still_open(ages) - never) / (1 - never)

    def hazard(self, ages: pl.Series) -> pl.Series:
        """How much tickets of some ages have outlasted: the resolutions to be expected of one up to then, of which none was."""
        return -self.still_open(ages).clip(lower_bound=1 / (self.rows.height + 1)).log()

    def older_open(self, until: datetime) -> float:
        """How many tickets of the month before the first are to be expected to be open at an instant, if they came as those here did and take as long."""
        ages = [(until - self.first + MONTH * (step + 0.5) / STEPS).total_seconds() for step in range(STEPS)]
        a_day = self.rows.height / max((self.last - self.first) / timedelta(days=1), 1.0)
        return float(self.still_open(pl.Series(ages)).mean() or 0.0) * a_day * MONTH.days  # type: ignore[arg-type]

    def own_open(self, until: datetime) -> int:
        """How many of the tickets here are open at an instant."""
        closed = (pl.col("created") + pl.duration(seconds="age")) < literal(until)
        opened = self.rows.filter(pl.col("created") < literal(until))
        return int(opened.select((~closed.fill_null(value=False)).sum()).item())

    def lacks_older(self, until: datetime) -> bool:
        """Whether the tickets open at an instant lack so many older ones that their number says nothing."""
        older = self.older_open(until)
        return older >= LACKING * (older + self.own_open(until))

    @property
    def is_abrupt(self) -> bool:
        """Whether the first week has about as many tickets as any later one."""
        created, week = self.rows["created"], timedelta(days=7)
        begun = int((created < self.first + week).sum())
        return begun >= ABRUPT * self.rows.height * (week / max(self.last - self.first, week))


_known: WeakKeyDictionary[Facts, dict[datetime, Flow | None]] = WeakKeyDictionary()
"""What is known of facts that are still asked about."""


def flow_of(tickets: Facts, as_of: datetime) -> Flow | None:
    """The tickets over time; None where too few are dated and resolved. Several questions ask for it: it is measured once."""
    known = _known.setdefault(tickets, {})
    if as_of not in known:
        known[as_of] = _measured(tickets, as_of)
    return known[as_of]


def _measured(tickets: Facts, as_of: datetime) -> Flow | None:
    if not {"created_at", "resolved_at", "is_resolved"} <= tickets.available:
        return None
    frame = tickets.frame
    events = [name for name in (*TABLES["tickets"].events, FOLLOWED) if name in frame.columns]
    file = pl.col("_file") if "_file" in frame.columns else pl.lit(0, pl.UInt16)
    every = max(frame.height // SAMPLED, 1)
    sampled = frame.select(
        "created_at", "resolved_at", "is_resolved", *({*events} - {"created_at", "resolved_at"}), file=file
    )
    age = (pl.col("resolved_at") - pl.col("created_at")).dt.total_seconds()
    rows = (sampled if every == 1 else sampled.gather_every(every)).select(
        created="created_at", age=pl.when(age >= 0).then(age), is_open=~pl.col("is_resolved"), file="file",
        newest=pl.max_horizontal(events),
    )  # fmt: skip
    rows = (rows.drop_nulls("created") if rows["created"].has_nulls() else rows).sort("created")
    rows = _without_clean_up(rows)
    first, last = rows["created"].quantile(0.005, "lower"), rows["created"].quantile(0.995, "higher")
    resolved = rows["age"].count()
    if resolved < LEAST_RESOLVED or not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    ages, left = curve(rows.filter(pl.col("created") >= literal(first - STRAY)), as_of)
    return Flow(rows=rows, first=first, last=last, resolved=resolved, ages=ages, left=left)


def _without_clean_up(rows: pl.DataFrame) -> pl.DataFrame:
    """The tickets without old ones that were closed on one instant: their ages say when the list was cleaned up, not how long tickets take."""
    resolved = pl.col("created") + pl.duration(seconds="age")
    timed = rows.with_columns(minute=resolved.dt.truncate("1m"))
    counts = filled(timed["minute"]).value_counts(name="n").sort("n", "minute", descending=True)
    if counts.is_empty() or counts["n"][0] < FEWEST:
        return rows
    minute, count = counts.row(0)
    elsewhere = counts.filter(pl.col("minute").dt.date() != minute.date())["n"].max() or 0
    if not isinstance(elsewhere, int) or count < ALONE * elsewhere:
        return rows
    is_then = pl.col("minute") == minute
    age, usual = (timed.filter(each)["age"].median() for each in (is_then, ~is_then))
    if not isinstance(age, float) or not isinstance(usual, float) or age <= OLDER * usual:
        return rows
    return timed.filter((pl.col("minute") != minute).fill_null(value=True)).drop("minute")


def left_at(ages: pl.Series, curve_ages: pl.Series, left: pl.Series) -> pl.Series:
    """The share of tickets that a curve leaves at some ages: all before its first step."""
    if curve_ages.is_empty():
        return pl.Series([1.0] * len(ages), dtype=pl.Float64)
    passed = curve_ages.search_sorted(ages, side="right")
    return pl.concat([pl.Series(left.name, [1.0]), left])[passed]


def curve(rows: pl.DataFrame, as_of: datetime) -> tuple[pl.Series, pl.Series]:
    """Ages and the share of tickets left just after each (Kaplan–Meier), each ticket under watch from its opening up to an instant."""
    waited = (literal(as_of) - pl.col("created")).dt.total_seconds()
    watched = rows.select(
        age=pl.when(pl.col("is_open")).then(waited).otherwise("age"), is_event=~pl.col("is_open")
    ).drop_nulls().filter(pl.col("age") >= 0).sort("age", "is_event", descending=[False, True])  # fmt: skip
    at_risk = pl.len() - pl.int_range(pl.len())
    left = watched.select("age", left=(1 - pl.col("is_event") / at_risk).cum_prod())
    return left["age"], left["left"]
