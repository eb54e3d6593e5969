"""How long cases take, the unfinished ones included: rows under watch over a period, and what their curve says."""

from collections.abc import Sequence
from dataclasses import field, replace
from typing import Self

import polars as pl

from kpi_core.engine.cells import Cell, column_of
from kpi_core.engine.fact_keys import measure_key
from kpi_core.engine.states.ages import ages
from kpi_core.engine.states.state import Key
from kpi_core.engine.states.stocks import of_group
from kpi_core.facts import Facts, OpenHours
from kpi_core.model.clock import Clock, literal
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.measures import Measure
from kpi_core.model.periods import Period
from kpi_core.model.stocks_and_survival import Survival, SurvivalMean, SurvivalShare, SurvivalTime, Survived
from kpi_core.records import dataclass
from kpi_core.stats.survival import Curve, Watched, counted, curve_of

TARGET = 1_000_000_000
"""An age of one target, where ages are counted in those: more than any target has seconds, so that none are lost."""

_Group = tuple[Period, str, str | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Watches:
    """Openings and ends of the rows of a table, and what ended them.

    `frame` has `opened`, `ended` (null: not ended) and `is_event`, `hours` and `within` (seconds) where the measure has them,
    in addition to the dimensions; rows never opened, or without a target where there are targets, are gone.
    """

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The rows of all of them."""
        return states[0] if len(states) == 1 else cls(frame=pl.concat([state.frame for state in states]))


@dataclass(frozen=True, kw_only=True, eq=False)
class WatchesPlan:
    """Openings, ends and events, with the columns to split by."""

    table: str
    measure: Survival
    dimensions: Sequence[str]

    @property
    def key(self) -> Key:
        """The table and the facts."""
        return ("watches", self.table, measure_key(self.measure))

    def partial(self, facts: Facts) -> Watches:
        """The rows under watch among some."""
        return partial(facts.frame, self.measure, self.dimensions)


@dataclass(frozen=True, kw_only=True, eq=False)
class WatchesReader:
    """Reads curves off a state.

    Ages go by `open_hours` where a measure has hours and there is a calendar. What a period needs is cut out once, and so
    is the curve of a group.
    """

    state: Watches
    clock: Clock
    open_hours: OpenHours | None = None
    _watched: dict[Period, pl.DataFrame] = field(default_factory=dict)
    _curves: dict[_Group, Curve] = field(default_factory=dict)
    _counted: dict[_Group, pl.DataFrame] = field(default_factory=dict)

    @property
    def frame(self) -> pl.DataFrame:
        """The state's rows."""
        return self.state.frame

    def finish(self, measure: Measure, cell: Cell, confidence: float) -> Estimate:
        """What the curve over the window of a cell says."""
        assert isinstance(measure, Survival)
        return survive(self, measure, cell, confidence)

    def watched(self, cell: Cell) -> pl.DataFrame:
        """The group's rows at risk within the cell's period: entry (null: from the start) and exit ages, and the events.

        Ages are seconds, of the row's hours where there are any; of a share within a target, `TARGET` is one target.
        """
        if cell.period not in self._watched:
            self._watched[cell.period] = self._watch(cell.period)
        return of_group(self._watched[cell.period], cell)

    def curve(self, cell: Cell) -> Curve:
        """The curve of the group's rows."""
        key = (cell.period, cell.dimension, cell.group)
        if key not in self._curves:
            self._curves[key] = curve_of(self.counted(cell))
        return self._curves[key]

    def counted(self, cell: Cell) -> pl.DataFrame:
        """The group's rows that count, by exit."""
        key = (cell.period, cell.dimension, cell.group)
        if key not in self._counted:
            self._counted[key] = counted(self.seen(cell))
        return self._counted[key]

    def seen(self, cell: Cell) -> Watched:
        """The group's rows as a curve or a test takes them."""
        rows = self.watched(cell)
        return Watched(rows["entries"], rows["exits"], rows["events"])

    def _watch(self, period: Period) -> pl.DataFrame:
        end = self.clock.end_of(period)
        if end is None:
            return self.frame.clear().with_columns(entries=None, exits=0, events=False)
        rows = self.frame.filter(pl.col("opened") < literal(end))
        begun = pl.lit(None, pl.Datetime("ms"))
        if period.start is not None:
            start = literal(self.clock.instant(period.start)).cast(pl.Datetime("ms"))
            rows = rows.filter(pl.col("ended").is_null() | (pl.col("ended") > start))
            begun = pl.when(pl.col("opened") < start).then(start)
        until = literal(end).cast(pl.Datetime("ms"))
        left = pl.min_horizontal(pl.col("ended").fill_null(until), until)
        is_event = pl.col("is_event") & (pl.col("ended") <= literal(end))
        rows = rows.with_columns(entries=begun, exits=left, events=is_event.fill_null(value=False))
        return rows.with_columns(self._age(rows, "entries"), self._age(rows, "exits"))

    def _age(self, rows: pl.DataFrame, at: str) -> pl.Series:
        """How old each row is at an instant of its own, in seconds or in targets."""
        found = ages(rows, at, self.open_hours)
        return (found * TARGET // rows["within"]).alias(at) if "within" in rows.columns else found


def partial(frame: pl.DataFrame, measure: Survival, dimensions: Sequence[str]) -> Watches:
    """The state of some rows."""
    hours = {} if measure.hours is None else {"hours": measure.hours}
    if isinstance(measure, SurvivalShare):
        hours["within"] = measure.within
    columns = [pl.col(name).alias(column_of(name)) for name in dimensions]
    rows = frame.select(
        *columns, opened=measure.opened, ended=measure.ended, is_event=measure.is_event, **hours
    ).drop_nulls(["opened", "within"] if "within" in hours else "opened")
    return Watches(frame=rows)


def survive(watches: WatchesReader, measure: Survival, cell: Cell, confidence: float) -> Estimate:
    """What the curve over the window of a cell says; value None where it does not reach so far.

    Its parts are `Survived`.
    """
    used = watches.counted(cell)
    if used.is_empty():
        return EMPTY
    curve = watches.curve(cell)
    value, low, high = _read_off(curve, measure, confidence)
    parts = replace(
        _finished_alone(used, measure),
        events=curve.events,
        beyond=_beyond(curve, measure) if value is None else None,
        error=curve.area(measure.up_to)[1] if isinstance(measure, SurvivalMean) and value is not None else None,
    )
    return Estimate(value=value, n=curve.n, low=low, high=high, parts=parts)


def _read_off(curve: Curve, measure: Survival, confidence: float) -> tuple[float | None, float | None, float | None]:
    match measure:
        case SurvivalTime():
            return curve.quantile(measure.at, confidence)
        case SurvivalMean():
            return curve.restricted_mean(measure.up_to, confidence)
        case SurvivalShare():
            return curve.share_within(TARGET, confidence)
    raise AssertionError(f"{type(measure).__name__} is not of the closed set")


def _beyond(curve: Curve, measure: Survival) -> float | None:
    """What a value that the curve does not reach is more than; None where there is no curve."""
    if curve.last is None:
        return None
    match measure:
        case SurvivalMean():
            return curve.area(curve.last)[0]
        case SurvivalShare():
            return curve.share_done
    return float(curve.last)


def _finished_alone(used: pl.DataFrame, measure: Survival) -> Survived:
    """The same over the finished cases alone, and how many are not."""
    ages = used["exit"].filter(used["event"])
    late = int((used["entry"] >= 0).sum())
    naive = _naive(ages, measure) if len(ages) else None
    return Survived(events=0, finished=len(ages), unfinished=used.height - len(ages), late=late, naive=naive)


def _naive(ages: pl.Series, measure: Survival) -> float:
    match measure:
        case SurvivalMean():
            found = ages.clip(upper_bound=measure.up_to).mean()
        case SurvivalShare():
            found = (ages <= TARGET).mean()
        case SurvivalTime():
            found = ages.quantile(measure.at, "linear")
        case _:
            raise AssertionError(f"{type(measure).__name__} is not of the closed set")
    assert isinstance(found, float)
    return found
